//contactsgen:feature core
//contactsgen:part transport

package client

import "net/http"

const maxRedirects = 5

// httpClients are copies of the caller's client with the redirect rules of reads and of writes.
func httpClients(h *http.Client) (reads, writes *http.Client) {
	if h == nil {
		h = &http.Client{}
	}
	r, w := *h, *h
	r.CheckRedirect = followWithin
	w.CheckRedirect = followNone
	return &r, &w
}

// followNone hands the redirect to the caller as the answer it is: whether a write may be sent elsewhere, or twice, is
// not for the server to say.
func followNone(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// followWithin follows while scheme, host and port stay: nobody else is shown credentials. A change of the method would
// make another request of it.
func followWithin(req *http.Request, via []*http.Request) error {
	first := via[0]
	if len(via) > maxRedirects || req.Method != first.Method ||
		req.URL.Scheme != first.URL.Scheme || req.URL.Host != first.URL.Host {
		return http.ErrUseLastResponse
	}
	req.Header.Del("Referer") // it would show the query to the server's logs
	return nil
}

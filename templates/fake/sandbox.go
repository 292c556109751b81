//contactsgen:generator

package fake

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
)

// The sandbox is the fake as a process of its own, with a page to watch it. Its files are not copied into outputs.

// exchangeHeader names a request within the sandbox, so that the headers of its answer can be found again.
const exchangeHeader = "Sandbox-Exchange"

// sandboxAnswers is how many answers' headers are kept.
const sandboxAnswers = 4 * sandboxRequests

// Snippets are what the page offers for copying. {{base}} in them stands for the sandbox's address.
type Snippets struct {
	Sample string // path that is worth a GET; "" when there is none
	Go     string // how the generated client is pointed at the sandbox
}

// sandbox is a server with a page.
type sandbox struct {
	*Server
	snippets Snippets

	mu      sync.Mutex
	count   int
	answers map[string]http.Header // by exchangeHeader
	writers map[string]*reading    // by name
}

// Sandbox gives a handler that answers for the server and shows a page at /. It answers nobody but this machine: names that merely
// resolve to it are refused, and so is what the pages of others send.
func Sandbox(s *Server, snippets Snippets) http.Handler {
	b := &sandbox{Server: s, snippets: snippets, answers: map[string]http.Header{}, writers: map[string]*reading{}}
	parts := map[string]http.Handler{
		"GET /":                pagePart("text/html; charset=utf-8", sandboxHTML),
		"GET /_fake/page.css":  pagePart("text/css; charset=utf-8", sandboxCSS),
		"GET /_fake/page.js":   pagePart("text/javascript; charset=utf-8", sandboxJS),
		"GET /favicon.ico":     pagePart("image/svg+xml", sandboxIcon),
		"GET /_fake/state":     http.HandlerFunc(b.serveState),
		"GET /_fake/request":   http.HandlerFunc(b.serveRequest),
		"POST /_fake/clear":    http.HandlerFunc(b.serveClear),
		"POST /_fake/faults":   http.HandlerFunc(b.serveFaults),
		"DELETE /_fake/faults": http.HandlerFunc(b.serveHeal),
		"POST /_fake/writer":   http.HandlerFunc(b.serveWriter),
		"POST /_fake/rival":    http.HandlerFunc(b.serveRival),
	}
	return localOnly(func(w http.ResponseWriter, r *http.Request) {
		if part := parts[r.Method+" "+r.URL.EscapedPath()]; part != nil {
			part.ServeHTTP(w, r)
			return
		}
		b.answer(w, r)
	})
}

// answer has the server answer a request, and keeps the headers of the answer.
func (b *sandbox) answer(w http.ResponseWriter, r *http.Request) (id string) {
	b.mu.Lock()
	b.count++
	id = strconv.Itoa(b.count)
	delete(b.answers, strconv.Itoa(b.count-sandboxAnswers))
	b.mu.Unlock()
	r.Header.Set(exchangeHeader, id)
	defer func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.answers[id] = w.Header().Clone()
	}()
	b.ServeHTTP(w, r)
	return id
}

// localOnly refuses requests that a browser sends for somebody else's page.
func localOnly(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin, err := url.Parse(r.Header.Get("Origin"))
		switch {
		case !isLocal(r.Host):
			http.Error(w, "This sandbox answers as 127.0.0.1 or localhost only.", http.StatusForbidden)
		case r.Header.Get("Origin") != "" && (err != nil || origin.Host != r.Host),
			r.Header.Get("Sec-Fetch-Site") == "cross-site" || r.Header.Get("Sec-Fetch-Site") == "same-site":
			http.Error(w, "This sandbox does not answer other pages.", http.StatusForbidden)
		default:
			next(w, r)
		}
	})
}

// isLocal tells whether a Host header names this machine and nothing else.
func isLocal(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	return slices.Contains([]string{"127.0.0.1", "localhost", "::1", "[::1]"}, name)
}

// serveJSON answers a value.
func serveJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(v)
}

// serveClear empties the log.
func (b *sandbox) serveClear(w http.ResponseWriter, _ *http.Request) {
	b.Forget()
	w.WriteHeader(http.StatusNoContent)
}

// serveFaults adds what is to go wrong. Script is read as ParseFaults reads it.
func (b *sandbox) serveFaults(w http.ResponseWriter, r *http.Request) {
	list, err := ParseFaults(r.URL.Query().Get("script"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	for _, f := range list {
		if problem := b.impossible(&f); problem != "" {
			http.Error(w, problem, http.StatusBadRequest)
			return
		}
	}
	b.Inject(list...)
	w.WriteHeader(http.StatusNoContent)
}

// serveHeal takes back the faults of a kind, or all.
func (b *sandbox) serveHeal(w http.ResponseWriter, r *http.Request) {
	kind := FaultKind(r.URL.Query().Get("kind"))
	b.faults.mu.Lock()
	b.faults.list = slices.DeleteFunc(b.faults.list, func(f *Fault) bool { return kind == "" || f.Kind == kind })
	b.faults.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

// serveRival writes a resource as somebody else, at the push of a button.
func (b *sandbox) serveRival(w http.ResponseWriter, r *http.Request) {
	collection, key := r.URL.Query().Get("collection"), r.URL.Query().Get("key")
	if b.Server.collections[collection] == nil || !b.Edit(collection, key, nil) {
		http.Error(w, "no such resource", http.StatusNotFound)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

//contactsgen:feature core
//contactsgen:part server

package fake

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
)

// errDropped is what the in-process transport gives where a network would give an end of file.
var errDropped = errors.New("fake: connection dropped")

// Transport gives a RoundTripper that answers in the caller's goroutine, without a network and whatever host is asked for. Under
// testing/synctest its delays take no time.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ s *Server }

// RoundTrip answers one request.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		body, err = io.ReadAll(io.LimitReader(r.Body, maxBody))
		_ = r.Body.Close()
		if err != nil {
			return nil, err
		}
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	reply := t.s.exchange(r, body)
	trace(r, reply.twice)
	if reply.drop {
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		return nil, errDropped
	}
	return reply.response(r), nil
}

// trace tells package httptrace how often a request was written.
func trace(r *http.Request, twice bool) {
	t := httptrace.ContextClientTrace(r.Context())
	if t == nil || t.WroteRequest == nil {
		return
	}
	t.WroteRequest(httptrace.WroteRequestInfo{})
	if twice {
		t.WroteRequest(httptrace.WroteRequestInfo{})
	}
}

// response gives a reply as a client sees it.
func (r reply) response(request *http.Request) *http.Response {
	out := &http.Response{
		Status:        strconv.Itoa(r.status) + " " + http.StatusText(r.status),
		StatusCode:    r.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        r.header,
		Request:       request,
		ContentLength: int64(len(r.body)),
	}
	switch {
	case r.endless:
		out.ContentLength = -1
		out.Body = &endless{request: request, head: bytes.NewReader(r.body[:max(len(r.body)-1, 0)])}
	case r.cut:
		out.Body = io.NopCloser(io.MultiReader(bytes.NewReader(r.body[:r.keep]), broken{}))
	default:
		out.Body = io.NopCloser(bytes.NewReader(r.body))
	}
	return out
}

// broken is the end of a body that was cut.
type broken struct{}

// Read fails as the body of a connection does that ended too soon.
func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// endless is a body that goes on until the request is given up.
type endless struct {
	request *http.Request
	head    *bytes.Reader
	closed  bool
}

// Read gives the head, then blanks.
func (e *endless) Read(p []byte) (int, error) {
	if err := e.request.Context().Err(); err != nil {
		return 0, err
	}
	if e.closed {
		return 0, http.ErrBodyReadAfterClose
	}
	if e.head.Len() > 0 {
		return e.head.Read(p)
	}
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// Close ends it.
func (e *endless) Close() error {
	e.closed = true
	return nil
}

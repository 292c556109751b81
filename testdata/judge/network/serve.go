package network

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"

	"github.com/contactsgen/contactsgen/testdata/judge/law"
)

// ErrLost is what a client sees when the connection ends.
var ErrLost = errors.New("connection reset by peer")

// Request is a request as the server sees it, with who sent it.
func Request(r *http.Request, by string) (law.Request, error) {
	request := law.Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header, By: by}
	if r.Body == nil {
		return request, nil
	}
	defer r.Body.Close()
	var err error
	request.Body, err = io.ReadAll(r.Body)
	return request, err
}

// Serve has a server see a request as often as it arrives, and gives what is answered; nil is nothing. What arrives late is left to the
// caller. R is the request as it is on the way, to show what the transport does with it.
func Serve(srv *law.Server, request law.Request, r *http.Request, fate Fate) *law.Answer {
	switch fate {
	case Refused:
		a := srv.Refuse(request)
		return &a
	case Rejected:
		return &law.Answer{
			Status: http.StatusConflict, Header: http.Header{"Content-Type": {"application/json"}},
			Body: []byte(`{"code":"TAKEN","message":"there is one"}`),
		}
	case Throttled:
		return refusal(http.StatusTooManyRequests, "1")
	case ThrottledFar:
		return refusal(http.StatusTooManyRequests, "2147483647")
	case FailedBefore:
		return refusal(http.StatusInternalServerError, "")
	case Stale:
		a := srv.ServeStale(request)
		return &a
	case Unreached:
		if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.GetConn != nil {
			trace.GetConn(r.URL.Host)
		}
	}
	var answers []law.Answer
	for range fate.Arrives() {
		answers = append(answers, srv.Serve(request))
	}
	if len(answers) == 0 {
		return nil
	}
	return answered(srv, answers[0], answers[len(answers)-1], request, r, fate)
}

// answered is what of the answers to a request that arrived comes back.
func answered(srv *law.Server, first, last law.Answer, request law.Request, r *http.Request, fate Fate) *law.Answer {
	switch fate {
	case LostAfter:
		return nil
	case TwiceFirst:
		return &first
	case TwiceSeen:
		writeAgain(r)
	case FailedAfter:
		return refusal(http.StatusInternalServerError, "")
	case Gateway:
		return refusal(http.StatusGatewayTimeout, "")
	case TimedOut:
		return refusal(http.StatusRequestTimeout, "")
	case Another:
		if first.Applied > 0 || request.Method == http.MethodGet {
			first = srv.API.Elsewhere(first)
			return &first
		}
	case ThinEmpty, ThinID, ThinChange, NullAnswer, OtherSuccess, Redirected:
		if first.Applied > 0 {
			return thin(first, request, fate)
		}
	}
	return &last
}

// writeAgain shows what package net/http shows when it sends a request a second time.
func writeAgain(r *http.Request) {
	trace := httptrace.ContextClientTrace(r.Context())
	if trace == nil {
		return
	}
	for range 2 {
		if trace.GetConn != nil {
			trace.GetConn(r.URL.Host)
		}
		if trace.GotConn != nil {
			trace.GotConn(httptrace.GotConnInfo{})
		}
		if trace.WroteRequest != nil {
			trace.WroteRequest(httptrace.WroteRequestInfo{})
		}
	}
}

func refusal(status int, retryAfter string) *law.Answer {
	a := law.Answer{Status: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: []byte(`{"code":"TROUBLE","message":"try later"}`)}
	if retryAfter != "" {
		a.Header.Set("Retry-After", retryAfter)
	}
	return &a
}

// thin takes away from the answer to a write that was applied.
func thin(a law.Answer, r law.Request, fate Fate) *law.Answer {
	out := law.Answer{Status: a.Status, Header: http.Header{"Content-Type": {"application/json"}}, Applied: a.Applied}
	switch fate {
	case OtherSuccess:
		out.Status, out.Header = http.StatusAccepted, http.Header{}
		return &out
	case Redirected:
		out.Status, out.Header = http.StatusSeeOther, http.Header{"Location": {r.Path}}
		return &out
	case NullAnswer:
		out.Status, out.Body = http.StatusOK, []byte("null")
		return &out
	case ThinEmpty:
		out.Status, out.Body = http.StatusOK, []byte("{}")
		return &out
	}
	if len(a.Body) == 0 {
		return &a
	}
	out.Header = a.Header
	out.Body = thinned(a.Body, r.Body, fate)
	return &out
}

// thinned leaves of an answer ids and tokens, and of the payload nothing, or what was sent.
func thinned(answered, sent []byte, fate Fate) []byte {
	var a, s map[string]any
	read(answered, &a)
	read(sent, &s)
	if results, ok := a["results"].([]any); ok {
		items, _ := s["things"].([]any)
		for i := range results {
			result, _ := results[i].(map[string]any)
			thing, _ := result["thing"].(map[string]any)
			item, _ := items[i].(map[string]any)
			shrink(thing, item, fate)
		}
	} else {
		shrink(a, s, fate)
	}
	text, err := json.Marshal(a)
	if err != nil {
		panic(err) // it was read as JSON
	}
	return text
}

func shrink(resource, sent map[string]any, fate Fate) {
	if resource == nil || resource["info"] == nil {
		return
	}
	delete(resource, "info")
	if info, ok := sent["info"].(map[string]any); ok && fate == ThinChange {
		resource["info"] = withoutNulls(info)
	}
}

func withoutNulls(m map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range m {
		if v != nil && name != "keep" && name != "tags" {
			out[name] = v
		}
	}
	return out
}

func read(text []byte, into *map[string]any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(into) != nil {
		*into = nil
	}
}

// Response puts an answer on the wire.
func Response(r *http.Request, a law.Answer, fate Fate) *http.Response {
	var body io.Reader = bytes.NewReader(a.Body)
	length := int64(len(a.Body))
	if fate == Torn && length > 0 {
		body = io.MultiReader(bytes.NewReader(a.Body[:length/2]), brokenReader{})
	}
	return &http.Response{
		StatusCode: a.Status, Status: strings.TrimSpace(strconv.Itoa(a.Status) + " " + http.StatusText(a.Status)),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: a.Header, Body: io.NopCloser(body), ContentLength: length, Request: r,
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("the connection ended") }

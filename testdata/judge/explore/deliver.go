package explore

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strconv"
	"strings"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/testdata/judge/law"
)

// lawRequest is a request as the server sees it.
func lawRequest(r *http.Request, by *call) (law.Request, error) {
	request := law.Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header}
	if by != nil {
		request.By = "caller" + strconv.Itoa(by.who)
	}
	if r.Body == nil {
		return request, nil
	}
	defer r.Body.Close()
	var err error
	request.Body, err = io.ReadAll(r.Body)
	return request, err
}

// deliver makes of a request what its fate says.
func (w *world) deliver(f *flight, fate Fate) {
	w.inspect(f)
	before := slices.Clone(w.delayed)
	answered := w.serve(f, fate)
	if fate.arrives() > 0 {
		w.land(before)
	}
	if fate.late() {
		w.delayed = append(w.delayed, f.law)
	}
	switch {
	case fate.crashes():
		w.crash(f.process)
		w.settle(f)
	case fate.cancels() && f.call != nil:
		f.call.cancelled = time.Now()
		f.call.cancel()
		w.settle(f)
	case fate.hangs():
	case answered == nil:
		f.outcome <- outcome{err: w.loss(f, fate)}
	default:
		w.hand(f, *answered)
		f.outcome <- outcome{response: response(f.http, *answered, fate)}
	}
}

// serve has the server see a request as often as it arrives, and gives what is answered; nil is nothing.
func (w *world) serve(f *flight, fate Fate) *law.Answer {
	switch fate {
	case Refused:
		a := w.srv.Refuse(f.law)
		return &a
	case Throttled:
		return refusal(http.StatusTooManyRequests, "1")
	case ThrottledFar:
		w.far = true
		return refusal(http.StatusTooManyRequests, "2147483647")
	case FailedBefore:
		return refusal(http.StatusInternalServerError, "")
	case Stale:
		a := w.srv.ServeStale(f.law)
		return &a
	}
	var answers []law.Answer
	for range fate.arrives() {
		answers = append(answers, w.srv.Serve(f.law))
	}
	if len(answers) == 0 {
		return nil
	}
	first, last := answers[0], answers[len(answers)-1]
	switch fate {
	case LostAfter:
		return nil
	case TwiceFirst:
		return &first
	case TwiceSeen:
		writeAgain(f.http)
	case FailedAfter:
		return refusal(http.StatusInternalServerError, "")
	case Gateway:
		return refusal(http.StatusGatewayTimeout, "")
	case TimedOut:
		return refusal(http.StatusRequestTimeout, "")
	case ThinEmpty, ThinID, ThinChange, NullAnswer, OtherSuccess, Redirected:
		if first.Applied > 0 {
			return thin(first, f.law, fate)
		}
	}
	return &last
}

// settle ends a request whose caller has left, where it goes on for others.
func (w *world) settle(f *flight) {
	synctest.Wait()
	if f.http.Context().Err() == nil {
		f.outcome <- outcome{err: errLost}
	}
}

// loss is what a client sees when no answer comes.
func (w *world) loss(f *flight, fate Fate) error {
	trace := httptrace.ContextClientTrace(f.http.Context())
	if fate == Unreached && trace != nil && trace.GetConn != nil {
		trace.GetConn(f.http.URL.Host)
	}
	return errLost
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
	a := law.Answer{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"code":"TROUBLE","message":"try later"}`)}
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

// response puts an answer on the wire.
func response(r *http.Request, a law.Answer, fate Fate) *http.Response {
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

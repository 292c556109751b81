//contactsgen:feature core
//contactsgen:part server

package fake

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// maxBody bounds what a request may carry.
const maxBody = 32 << 20

// ServeHTTP answers one request. A dropped connection is http.ErrAbortHandler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "fake: "+err.Error(), http.StatusBadRequest)
		return
	}
	reply := s.exchange(r, body)
	if reply.drop {
		panic(http.ErrAbortHandler)
	}
	header := w.Header()
	for k, v := range reply.header {
		header[k] = v
	}
	switch {
	case reply.endless:
		writeEndless(w, reply)
	case reply.cut:
		header.Set("Content-Length", strconv.Itoa(len(reply.body)))
		w.WriteHeader(reply.status)
		_, _ = w.Write(reply.body[:reply.keep])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	default:
		w.WriteHeader(reply.status)
		_, _ = w.Write(reply.body)
	}
}

// writeEndless writes until the client is gone.
func writeEndless(w http.ResponseWriter, r reply) {
	w.WriteHeader(r.status)
	_, err := w.Write(r.body[:max(len(r.body)-1, 0)])
	for blanks := bytes.Repeat([]byte(" "), 4096); err == nil; {
		_, err = w.Write(blanks)
	}
}

// exchange answers one request: it finds the operation, records the request, and lets it meet its faults.
func (s *Server) exchange(r *http.Request, body []byte) reply {
	if s.unfold != nil {
		r, body = s.unfold(r, body)
	}
	for prefix, handler := range s.extra {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return serveExtra(handler, r, body)
		}
	}
	route, values, known := s.router.find(r.Method, r.URL.EscapedPath())
	if route == nil {
		unknown := &Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header.Clone(), Body: body}
		x := s.record.begin(*unknown, "", s.settings.now())
		out := render(s.identified(noRoute(r.Method, r.URL.Path, known).answer(&s.api.Errors), &s.api.Errors, x.Number))
		s.record.end(x, out.status, out.body, "")
		return out
	}
	c := s.newCall(r, route, values, body)
	x := s.record.begin(*c.Request, joinKey(c.keyParts()...), s.settings.now())
	c.seen = x
	p := s.faults.draw(c)
	out, err := s.serveWithFaults(r.Context(), c, p, x.Number)
	if err != nil {
		out = reply{drop: true}
	}
	s.record.end(x, out.status, out.body, p.String())
	return out
}

// serveExtra answers what is not an operation.
func serveExtra(handler http.Handler, r *http.Request, body []byte) reply {
	w := &writer{reply{status: http.StatusOK, header: http.Header{}}}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	handler.ServeHTTP(w, r)
	return w.reply
}

// writer collects what a handler writes.
type writer struct{ reply }

// Header gives the headers to be written.
func (w *writer) Header() http.Header { return w.header }

// WriteHeader sets the status.
func (w *writer) WriteHeader(status int) { w.status = status }

// Write adds to the body.
func (w *writer) Write(p []byte) (int, error) {
	w.body = append(w.body, p...)
	return len(p), nil
}

// serveWithFaults performs a call with the faults that were drawn for it.
func (s *Server) serveWithFaults(ctx context.Context, c *call, p plan, number int) (reply, error) {
	if f := p[Delay]; f != nil {
		if err := wait(ctx, f.Delay); err != nil {
			return reply{}, err
		}
	}
	if !c.route.Safe {
		s.faults.land()
	}
	if p[Late] != nil {
		s.faults.postpone(func() { s.perform(s.applyFault(c, p)) })
		return reply{drop: true}, nil
	}
	for _, kind := range []FaultKind{Throttle, Absurd, Fail, Hang, Drop} {
		f := p[kind]
		switch {
		case f == nil:
			continue
		case f.Applied:
			s.perform(s.applyFault(c, p))
		}
		switch kind {
		case Hang:
			<-ctx.Done()
			return reply{}, ctx.Err()
		case Drop:
			return reply{drop: true}, nil
		}
		return render(s.identified(f.failed().answer(c.errors()), c.errors(), number)), nil
	}
	c = s.applyFault(c, p)
	if p[Duplicate] != nil {
		s.perform(c)
	}
	return c.instead(c.unchanged(render(s.identified(s.perform(c), c.errors(), number))), p).breakBy(p), nil
}

// applyFault prepares a call for the faults that change how it is performed.
func (s *Server) applyFault(c *call, p plan) *call {
	if f := p[Conflict]; f != nil {
		s.injectWriter(c, f)
	}
	if f := p[Refuse]; f != nil {
		c.refuse, c.refused = true, f.Key
	}
	if f := p[Stale]; f != nil {
		c.stale = max(f.Back, 1)
	}
	if f := p[Lag]; f != nil {
		c.lag = max(f.Back, 1)
	}
	if f := p[Normalise]; f != nil {
		if c.normalise = f.Edit; f.Edit == nil {
			c.normalise = tidy(s.settings.newID)
		}
	}
	return c
}

// injectWriter writes the resource that a call is about, as somebody else; of many those that the fault is for.
func (s *Server) injectWriter(c *call, f *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range c.each() {
		if e, err := one.entity(); err == nil && (f.Key == "" || f.Key == joinKey(one.keyParts()...)) {
			s.editLocked(one.collection, e, f.Edit)
		}
	}
}

// perform answers a call: by the function given to Handle, the pack, or the route's verb, in this order.
func (s *Server) perform(c *call) Answer {
	s.customMu.RLock()
	custom := s.custom[c.Operation]
	s.customMu.RUnlock()
	if custom != nil {
		return custom(c.Request)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	simulate := s.simulated[c.Operation]
	if simulate == nil {
		simulate = (*call).simulate
	}
	before := s.moves
	answer, err := Answer{}, error(nil)
	if s.simulated[c.Operation] != nil || c.route.Verb != verbNone {
		err = c.checkRequest()
	}
	if err == nil {
		answer, err = s.replays.once(c, simulate)
	}
	if s.moves != before && !c.route.Safe {
		s.record.applied(c.seen)
	}
	var f *failure
	switch {
	case errors.As(err, &f):
		return f.answer(c.errors())
	case err != nil:
		return (&failure{status: http.StatusInternalServerError, message: err.Error()}).answer(c.errors())
	}
	return answer
}

// maxID is as long as an id of a request may be for a client to show it.
const maxID = 128

// identified gives an answer its request id, if the API has one among its headers. The id of a request that the fake refuses says why,
// since that is what the errors of a client show.
func (s *Server) identified(a Answer, format *errorFormat, number int) Answer {
	if format.RequestID.In != inHeader {
		return a
	}
	header := a.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if header.Get(format.RequestID.Name) == "" {
		id := "fake-" + strconv.Itoa(number)
		if a.reason != "" {
			id += ":" + strings.Map(inID, a.reason)
		}
		header.Set(format.RequestID.Name, id[:min(len(id), maxID)])
	}
	a.Header = header
	return a
}

// inID keeps the characters that an id may have.
func inID(r rune) rune {
	if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.:", r)) {
		return r
	}
	return '_'
}

// wait lets time pass, unless the request is given up.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

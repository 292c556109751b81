package law

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Version is a state that a resource has had.
type Version struct {
	Number int64          // of its token
	Info   map[string]any // numbers are json.Number
	By     string         // who wrote it, as [Request.By] says; "" is the beginning
}

// Request is what reaches a server, whatever it travelled on.
type Request struct {
	Method string
	Path   string // with the id in it
	Query  map[string][]string
	Header http.Header
	Body   []byte
	By     string // who sent it; the server believes it, and only keeps it
}

// Answer is what the server has to say.
type Answer struct {
	Status  int
	Header  http.Header
	Body    []byte
	Applied int // how many resources the request changed
	// Elsewhere says that it is about another resource than the request, by mistake.
	Elsewhere bool
}

// Server keeps resources. It may be used by several goroutines.
type Server struct {
	API API

	mu    sync.Mutex
	kept  map[string][]Version // every state that each had, in order
	known map[string]Answer    // answers by idempotency key
	into  map[string]string    // where resources are now that were merged into another one
}

// NewServer makes a server without resources.
func NewServer(api API) *Server {
	return &Server{API: api, kept: map[string][]Version{}, known: map[string]Answer{}, into: map[string]string{}}
}

// Seed makes a resource, of JSON.
func (s *Server) Seed(id, info string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := object([]byte(info))
	s.kept[id] = []Version{{Number: s.API.firstNumber(state), Info: state}}
}

// Write changes a resource as somebody does who holds its newest state: in one step, and always with success.
func (s *Server) Write(id, by string, edit func(info map[string]any)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.newest(id)
	if v == nil {
		return
	}
	info := copied(v.Info)
	edit(info)
	s.push(id, by, info)
}

// History is every state that a resource has had.
func (s *Server) History(id string) []Version {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.kept[id])
}

// Versions counts the states that a resource has had.
func (s *Server) Versions(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.kept[id])
}

// Serve answers a request.
func (s *Server) Serve(r Request) Answer { return s.API.dated(s.serve(r, 0)) }

// ServeStale answers a read with the state before the newest one, when there is one.
func (s *Server) ServeStale(r Request) Answer { return s.API.dated(s.serve(r, 1)) }

func (s *Server) serve(r Request, behind int) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, ok := s.API.ID(r.Path)
	switch {
	case s.API.Bulk && id == "update" && r.Method == http.MethodPost:
		return s.many(r)
	case !ok || s.kept[id] == nil:
		return problem(http.StatusNotFound, "NOT_FOUND", "no such thing")
	case r.Method == http.MethodGet:
		if into, merged := s.into[id]; merged && behind == 0 {
			id = into
		}
		all := s.kept[id]
		return s.whole(id, all[max(0, len(all)-1-behind)])
	case r.Method != s.API.method():
		return problem(http.StatusMethodNotAllowed, "METHOD", "no such method")
	}
	return s.once(id, r)
}

// Refuse is the answer to a stale token, though nothing may have changed.
func (s *Server) Refuse(r Request) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, _ := s.API.ID(r.Path)
	return s.stale(id)
}

// once lets an idempotency key have its effect once.
func (s *Server) once(id string, r Request) Answer {
	key := r.Header.Get("Idempotency-Key")
	if !s.API.Keyed || s.API.Forgets || key == "" {
		return s.write(id, r)
	}
	if before, again := s.known[key]; again {
		before.Applied = 0
		return before
	}
	a := s.write(id, r)
	if a.Applied > 0 {
		s.known[key] = a
	}
	return a
}

func (s *Server) write(id string, r Request) Answer {
	body := object(r.Body)
	if body == nil {
		return problem(http.StatusBadRequest, "INVALID", "the body is no object")
	}
	token, given := s.API.Sent(r, body)
	free := s.API.overwrites(r, token, given)
	if !given && !free {
		return problem(http.StatusPreconditionRequired, "NO_VERSION", "a version is needed")
	}
	v := s.newest(id)
	if !free && s.API.refuses(token, v.Number) {
		return s.stale(id)
	}
	info := copied(v.Info)
	why := ""
	if from, merging := body["from"].(string); s.API.Merges && merging {
		why = s.merge(from, id, info)
	} else {
		why = s.API.apply(info, body, r.Query)
	}
	if why != "" {
		return problem(http.StatusBadRequest, "INVALID", why)
	}
	s.push(id, r.By, info)
	return s.written(id)
}

// merge adds the count of one resource to that of another, as often as it is told to.
func (s *Server) merge(from, id string, info map[string]any) string {
	v := s.newest(from)
	if v == nil || from == id {
		return "no such source"
	}
	increase(info, v.Info["count"])
	s.into[from] = id
	return ""
}

// overwrites reports whether a write is one that takes no regard of versions.
func (a API) overwrites(r Request, token string, given bool) bool {
	switch a.Escape {
	case Omitted:
		return !given
	case Any:
		return token == "*"
	case Flagged:
		return slices.Contains(r.Query["overwrite"], "true")
	}
	return false
}

// written is the answer to a write that was applied.
func (s *Server) written(id string) Answer {
	v := *s.newest(id)
	var a Answer
	switch s.API.Reply {
	case Whole:
		a = s.whole(id, v)
	case TokenOnly:
		a = answer(http.StatusOK, s.API.token(v.Number))
	default:
		a = Answer{Status: http.StatusNoContent, Header: http.Header{}}
	}
	a.Applied = 1
	return a
}

// many writes each of several resources, and says what became of it.
func (s *Server) many(r Request) Answer {
	items, _ := object(r.Body)["things"].([]any)
	results, applied := []any{}, 0
	for i, item := range items {
		m, _ := item.(map[string]any)
		id, _ := m["id"].(string)
		a := problem(http.StatusNotFound, "NOT_FOUND", "no such thing")
		if s.kept[id] != nil {
			text, _ := json.Marshal(m)
			a = s.write(id, Request{By: r.By, Body: text})
		}
		result := map[string]any{"index": i, "id": id, "status": a.Status}
		if s.API.Told {
			result = map[string]any{"index": i, "id": id, "success": a.Applied > 0}
		}
		if a.Applied > 0 {
			applied++
			result["thing"] = object(a.Body)
		} else {
			maps.Copy(result, object(a.Body))
		}
		results = append(results, result)
	}
	out := answer(http.StatusOK, map[string]any{"results": results})
	out.Applied = applied
	return out
}

func (s *Server) newest(id string) *Version {
	all := s.kept[id]
	if len(all) == 0 {
		return nil
	}
	return &all[len(all)-1]
}

func (s *Server) push(id, by string, info map[string]any) {
	s.kept[id] = append(s.kept[id], Version{Number: s.API.numberAfter(s.newest(id).Number, info), Info: info, By: by})
}

// whole is the answer that has all of a resource.
func (s *Server) whole(id string, v Version) Answer {
	resource := s.resource(id, v)
	a := answer(http.StatusOK, s.API.wrap(resource))
	if name := s.API.ReadHeader(); name != "" {
		a.Header.Set(name, s.API.TokenText(v.Number))
	}
	return a
}

func (s *Server) resource(id string, v Version) map[string]any {
	resource := map[string]any{"id": id, "info": v.Info}
	maps.Copy(resource, s.API.token(v.Number))
	return resource
}

// stale refuses a token.
func (s *Server) stale(id string) Answer {
	body := map[string]any{"code": s.API.Code, "message": "the version is out of date"}
	if s.API.Envelope != "" {
		body = map[string]any{"message": "", "details": map[string]any{"applicationError": body}}
	}
	if v := s.newest(id); v != nil {
		switch s.API.Carried {
		case CarriesToken:
			body["current"] = s.API.token(v.Number)[s.API.member()]
		case CarriesEntity:
			body["entity"] = s.resource(id, *v)
		}
	}
	return answer(s.API.Stale, body)
}

func problem(status int, code, message string) Answer {
	return answer(status, map[string]any{"code": code, "message": message})
}

func answer(status int, body map[string]any) Answer {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // it is made of what was read as JSON
	}
	return Answer{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: text}
}

// object reads JSON whose numbers stay as they are written; nil is anything but an object.
func object(text []byte) map[string]any {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var m map[string]any
	if d.Decode(&m) != nil {
		return nil
	}
	return m
}

// copied copies an object, members of members included.
func copied(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for name, v := range m {
		out[name] = copiedValue(v)
	}
	return out
}

func copiedValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return copied(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = copiedValue(v[i])
		}
		return out
	}
	return v
}

// Text prints a state as JSON, for people and to compare.
func Text(info map[string]any) string {
	text, err := json.Marshal(info)
	if err != nil {
		return fmt.Sprint(info)
	}
	return strings.TrimSpace(string(text))
}

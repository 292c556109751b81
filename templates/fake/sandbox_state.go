//contactsgen:generator

package fake

import (
	"bytes"
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	sandboxRows     = 1000 // resources at most that the page shows of a collection
	sandboxRequests = 50   // requests shown
)

// sandboxState is what the page shows.
type sandboxState struct {
	Title       string              `json:"title"`
	BasePath    string              `json:"basePath"`
	Snippets    Snippets            `json:"snippets"`
	Operations  []sandboxOperation  `json:"operations"`
	Collections []sandboxCollection `json:"collections"`
	Total       int                 `json:"total"`  // requests so far
	Oldest      int                 `json:"oldest"` // number of the oldest request in the log; 0 when it is empty
	Requests    []sandboxRequest    `json:"requests"`
	Kinds       []sandboxKind       `json:"kinds"`
	Faults      []sandboxFault      `json:"faults"`
}

type sandboxOperation struct {
	ID        string `json:"id"`
	Method    string `json:"method"`
	Path      string `json:"path"`
	Simulated bool   `json:"simulated"`
	Guarded   bool   `json:"guarded"`
	Count     int    `json:"count"`
}

type sandboxCollection struct {
	Name      string            `json:"name"`
	Guarded   bool              `json:"guarded"`
	Writable  bool              `json:"writable"` // two writers can meet on one of it
	Total     int               `json:"total"`
	Found     int               `json:"found"` // that have what was looked for
	Resources []sandboxResource `json:"resources"`
}

type sandboxResource struct {
	Key      string `json:"key"`
	Revision string `json:"revision"`
	Value    object `json:"value"`
}

// sandboxKind is a fault that a click switches on.
type sandboxKind struct {
	Kind   FaultKind `json:"kind"`
	Script string    `json:"script"`
	About  string    `json:"about"`
}

type sandboxFault struct {
	Kind      FaultKind `json:"kind"`
	Operation string    `json:"operation"`
	Times     int       `json:"times"` // still to come; -1 is always
}

var sandboxKinds = []sandboxKind{
	{Conflict, "conflict", "Somebody else writes first, so the revision is stale"},
	{Refuse, "refuse", "Refused as stale, though nothing has changed"},
	{Throttle, "throttle=1", "429, Retry-After: 1"},
	{Absurd, "absurd", "429 with a Retry-After of 68 years"},
	{Fail, "fail", "503, not applied"},
	{Drop, "drop", "The connection closes, not applied"},
	{Drop, "drop=applied", "Applied, then the connection closes"},
	{Late, "late", "The connection closes; applied before the next write"},
	{Delay, "delay=2s", "Held back for two seconds"},
	{Hang, "hang", "No answer, ever"},
	{Duplicate, "duplicate", "Delivered twice"},
	{Truncate, "truncate", "Half of the answer, then the connection closes"},
	{Endless, "endless", "An answer without an end"},
	{Stale, "stale", "A read sees the state before the last write"},
	{Lag, "lag", "A list sees the state before the last write"},
	{Normalise, "normalise", "The server tidies what it stores"},
	{Thin, "thin", "A write answers key and revision alone"},
	{OtherStatus, "status", "A write answers 202"},
}

// serveState answers what the page shows: the requests after a number, and the resources that contain what is looked for.
func (b *sandbox) serveState(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	after, _ := strconv.Atoi(q.Get("after"))
	rows, err := strconv.Atoi(q.Get("rows"))
	if err != nil {
		rows = 20
	}
	all := b.Requests()
	state := sandboxState{
		Title: b.api.Title, BasePath: b.api.BasePath, Snippets: b.snippets, Operations: b.operations(), Total: b.Count(),
		Collections: b.resources(strings.ToLower(q.Get("find")), min(max(rows, 0), sandboxRows)),
		Requests:    []sandboxRequest{}, Kinds: sandboxKinds, Faults: b.pending(),
	}
	all = all[max(len(all)-sandboxRequests, 0):]
	if len(all) > 0 {
		state.Oldest = all[0].Number
	}
	for _, x := range slices.Backward(all) {
		if x.Number > after {
			state.Requests = append(state.Requests, b.shown(&x))
		}
	}
	serveJSON(w, state)
}

func (b *sandbox) operations() []sandboxOperation {
	out := []sandboxOperation{}
	for _, r := range b.api.Routes {
		out = append(out, sandboxOperation{
			ID: r.ID, Method: r.Method, Path: r.Path, Guarded: r.Guard != nil, Count: b.Count(r.ID),
			Simulated: r.Verb != verbNone || b.simulated[r.ID] != nil,
		})
	}
	return out
}

func (b *sandbox) resources(find string, rows int) []sandboxCollection {
	b.Server.mu.Lock()
	defer b.Server.mu.Unlock()
	out := []sandboxCollection{}
	for i := range b.api.Collections {
		def := &b.api.Collections[i]
		held := b.Server.collections[def.Name]
		read, write := b.meeting(def.Name)
		c := sandboxCollection{Name: def.Name, Guarded: len(def.Tokens) > 0, Writable: read != nil && write != nil,
			Total: len(held.order), Resources: []sandboxResource{}}
		for _, e := range held.order {
			if find != "" && !e.contains(find) {
				continue
			}
			if c.Found++; c.Found <= rows {
				c.Resources = append(c.Resources, sandboxResource{e.key, def.revision(e), e.value})
			}
		}
		out = append(out, c)
	}
	return out
}

// contains tells whether a resource has a text, in whatever letters.
func (e *entity) contains(text string) bool {
	data, err := encode(e.value)
	return err == nil && bytes.Contains(bytes.ToLower(append(data, e.key...)), []byte(text))
}

func (b *sandbox) pending() []sandboxFault {
	b.faults.mu.Lock()
	defer b.faults.mu.Unlock()
	out := []sandboxFault{}
	for _, f := range b.faults.list {
		out = append(out, sandboxFault{f.Kind, f.Operation, f.Times})
	}
	return out
}

// sandboxRequest is a line of the log.
type sandboxRequest struct {
	Number    int       `json:"number"`
	Time      time.Time `json:"time"`
	Operation string    `json:"operation"`
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	Key       string    `json:"key"`
	Status    int       `json:"status"`
	Conflict  bool      `json:"conflict"`
	Faults    string    `json:"faults"`
	Writer    string    `json:"writer"`
	Sent      string    `json:"sent"`     // revision
	Answered  string    `json:"answered"` // revision
	Message   string    `json:"message"`  // of an error
}

func (b *sandbox) shown(x *Exchange) sandboxRequest {
	sent, answered := b.marks(x)
	out := sandboxRequest{
		Number: x.Number, Time: x.Time, Operation: x.Operation, Method: x.Method, Path: x.Path, Key: x.Key, Status: x.Status, Faults: x.Faults,
		Conflict: b.isConflict(x), Writer: x.Header.Get(writerHeader), Sent: revisionOf(sent), Answered: revisionOf(answered),
	}
	if x.Status >= http.StatusBadRequest {
		v, err := decode(x.Answer)
		message, _ := lookup(v, cmp.Or(b.errorsOf(x).Message.At, "/message"))
		if out.Message = text(message); err != nil {
			out.Message = string(x.Answer[:min(len(x.Answer), 200)])
		}
	}
	return out
}

// errorsOf gives the format of an exchange's errors.
func (s *Server) errorsOf(x *Exchange) *errorFormat {
	if r := s.routes[x.Operation]; r != nil && r.Errors != nil {
		return r.Errors
	}
	return &s.api.Errors
}

// isConflict tells whether an exchange ended in the answer to a stale revision.
func (s *Server) isConflict(x *Exchange) bool {
	r := s.routes[x.Operation]
	if r == nil || r.Guard == nil || x.Status != cmp.Or(r.Guard.Conflict.Status, http.StatusConflict) {
		return false
	}
	format := s.errorsOf(x)
	if r.Guard.Conflict.Code == "" || format.Code.In != inBody {
		return true
	}
	v, err := decode(x.Answer)
	code, _ := lookup(v, format.Code.At)
	return err == nil && text(code) == r.Guard.Conflict.Code
}

//contactsgen:generator

package fake

import (
	"cmp"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// The sandbox is the fake as a process of its own, with a page to watch it. Its files are not stamped.

const (
	sandboxRows     = 100 // resources shown of a collection
	sandboxRequests = 50  // requests shown
)

// Sandbox gives a handler that answers for the server and shows a page at /. It answers nobody but this machine: names that merely
// resolve to it are refused, and so is what the pages of others send.
func Sandbox(s *Server) http.Handler {
	parts := map[string]http.Handler{
		"GET /":               pagePart("text/html; charset=utf-8", sandboxHTML),
		"GET /_fake/page.css": pagePart("text/css; charset=utf-8", sandboxCSS),
		"GET /_fake/page.js":  pagePart("text/javascript; charset=utf-8", sandboxJS),
		"GET /favicon.ico":    pagePart("image/svg+xml", sandboxIcon),
		"GET /_fake/state":    http.HandlerFunc(s.serveSandbox),
		"POST /_fake/rival":   http.HandlerFunc(s.serveInjectedWriter),
	}
	return localOnly(func(w http.ResponseWriter, r *http.Request) {
		if part := parts[r.Method+" "+r.URL.EscapedPath()]; part != nil {
			part.ServeHTTP(w, r)
			return
		}
		s.ServeHTTP(w, r)
	})
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

// pagePart serves a part of the page. Nothing is loaded from anywhere else.
func pagePart(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, body)
	}
}

// sandboxState is what the page shows.
type sandboxState struct {
	Title       string              `json:"title"`
	Operations  []sandboxOperation  `json:"operations"`
	Collections []sandboxCollection `json:"collections"`
	Requests    []sandboxRequest    `json:"requests"`
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
	Total     int               `json:"total"`
	Resources []sandboxResource `json:"resources"`
}

type sandboxResource struct {
	Key      string `json:"key"`
	Revision string `json:"revision"`
	Value    object `json:"value"`
}

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
	Body      string    `json:"body"`
	Answer    string    `json:"answer"`
}

func (s *Server) serveSandbox(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(sandboxState{s.api.Title, s.sandboxOperations(), s.sandboxCollections(), s.sandboxRequests()})
}

func (s *Server) sandboxOperations() []sandboxOperation {
	out := []sandboxOperation{}
	for _, r := range s.api.Routes {
		out = append(out, sandboxOperation{
			ID: r.ID, Method: r.Method, Path: r.Path, Guarded: r.Guard != nil, Count: s.Count(r.ID),
			Simulated: r.Verb != verbNone || s.simulated[r.ID] != nil,
		})
	}
	return out
}

func (s *Server) sandboxCollections() []sandboxCollection {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []sandboxCollection{}
	for i := range s.api.Collections {
		def := &s.api.Collections[i]
		b := s.collections[def.Name]
		c := sandboxCollection{Name: def.Name, Guarded: len(def.Tokens) > 0, Total: len(b.order), Resources: []sandboxResource{}}
		for _, e := range b.order[:min(len(b.order), sandboxRows)] {
			c.Resources = append(c.Resources, sandboxResource{e.key, def.revision(e), e.value})
		}
		out = append(out, c)
	}
	return out
}

func (s *Server) sandboxRequests() []sandboxRequest {
	const shown = 400 // of a body
	all := s.Requests()
	out := []sandboxRequest{}
	for _, x := range slices.Backward(all[max(len(all)-sandboxRequests, 0):]) {
		out = append(out, sandboxRequest{
			Number: x.Number, Time: x.Time, Operation: x.Operation, Method: x.Method, Path: x.Path, Key: x.Key, Status: x.Status, Faults: x.Faults, Conflict: s.isConflict(&x),
			Body: string(x.Body[:min(len(x.Body), shown)]), Answer: string(x.Answer[:min(len(x.Answer), shown)]),
		})
	}
	return out
}

// isConflict tells whether an exchange ended in the answer to a stale revision.
func (s *Server) isConflict(x *Exchange) bool {
	r := s.routes[x.Operation]
	if r == nil || r.Guard == nil || x.Status != cmp.Or(r.Guard.Conflict.Status, http.StatusConflict) {
		return false
	}
	format := &s.api.Errors
	if r.Errors != nil {
		format = r.Errors
	}
	if r.Guard.Conflict.Code == "" || format.Code.In != inBody {
		return true
	}
	v, err := decode(x.Answer)
	code, _ := lookup(v, format.Code.At)
	return err == nil && text(code) == r.Guard.Conflict.Code
}

// serveInjectedWriter writes a resource as somebody else, at the push of a button.
func (s *Server) serveInjectedWriter(w http.ResponseWriter, r *http.Request) {
	collection, key := r.URL.Query().Get("collection"), r.URL.Query().Get("key")
	if s.collections[collection] == nil || !s.Edit(collection, key, nil) {
		http.Error(w, "no such resource", http.StatusNotFound)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

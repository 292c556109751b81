//contactsgen:feature core
//contactsgen:part server

package fake

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// router finds the route of a request. Fixed segments win over parameters.
type router struct {
	base   string
	routes []*pattern
}

// pattern is a route's path, taken apart.
type pattern struct {
	route    *route
	segments []segment
}

// segment is one part of a path: fixed texts, and the parameters between them.
type segment struct {
	texts []string // one more than there are names
	names []string
}

func newRouter(a *api) *router {
	r := &router{base: strings.TrimSuffix(a.BasePath, "/")}
	for i := range a.Routes {
		to := &a.Routes[i]
		r.routes = append(r.routes, newPattern(to, to.Path))
		if to.Base != "" {
			r.routes = append(r.routes, newPattern(to, to.Base+to.Path))
		}
	}
	slices.SortStableFunc(r.routes, func(a, b *pattern) int { return strings.Compare(a.rank(), b.rank()) })
	return r
}

func newPattern(to *route, path string) *pattern {
	p := &pattern{route: to}
	for _, part := range strings.Split(strings.Trim(path, "/"), "/") {
		p.segments = append(p.segments, parseSegment(part))
	}
	return p
}

func parseSegment(part string) segment {
	var s segment
	for {
		before, rest, ok := strings.Cut(part, "{")
		if !ok {
			s.texts = append(s.texts, part)
			return s
		}
		name, after, _ := strings.Cut(rest, "}")
		s.texts, s.names = append(s.texts, before), append(s.names, name)
		part = after
	}
}

// match takes the parameters out of a part of a path. Each is as short as it can be, and not empty.
func (s segment) match(part string) ([]string, bool) {
	part, ok := strings.CutPrefix(part, s.texts[0])
	if !ok || len(s.names) == 0 {
		return nil, ok && part == ""
	}
	var values []string
	for i, text := range s.texts[1:] {
		if part == "" {
			return nil, false
		}
		if i == len(s.names)-1 {
			value, ok := strings.CutSuffix(part, text)
			return append(values, value), ok && value != ""
		}
		at := strings.Index(part[1:], text) + 1
		if at == 0 {
			return nil, false
		}
		values, part = append(values, part[:at]), part[at+len(text):]
	}
	return values, true
}

// fixed counts the characters that a segment gives.
func (s segment) fixed() int { return len(strings.Join(s.texts, "")) }

// rank orders patterns: at the first segment that differs in kind the fixed one comes first, then the one that gives most.
func (p *pattern) rank() string {
	var b strings.Builder
	for _, s := range p.segments {
		switch {
		case len(s.names) == 0:
			b.WriteByte('0')
		case s.fixed() > 0:
			b.WriteByte('1')
			b.WriteByte(0xff - byte(min(s.fixed(), 0xff)))
		default:
			b.WriteByte('2')
		}
	}
	return b.String()
}

// find gives the route of a request and its path parameters, in the template's order. Without one, known tells
// whether another method has one.
func (r *router) find(method, escapedPath string) (to *route, values []string, known bool) {
	for _, path := range r.spellings(escapedPath) {
		parts := strings.Split(strings.Trim(path, "/"), "/")
		for _, p := range r.routes {
			values, ok := p.match(parts)
			if !ok {
				continue
			}
			if p.route.Method == method {
				return p.route, values, true
			}
			known = true
		}
	}
	return nil, nil, known
}

// spellings are the path as it came, and less the server address's own path.
func (r *router) spellings(path string) []string {
	if rest, ok := strings.CutPrefix(path, r.base+"/"); ok && r.base != "" {
		return []string{rest, path}
	}
	return []string{path}
}

func (p *pattern) match(parts []string) ([]string, bool) {
	if len(parts) != len(p.segments) {
		return nil, false
	}
	var values []string
	for i, s := range p.segments {
		part, err := url.PathUnescape(parts[i])
		if err != nil {
			return nil, false
		}
		found, ok := s.match(part)
		if !ok {
			return nil, false
		}
		values = append(values, found...)
	}
	return values, true
}

// params names a route's path values.
func (r *route) params(values []string) map[string]string {
	out := make(map[string]string, len(values))
	for _, part := range strings.Split(r.Path, "/") {
		for _, name := range parseSegment(part).names {
			if n := len(out); n < len(values) {
				out[name] = values[n]
			}
		}
	}
	return out
}

// noRoute is the answer to a request that no operation takes.
func noRoute(method, path string, known bool) *failure {
	if known {
		return &failure{status: http.StatusMethodNotAllowed, reason: "no-such-operation", message: method + " is not an operation of " + path +
			"."}
	}
	return &failure{status: http.StatusNotFound, reason: "no-such-operation", message: "The description has no operation " + method + " " +
		path + "."}
}

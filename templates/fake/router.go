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

// segment is one part of a path: fixed text, or a parameter between fixed texts.
type segment struct{ before, name, after string }

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
	before, rest, ok := strings.Cut(part, "{")
	if !ok {
		return segment{before: part}
	}
	name, after, _ := strings.Cut(rest, "}")
	return segment{before, name, after}
}

// rank orders patterns: at the first segment that differs in kind the fixed one comes first.
func (p *pattern) rank() string {
	var b strings.Builder
	for _, s := range p.segments {
		switch {
		case s.name == "":
			b.WriteByte('0')
		case s.before != "" || s.after != "":
			b.WriteByte('1')
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
		if s.name == "" {
			if part != s.before {
				return nil, false
			}
			continue
		}
		if len(part) <= len(s.before)+len(s.after) || !strings.HasPrefix(part, s.before) || !strings.HasSuffix(part, s.after) {
			return nil, false
		}
		values = append(values, part[len(s.before):len(part)-len(s.after)])
	}
	return values, true
}

// params names a route's path values.
func (r *route) params(values []string) map[string]string {
	out := make(map[string]string, len(values))
	for _, part := range strings.Split(r.Path, "/") {
		if s := parseSegment(part); s.name != "" && len(out) < len(values) {
			out[s.name] = values[len(out)]
		}
	}
	return out
}

// noRoute is the answer to a request that no operation takes.
func noRoute(method, path string, known bool) *failure {
	if known {
		return &failure{status: http.StatusMethodNotAllowed, reason: "no-such-operation", message: method + " is not an operation of " + path + "."}
	}
	return &failure{status: http.StatusNotFound, reason: "no-such-operation", message: "The description has no operation " + method + " " + path + "."}
}

//contactsgen:generator

package fake

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// sandboxMark is where a request or an answer carries a revision.
type sandboxMark struct {
	In    place  `json:"in"`
	Name  string `json:"name"` // of a header or a parameter
	At    string `json:"at"`   // JSON Pointer in the body
	Value string `json:"value"`
}

// sandboxSide is one half of an exchange.
type sandboxSide struct {
	Line    string        `json:"line"`
	Headers [][2]string   `json:"headers"`
	Body    string        `json:"body"`
	Cut     bool          `json:"cut"` // the body is longer than the record keeps
	Marks   []sandboxMark `json:"marks"`
}

// serveRequest answers one exchange as a whole: what was sent and what was answered, with the places of their revisions.
func (b *sandbox) serveRequest(w http.ResponseWriter, r *http.Request) {
	number, _ := strconv.Atoi(r.URL.Query().Get("number"))
	all := b.Requests()
	i := slices.IndexFunc(all, func(x Exchange) bool { return x.Number == number })
	if i < 0 {
		http.Error(w, "no such request is in the log", http.StatusNotFound)
		return
	}
	x := &all[i]
	sent, answered := b.marks(x)
	line := x.Method + " " + x.Path
	if len(x.Query) > 0 {
		line += "?" + harmlessQuery(x.Query)
	}
	status := "no answer"
	if x.Status != 0 {
		status = strings.TrimSpace(strconv.Itoa(x.Status) + " " + http.StatusText(x.Status))
	}
	serveJSON(w, map[string]sandboxSide{
		"sent":     {line, harmlessHeaders(x.Header), harmlessBody(x.Body), len(x.Body) == bodyKept, sent},
		"answered": {status, harmlessHeaders(b.answered(x)), harmlessBody(x.Answer), len(x.Answer) == bodyKept, answered},
	})
}

// answered gives the headers of the answer to an exchange.
func (b *sandbox) answered(x *Exchange) http.Header {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.answers[x.Header.Get(exchangeHeader)]
}

// Names whose values are nobody's business, even on one's own machine: screens are shared.
var secret = regexp.MustCompile(`(?i)authori[sz]ation|cookie|secret|passw|signature|api.?key|(access|refresh|auth|id).?token|^key$`)

const hiddenValue = "(hidden)"

func harmlessQuery(q url.Values) string {
	shown := url.Values{}
	for name, values := range q {
		shown[name] = values
		if secret.MatchString(name) {
			shown[name] = []string{hiddenValue}
		}
	}
	return shown.Encode()
}

func harmlessHeaders(h http.Header) [][2]string {
	out := [][2]string{}
	for name, values := range h {
		switch {
		case name == exchangeHeader || strings.HasPrefix(name, "Sec-"):
			continue
		case secret.MatchString(name):
			values = []string{hiddenValue}
		}
		out = append(out, [2]string{name, strings.Join(values, ", ")})
	}
	slices.SortFunc(out, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return out
}

var secretMember = regexp.MustCompile(`(?i)("[^"]*(?:secret|passw|api_?key|access_?token|refresh_?token)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"`)

func harmlessBody(body []byte) string {
	return secretMember.ReplaceAllString(string(body), `${1}"`+hiddenValue+`"`)
}

// marks are the places of revisions in a request and in its answer.
func (b *sandbox) marks(x *Exchange) (sent, answered []sandboxMark) {
	sent, answered = []sandboxMark{}, []sandboxMark{}
	r := b.routes[x.Operation]
	if r == nil {
		return sent, answered
	}
	c := &call{Request: &x.Request, route: r}
	c.body, _ = decode(x.Body)
	if r.Guard != nil {
		for _, t := range r.Guard.Tokens {
			sent = append(sent, found(c, t.In)...)
		}
	}
	if k := r.Bulk; k != nil && k.Each.Guard != nil {
		items, _ := lookup(c.body, k.Items)
		list, _ := items.([]any)
		for i := range list {
			for _, t := range k.Each.Guard.Tokens {
				sent = append(sent, found(c, location{In: inBody, At: k.Items + "/" + strconv.Itoa(i) + t.In.At})...)
			}
		}
	}
	a := &call{Request: &Request{Header: b.answered(x)}, route: r}
	a.body, _ = decode(x.Answer)
	for _, l := range b.carriers(a, x.Status) {
		answered = append(answered, found(a, l)...)
	}
	return sent, answered
}

// carriers are the places where an answer may have a revision.
func (b *sandbox) carriers(a *call, status int) []location {
	r, held := a.route, b.Server.collections[a.route.Collection]
	var out []location
	if status >= http.StatusBadRequest {
		if r.Guard == nil {
			return nil
		}
		out = append(out, r.Guard.CarriedToken)
		if held != nil && r.Guard.CarriedEntity.In == inBody {
			out = append(out, held.def.carriers(r.Guard.CarriedEntity.At)...)
		}
		return out
	}
	out = append(out, r.Show...)
	switch {
	case held == nil:
	case r.Paging != nil:
		items, _ := lookup(a.body, r.Paging.Items)
		list, _ := items.([]any)
		for i := range list {
			out = append(out, held.def.carriers(r.Paging.Items+"/"+strconv.Itoa(i))...)
		}
	default:
		out = append(out, held.def.carriers(r.Resource)...)
	}
	return out
}

// carriers are the places of the token in a resource that is at a place.
func (c *collection) carriers(at string) []location {
	var out []location
	for _, t := range c.Tokens {
		if t.At != "" {
			out = append(out, location{In: inBody, At: at + t.At})
		}
	}
	return out
}

// found gives the mark of a place, if there is something.
func found(c *call, l location) []sandboxMark {
	v, ok := c.at(l)
	if !ok || v == nil {
		return nil
	}
	return []sandboxMark{{l.In, l.Name, l.At, text(v)}}
}

// revisionOf is what a line of the log says of a side: its revision, or how many there are.
func revisionOf(marks []sandboxMark) string {
	var values []string
	for _, m := range marks {
		values = append(values, m.Value)
	}
	if len(values) > 2 {
		return strconv.Itoa(len(values)) + " revisions"
	}
	return strings.Join(values, ",")
}

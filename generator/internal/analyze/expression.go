package analyze

import (
	"errors"
	"fmt"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// expression is an OpenAPI runtime expression: a place in a request or in an answer.
type expression struct {
	answer bool      // $response, not $request
	in     api.Place // body, path, query, header, cookie
	name   string
	path   []api.Step
	node   source.Node
}

// expressionHelp shows the forms.
const expressionHelp = "write $request.body#/pointer, $response.body#/pointer, $response.body$.json.path, $request.path.name, " +
	"$request.query.name or $response.header.name"

// parse reads an expression; false after a complaint.
func (b *builder) parse(n source.Node) (*expression, bool) {
	e, err := parseExpression(n.Text())
	if err != nil || !n.IsString() {
		if err == nil {
			err = errors.New("is not a string")
		}
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "the expression " + diag.Quote(n.Text()) + " " + err.Error(), Help: expressionHelp})
		return nil, false
	}
	e.node = n
	return e, true
}

func parseExpression(s string) (*expression, error) {
	e := &expression{}
	rest, request := strings.CutPrefix(s, "$request.")
	if !request {
		if rest, e.answer = strings.CutPrefix(s, "$response."); !e.answer {
			return nil, errors.New("begins with neither $request nor $response")
		}
	}
	if after, ok := strings.CutPrefix(rest, "body"); ok {
		e.in = api.InBody
		return e, e.parseBody(after)
	}
	place, name, ok := strings.Cut(rest, ".")
	e.in, e.name = api.Place(place), name
	switch {
	case !ok || name == "":
		return nil, fmt.Errorf("names nothing in the %s", place)
	case e.in == api.InHeader:
	case !e.answer && (e.in == api.InPath || e.in == api.InQuery || e.in == api.InCookie):
	default:
		return nil, fmt.Errorf("names a part that is not there: %s", diag.Quote(place))
	}
	return e, nil
}

// parseBody reads what follows "body": nothing, a JSON Pointer or a JSONPath.
func (e *expression) parseBody(s string) error {
	switch {
	case s == "" || s == "#" || s == "$":
		return nil
	case strings.HasPrefix(s, "#/"):
		for _, segment := range strings.Split(s[2:], "/") {
			if bad := strings.NewReplacer("~0", "", "~1", "").Replace(segment); strings.Contains(bad, "~") {
				return errors.New("has a ~ in its pointer that is neither ~0 nor ~1")
			}
			e.path = append(e.path, api.Step{Name: jsonpointer.Unescape(segment)})
		}
		return nil
	case s[0] == '$':
		return e.parsePath(s[1:])
	}
	return errors.New("has neither a JSON Pointer (#/…) nor a JSONPath ($.…) after the body")
}

// parsePath reads the part of JSONPath (RFC 9535) that names one place: members, indexes, and filters for equality.
func (e *expression) parsePath(s string) error {
	for s != "" {
		var st api.Step
		var ok bool
		if st, s, ok = parseStep(s); !ok {
			return errors.New("has a JSONPath that uses more than member names, indexes and filters such as [?@.kind==\"x\"]")
		}
		e.path = append(e.path, st)
	}
	return nil
}

func parseStep(s string) (st api.Step, rest string, ok bool) {
	if name, found := strings.CutPrefix(s, "."); found {
		end := strings.IndexAny(name, ".[")
		if end < 0 {
			end = len(name)
		}
		return api.Step{Name: name[:end]}, name[end:], end > 0
	}
	inner, found := strings.CutPrefix(s, "[")
	if !found {
		return st, s, false
	}
	if filter, found := strings.CutPrefix(inner, "?"); found {
		return parseFilter(filter)
	}
	if name, after, found := quoted(inner); found {
		rest, ok = strings.CutPrefix(after, "]")
		return api.Step{Name: name}, rest, ok
	}
	index, rest, ok := strings.Cut(inner, "]")
	return api.Step{Name: index}, rest, ok && index != "" && strings.Trim(index, "0123456789") == ""
}

// parseFilter reads @.name=="value"], with or without spaces and parentheses.
func parseFilter(s string) (st api.Step, rest string, ok bool) {
	s = strings.TrimLeft(s, " ")
	s, wrapped := strings.CutPrefix(s, "(")
	s, ok = strings.CutPrefix(strings.TrimLeft(s, " "), "@.")
	if !ok {
		return st, s, false
	}
	name, s, ok := strings.Cut(s, "==")
	if !ok {
		return st, s, false
	}
	value, s, ok := quoted(strings.TrimLeft(s, " "))
	if !ok {
		return st, s, false
	}
	s = strings.TrimLeft(s, " ")
	if wrapped {
		if s, ok = strings.CutPrefix(s, ")"); !ok {
			return st, s, false
		}
	}
	rest, ok = strings.CutPrefix(strings.TrimLeft(s, " "), "]")
	name = strings.TrimRight(name, " ")
	return api.Step{Name: name, Filter: true, Value: value}, rest, ok && name != "" && !strings.ContainsAny(name, ".[")
}

// quoted reads a string in single or double quotes. Escapes are not needed for names and codes, so there are none.
func quoted(s string) (text, rest string, ok bool) {
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return "", s, false
	}
	text, rest, ok = strings.Cut(s[1:], s[:1])
	return text, rest, ok && !strings.Contains(text, "\\")
}

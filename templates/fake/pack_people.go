//contactsgen:pack contacts contactsv5
//contactsgen:part pack

package fake

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What the versions of Contacts have in common.

// Operators that the documentation gives to kinds of fields.
var (
	idOperators     = []string{"$eq", "$ne", "$in", "$exists"}
	dateOperators   = []string{"$eq", "$ne", "$gt", "$lt", "$gte", "$lte"}
	textOperators   = []string{"$eq", "$ne", "$in", "$exists", "$startsWith"}
	statusOperators = []string{"$eq", "$ne", "$in", "$nin"}
	setOperators    = []string{"$hasSome", "$hasAll"}
	existsOperators = []string{"$exists"}
)

// tongues are language tags, with or without a region.
var tongues = regexp.MustCompile(`^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$`)

// isMoment tells whether a value is a date or an instant. Filters may leave the zone out.
func isMoment(v any) bool {
	return slices.ContainsFunc([]string{time.RFC3339Nano, time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04"}, func(layout string) bool {
		_, err := time.Parse(layout, text(v))
		return isText(v) && err == nil
	})
}

func isNumber(v any) bool { return isOrdered(v) && !isText(v) }

// refusal is an error answer with an application code.
func refusal(status int, code, message string) *failure {
	return &failure{status: status, code: code, message: message}
}

// authorised asks for credentials first, where the settings want that.
func authorised(wanted bool, simulate simulation) simulation {
	return func(c *call) (Answer, error) {
		if wanted && c.Header.Get("Authorization") == "" {
			return Answer{}, &failure{status: http.StatusUnauthorized, message: "The request has no credentials."}
		}
		return simulate(c)
	}
}

// one is the answer {name: value}.
func one(name string, value any) (Answer, error) { return Answer{Body: object{name: value}}, nil }

// nothing is the answer {}.
func nothing() (Answer, error) { return Answer{Body: object{}}, nil }

// flag reads a boolean member of the request.
func (c *call) flag(pointer string) bool {
	v, _ := lookup(c.body, pointer)
	return v == true
}

// in names a place in a request's body, or the query parameter that is spelled like it.
func (c *call) in(pointer string) location {
	if c.Method == http.MethodGet || c.Method == http.MethodDelete {
		return location{In: inQuery, Name: strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", ".")}
	}
	return location{In: inBody, At: pointer}
}

// word gives a scalar of the request as text.
func (c *call) word(pointer string) string {
	v, _ := c.at(c.in(pointer))
	return text(v)
}

func notFound(what string) *failure {
	return &failure{status: http.StatusNotFound, message: what + " not found."}
}

// figure is a number as JSON has it.
func figure(n int) json.Number { return json.Number(strconv.Itoa(n)) }

// isURL tells whether a text is an address with a protocol and a host.
func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme != "" && u.Host != "" && !strings.ContainsAny(s, " \t\n")
}

// isDate tells whether a text is a day that there is.
func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// appended gives a list with those of another that it lacks.
func appended(list, more []any) []any {
	out := slices.Clone(list)
	for _, x := range more {
		if indexIn(out, x) < 0 {
			out = append(out, x)
		}
	}
	return out
}

// sameAbout compares emails and phones without regard to case, and addresses as they are.
func sameAbout(a, b any) bool {
	x, okX := a.(string)
	y, okY := b.(string)
	return okX && okY && strings.EqualFold(x, y) || a != nil && equal(a, b)
}

// hasNull tells whether there is a null anywhere in a value.
func hasNull(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case object:
		for _, x := range v {
			if hasNull(x) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, hasNull)
	}
	return false
}

// international gives a phone's number in E.164 form, "" when it has none.
func international(phone any) string {
	return cmp.Or(text(memberOf(phone, "e164Phone")), text(memberOf(phone, "e164")))
}

// sameNumber compares emails, and phones by their international form if both have one.
func sameNumber(a, b any, about string) bool {
	x, y := international(a), international(b)
	if about == "phone" && x != "" && y != "" {
		return x == y
	}
	return sameAbout(memberOf(a, about), memberOf(b, about))
}

// absorbedItems appends to a list the items of another that are about something new, without the members named.
func absorbedItems(items, more []any, same func(x, y any) bool, without ...string) []any {
	out := slices.Clone(items)
	for _, x := range more {
		o, isObject := x.(object)
		if !isObject || slices.ContainsFunc(out, func(y any) bool { return same(x, y) }) {
			continue
		}
		o = maps.Clone(o)
		for _, name := range without {
			delete(o, name)
		}
		out = append(out, o)
	}
	return out
}

// changedKeys gives a list of keys with some less and some more.
func changedKeys(list []any, add, remove []string) []any {
	var keys []any
	for _, key := range list {
		if !slices.Contains(remove, text(key)) {
			keys = append(keys, key)
		}
	}
	for _, key := range add {
		if indexIn(keys, key) < 0 {
			keys = append(keys, key)
		}
	}
	return keys
}

// filledFrom gives a value with what it lacks of another.
func filledFrom(value, otherwise object) object {
	out := maps.Clone(otherwise)
	maps.Copy(out, value)
	return out
}

// listOf gives an array that is a member of a value.
func listOf(v any, pointer string) []any {
	value, _ := lookup(v, pointer)
	list, _ := value.([]any)
	return list
}

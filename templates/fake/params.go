//contactsgen:feature core
//contactsgen:part server

package fake

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// checkRequest refuses a request that breaks what the description says of its parameters and its body. What is wrong is named, its value is
// not.
func (c *call) checkRequest() error {
	k := checker{s: c.s, partial: nowhereAt}
	for i := range c.route.Params {
		if p := &c.route.Params[i]; !c.route.isKey(p) {
			p.check(c, &k)
		}
	}
	switch is := c.route.Body; {
	case is == nil || c.badBody != nil:
	case len(c.Body) == 0 && c.route.Needed:
		k.add("body", "is required", "REQUIRED_FIELD")
	case len(c.Body) == 0:
	case is.Form == kindObject && !isObject(c.body):
		_, err := c.jsonBody()
		return err
	default:
		k.partial, k.skipped = c.route.loose()
		k.skipped = append(k.skipped, c.keysInBody()...)
		k.check("", "", c.body, is, false)
	}
	if len(k.list) == 0 {
		return nil
	}
	return &failure{status: http.StatusBadRequest, message: k.list[0].field + " " + k.list[0].description, violations: k.list}
}

// keysInBody gives the places in the request's body that repeat the key of the resource.
func (c *call) keysInBody() (out []string) {
	if c.collection == nil || c.route.Payload.Read != "" {
		return nil
	}
	for _, at := range c.collection.def.Key {
		if at != "" {
			out = append(out, c.route.Payload.Send+at)
		}
	}
	return out
}

// isKey tells whether a parameter is a part of a resource's key. What a test has stored under a key has it, whatever a description asks of
// keys; any other is the key of nothing.
func (r *route) isKey(p *parameter) bool {
	return slices.Contains(r.Key, location{In: p.In, Name: p.Name})
}

// nowhereAt is a pointer that leads nowhere.
const nowhereAt = "-"

func isObject(v any) bool { _, ok := v.(object); return ok }

// loose gives the places in a request's body, as pointers with "*" for the items of an array, that hold changes to a resource and not a
// whole one, and those that hold a token, which is looked at by itself.
func (r *route) loose() (partial string, tokens []string) {
	partial = nowhereAt
	if r.Verb == verbUpdate && r.Payload.As != "replace" {
		partial = r.Payload.Send
	}
	if r.Guard != nil {
		for _, t := range r.Guard.Tokens {
			tokens = append(tokens, t.In.At)
		}
	}
	if r.Bulk == nil {
		return partial, tokens
	}
	below, more := r.Bulk.Each.loose()
	for _, key := range r.Bulk.Each.Key {
		more = append(more, key.At) // an item that names nothing has a result that says so
	}
	prefix := r.Bulk.Items + "/*"
	for _, at := range more {
		tokens = append(tokens, prefix+at)
	}
	return prefix + below, tokens
}

// check holds a parameter to what is asked of it. One without a value is not there.
func (p *parameter) check(c *call, k *checker) {
	is := &p.Is
	values := p.values(c)
	if len(values) == 0 || len(values) == 1 && values[0] == "" {
		if p.Required {
			k.add(p.Name, "is required", "REQUIRED_FIELD")
		}
		return
	}
	if is.Form != kindArray {
		k.spelled(p.Name, values[0], is)
		return
	}
	k.size(p.Name, len(values), "items", is)
	for _, value := range values {
		if is.Elem != nil && !k.spelled(p.Name, value, is.Elem) {
			return
		}
	}
}

// values gives the texts of a parameter.
func (p *parameter) values(c *call) []string {
	isList := p.Is.Form == kindArray
	switch p.In {
	case inHeader:
		values := c.Header.Values(p.Name)
		if isList {
			return splitAll(values)
		}
		return values
	case inPath:
		if isList {
			return strings.Split(c.Params[p.Name], ",")
		}
		return []string{c.Params[p.Name]}
	}
	if isList {
		return c.list(location{In: inQuery, Name: p.Name})
	}
	return c.Query[p.Name]
}

func splitAll(values []string) (out []string) {
	for _, v := range values {
		for _, one := range strings.Split(v, ",") {
			out = append(out, strings.TrimSpace(one))
		}
	}
	return out
}

// spelled holds a text to what is asked of the value that it spells.
func (k *checker) spelled(field, value string, is *schema) bool {
	before := len(k.list)
	var v any = value
	switch is.Form {
	case kindInteger, kindInt32, kindNumber, kindBoolean:
		var err error
		if v, err = decode([]byte(value)); err != nil || strings.TrimSpace(value) != value {
			v = nil
		}
		if _, isText := v.(string); isText {
			v = nil
		}
	case kindArray, kindMap, kindObject:
		return true // written in a style of its own
	}
	if n, isNumber := v.(json.Number); isNumber && slices.Contains([]kind{kindInteger, kindInt32}, is.Form) &&
		strings.ContainsAny(n.String(), ".eE") {
		v = nil
	}
	k.check(field, "", v, is, false)
	return len(k.list) == before
}

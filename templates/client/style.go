//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// addParam adds one parameter of op. Values that are absent (null, or an array or object without elements) add nothing.
func (o *callOptions) addParam(op *operation, p param, value any) error {
	tree, err := p.tree(value)
	if err != nil {
		return p.named(err)
	}
	a := o.argumentsOf(op)
	before := len(a.query) + len(a.encoded)
	err = a.addStyled(p, tree)
	if len(a.query)+len(a.encoded) > before && !p.whole {
		a.narrowed = p.name
	}
	return p.named(err)
}

// named says which parameter an error is about.
func (p param) named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("parameter %s: %w", p.name, err)
}

// tree takes a value apart that is to be written; objects keep their order. One that is described by a media type is JSON, and a text from
// there on.
func (p param) tree(value any) (*node, error) {
	doc, err := encode(value)
	if err != nil {
		return nil, err
	}
	tree, err := parseNode(doc)
	if err == nil && p.style == "json" && tree.kind != kindNull {
		tree = &node{kind: kindString, raw: quote(string(doc))}
	}
	return tree, err
}

// addStyled adds a parameter in the style that it has.
func (a *arguments) addStyled(p param, v *node) error {
	switch p.in {
	case inHeader:
		return a.addHeader(p, v)
	case inCookie:
		return a.addCookie(p, v)
	}
	a.addQuery(p, v)
	return nil
}

func (a *arguments) addQuery(p param, v *node) {
	switch v.kind {
	case kindNull:
	case kindArray:
		a.addArray(p, v.items)
	case kindObject:
		a.addObject(p, v.entries)
	default:
		a.addText(p, scalar(v))
	}
}

// addText adds a name with its value. What is part of an object stays in its order, and what may hold reserved characters is not escaped
// again; other pairs are sorted.
func (a *arguments) addText(p param, text string) {
	if p.reserved || p.style == "deepObject" {
		a.encoded = append(a.encoded, queryEscape(p.name)+"="+p.escape(text))
		return
	}
	a.query = append(a.query, pair{p.name, text})
}

// addArray writes an array into the query: the name repeated, or once with delimited elements. OpenAPI does not say how an array looks as a
// deep object; servers that know the style take empty brackets for the next element, and numbers within an object, or where elements are
// objects.
func (a *arguments) addArray(p param, items []*node) {
	switch {
	case p.style == "deepObject":
		for i, item := range items {
			a.addQuery(p.element(i, item), item)
		}
	case p.explode:
		for _, text := range texts(items) {
			a.addText(p, text)
		}
	default:
		a.addDelimited(p, texts(items))
	}
}

// element is the parameter that an element of an array is, as a part of a deep object.
func (p param) element(i int, item *node) param {
	switch {
	case p.nested || item.kind == kindObject || item.kind == kindArray:
		p.name += "[" + strconv.Itoa(i) + "]"
	case !strings.HasSuffix(p.name, "[]"):
		p.name += "[]"
	}
	p.nested = true
	return p
}

// addDelimited escapes the elements but not what stands between them: the server splits before it unescapes.
func (a *arguments) addDelimited(p param, elements []string) {
	if len(elements) == 0 {
		return
	}
	escaped := make([]string, len(elements))
	for i, e := range elements {
		escaped[i] = strings.ReplaceAll(p.escape(e), ",", "%2C")
	}
	delimiter := ","
	switch p.style {
	case "spaceDelimited":
		delimiter = "%20"
	case "pipeDelimited":
		delimiter = "%7C"
	case "tabDelimited":
		delimiter = "%09"
	}
	a.encoded = append(a.encoded, queryEscape(p.name)+"="+strings.Join(escaped, delimiter))
}

// addObject writes an object into the query, its members in the order that they have.
func (a *arguments) addObject(p param, entries []entry) {
	switch {
	case p.style == "deepObject":
		for _, e := range entries {
			member := p
			member.name += "[" + e.name + "]"
			member.nested = true
			a.addQuery(member, e.value)
		}
	case p.explode:
		for _, e := range entries {
			for _, text := range texts([]*node{e.value}) {
				a.encoded = append(a.encoded, queryEscape(e.name)+"="+p.escape(text))
			}
		}
	default:
		a.addDelimited(p, members(entries, false))
	}
}

func (a *arguments) addHeader(p param, v *node) error {
	value := simple(p, v)
	if !validHeaderValue(value) {
		return errors.New("the value has control characters")
	}
	if value != "" {
		a.header = append(a.header, pair{p.name, value})
	}
	return nil
}

func (a *arguments) addCookie(p param, v *node) error {
	value := simple(p, v)
	if !validCookieValue(value) {
		return errors.New("the value cannot be in a cookie")
	}
	if value != "" {
		a.cookies = append(a.cookies, pair{p.name, value})
	}
	return nil
}

// simple writes a value in the style of that name: with commas.
func simple(p param, v *node) string {
	switch v.kind {
	case kindNull:
		return ""
	case kindArray:
		return strings.Join(texts(v.items), ",")
	case kindObject:
		return strings.Join(members(v.entries, p.explode), ",")
	default:
		return scalar(v)
	}
}

// members lists an object as name, value, name, value; joined: as name=value.
func members(entries []entry, joined bool) []string {
	var list []string
	for _, e := range entries {
		switch {
		case e.value.kind == kindNull:
		case joined:
			list = append(list, e.name+"="+scalar(e.value))
		default:
			list = append(list, e.name, scalar(e.value))
		}
	}
	return list
}

func texts(items []*node) []string {
	var out []string
	for _, v := range items {
		if v.kind != kindNull {
			out = append(out, scalar(v))
		}
	}
	return out
}

// scalar is the text of a value. OpenAPI does not say how an object inside a parameter looks; JSON is what servers take.
func scalar(v *node) string {
	if text, ok := v.text(); ok {
		return text
	}
	return string(v.bytes())
}

// queryEscape escapes like package url, but for the space: "+" means one only to servers that take the query for a form.
func queryEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// escape escapes a value for the query. One that may hold reserved characters (RFC 3986) keeps them, but for those that have a meaning of their
// own there, and what is escaped already.
func (p param) escape(s string) string {
	if !p.reserved {
		return queryEscape(s)
	}
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case strings.IndexByte(":/?@!$'()*,;=", c) >= 0, c == '%' && isTriple(s[i:]):
			b.WriteByte(c)
		default:
			b.WriteString(queryEscape(s[i : i+1]))
		}
	}
	return b.String()
}

// isTriple reports whether a text begins with an escaped byte.
func isTriple(s string) bool {
	_, err := url.PathUnescape(s[:min(3, len(s))])
	return err == nil && len(s) >= 3
}

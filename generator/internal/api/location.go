package api

import (
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
)

// String writes a location as the expression's last part: "query version", "body #/revision".
func (l Location) String() string {
	if l.In == InBody {
		return "body " + DescribePlace(l.At)
	}
	return string(l.In) + " " + l.Name
}

// Expression writes a location of a request or a response as a runtime expression; nowhere is "".
func (l Location) Expression(side string) string {
	switch {
	case l.In == Nowhere:
		return ""
	case l.In != InBody:
		return "$" + side + "." + string(l.In) + "." + l.Name
	case l.At == "":
		return "$" + side + ".body"
	case strings.Contains(l.At, "/["):
		return "$" + side + ".body$" + JSONPath(l.At)
	}
	return "$" + side + ".body#" + l.At
}

// JSONPath writes a place in the runtime's notation as the part of a JSONPath (RFC 9535) behind its root.
func JSONPath(at string) string {
	var b strings.Builder
	for _, s := range strings.Split(at, "/")[1:] {
		if filter, ok := strings.CutPrefix(s, "["); ok {
			name, value, _ := strings.Cut(strings.TrimSuffix(filter, "]"), "=")
			b.WriteString("[?@." + jsonpointer.Unescape(name) + `=="` + jsonpointer.Unescape(value) + `"]`)
			continue
		}
		name := jsonpointer.Unescape(strings.Replace(s, "~2", "[", 1))
		if strings.ContainsFunc(name, func(r rune) bool { return !naming.IsAlnum(r) && r != '_' }) {
			b.WriteString("['" + name + "']")
			continue
		}
		b.WriteString("." + name)
	}
	return b.String()
}

// DescribePlace names a JSON Pointer for a reader.
func DescribePlace(at string) string {
	if at == "" {
		return "the whole body"
	}
	return "#" + at
}

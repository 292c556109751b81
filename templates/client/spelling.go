//contactsgen:feature core
//contactsgen:part json

package client

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// Names of members are compared exactly (RFC 8259), and otherwise only where no exact one came: package encoding/json compares them without
// regard to capital letters, and of two that are equal then takes the later one.

// spelled is a document whose members are called as a type calls them. What is called like a declared member but for capital letters is that
// member where there is no other; beside one of its exact name it is none of the type's, and is kept only on demand. A document that has
// none of these is returned as it is.
func spelled(doc []byte, t reflect.Type, keep bool) []byte {
	if !namesOf(t).misspelled(doc) {
		return doc
	}
	root, err := parseNode(doc)
	if err != nil {
		return doc
	}
	return root.spelled(t, keep).bytes()
}

func (n *node) spelled(t reflect.Type, keep bool) *node {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case n == nil || readsByItself(t):
		return n
	case n.kind == kindArray && t.Kind() == reflect.Slice:
		items := make([]*node, len(n.items))
		for i, item := range n.items {
			items[i] = item.spelled(t.Elem(), keep)
		}
		return newArray(items)
	case n.kind == kindObject && t.Kind() == reflect.Map:
		var entries []entry
		for _, e := range n.entries {
			e.value = e.value.spelled(t.Elem(), keep)
			entries = append(entries, e)
		}
		return newObject(entries)
	case n.kind == kindObject && t.Kind() == reflect.Struct:
		return n.spelledMembers(t, keep)
	}
	return n
}

func (n *node) spelledMembers(t reflect.Type, keep bool) *node {
	declared := map[string]reflect.Type{}
	byFold := map[string]string{}
	for i := range t.NumField() {
		if name := memberName(t.Field(i)); name != "" {
			declared[name], byFold[folded(name)] = t.Field(i).Type, name
		}
	}
	var entries []entry
	last := map[string]int{} // place of a member that was renamed
	for _, e := range n.entries {
		name := e.name
		if declared[name] == nil {
			name = byFold[folded(name)]
		}
		switch i, twice := last[name]; {
		case name == "":
		case name != e.name && n.position(name) >= 0 && !keep:
			continue
		case name != e.name && n.position(name) < 0:
			e = entry{name: name, value: e.value.spelled(declared[name], keep)}
			if twice {
				entries[i] = e
				continue
			}
			last[name] = len(entries)
		case name == e.name:
			e.value = e.value.spelled(declared[name], keep)
		}
		entries = append(entries, e)
	}
	return newObject(entries)
}

// readsByItself reports whether a type has its own way to read members, which compares names exactly.
func readsByItself(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())
}

// memberName is the name of a field's member; "" when it has none.
func memberName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "-" || !f.IsExported() {
		return ""
	}
	return name
}

// folded is the same for names that differ in capital letters only.
func folded(name string) string { return strings.ToLower(strings.ToUpper(name)) }

// names are those of all members in a type, at any depth.
type names struct{ exact, folded map[string]bool }

var allNames sync.Map // by type

func namesOf(t reflect.Type) names {
	if known, ok := allNames.Load(t); ok {
		return known.(names)
	}
	found := names{map[string]bool{}, map[string]bool{}}
	found.collect(t, map[reflect.Type]bool{})
	allNames.Store(t, found)
	return found
}

func (s names) collect(t reflect.Type, seen map[reflect.Type]bool) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		if readsByItself(t) {
			return
		}
		t = t.Elem()
	}
	if seen[t] || t.Kind() != reflect.Struct || readsByItself(t) {
		return
	}
	seen[t] = true
	for i := range t.NumField() {
		if name := memberName(t.Field(i)); name != "" {
			s.exact[name], s.folded[folded(name)] = true, true
			s.collect(t.Field(i).Type, seen)
		}
	}
}

// misspelled reports whether a document may have a name that is another but for capital letters. One pass over it is enough nearly always.
func (s names) misspelled(doc []byte) bool {
	for len(s.exact) > 0 {
		start := bytes.IndexByte(doc, '"')
		if start < 0 {
			return false
		}
		doc = doc[start+1:]
		end := 0
		for end < len(doc) && doc[end] != '"' {
			if doc[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(doc) {
			return false
		}
		name := doc[:end]
		doc = bytes.TrimLeft(doc[end+1:], " \t\r\n")
		if len(doc) == 0 || doc[0] != ':' || s.exact[string(name)] {
			continue
		}
		if bytes.IndexByte(name, '\\') >= 0 || s.folded[folded(string(name))] {
			return true
		}
	}
	return false
}

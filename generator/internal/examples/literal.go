package examples

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/faketable"
)

// maxDepth bounds how deep requests go.
const maxDepth = 5

// maker makes requests, in Go and as what they are sent as.
type maker struct {
	pkg  string
	also *api.Field // which is shown, too, though nothing requires it
}

// object makes a struct with what is required, and a few texts of like, a resource whose members are values to use. It is not ok where
// something is required that cannot be shown in a line.
func (m *maker) object(t *api.Type, like map[string]any, depth int) (text string, value map[string]any, ok bool) {
	t = t.Underlying()
	if t.Kind != api.KindStruct || t.Name == "" || depth > maxDepth {
		return "", nil, false
	}
	value = map[string]any{}
	var members []string
	shown := 0
	for _, f := range t.Fields {
		have, known := like[f.Name]
		word, isText := have.(string)
		wanted := f.Required && !f.ReadOnly || f.Fixed != "" || f == m.also
		extra := !wanted && known && isText && isShowable(word) && !f.ReadOnly && !f.Deprecated && shown < maxShown
		if !wanted && !extra {
			continue
		}
		inner, v, made := m.field(f, have, like, depth)
		switch {
		case made:
			members = append(members, f.GoName+": "+inner)
			value[f.Name] = v
			if extra {
				shown++
			}
		case wanted:
			return "", nil, false
		}
	}
	return m.braces(m.pkg+"."+t.Name, members), value, true
}

// braces prints a composite literal, on one line if that is short.
func (m *maker) braces(typ string, members []string) string {
	line := typ + "{" + strings.Join(members, ", ") + "}"
	if len(line) <= maxLine && !strings.Contains(line, "\n") {
		return line
	}
	return typ + "{\n" + strings.Join(members, ",\n") + ",\n}"
}

// field makes the value of a field: have, if that is one of its type, or else one that is made up.
func (m *maker) field(f *api.Field, have any, like map[string]any, depth int) (text string, value any, ok bool) {
	switch {
	case f.Fixed != "":
		d := json.NewDecoder(strings.NewReader(f.Fixed))
		d.UseNumber()
		if d.Decode(&have) != nil {
			return "", nil, false
		}
	case have == nil || !faketable.Conforms(f.Type, have):
		have = faketable.Example(f.Type)
	}
	if f.Type.Underlying().Kind == api.KindStruct {
		if inner, is := like[f.Name].(map[string]any); is {
			like = inner
		} else if f == m.also {
			like, _ = faketable.Example(f.Type).(map[string]any)
		}
		text, value, ok = m.object(f.Type, like, depth+1)
		if f.Pointer {
			text = "&" + text
		}
	} else {
		text, ok = m.value(f.Type, have, f.Pointer || f.Clears, depth)
		value = have
		if f.Pointer {
			text = m.pkg + ".Ptr(" + text + ")"
		}
	}
	if f.Clears {
		text = m.pkg + ".NotNull(" + text + ")"
	}
	return text, value, ok
}

// value prints a value that is no object. One that is passed to a generic function says its type.
func (m *maker) value(t *api.Type, v any, typed bool, depth int) (text string, ok bool) {
	name := t.Name
	if t.Nullable {
		return "", false
	}
	switch t = t.Underlying(); t.Kind {
	case api.KindEnum:
		for _, e := range t.Enum {
			if e.Value == fmt.Sprint(v) {
				return m.pkg + "." + e.GoName, true
			}
		}
		return "", false
	case api.KindArray:
		return m.list(t, v, name, depth)
	case api.KindScalar:
	default:
		return "", false
	}
	switch v := v.(type) {
	case string:
		if !isShowable(v) || t.Go == "[]byte" {
			return "", false
		}
		text = strconv.Quote(v)
	case bool:
		text = strconv.FormatBool(v)
	case json.Number:
		text = v.String()
	default:
		return "", false
	}
	switch {
	case name != "":
		return m.pkg + "." + name + "(" + text + ")", true
	case t.Go == "Timestamp" && typed:
		return m.pkg + ".Timestamp(" + text + ")", true
	case typed && t.Go != "string" && t.Go != "bool":
		return t.Go + "(" + text + ")", true
	}
	return text, true
}

// list prints a list of what has a name, or of what Go calls by one.
func (m *maker) list(t *api.Type, v any, name string, depth int) (text string, ok bool) {
	elem := t.Elem.Underlying()
	if t.Elem.Nullable || depth > maxDepth || elem.Kind != api.KindScalar && elem.Kind != api.KindEnum {
		return "", false
	}
	items, isList := v.([]any)
	var members []string
	for _, item := range items {
		one, made := m.value(t.Elem, item, false, depth+1)
		if !made {
			return "", false
		}
		members = append(members, one)
	}
	typ := "[]" + elem.Go
	switch {
	case t.Elem.Name != "":
		typ = "[]" + m.pkg + "." + t.Elem.Name
	case elem.Name != "":
		typ = "[]" + m.pkg + "." + elem.Name
	case elem.Go == "Timestamp":
		typ = "[]" + m.pkg + ".Timestamp"
	}
	if name != "" {
		typ = m.pkg + "." + name
	}
	return m.braces(typ, members), isList
}

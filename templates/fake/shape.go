//contactsgen:feature core
//contactsgen:part resources

package fake

import "strings"

// member finds a declared member.
func (s *shape) member(name string) *member {
	for i := range s.Members {
		if s.Members[i].Name == name {
			return &s.Members[i]
		}
	}
	return nil
}

// shapeAt gives the shape of what is at a JSON Pointer in a value of a shape, nil when it is not declared.
func (s *Server) shapeAt(name, pointer string) *shape {
	kind := s.shapes[name]
	for _, segment := range split(pointer) {
		if kind == nil {
			return nil
		}
		m := kind.member(unescape.Replace(segment))
		if m == nil {
			return nil
		}
		name, _ := m.objects()
		kind = s.shapes[name]
	}
	return kind
}

// memberAt gives the member at a JSON Pointer in a value of a shape, nil when it is not declared.
func (s *Server) memberAt(name, pointer string) *member {
	cut := strings.LastIndex(pointer, "/")
	if cut < 0 {
		return nil
	}
	if kind := s.shapeAt(name, pointer[:cut]); kind != nil {
		return kind.member(unescape.Replace(pointer[cut+1:]))
	}
	return nil
}

// writable gives a value less its read-only members. Array items keep the member that they are told apart by.
func (s *Server) writable(v any, kind *shape) any {
	o, ok := v.(object)
	if !ok || kind == nil {
		return v
	}
	out := make(object, len(o))
	for name, x := range o {
		m := kind.member(name)
		switch {
		case m == nil:
			out[name] = x
		case !m.ReadOnly || name == kind.ItemKey:
			out[name] = s.each(x, m, s.writable)
		}
	}
	return out
}

// fitting gives a value less the members that it has in another form than the shape: a request may name by text what a resource has as an
// object.
func (s *shape) fitting(v any) any {
	o, ok := v.(object)
	if !ok {
		return v
	}
	out := make(object, len(o))
	for name, x := range o {
		if m := s.member(name); m == nil || m.Is.holds(x) {
			out[name] = x
		}
	}
	return out
}

// holds tells whether a value is an object, a list of such, or neither, as the schema wants it.
func (is *schema) holds(v any) bool {
	list, isList := v.([]any)
	_, isObject := v.(object)
	switch is.Form {
	case kindAny:
		return true
	case kindObject, kindMap:
		return isObject || v == nil
	case kindArray:
		return v == nil || isList && (len(list) == 0 || is.Elem == nil || is.Elem.holds(list[0]))
	}
	return !isList && !isObject
}

// each applies a function to the value of a member, or to what an array or map has.
func (s *Server) each(v any, m *member, apply func(any, *shape) any) any {
	name, many := m.objects()
	kind := s.shapes[name]
	if kind == nil {
		return v
	}
	if !many {
		return apply(v, kind)
	}
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = apply(x, kind)
		}
		return out
	case object:
		out := make(object, len(v))
		for k, x := range v {
			out[k] = apply(x, kind)
		}
		return out
	}
	return v
}

// withReadOnly gives a value that replaces an old one, with the old one's read-only members.
func (s *Server) withReadOnly(v, old any, kind *shape) any {
	o, ok := v.(object)
	before, was := old.(object)
	if !ok || !was || kind == nil {
		return v
	}
	out := make(object, len(o))
	for name, x := range o {
		out[name] = x
	}
	for i := range kind.Members {
		m := &kind.Members[i]
		x, had := before[m.Name]
		name, many := m.objects()
		switch now, has := out[m.Name]; {
		case m.ReadOnly && had:
			out[m.Name] = x
		case has && !many && name != "":
			out[m.Name] = s.withReadOnly(now, x, s.shapes[name])
		}
	}
	return out
}

// replaced gives a value whose members that a request can say are those that it said; what it cannot say stays as it was.
func (s *shape) replaced(old, payload any) any {
	before, was := old.(object)
	now, is := payload.(object)
	if !was || !is {
		return payload
	}
	out := make(object, len(before)+len(now))
	for name, x := range before {
		if s.member(name) == nil {
			out[name] = x
		}
	}
	for name, x := range now {
		out[name] = x
	}
	return out
}

// lacks names a required member that a value does not have, "" when it has all.
func (s *Server) lacks(v any, kind *shape) string {
	o, ok := v.(object)
	if !ok || kind == nil {
		return ""
	}
	for i := range kind.Members {
		m := &kind.Members[i]
		x, has := o[m.Name]
		if m.Required && !m.ReadOnly && !has {
			return m.Name
		}
		if name, many := m.objects(); has && !many {
			if lacking := s.lacks(x, s.shapes[name]); lacking != "" {
				return m.Name + "." + lacking
			}
		}
	}
	return ""
}

//contactsgen:feature helpers
//contactsgen:part update

package client

// role is what the description says of one member of an object.
type role struct {
	member
	declared bool // false: a key of a map, or a member nobody described
}

// role returns what s says of the member name. What is not described may be removed with null, like a key of a map.
func (s *shape) role(name string) role {
	if s == nil {
		return role{member: member{nullable: true}}
	}
	for _, m := range s.members {
		if m.name == name {
			return role{member: m, declared: true}
		}
	}
	return role{member: member{nullable: true, shape: s.values}}
}

// settle turns the null of a typed form into an absent value where the description has no null.
func (r role) settle(n *node) *node {
	if !n.is(kindNull) || !r.declared || r.shape.free() {
		return n
	}
	if r.nullable && !r.shape.list() && !r.shape.dictionary() {
		return n
	}
	return nil
}

// changed reports whether the caller changed the member. A slice that is nil and one that is empty are the same.
func (r role) changed(v states) bool {
	if equal(v.before, v.after) {
		return false
	}
	return !r.declared || !hollow(v.before, r.shape) || !hollow(v.after, r.shape)
}

func (s *shape) list() bool       { return s != nil && s.isArray }
func (s *shape) dictionary() bool { return s != nil && s.isMap }
func (s *shape) free() bool       { return s != nil && s.freeForm }

// element returns the shape of an array's elements.
func (s *shape) element() *shape {
	if s == nil {
		return nil
	}
	return s.items
}

// key returns the name of the member by which an array's elements keep their identity; "" when there is none.
func (s *shape) key() string {
	if s == nil {
		return ""
	}
	return s.itemKey
}

// descend returns the shape of what p points at.
func (s *shape) descend(p pointer) *shape {
	segments, err := p.segments()
	if err != nil {
		return nil
	}
	for _, segment := range segments {
		if s.list() {
			s = s.items
		} else {
			s = s.role(segment.name).shape
		}
	}
	return s
}

// hollow reports whether n is all that is left of empty slices: [], or an object that holds nothing but such. An
// object without members is not hollow, since some APIs mean something by it.
func hollow(n *node, s *shape) bool {
	switch {
	case n == nil:
		return true
	case s.list():
		return n.is(kindArray) && len(n.items) == 0
	case !n.is(kindObject) || len(n.entries) == 0 || s == nil || s.members == nil:
		return false
	}
	for _, e := range n.entries {
		if !hollow(e.value, s.role(e.name).shape) {
			return false
		}
	}
	return true
}

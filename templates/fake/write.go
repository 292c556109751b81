//contactsgen:feature core
//contactsgen:part resources

package fake

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// create makes a resource of the payload.
func (c *call) create() (Answer, error) {
	payload, err := c.payload()
	if err != nil {
		return Answer{}, err
	}
	value, ok := with(object{}, c.route.Payload.Read, payload).(object)
	if !ok {
		return Answer{}, invalid(fieldName(location{In: inBody, At: c.route.Payload.Send}), "must be an object", "FORMAT")
	}
	key, value := c.newKey(value)
	value = c.collection.def.completed(value)
	if c.collection.byKey[key] != nil {
		return Answer{}, &failure{status: http.StatusConflict, code: c.route.Exists, message: c.collection.def.Name + " exists already."}
	}
	return c.answer(c.store(key, value)), nil
}

// newKey gives a resource to be made the parts of its key that it lacks.
func (c *call) newKey(value object) (string, object) {
	parts := c.keyParts()
	var v any = value
	for i, at := range c.collection.def.Key {
		if i >= len(parts) {
			part := ""
			if given, ok := lookup(v, at); ok && at != "" {
				part = text(given)
			}
			if part == "" {
				part = c.s.newPart(c.collection, at, parts)
			}
			parts = append(parts, part)
		}
		if at != "" {
			v = with(v, at, c.s.keyPart(c.collection.def, at, parts[i]))
		}
	}
	return joinKey(parts...), v.(object)
}

// newPart makes a part of a key: an id, or the next number where the resource, or the path of its read, has a number there.
func (s *Server) newPart(b *collectionState, at string, before []string) string {
	if !s.counts(b.def, at) && !s.isNumbered(b.def, len(before)) {
		return s.settings.newID()
	}
	for n := len(b.byKey) + len(b.gone) + 1; ; n++ {
		part := strconv.Itoa(n)
		key := joinKey(append(slices.Clone(before), part)...)
		if b.byKey[key] == nil && !b.gone[key] {
			return part
		}
	}
}

// keyPart is a part of a key as the resource has it.
func (s *Server) keyPart(def *collection, at, part string) any {
	if s.counts(def, at) && json.Valid([]byte(part)) {
		return json.Number(part)
	}
	return part
}

// counts reports whether a part of a key is a number.
func (s *Server) counts(def *collection, at string) bool {
	m := s.memberAt(def.Shape, at)
	return m != nil && m.Is.Form.isNumber()
}

// isNumbered reports whether what reads a resource takes a number for a part of its key, whatever the resource has there.
func (s *Server) isNumbered(def *collection, part int) bool {
	for _, r := range s.routes {
		if r.Verb != verbRead || r.Collection != def.Name || part >= len(r.Key) {
			continue
		}
		return slices.ContainsFunc(r.Params, func(p parameter) bool {
			return p.In == r.Key[part].In && p.Name == r.Key[part].Name && p.Is.Form.isNumber()
		})
	}
	return false
}

func (k kind) isNumber() bool { return k == kindInteger || k == kindInt32 || k == kindNumber }

// update changes a resource by the payload.
func (c *call) update() (Answer, error) {
	return c.change(func(value object) (object, error) {
		payload, err := c.payload()
		if err != nil {
			return nil, err
		}
		old, _ := lookup(value, c.route.Payload.Read)
		next, _ := with(value, c.route.Payload.Read, c.applied(old, payload)).(object)
		return next, nil
	})
}

// remove deletes a resource.
func (c *call) remove() (Answer, error) {
	e, err := c.entity()
	if err == nil {
		err = c.checkToken(e)
	}
	if err != nil {
		return Answer{}, err
	}
	c.collection.remove(e)
	return c.answer(e), nil
}

// change checks the token, has a function make the resource's next value, stores it and answers with it.
func (c *call) change(next func(object) (object, error)) (Answer, error) {
	if c.badBody != nil {
		_, err := c.jsonBody()
		return Answer{}, err
	}
	e, err := c.entity()
	if err == nil {
		err = c.checkToken(e)
	}
	if err != nil {
		return Answer{}, err
	}
	value, err := next(e.value)
	if err != nil {
		return Answer{}, err
	}
	c.save(e, value)
	return c.answer(e), nil
}

// payload takes what is to be written from the request, less its read-only members, and refuses it when a required one is missing.
func (c *call) payload() (any, error) {
	if _, err := c.jsonBody(); err != nil {
		return nil, err
	}
	p, ok := lookup(c.body, c.route.Payload.Send)
	if !ok {
		return nil, invalid(fieldName(location{In: inBody, At: c.route.Payload.Send}), "is required", "REQUIRED_FIELD")
	}
	kind := c.s.shapeAt(c.collection.def.Shape, c.route.Payload.Read)
	asked := kind
	if c.route.Asks != "" {
		asked = c.s.shapes[c.route.Asks]
	}
	if c.route.Verb == verbCreate || c.route.Payload.As == "replace" {
		if name := c.s.lacks(p, asked); name != "" {
			return nil, invalid(name, "is required", "REQUIRED_FIELD")
		}
	}
	if c.route.Asks != "" && kind != nil {
		p = kind.fitting(p)
	}
	return c.s.writable(p, kind), nil
}

// applied gives the payload's part of a resource after a write.
func (c *call) applied(old, payload any) any {
	switch c.route.Payload.As {
	case "replace":
		if asked := c.s.shapes[c.route.Asks]; asked != nil {
			return asked.replaced(old, payload)
		}
		return c.s.withReadOnly(payload, old, c.s.shapeAt(c.collection.def.Shape, c.route.Payload.Read))
	case "fields":
		for _, name := range c.list(c.route.Payload.Mask) {
			at := "/" + strings.ReplaceAll(strings.TrimPrefix(name, "/"), ".", "/")
			if v, ok := lookup(payload, at); ok && v != nil {
				old = with(old, at, v)
			} else {
				old = without(old, at)
			}
		}
		return old
	}
	return mergePatch(old, payload)
}

// added gives the resource with the request's items in its list.
func (c *call) added(value object) (object, error) {
	items, err := c.required(c.route.Items)
	if err != nil {
		return nil, err
	}
	return c.listing(value, items, nil), nil
}

// removed gives the resource without the request's items in its list.
func (c *call) removed(value object) (object, error) {
	items, err := c.required(c.route.Items)
	if err != nil {
		return nil, err
	}
	return c.listing(value, nil, items), nil
}

// adjusted gives the resource with some of the request's items in its list and without others. What is among both is added.
func (c *call) adjusted(value object) (object, error) {
	added, off := c.items(c.route.Add), c.items(c.route.Off)
	if len(added)+len(off) == 0 {
		_, err := c.required(c.route.Add)
		return nil, err
	}
	return c.listing(value, added, off), nil
}

// listing gives the resource with its list changed: what is taken off it goes first.
func (c *call) listing(value object, added, off []any) object {
	v, _ := lookup(value, c.route.List)
	old, _ := v.([]any)
	list := make([]any, 0, len(old)+len(added))
	for _, x := range old {
		if indexIn(off, x) < 0 || indexIn(added, x) >= 0 {
			list = append(list, x)
		}
	}
	for _, x := range added {
		if indexIn(list, x) < 0 {
			list = append(list, x)
		}
	}
	return with(value, c.route.List, list).(object)
}

// required gives the items that the request names, of which there has to be one.
func (c *call) required(l location) ([]any, error) {
	items := c.items(l)
	if len(items) == 0 {
		return nil, invalid(fieldName(l), "is required", "REQUIRED_FIELD")
	}
	return items, nil
}

// items gives the items that the request names.
func (c *call) items(l location) (out []any) {
	if v, ok := c.at(l); ok && l.In == inBody {
		switch v := v.(type) {
		case []any:
			return v
		case nil:
			return nil
		}
		return []any{v}
	}
	for _, s := range c.list(l) {
		out = append(out, s)
	}
	return out
}

func indexIn(list []any, x any) int {
	for i, y := range list {
		if equal(x, y) {
			return i
		}
	}
	return -1
}

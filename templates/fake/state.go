//contactsgen:feature core
//contactsgen:part resources

package fake

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Seed stores a resource as if it had been there all along, and gives its key. The value is a Go value that is marshalled as JSON, or a
// string or []byte of JSON. What it lacks (key, revision, dates) is filled in; a revision that is a number is kept. For a resource
// that lives below another the parents' keys come after the value.
func (s *Server) Seed(collection string, value any, parents ...string) string {
	if s.tb != nil {
		s.tb.Helper()
	}
	v, err := generic(value)
	o, ok := v.(object)
	if err != nil || !ok {
		s.misuse("Seed: %s must be a JSON object (%v)", collection, err)
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.collectionState(collection, "Seed")
	if b == nil {
		return ""
	}
	return s.seed(b, o, parents).key
}

func (s *Server) seed(b *collectionState, o object, parents []string) *entity {
	b.kept = true
	parts := slices.Clone(parents)
	var v any = o
	for i := len(parts); i < len(b.def.Key); i++ {
		at := b.def.Key[i]
		part, _ := lookup(o, at)
		if text(part) == "" {
			part = s.keyPart(b.def, at, s.newPart(b, at, parts))
		}
		if at != "" {
			v = with(v, at, part)
		}
		parts = append(parts, text(part))
	}
	o = v.(object)
	for _, at := range slices.Concat(b.def.Created, b.def.Updated) {
		if _, ok := lookup(o, at); !ok {
			o = s.dated([]string{at}, o)
		}
	}
	version, ok := b.def.version(o)
	if !ok {
		version = 1
	}
	return b.put(joinKey(parts...), b.filled(nil, o), version)
}

// Get reports whether there is a resource, and decodes it into a value, unless that is nil. The key is as it is in the path; the
// parts of a key that has several are joined by slashes.
func (s *Server) Get(collection, key string, into any) bool {
	if s.tb != nil {
		s.tb.Helper()
	}
	value := s.value(collection, key)
	if value == nil || into == nil {
		return value != nil
	}
	data, err := encode(value)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		s.misuse("Get: %v", err)
	}
	return true
}

// value gives a resource as it is stored, nil when there is none.
func (s *Server) value(collection, key string) object {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.find(collection, key, "Get"); e != nil {
		return e.value
	}
	return nil
}

// Revision gives a resource's current token as a read answers it, "" when there is no such resource. Parts of a compound token are joined
// by commas.
func (s *Server) Revision(collection, key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(collection, key, "Revision")
	if e == nil {
		return ""
	}
	return s.collections[collection].def.revision(e)
}

func (c *collection) revision(e *entity) string {
	parts := make([]string, len(c.Tokens))
	for i := range c.Tokens {
		parts[i] = text(c.write(i, e.key, e.version))
	}
	return strings.Join(parts, ",")
}

// Edit changes a resource as somebody else would, who is not seen in the record: its revision moves on. It reports whether there is one.
// With a nil change only the revision moves.
func (s *Server) Edit(collection, key string, change func(resource map[string]any)) bool {
	if s.tb != nil {
		s.tb.Helper()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(collection, key, "Edit")
	if e != nil {
		s.editLocked(s.collections[collection], e, change)
	}
	return e != nil
}

func (s *Server) editLocked(b *collectionState, e *entity, change func(map[string]any)) {
	value := e.value
	if change != nil {
		value = clone(value).(object)
		change(value)
	}
	b.change(e, s.dated(b.def.Updated, b.filled(e.value, value)))
}

// Remove deletes a resource as somebody else would, and reports whether there was one.
func (s *Server) Remove(collection, key string) bool {
	if s.tb != nil {
		s.tb.Helper()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(collection, key, "Remove")
	if e != nil {
		s.collections[collection].remove(e)
	}
	return e != nil
}

// find gives a resource by the key that a test names it by.
func (s *Server) find(collection, key, method string) *entity {
	if s.tb != nil {
		s.tb.Helper()
	}
	b := s.collectionState(collection, method)
	if b == nil {
		return nil
	}
	parts := strings.Split(key, "/")
	for i, p := range parts {
		if plain, err := url.PathUnescape(p); err == nil {
			parts[i] = plain
		}
	}
	return b.byKey[joinKey(parts...)]
}

// collectionState gives a collection, or says which there are.
func (s *Server) collectionState(collection, method string) *collectionState {
	if s.tb != nil {
		s.tb.Helper()
	}
	if b := s.collections[collection]; b != nil {
		return b
	}
	var names []string
	for name := range s.collections {
		names = append(names, name)
	}
	slices.Sort(names)
	s.misuse("%s: there is no collection %q; there are %s", method, collection, strings.Join(names, ", "))
	return nil
}

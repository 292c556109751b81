//contactsgen:pack *
//contactsgen:part pack

package fake

import "strings"

// What packs need of the engine beside what the engine needs itself. It is copied with a pack.

// register gives operations, named by method and path with parameters unnamed ("GET /things/{}"), a simulation each. Operations that the
// description lacks are left out.
func (s *Server) register(simulations map[string]simulation) {
	for i := range s.api.Routes {
		r := &s.api.Routes[i]
		if simulate := simulations[r.shapeOf()]; simulate != nil {
			s.simulated[r.ID] = simulate
		}
	}
}

// collectionOf gives the collection of an operation's route. Where the table has none it is made from the one given.
func (s *Server) collectionOf(operation string, otherwise collection) *collectionState {
	for i := range s.api.Routes {
		r := &s.api.Routes[i]
		if b := s.collections[r.Collection]; b != nil && r.shapeOf() == operation {
			return b
		}
	}
	if s.collections[otherwise.Name] == nil {
		s.collections[otherwise.Name] = newCollectionState(&otherwise, &s.moves)
	}
	return s.collections[otherwise.Name]
}

// shapeOf is the method and path of a route with its parameters unnamed: "GET /things/{}".
func (r *route) shapeOf() string {
	parts := strings.Split(r.Path, "/")
	for i, part := range parts {
		parts[i] = strings.Join(parseSegment(part).texts, "{}")
	}
	return r.Method + " " + strings.Join(parts, "/")
}

// replaceValue gives a resource a new value at the revision it has.
func (b *collectionState) replaceValue(e *entity, value object) {
	e.value = b.def.stamp(e.key, value, e.version)
	*b.moves++
}

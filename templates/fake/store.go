//contactsgen:feature core
//contactsgen:part resources

package fake

import "slices"

// pastStates is how many earlier states of a resource are kept, for stale reads.
const pastStates = 8

// collectionState holds the resources of one collection, in the order they were made. Its owner guards it.
type collectionState struct {
	def   *collection
	byKey map[string]*entity
	order []*entity
	fill  func(old, value object) object // what a pack adds to resources that tests store; nil without
	kept  bool                           // a test or a request stored something
	gone  map[string]bool                // keys of what was removed
	moves *int                           // counts the changes to any collection of the server
}

// entity is one resource.
type entity struct {
	key string
	state
	past []state // newest last
	made bool    // by a request, so that there was nothing before
}

// state is a resource at one revision. A value that is stored is never changed in place.
type state struct {
	value   object
	version int64
}

func newCollectionState(def *collection, moves *int) *collectionState {
	return &collectionState{def: def, byKey: map[string]*entity{}, gone: map[string]bool{}, moves: moves}
}

// filled gives a value that a test stores with what the server would have added. Old is nil for a new resource.
func (b *collectionState) filled(old, value object) object {
	if b.fill == nil {
		return value
	}
	return b.fill(old, value)
}

// put makes a resource. The value carries no token yet.
func (b *collectionState) put(key string, value object, version int64) *entity {
	e := &entity{key: key}
	e.state = state{b.def.stamp(key, value, version), version}
	if old := b.byKey[key]; old != nil {
		b.remove(old)
	}
	b.byKey[key] = e
	b.order = append(b.order, e)
	*b.moves++
	return e
}

// completed gives a resource with what the server has of its own in it, where a value lacks that.
func (c *collection) completed(value object) object {
	if c.Sample == "" {
		return value
	}
	v, err := decode([]byte(c.Sample))
	sample, ok := v.(object)
	if err != nil || !ok {
		return value
	}
	for name, x := range value {
		sample[name] = x
	}
	return sample
}

// change gives a resource a new value and the next revision.
func (b *collectionState) change(e *entity, value object) {
	e.past = append(e.past, e.state)
	if len(e.past) > pastStates {
		e.past = slices.Clone(e.past[1:])
	}
	version := e.version + 1
	e.state = state{b.def.stamp(e.key, value, version), version}
	*b.moves++
}

func (b *collectionState) remove(e *entity) {
	delete(b.byKey, e.key)
	b.gone[e.key] = true
	if i := slices.Index(b.order, e); i >= 0 {
		b.order = slices.Delete(b.order, i, i+1)
	}
	*b.moves++
}

// earlier gives the resource as it was n revisions ago, or as far back as is known.
func (e *entity) earlier(n int) *entity {
	i := max(len(e.past)-n, 0)
	if i >= len(e.past) {
		return e
	}
	return &entity{key: e.key, state: e.past[i]}
}

// listed are the resources of a collection as a list sees them.
func (c *call) listed(b *collectionState) []*entity {
	if c.lag == 0 {
		return b.order
	}
	var out []*entity
	for _, e := range b.order {
		if !e.made || len(e.past) >= c.lag {
			out = append(out, e.earlier(c.lag))
		}
	}
	return out
}

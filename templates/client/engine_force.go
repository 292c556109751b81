//contactsgen:feature helpers
//contactsgen:part update

package client

import "context"

// forceUpdate writes the payload whatever the state of the resource.
func forceUpdate[T, P any](ctx context.Context, c *core, t *revisionTrait, key []string, payload P, opts []CallOption) (*T, error) {
	w := &guardedWrite{c: c, t: t, key: key}
	f := &forceIntent{}
	f.payload, w.broken = encode(payload)
	return guarded[T](ctx, w, f, opts)
}

// forceIntent is the intent of a forced update: a payload that goes out whatever the state is.
type forceIntent struct{ payload []byte }

func (*forceIntent) blind() bool   { return true }
func (*forceIntent) repeats() bool { return true }

// draft sends the payload, the same every time, less what the API does not take.
func (f *forceIntent) draft(w *guardedWrite, base *baseState) (*draft, error) {
	t := w.t
	payload, err := parseNode(f.payload)
	if err != nil {
		return nil, err
	}
	payload = payload.writable(t.shape.descend(t.payload.read))
	d := &draft{base: base.resource, change: change{payload: payload.bytes()}}
	for _, e := range payload.entries {
		d.mask = append(d.mask, e.name)
	}
	if f.skips(w, base, d) {
		return nil, nil
	}
	if d.after, err = w.t.payload.read.set(base.resource, d.payload); err != nil {
		return nil, err
	}
	d.body, err = t.payload.send.set(nil, d.payload)
	return d, err
}

// skips reports whether the caller asked to leave alone what holds the payload already.
func (f *forceIntent) skips(w *guardedWrite, base *baseState, d *draft) bool {
	return w.skipIfEqual && base.resource != nil && w.t.contains(d.change, base.resource)
}

// settle goes on with the newest token: the payload is the same, so it does no harm to send it again.
func (*forceIntent) settle(context.Context, *run) (verdict, error) { return verdictRedo, nil }

// writable is n without the members that a write must not carry. The member by which an array's elements keep their
// identity stays.
func (n *node) writable(s *shape) *node {
	switch {
	case s == nil:
		return n
	case n.is(kindArray):
		items := make([]*node, len(n.items))
		for i, item := range n.items {
			items[i] = item.writable(s.element())
		}
		return newArray(items)
	case !n.is(kindObject):
		return n
	}
	var entries []entry
	for _, e := range n.entries {
		m := s.role(e.name)
		if m.readOnly && e.name != s.key() {
			continue
		}
		e.value = e.value.writable(m.shape)
		entries = append(entries, e)
	}
	return newObject(entries)
}

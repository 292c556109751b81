package analyze

import "github.com/contactsgen/contactsgen/generator/internal/api"

// decideCodecs decides which types read and write themselves. Those read that methods, iterators and waiters give, and what they are made
// of; those write that bodies are made of; the resource of a helper does both. Everything else is left to encoding/json.
func (b *builder) decideCodecs() {
	if !b.api.Features[api.FeatureCodec] {
		return
	}
	for _, o := range b.operations {
		reads, writes := []*api.Type{o.Result.Type}, []*api.Type{o.bodyType()}
		if o.Paging != nil {
			reads = append(reads, o.Paging.Item)
		}
		if o.Job != nil {
			reads = append(reads, o.Job.Result)
		}
		if r := o.Revision; r != nil && b.api.Features[api.FeatureHelpers] {
			reads, writes = append(reads, r.Type), append(writes, r.Type)
			if r.Payload != nil {
				writes = append(writes, r.Payload.Type)
			}
		}
		for _, t := range reads {
			decideCodec(t, func(c *api.Codec) *bool { return &c.ReadsDoc }, func(c *api.Codec) *bool { return &c.Reads })
		}
		for _, t := range writes {
			decideCodec(t, func(c *api.Codec) *bool { return &c.WritesDoc }, func(c *api.Codec) *bool { return &c.Writes })
		}
	}
	for _, t := range b.api.Types {
		if t.Codec.Writes {
			for _, f := range t.Fields {
				decideZero(f)
			}
		}
	}
}

// decideCodec has a type that can stand for a whole document read or write itself, and what it is made of with it.
func decideCodec(root *api.Type, doc, part func(*api.Codec) *bool) {
	if root == nil {
		return
	}
	if t := root.Underlying(); t.HasCodec() {
		*doc(&t.Codec) = true
	}
	var walk func(*api.Type)
	walk = func(t *api.Type) {
		if t == nil || *part(&t.Codec) {
			return
		}
		if t.HasCodec() {
			*part(&t.Codec) = true
		}
		if t.IsOpaque() {
			return
		}
		walk(t.Elem)
		walk(t.Values)
		for _, f := range t.Fields {
			walk(f.Type)
		}
	}
	walk(root)
}

// decideZero has the type of a field that is left out when it is zero say so, where Go cannot compare it.
func decideZero(f *api.Field) {
	t := f.Type.Underlying()
	if f.Pointer || !t.HasFields() || t.Codec.TellsZero || t.Comparable() {
		return
	}
	if f.OmitZero {
		t.TellZero()
	}
}

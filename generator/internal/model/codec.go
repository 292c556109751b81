package model

// Codec says which methods a type has for JSON of its own.
type Codec struct {
	Reads, Writes       bool // as part of a document
	ReadsDoc, WritesDoc bool // as a document
	TellsZero           bool // whether it is its zero value: Go cannot compare it
}

// decideCodecs decides which types read and write themselves. Those read that methods, iterators and waiters give, and what they are made
// of; those write that bodies are made of; the resource of a helper does both. Everything else is left to encoding/json.
func (b *builder) decideCodecs() {
	if !b.api.Features[FeatureCodec] {
		return
	}
	for _, o := range b.operations {
		reads, writes := []*Type{o.Result.Type}, []*Type{o.bodyType()}
		if o.Paging != nil {
			reads = append(reads, o.Paging.Item)
		}
		if o.Job != nil {
			reads = append(reads, o.Job.Result)
		}
		if r := o.Revision; r != nil && b.api.Features[FeatureHelpers] {
			reads, writes = append(reads, r.Type), append(writes, r.Type)
			if r.Payload != nil {
				writes = append(writes, r.Payload.Type)
			}
		}
		for _, t := range reads {
			decideCodec(t, func(c *Codec) *bool { return &c.ReadsDoc }, func(c *Codec) *bool { return &c.Reads })
		}
		for _, t := range writes {
			decideCodec(t, func(c *Codec) *bool { return &c.WritesDoc }, func(c *Codec) *bool { return &c.Writes })
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
func decideCodec(root *Type, doc, part func(*Codec) *bool) {
	if root == nil {
		return
	}
	if t := root.Underlying(); t.HasCodec() {
		*doc(&t.Codec) = true
	}
	var walk func(*Type)
	walk = func(t *Type) {
		if t == nil || *part(&t.Codec) {
			return
		}
		if t.HasCodec() {
			*part(&t.Codec) = true
		}
		if t.isOpaque() {
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

// HasCodec tells whether a type can read and write itself: it is no scalar, has a name to declare methods on, and has none for JSON yet.
func (t *Type) HasCodec() bool {
	return t.Name != "" && (t.Kind == KindStruct || t.Kind == KindArray || t.Kind == KindMap) && !t.isOpaque()
}

// isOpaque tells whether a type has methods for JSON that encoding/json calls.
func (t *Type) isOpaque() bool { return t.Kind == KindUnion || t.Kind == KindStruct && t.Values != nil }

// decideZero has the type of a field that is left out when it is zero say so, where Go cannot compare it.
func decideZero(f *Field) {
	t := f.Type.Underlying()
	if f.Pointer || !t.HasFields() || t.Codec.TellsZero || t.Comparable() {
		return
	}
	if f.OmitZero {
		t.tellZero()
	}
}

func (t *Type) tellZero() {
	t.Codec.TellsZero = true
	for _, f := range t.Fields {
		if inner := f.Type.Underlying(); inner.HasFields() && !f.Pointer && !inner.Codec.TellsZero && !inner.Comparable() {
			inner.tellZero()
		}
	}
}

// Comparable tells whether Go compares values of a type with ==, and a free-form value is not in them.
func (t *Type) Comparable() bool {
	switch t = t.Underlying(); t.Kind {
	case KindScalar:
		return t.Go != "[]byte"
	case KindEnum:
		return true
	case KindStruct:
		if t.Resource || t.Values != nil {
			return false
		}
		for _, f := range t.Fields {
			if !f.Pointer && !f.Type.Comparable() {
				return false
			}
		}
		return true
	}
	return false
}

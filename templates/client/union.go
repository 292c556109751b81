//contactsgen:feature core
//contactsgen:part json

// Values that are one of several types, kept as they were read.

package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
)

// variant is what a union holds: a JSON value that is decoded on demand. The fields of a union, if it has any, are members beside its
// variants; they are laid over the value when it is written.
type variant struct {
	doc []byte // nil: nothing
	err error  // why there is nothing: what the union was made of cannot be written
}

func (v variant) isZero() bool { return v.doc == nil && v.err == nil }

// variantDescriptor is what the description says of one variant of a union.
type variantDescriptor struct {
	discriminator string   // the member that tells what a value is; "" is none
	kinds         []string // its values for this variant, as JSON
	fixed         []fixedMember
	// own are the members that this variant has and those which exclude it do not have; others are theirs alone.
	own, others []string
}

// fixedMember is a member that can have one value only.
type fixedMember struct{ name, value string }

var errNoVariant = errors.New("the value is null, or was never set")

// asVariant decodes the value of a union.
func asVariant[T any](u json.Marshaler) (v T, err error) {
	doc, err := u.MarshalJSON()
	switch {
	case err != nil:
		return v, err
	case string(doc) == "null":
		return v, errNoVariant
	}
	err = decode(doc, &v)
	return v, err
}

// unionPointer is a pointer to a union.
type unionPointer[U any] interface {
	*U
	json.Marshaler
	json.Unmarshaler
}

// fromVariant makes the value of a union a variant. What is not the variant's own stays: members beside the variants, and what nobody
// knows. Of a value that was another variant, what only that could have goes. held is what the union holds beside its fields.
func fromVariant[U, T any, P unionPointer[U]](u P, held variant, v T, t *variantDescriptor) error {
	doc, err := encode(v)
	if err != nil {
		return err
	}
	after, err := parseNode(doc)
	if err != nil {
		return err
	}
	var base *node
	if doc, err := u.MarshalJSON(); err == nil && string(doc) != "null" {
		base, _ = parseNode(doc)
	}
	var value *node
	if held.doc == nil { // there are fields at most, which are no variant's
		value = overlay(base, nil, t.stamp(base, nil, after))
	} else {
		value = overlayVariant(base, after, t, new(T))
	}
	var fresh U
	if value, err = keepRequired(P(&fresh), base, value); err != nil {
		return err
	}
	if err := P(&fresh).UnmarshalJSON(value.bytes()); err != nil {
		return err
	}
	if k, ok := any(u).(snapshotHolder); ok {
		any(P(&fresh)).(snapshotHolder).keepSnapshot(k.lastSnapshot())
	}
	*u = fresh
	return nil
}

// keepRequired gives a value again what was cleared in it by a variant, and has to be there beside all variants: its zero, as none that was
// never set writes it.
func keepRequired(none json.Marshaler, base, value *node) (*node, error) {
	doc, err := none.MarshalJSON()
	if err != nil {
		return nil, err
	}
	zero, err := parseNode(doc)
	if err != nil || !zero.is(kindObject) || !value.is(kindObject) {
		return value, err
	}
	for _, e := range zero.entries {
		if base.member(e.name) != nil && value.member(e.name) == nil {
			value = value.withMember(e.name, e.value)
		}
	}
	return value, nil
}

// overlayVariant lays a variant over what a union held. scratch takes that as the same variant.
func overlayVariant(base, after *node, t *variantDescriptor, scratch any) *node {
	if base != nil && !t.holds(base) {
		base = base.without(t.others)
		return overlay(base, nil, t.stamp(base, nil, after))
	}
	var before *node
	if base != nil && decode(base.bytes(), scratch) == nil {
		if doc, err := encode(scratch); err == nil {
			before, _ = parseNode(doc)
		}
	}
	return overlay(base, before, t.stamp(base, before, after))
}

// holds tells whether a value is this variant already, as far as it says.
func (t *variantDescriptor) holds(base *node) bool {
	if kind := base.member(t.discriminator); !absent(kind) && len(t.kinds) > 0 {
		return isOneOf(t.kinds, kind)
	}
	has := func(name string) bool { return base.member(name) != nil }
	return len(t.own) == 0 || slices.ContainsFunc(t.own, has) || !slices.ContainsFunc(t.others, has)
}

// stamp gives a variant the members that it cannot be without: the discriminator, and those with one value. What stands in the base and
// was not touched stays as it is.
func (t *variantDescriptor) stamp(base, before, after *node) *node {
	if !after.is(kindObject) {
		return after
	}
	said := after.member(t.discriminator)
	switch kind := base.member(t.discriminator); {
	case t.discriminator == "" || isOneOf(t.kinds, said):
	case isOneOf(t.kinds, kind):
		after = after.withMember(t.discriminator, kind)
	case len(t.kinds) == 1:
		after = after.withMember(t.discriminator, jsonNode(t.kinds[0]))
	}
	for _, f := range t.fixed {
		if said := after.member(f.name); isZeroJSON(said) && (before == nil || !equal(said, before.member(f.name))) {
			after = after.withMember(f.name, jsonNode(f.value))
		}
	}
	return after
}

func isOneOf(values []string, n *node) bool {
	return slices.ContainsFunc(values, func(v string) bool { return equal(jsonNode(v), n) })
}

// jsonNode reads a value that the description gives.
func jsonNode(text string) *node {
	n, _ := parseNode([]byte(text)) // the generator wrote it
	return n
}

// discriminatorOf gives the text of the member that tells what a union is; "" when it is not there.
func discriminatorOf(u json.Marshaler, name string) (string, error) {
	doc, err := u.MarshalJSON()
	if err != nil {
		return "", err
	}
	n, err := parseNode(doc)
	switch {
	case err != nil:
		return "", err
	case !n.is(kindObject):
		return "", errors.New("the value is no object, so nothing in it says what it is")
	}
	kind := n.member(name)
	if text, ok := kind.text(); ok {
		return text, nil
	}
	return string(kind.bytes()), nil
}

// readUnion reads a union. What is beside its variants goes to fields as well, unless the value is no object.
func readUnion(doc []byte, v *variant, fields any) error {
	*v = variant{doc: bytes.Clone(doc)}
	if fields == nil || len(doc) == 0 || doc[0] != '{' {
		return nil
	}
	return decode(doc, fields)
}

// write gives the value of a union that has no fields.
func (v variant) write() ([]byte, error) {
	switch {
	case v.err != nil:
		return nil, v.err
	case v.doc == nil:
		return []byte("null"), nil
	}
	return v.doc, nil
}

// writeUnion gives the value of a union with its fields laid over it.
func writeUnion[F any](v variant, fields *F) ([]byte, error) {
	if v.err != nil || v.doc != nil && v.doc[0] != '{' {
		return v.write()
	}
	after, err := encodeOrdinarily(fields)
	if v.doc == nil || err != nil {
		return after, err
	}
	was := new(F)
	if err := decode(v.doc, was); err != nil {
		return nil, err
	}
	before, err := encodeOrdinarily(was)
	if err != nil {
		return nil, err
	}
	return overlayDocument(v.doc, before, after)
}

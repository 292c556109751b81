//contactsgen:feature nullable
//contactsgen:part json

// Values that say null, leave a member out, or are there.

package client

import "reflect"

// Nullable is a member of a request that can be left out (the zero value), null ([Null]), or have a value ([NotNull]). A PATCH takes null
// for the wish to clear the member.
type Nullable[T any] struct {
	value *T
	null  bool
}

// Null is null.
func Null[T any]() Nullable[T] { return Nullable[T]{null: true} }

// NotNull is a value.
func NotNull[T any](v T) Nullable[T] { return Nullable[T]{value: &v} }

// Get gives the value, and whether there is one.
func (n Nullable[T]) Get() (v T, ok bool) {
	if n.value != nil {
		v = *n.value
	}
	return v, n.value != nil
}

// IsNull reports whether it is null, and not merely left out.
func (n Nullable[T]) IsNull() bool { return n.null }

// IsZero reports whether it is left out.
func (n Nullable[T]) IsZero() bool { return n.value == nil && !n.null }

// MarshalJSON writes the value, or null. A nil list or map is a value, and empty.
func (n Nullable[T]) MarshalJSON() ([]byte, error) {
	if n.value == nil {
		return []byte("null"), nil
	}
	v := reflect.ValueOf(n.value).Elem()
	switch {
	case v.Kind() == reflect.Slice && v.IsNil():
		return encode(reflect.MakeSlice(v.Type(), 0, 0).Interface())
	case v.Kind() == reflect.Map && v.IsNil():
		return []byte("{}"), nil
	}
	return encode(*n.value)
}

// UnmarshalJSON reads a value, or null.
func (n *Nullable[T]) UnmarshalJSON(doc []byte) error {
	*n = Nullable[T]{}
	if string(doc) == "null" {
		n.null = true
		return nil
	}
	n.value = new(T)
	return decode(doc, n.value)
}

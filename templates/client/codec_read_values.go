//contactsgen:feature codec
//contactsgen:part json

package client

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
)

// What reads a value takes the place for it first, so that methods of generated types can stand beside these functions. A null leaves
// scalars as they are, as encoding/json does.

func readString[S ~string](v *S, r *reader) bool {
	if r.next() == 'n' {
		return r.word("null")
	}
	text, ok := r.text()
	if ok {
		*v = S(r.keep(text))
	}
	return ok
}

func readInt[I ~int32 | ~int64](v *I, r *reader) bool {
	if r.next() == 'n' {
		return r.word("null")
	}
	text, whole, ok := r.number()
	if !ok || !whole {
		return false
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	*v = I(n)
	return err == nil && int64(*v) == n
}

func readFloat(v *float64, r *reader) (ok bool) {
	if r.next() == 'n' {
		return r.word("null")
	}
	text, _, ok := r.number()
	if !ok {
		return false
	}
	n, err := strconv.ParseFloat(string(text), 64)
	*v = n
	return err == nil
}

func readBool(v *bool, r *reader) bool {
	switch r.next() {
	case 'n':
		return r.word("null")
	case 't':
		*v = true
		return r.word("true")
	}
	*v = false
	return r.word("false")
}

func readBytes(v *[]byte, r *reader) bool {
	if r.next() == 'n' {
		*v = nil
		return r.word("null")
	}
	text, ok := r.text()
	if !ok {
		return false
	}
	b, err := base64.StdEncoding.AppendDecode([]byte{}, text)
	*v = b
	return err == nil
}

// readPointer reads what may be missing.
func readPointer[T any](v **T, r *reader, read func(*T, *reader) bool) bool {
	if r.next() == 'n' {
		*v = nil
		return r.word("null")
	}
	if *v == nil {
		*v = new(T)
	}
	return read(*v, r)
}

// readText is readPointer for a string.
func readText(v **string, r *reader) bool {
	if *v == nil && r.next() != 'n' {
		if len(r.texts) == 0 {
			r.texts = make([]string, sharedOnes)
		}
		*v, r.texts = &r.texts[0], r.texts[1:]
	}
	return readPointer(v, r, readString)
}

// readList reads an array. A second one for the same member is left to encoding/json, which reads it into the first.
func readList[L ~[]T, T any](v *L, r *reader, read func(*T, *reader) bool) bool {
	if *v != nil {
		return false
	}
	if r.next() == 'n' {
		return r.word("null")
	}
	if !r.open('[') {
		return false
	}
	list := L{}
	if r.next() != ']' {
		for {
			var zero T
			list = append(list, zero)
			if !read(&list[len(list)-1], r) {
				return false
			}
			if !r.more() {
				break
			}
		}
	}
	*v = list
	return r.shut(']')
}

// readMap reads an object whose members have names of the caller's.
func readMap[M ~map[string]T, T any](v *M, r *reader, read func(*T, *reader) bool) bool {
	if r.next() == 'n' {
		*v = nil
		return r.word("null")
	}
	if *v == nil {
		*v = M{}
	}
	return r.object(entries[T]{*v, read})
}

// entries are the members of a map.
type entries[T any] struct {
	into map[string]T
	read func(*T, *reader) bool
}

func (e entries[T]) readMember(r *reader, name []byte) bool {
	key := r.keep(name)
	var value T
	ok := e.read(&value, r)
	e.into[key] = value
	return ok
}

// readAny reads a free-form value, whose numbers keep their digits.
func readAny(v *any, r *reader) bool {
	switch r.next() {
	case '{':
		o := map[string]any{}
		*v = o
		return readMap(&o, r, readAny)
	case '[':
		var list []any
		ok := readList(&list, r, readAny)
		*v = list
		return ok
	case '"':
		text, ok := r.text()
		*v = r.keep(text)
		return ok
	case 't':
		*v = true
		return r.word("true")
	case 'f':
		*v = false
		return r.word("false")
	case 'n':
		*v = nil
		return r.word("null")
	}
	text, _, ok := r.number()
	*v = json.Number(r.keep(text))
	return ok
}

// readOther reads a value of a type that reads itself from JSON, or that encoding/json reads.
func readOther[T any](v *T, r *reader) bool {
	r.next()
	start := r.at
	if !r.skip() {
		return false
	}
	if own, ok := any(v).(json.Unmarshaler); ok {
		return own.UnmarshalJSON(r.doc[start:r.at]) == nil
	}
	return decodeStrictly(r.doc[start:r.at], v) == nil
}

package contacts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"sort"
	"testing"
)

// What types read and write themselves is what encoding/json reads and writes, for every type that a client takes and gives. The tests of
// the generator hold this file against other descriptions, too: it knows no type by name.

// coded is a type with a codec.
type coded interface {
	readJSON(r *reader) bool
}

// codedTypes finds the types with a codec among those that the methods of the services take and give, and what these are made of.
func codedTypes() []reflect.Type {
	found := map[string]reflect.Type{}
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(t reflect.Type) {
		if seen[t] {
			return
		}
		seen[t] = true
		if _, ok := reflect.New(t).Interface().(coded); ok {
			found[t.Name()] = t
		}
		switch t.Kind() {
		case reflect.Struct:
			for i := range t.NumField() {
				walk(t.Field(i).Type)
			}
		case reflect.Map, reflect.Slice, reflect.Pointer:
			walk(t.Elem())
		case reflect.Func:
			for i := range t.NumIn() {
				walk(t.In(i))
			}
			for i := range t.NumOut() {
				walk(t.Out(i))
			}
		}
		for i := range t.NumMethod() {
			walk(t.Method(i).Type)
		}
	}
	walk(reflect.TypeFor[*Client]())
	var list []reflect.Type
	for _, t := range found {
		list = append(list, t)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name() < list[j].Name() })
	return list
}

// ordinarily decodes as it is done without a codec.
func ordinarily(doc []byte, into any) error {
	doc = spelled(doc, reflect.TypeOf(into), false)
	err := decodeStrictly(doc, into)
	var wrongType *json.UnmarshalTypeError
	if !errors.As(err, &wrongType) {
		return err
	}
	if fitting, failed := relax(doc, into); failed == nil && decodeStrictly(fitting, into) == nil {
		return nil
	}
	return err
}

// sameReading fails where a type reads itself differently from how encoding/json reads it; it may leave a document to that. It gives
// whether the type read it, or nobody can.
func sameReading(t *testing.T, typ reflect.Type, doc []byte) bool {
	t.Helper()
	want, got, own := reflect.New(typ).Interface(), reflect.New(typ).Interface(), reflect.New(typ).Interface()
	err := decodeStrictly(doc, want)
	read := readDocument(doc, "", own.(coded))
	if read && (err != nil || !reflect.DeepEqual(own, want)) {
		t.Fatalf("%s reads itself from %q:\n%#v\nencoding/json: %#v, %v", typ.Name(), doc, own, want, err)
	}
	lenient := reflect.New(typ).Interface()
	failed := ordinarily(doc, lenient)
	if err := decode(doc, got); fmt.Sprintf("%T", err) != fmt.Sprintf("%T", failed) || failed == nil && !reflect.DeepEqual(got, lenient) {
		t.Fatalf("%s is decoded from %q:\n%#v, %v\nwithout a codec: %#v, %v", typ.Name(), doc, got, err, lenient, failed)
	}
	if err == nil {
		sameWriting(t, want)
	}
	return read || err != nil
}

// sameWriting fails where a value writes itself differently from how encoding/json writes it, and gives what it writes.
func sameWriting(t *testing.T, v any) []byte {
	t.Helper()
	want, err := encodeOrdinarily(v)
	if w, ok := v.(interface{ writeJSON(*writer) }); ok {
		if got, ok := writeDocument(w); ok != (err == nil) || ok && !bytes.Equal(got, want) {
			t.Fatalf("%T writes itself as\n%s, %t\nencoding/json as\n%s, %v", v, got, ok, want, err)
		}
	}
	if got, failed := encode(v); fmt.Sprint(failed) != fmt.Sprint(err) || !bytes.Equal(got, want) {
		t.Fatalf("%T is encoded as\n%s, %v\nwithout a codec as\n%s, %v", v, got, failed, want, err)
	}
	return want
}

// TestCodec makes values of every type, and documents of them that are more and more wrong.
func TestCodec(t *testing.T) {
	types := codedTypes()
	if len(types) == 0 {
		t.Fatal("no type has a codec")
	}
	for i, typ := range types {
		m := &maker{rand.New(rand.NewPCG(1, uint64(i)))}
		for range 20 {
			v := reflect.New(typ)
			m.fill(v.Elem(), 0)
			doc := sameWriting(t, v.Interface())
			if doc != nil && !sameReading(t, typ, doc) {
				t.Errorf("%s leaves what it wrote to encoding/json: %s", typ.Name(), doc)
			}
			for range 10 {
				doc = m.spoil(doc)
				sameReading(t, typ, doc)
			}
		}
	}
}

// FuzzCodec reads documents into the type of a number.
func FuzzCodec(f *testing.F) {
	types := codedTypes()
	for i, typ := range types {
		m := &maker{rand.New(rand.NewPCG(2, uint64(i)))}
		v := reflect.New(typ)
		m.fill(v.Elem(), 0)
		if doc, err := encodeOrdinarily(v.Interface()); err == nil {
			f.Add(uint16(i), doc)
		}
	}
	for _, doc := range documents {
		f.Add(uint16(0), []byte(doc))
	}
	f.Fuzz(func(t *testing.T, i uint16, doc []byte) {
		sameReading(t, types[int(i)%len(types)], doc)
	})
}

// documents are what JSON readers are known to differ in.
var documents = []string{
	``, ` `, `null`, `{}`, "\ufeff{}", `{} {}`, `{}x`, `{"`, `{"a"`, `{"a":`, `{"a":1,}`, `{,}`, `[,]`, `{"a":01}`, `{"a":-}`, `{"a":-0}`,
	`{"a":1.}`,
	`{"a":.5}`, `{"a":1e}`, `{"a":1E+}`, `{"a":+1}`, `{"a":1e999}`, `{"a":"\x"}`, `{"a":"\u12"}`, `{"a":"\ud800"}`, `{"a":"\ud800\u0041"}`,
	`{"a":"\ud83d\ude00"}`, `{"a":"\ude00\ud83d"}`, "{\"a\":\"\xff\"}", "{\"a\":\"\x01\"}", "{\"\xff\":1}", `{"a":tru}`, `{"a":nulls}`,
	`{"a":{"b":[1,{"c":null}]}}`,
	`{"ID":"x"}`, `{"id":"x","Id":"y"}`, "{\"\u212aey\":\"kelvin\"}", `{"id":1}`, `{"revision":"7"}`, `{"revision":2147483648}`,
	`{"revision":1.0}`, `{"revision":1e1}`,
	`{"info":{"phones":{"items":[{"id":"1","tag":"MOBILE"}]}},"info":{"phones":{"items":[{"phone":"2"}]}}}`, `{"info":null}`, `{"info":[]}`,
	`{"info":{"emails":{"items":[]},"emails":{"items":null}}}`, `{"\u0069d":"escaped name"}`, "\t{\r\n\"id\" : \"x\" }\n", `{"id":"a` +
		"\u2028" + `b"}`,
}

// maker makes values and documents up.
type maker struct{ *rand.Rand }

func pick[T any](m *maker, list ...T) T { return list[m.IntN(len(list))] }

// fill gives a value parts that are hard to read or write.
func (m *maker) fill(v reflect.Value, depth int) {
	if u, ok := v.Addr().Interface().(json.Unmarshaler); ok && v.Kind() == reflect.Struct && v.NumField() == 1 {
		if m.IntN(4) > 0 {
			_ = u.UnmarshalJSON([]byte(pick(m, `null`, `1`, `{ "a": [ 1 ], "b": "<" }`, `"x"`, `[]`))) // a union keeps anything
		}
		return
	}
	if depth > 6 || m.IntN(5) == 0 {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				m.fill(v.Field(i), depth+1)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		m.fill(v.Elem(), depth+1)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(m.text()))
			return
		}
		n := m.IntN(4)
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			m.fill(v.Index(i), depth+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range m.IntN(5) {
			value := reflect.New(v.Type().Elem()).Elem()
			m.fill(value, depth+1)
			v.SetMapIndex(reflect.ValueOf(m.text()).Convert(v.Type().Key()), value)
		}
	case reflect.Interface:
		if free := m.free(depth); v.NumMethod() == 0 && free != nil {
			v.Set(reflect.ValueOf(free))
		}
	case reflect.String:
		v.SetString(m.text())
	case reflect.Bool:
		v.SetBool(m.IntN(2) == 0)
	case reflect.Int32, reflect.Int64:
		v.SetInt(pick(m, 0, 1, -1, int64(m.Int32()), math.MaxInt32, math.MinInt32))
		if v.Kind() == reflect.Int64 && m.IntN(2) == 0 {
			v.SetInt(pick(m, math.MaxInt64, math.MinInt64, m.Int64()))
		}
	case reflect.Float64:
		v.SetFloat(m.number())
	}
}

func (m *maker) number() float64 {
	return pick(m, 0, math.Copysign(0, -1), 1, -1.5, 1e21, 9.99e20, 1e-6, 9.9e-7, 1e-9, 1e100, math.MaxFloat64, math.SmallestNonzeroFloat64,
		m.NormFloat64(), 1.0/3)
}

func (m *maker) text() string {
	return pick(m, "", "a", "plain text", `"quoted" \ and / more`, "<b>&amp;</b>", "tab\tline\nreturn\r\b\f\v", "\x00\x1f\x7f", "ü é ß", "日本",
		"😀", "\u2028\u2029", "\ufeff",
		"bad \xff byte", "cut \xe2\x82", "long "+fmt.Sprint(m.Uint64(), m.Uint64(), m.Uint64()), fmt.Sprint(m.IntN(100)))
}

func (m *maker) free(depth int) any {
	if depth > 5 {
		return m.text()
	}
	return pick[any](m, nil, true, false, m.text(), m.number(), json.Number("12345678901234567890"), json.Number("1.50"), json.Number(""),
		json.Number("no"), 7, []any{}, []any(nil),
		[]any{m.free(depth + 1), m.free(depth + 1)}, map[string]any{}, map[string]any{m.text(): m.free(depth + 1), m.text(): m.free(depth + 1)},
		[]string{"typed"},
		math.Inf(1), math.NaN(), json.RawMessage(`{ "raw" : 1 }`))
}

// spoil changes a document in one place.
func (m *maker) spoil(doc []byte) []byte {
	doc = slices.Clone(doc)
	if spans := memberSpans(doc); len(spans) > 0 && m.IntN(3) > 0 {
		s := pick(m, spans...)
		other := pick(m, spans...)
		switch m.IntN(4) {
		case 0: // another value
			value := pick(m, `null`, `1`, `"1"`, `-0`, `1.5`, `1e2`, `"x"`, `true`, `{}`, `[]`, `[null]`, `[{}]`, `{"a":null}`, `"\ud83d\ude00"`,
				`99999999999`, `"99999999999"`, ` 1 `)
			return slices.Concat(doc[:s.value], []byte(value), doc[s.end:])
		case 1: // another capital letter
			if c := doc[s.name+1]; 'a' <= c && c <= 'z' {
				doc[s.name+1] = c - 'a' + 'A'
			}
			return doc
		case 2: // a member twice, with a value of its own or that of another
			return slices.Concat(doc[:s.name], doc[s.name:s.value], doc[other.value:other.end], []byte(", "), doc[s.name:])
		}
		return slices.Concat(doc[:s.name], []byte(pick(m, `"unknown":{"a":[1,"b",{}]},`, `"ünknown":1,`, ` "x" : "\"" , `, `"\u0041":0,`)),
			doc[s.name:])
	}
	if len(doc) == 0 {
		return doc
	}
	i := m.IntN(len(doc))
	switch m.IntN(3) {
	case 0:
		return slices.Delete(doc, i, i+1)
	case 1:
		doc[i] = pick(m, []byte("{}[]\",:0123456789.-+eEtrufalsn\\ \n\x00\x80\xc3\xbc")...)
		return doc
	}
	return slices.Insert(doc, i, pick(m, []byte("{}[]\",:01.-+eEtn\\ \n\x00\x80")...))
}

// span is where a member of an object stands.
type span struct{ name, value, end int }

// memberSpans finds all members of all objects in a document, if it is one.
func memberSpans(doc []byte) []span {
	if !json.Valid(doc) {
		return nil
	}
	var list []span
	for p := (nodeParser{doc: doc}); p.at < len(doc); {
		if doc[p.at] != '"' {
			p.at++
			continue
		}
		start := p.at
		p.str()
		after := p
		if after.space(); after.at == len(doc) || doc[after.at] != ':' {
			continue
		}
		after.at++
		after.space()
		s := span{name: start, value: after.at}
		after.skip()
		s.end = after.at
		list = append(list, s)
	}
	return list
}

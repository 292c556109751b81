package writes_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"writes"
)

// TestWritesLoseNothing changes every member that can be changed of every document, alone, in every form of write. It knows no type by
// name, so it works with any client of an invented description.
func TestWritesLoseNothing(t *testing.T) {
	text, err := os.ReadFile(os.Getenv("WRITES_DOCUMENTS"))
	if err != nil {
		t.Fatal(err)
	}
	var resources map[string][]json.RawMessage
	if err := json.Unmarshal(text, &resources); err != nil {
		t.Fatal(err)
	}
	var s server
	c, err := writes.NewClient(writes.WithBaseURL("https://api.example.com"), writes.WithHTTPClient(&http.Client{Transport: &s}))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]*count{"Replace": {}, "Merge": {}, "List": {}}
	for _, name := range slices.Sorted(maps.Keys(resources)) {
		for _, doc := range resources[name] {
			for verb, n := range counts {
				w := &write{t: t, server: &s, method: reflect.ValueOf(c.Things).MethodByName(verb + name + "WithRetry"), verb: verb, doc: doc}
				if !w.method.IsValid() {
					t.Fatalf("there is no helper %s%sWithRetry", verb, name)
				}
				for i := 0; w.change(i); i++ {
					n.add(w.chosen)
				}
				if t.Failed() {
					t.FailNow()
				}
			}
		}
	}
	for verb, n := range counts {
		fmt.Printf("%s tried %d writes, %d within unions, %d of moved items\n", verb, n.writes, n.unions, n.moved)
	}
}

// count is how many changes were tried.
type count struct{ writes, unions, moved int }

func (n *count) add(l leaf) {
	n.writes++
	if l.inUnion {
		n.unions++
	}
	if l.moved {
		n.moved++
	}
}

// server answers reads with a document, and keeps what is written.
type server struct {
	doc  []byte
	body []byte
	mask string
}

func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	doc := s.doc
	if r.Method != http.MethodGet {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		s.body, s.mask = body, r.URL.Query().Get("mask")
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r, ContentLength: int64(len(doc)),
		Header: http.Header{"Content-Type": {"application/json"}, "Etag": {`"1"`}}, Body: io.NopCloser(bytes.NewReader(doc)),
	}, nil
}

// write is a form of write of one document.
type write struct {
	t      *testing.T
	server *server
	method reflect.Value
	verb   string
	doc    []byte
	chosen leaf
}

// change writes with the member of a number changed; false when there is none.
func (w *write) change(number int) bool {
	found := false
	var value any
	callback := reflect.MakeFunc(w.method.Type().In(2), func(args []reflect.Value) []reflect.Value {
		all := leaves(w.t, args[0].Elem(), leaf{})
		if found = number < len(all); found {
			w.chosen = all[number]
			value = w.chosen.change(get(decoded(w.t, w.doc), w.chosen.path))
		}
		return []reflect.Value{reflect.Zero(reflect.TypeFor[error]())}
	})
	w.server.doc, w.server.body = w.doc, nil
	out := w.method.Call([]reflect.Value{reflect.ValueOf(w.t.Context()), reflect.ValueOf("x"), callback})
	if !found {
		return false
	}
	if err, _ := out[1].Interface().(error); err != nil {
		w.t.Errorf("%s of %s: %v\nread %s", w.verb, w.chosen, err, w.doc)
		return false
	}
	w.check(value)
	return true
}

// check holds what was sent against what was read.
func (w *write) check(value any) {
	want := put(decoded(w.t, w.doc), w.chosen.path, value)
	sent := decoded(w.t, w.server.body)
	switch w.verb {
	case "Merge":
		sparse := alone(sent, w.chosen.path)
		if got := merged(decoded(w.t, w.doc), sent); sparse && same(got, want) {
			return
		}
	case "List":
		first := w.chosen.path[0].(string)
		want = map[string]any{first: want.(map[string]any)[first]}
		if same(sent, want) && w.server.mask == first {
			return
		}
	default:
		if same(sent, want) {
			return
		}
	}
	w.t.Errorf("%s of %s\nread %s\nsent %s %s", w.verb, w.chosen, w.doc, w.server.body, w.server.mask)
}

// same compares documents. Numbers are equal when they are written alike.
func same(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return bytes.Equal(x, y)
}

func decoded(t *testing.T, doc []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %q", err, doc)
	}
	return v
}

// put gives a document with one value in another's place.
func put(doc any, path []any, value any) any {
	if len(path) == 0 {
		return value
	}
	switch at := path[0].(type) {
	case int:
		list := slices.Clone(doc.([]any))
		list[at] = put(list[at], path[1:], value)
		return list
	default:
		object := maps.Clone(doc.(map[string]any))
		object[at.(string)] = put(object[at.(string)], path[1:], value)
		return object
	}
}

// get gives the value at a place of a document.
func get(doc any, path []any) any {
	for _, at := range path {
		if i, ok := at.(int); ok {
			doc = doc.([]any)[i]
			continue
		}
		doc = doc.(map[string]any)[at.(string)]
	}
	return doc
}

// alone tells whether a patch holds nothing but the way to one place. An array goes whole.
func alone(patch any, path []any) bool {
	for _, at := range path {
		object, ok := patch.(map[string]any)
		if !ok {
			_, isList := patch.([]any)
			return isList
		}
		name, ok := at.(string)
		if _, there := object[name]; !ok || !there || len(object) != 1 {
			return false
		}
		patch = object[name]
	}
	return true
}

// merged applies a JSON Merge Patch (RFC 7396).
func merged(doc, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	object, _ := doc.(map[string]any)
	object = maps.Clone(object)
	if object == nil {
		object = map[string]any{}
	}
	for name, change := range changes {
		if change == nil {
			delete(object, name)
			continue
		}
		object[name] = merged(object[name], change)
	}
	return object
}

// leaf is a scalar in a typed value that can be changed, or a list whose items can change their places.
type leaf struct {
	path    []any
	inUnion bool
	moved   bool
	commit  func()            // brings what is a copy back to where it is from
	change  func(old any) any // gives the new value of what was read
}

func (l leaf) String() string {
	var b strings.Builder
	for _, at := range l.path {
		fmt.Fprintf(&b, "/%v", at)
	}
	return b.String()
}

// below is the place of a part. What is done to a copy of it has to be brought back first.
func (l leaf) below(at any, commit func()) leaf {
	l.path = append(slices.Clone(l.path), at)
	return l.copied(commit)
}

func (l leaf) copied(commit func()) leaf {
	if outer := l.commit; commit != nil && outer != nil {
		l.commit = func() {
			commit()
			outer()
		}
	} else if commit != nil {
		l.commit = commit
	}
	return l
}

// leaves lists the scalars in a value. What tells one thing from another stays as it is.
func leaves(t *testing.T, v reflect.Value, at leaf) []leaf {
	t.Helper()
	if n := len(at.path); n > 0 && (at.path[n-1] == "kind" || at.path[n-1] == "key" || n == 1 && at.path[0] == "id") {
		return nil
	}
	set := func(value any) []leaf {
		at.change = func(any) any {
			v.Set(reflect.ValueOf(value).Convert(v.Type()))
			if at.commit != nil {
				at.commit()
			}
			return decoded(t, must(json.Marshal(value)))
		}
		return []leaf{at}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return leaves(t, v.Elem(), at)
	case reflect.String:
		return set(v.String() + " changed")
	case reflect.Bool:
		return set(!v.Bool())
	case reflect.Int32, reflect.Int64:
		return set(v.Int() + 1)
	case reflect.Float64:
		return set(v.Float() + 0.5)
	case reflect.Interface:
		if _, ok := v.Interface().(string); ok {
			at.change = func(any) any {
				v.Set(reflect.ValueOf("changed"))
				if at.commit != nil {
					at.commit()
				}
				return "changed"
			}
			return []leaf{at}
		}
	case reflect.Slice:
		out := movedLeaves(v, at)
		for i := range v.Len() {
			out = append(out, leaves(t, v.Index(i), at.below(i, nil))...)
		}
		return out
	case reflect.Map:
		return entryLeaves(t, v, at)
	case reflect.Struct:
		return append(fieldLeaves(t, v, at), variantLeaves(t, v, at)...)
	}
	return nil
}

// movedLeaves gives a list whose items have a key, with their order reversed and the last of them taken away.
func movedLeaves(v reflect.Value, at leaf) []leaf {
	if v.Len() < 2 || v.Type().Elem().Kind() != reflect.Struct {
		return nil
	}
	if f, ok := v.Type().Elem().FieldByName("Key"); !ok || f.Tag.Get("json") != "key" {
		return nil
	}
	at.moved = true
	at.change = func(old any) any {
		list := reflect.MakeSlice(v.Type(), 0, v.Len())
		var want []any
		for i := v.Len() - 2; i >= 0; i-- {
			list, want = reflect.Append(list, v.Index(i)), append(want, old.([]any)[i])
		}
		v.Set(list)
		if at.commit != nil {
			at.commit()
		}
		return want
	}
	return []leaf{at}
}

func entryLeaves(t *testing.T, v reflect.Value, at leaf) []leaf {
	t.Helper()
	var out []leaf
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		value := reflect.New(v.Type().Elem()).Elem()
		value.Set(v.MapIndex(key))
		out = append(out, leaves(t, value, at.below(key.String(), func() { v.SetMapIndex(key, value) }))...)
	}
	return out
}

func fieldLeaves(t *testing.T, v reflect.Value, at leaf) []leaf {
	t.Helper()
	var out []leaf
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Name == "AdditionalProperties":
			out = append(out, entryLeaves(t, v.Field(i), at)...)
		case f.IsExported() && name != "-":
			out = append(out, leaves(t, v.Field(i), at.below(name, nil))...)
		}
	}
	return out
}

// variantLeaves lists the scalars in the variants that a union holds, each of which has a member that no other has.
func variantLeaves(t *testing.T, v reflect.Value, at leaf) []leaf {
	t.Helper()
	if !v.FieldByName("union").IsValid() {
		return nil
	}
	held, _ := decoded(t, must(json.Marshal(v.Interface()))).(map[string]any)
	at.inUnion = true
	var out []leaf
	for i := range v.NumMethod() {
		name, ok := strings.CutPrefix(v.Type().Method(i).Name, "As")
		if _, own := held["own"+name]; !ok || !own {
			continue
		}
		result := v.Method(i).Call(nil)
		if err, _ := result[1].Interface().(error); err != nil {
			t.Fatalf("As%s: %v", name, err)
		}
		variant := reflect.New(result[0].Type()).Elem()
		variant.Set(result[0])
		out = append(out, leaves(t, variant, at.copied(func() {
			if err, _ := v.Addr().MethodByName("From" + name).Call([]reflect.Value{variant})[0].Interface().(error); err != nil {
				t.Errorf("From%s: %v", name, err)
			}
		}))...)
	}
	return out
}

func must(doc []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return doc
}

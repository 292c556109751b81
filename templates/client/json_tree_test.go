package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestNodeIsWrittenAsItWasRead(t *testing.T) {
	for _, doc := range []string{
		`null`, `true`, `false`, `0`, `-1.50e+3`, `9007199254740993`, `""`, `"a\u0062\"\\"`, `{}`, `[]`, `[ ]`, `{ }`,
		`{"a" : 1 , "b":[1, 2,{"c":null}], "a\u0062":"é", "a": 2}`,
		"\t[ [ ] , { \"x\" : [ ] } ]\n",
	} {
		n, err := parseNode([]byte(doc))
		if err != nil {
			t.Errorf("%s: %v", doc, err)
			continue
		}
		if got, want := string(n.bytes()), strings.TrimSpace(doc); got != want {
			t.Errorf("read %q, written %q", want, got)
		}
	}
}

func TestNodeRefuses(t *testing.T) {
	for doc, want := range map[string]string{
		``:         "unexpected end",
		`{`:        "unexpected end",
		`1 2`:      "after top-level value",
		`{"a":1}}`: "after top-level value",
		`[1,]`:     "invalid character",
		`NaN`:      "invalid character",
		strings.Repeat("[", 1002) + strings.Repeat("]", 1002): "nested more than 1000 deep",
	} {
		if _, err := parseNode([]byte(doc)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20s: %v, want %s", doc, err, want)
		}
	}
	deepest := strings.Repeat("[", 1001) + strings.Repeat("]", 1001)
	if _, err := parseNode([]byte(deepest)); err != nil {
		t.Errorf("1,000 levels below the root: %v", err)
	}
}

func TestNodeTakesTheLastOfMembersWithOneName(t *testing.T) {
	for _, filler := range []int{0, 2 * indexFrom} { // without and with an index
		doc := `{"a":1,"b":2,"\u0061":3`
		for i := range filler {
			doc += fmt.Sprintf(`,"f%d":%d`, i, i)
		}
		n, err := parseNode([]byte(doc + `,"b":4}`))
		if err != nil {
			t.Fatal(err)
		}
		if a, b := n.member("a"), n.member("b"); string(a.bytes()) != "3" || string(b.bytes()) != "4" {
			t.Errorf("a = %s, b = %s", a.bytes(), b.bytes())
		}
		if len(n.entries) != 2+filler {
			t.Errorf("%d members", len(n.entries))
		}
	}
}

func TestNodeIsNotOverwrittenByAppending(t *testing.T) {
	doc := []byte(`{"a":[1],"b":2}`)
	a, _ := pointer("/a").get(doc)
	_ = append(a, "overwritten"...)
	if string(doc) != `{"a":[1],"b":2}` {
		t.Errorf("document became %s", doc)
	}
}

func FuzzNodeRoundTrip(f *testing.F) {
	for _, doc := range []string{`{"a":[1,{"b":"\u00e9"}],"a":2}`, ` [ ] `, `1e400`, `"\ud800"`, `{"":{"":""}}`} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		n, err := parseNode(doc)
		if errors.Is(err, errTooDeep) {
			return
		}
		if (err == nil) != json.Valid(doc) {
			t.Fatalf("%v, but valid is %v", err, json.Valid(doc))
		}
		if err != nil {
			return
		}
		if got := n.bytes(); !bytes.Equal(got, bytes.TrimSpace(doc)) {
			t.Fatalf("read %q, written %q", doc, got)
		}
		if got, want := decodedJSON(t, rebuilt(n).bytes()), decodedJSON(t, doc); !reflect.DeepEqual(got, want) {
			t.Fatalf("put together %v, want %v", got, want)
		}
	})
}

// rebuilt returns n with every array and object put together anew.
func rebuilt(n *node) *node {
	switch n.kind {
	case kindArray:
		items := make([]*node, len(n.items))
		for i, item := range n.items {
			items[i] = rebuilt(item)
		}
		return newArray(items)
	case kindObject:
		entries := make([]entry, len(n.entries))
		for i, e := range n.entries {
			entries[i] = entry{name: e.name, value: rebuilt(e.value)}
		}
		return newObject(entries)
	default:
		return n
	}
}

// decodedJSON returns what encoding/json makes of doc, numbers as text.
func decodedJSON(t *testing.T, doc []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", doc, err)
	}
	return v
}

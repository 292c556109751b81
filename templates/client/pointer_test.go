package client

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

const pointed = `{ "a": {"b": [10, {"id":"x","v": 1.0}, {"id":"y","v":2}]}, "m~n/o": 1, "[z": 2, "": {"": 3}, "n": null }`

func TestPointerGet(t *testing.T) {
	for p, want := range map[pointer]string{
		"":                   pointed,
		"/a/b":               `[10, {"id":"x","v": 1.0}, {"id":"y","v":2}]`,
		"/a/b/0":             `10`,
		"/a/b/[id=x]/v":      `1.0`,
		"/a/b/[id=y]":        `{"id":"y","v":2}`,
		"/m~0n~1o":           `1`,
		"/~2z":               `2`,
		"/":                  `{"": 3}`,
		"//":                 `3`,
		"/n":                 `null`,
		"/a/c":               "",
		"/a/b/3":             "",
		"/a/b/-":             "",
		"/a/b/00":            "",
		"/a/b/+1":            "",
		"/a/b/-1":            "",
		"/a/b/[id=z]":        "",
		"/a/[id=x]":          "",
		"/n/x":               "",
		"a":                  "",
		"/[z":                "",
		"/m~n":               "",
		"/a/b/[id=x]/v/more": "",
	} {
		got, ok := p.get([]byte(pointed))
		if string(got) != want || ok != (want != "") {
			t.Errorf("%q: %s, %v; want %s", p, got, ok, want)
		}
	}
	if _, ok := pointer("").get([]byte(`{`)); ok {
		t.Error("found something in a broken document")
	}
}

func TestPointerSelectorSeesEscapes(t *testing.T) {
	doc := []byte(`[{"k~":"a/b=]"},{"k~":"~"}]`)
	for p, want := range map[pointer]string{
		"/[k~0=a~1b=]]": `{"k~":"a/b=]"}`,
		"/[k~0=~0]":     `{"k~":"~"}`,
	} {
		if got, _ := p.get(doc); string(got) != want {
			t.Errorf("%q: %s, want %s", p, got, want)
		}
	}
}

func TestPointerSet(t *testing.T) {
	for _, c := range []struct {
		doc, want, value string
		p                pointer
	}{
		{doc: `1`, p: "", value: ` {"a":1} `, want: `{"a":1}`},
		{doc: ``, p: "/revision", value: `17`, want: `{"revision":17}`},
		{doc: `{"b":1, "a":{"z": 1.0}}`, p: "/b", value: `"é"`, want: `{"b":"é","a":{"z": 1.0}}`},
		{doc: `{"a":1}`, p: "/x/0/y", value: `9007199254740993`, want: `{"a":1,"x":{"0":{"y":9007199254740993}}}`},
		{doc: `{"a":null}`, p: "/a/b", value: `1`, want: `{"a":{"b":1}}`},
		{doc: `{"\u0061":1}`, p: "/a", value: `2`, want: `{"\u0061":2}`},
		{doc: `{"l":[{"id":"x"},{"id":"y", "u":1}]}`, p: "/l/[id=y]/v", value: `2`, want: `{"l":[{"id":"x"},{"id":"y","u":1,"v":2}]}`},
		{doc: `{"l":[{"id":"y"}]}`, p: "/l/[id=x]/v", value: `1`, want: `{"l":[{"id":"y"},{"id":"x","v":1}]}`},
		{doc: `{"a":1}`, p: "/l/[id=\"]/v", value: `2`, want: `{"a":1,"l":[{"id":"\"","v":2}]}`},
		{doc: `[1,2]`, p: "/1", value: `3`, want: `[1,3]`},
		{doc: `[1,2]`, p: "/-", value: `3`, want: `[1,2,3]`},
	} {
		var doc []byte
		if c.doc != "" {
			doc = []byte(c.doc)
		}
		got, err := c.p.set(doc, []byte(c.value))
		if err != nil || string(got) != c.want {
			t.Errorf("%s with %q: %s, %v; want %s", c.doc, c.p, got, err, c.want)
		}
	}
}

func TestPointerSetRefuses(t *testing.T) {
	for _, c := range []struct {
		doc, value, want string
		p                pointer
	}{
		{doc: `{"a":1}`, p: "/a/b", value: `1`, want: "no object"},
		{doc: `[1]`, p: "/1", value: `1`, want: "no element 1"},
		{doc: `{"l":{}}`, p: "/l/[id=x]/v", value: `1`, want: "no array"},
		{doc: `{}`, p: "a", value: `1`, want: "does not begin with /"},
		{doc: `{}`, p: "/~", value: `1`, want: "~ is written ~0"},
		{doc: `{}`, p: "/[a", value: `1`, want: "neither [name=value]"},
		{doc: `{}`, p: "/a", value: `1,`, want: "value for /a"},
		{doc: `{`, p: "/a", value: `1`, want: "not a JSON document"},
	} {
		got, err := c.p.set([]byte(c.doc), []byte(c.value))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %q: %s, %v; want %s", c.doc, c.p, got, err, c.want)
		}
	}
}

func TestPointerRemove(t *testing.T) {
	for _, c := range []struct {
		doc, want string
		p         pointer
	}{
		{doc: `{"a": 1,"b":2}`, p: "/a", want: `{"b":2}`},
		{doc: `{"a": 1}`, p: "/x/y", want: `{"a": 1}`},
		{doc: `{"a": {"b":1} }`, p: "/a/b", want: `{"a":{}}`},
		{doc: `[1,2,3]`, p: "/1", want: `[1,3]`},
		{doc: `[{"id":"x"},{"id":"y"}]`, p: "/[id=x]", want: `[{"id":"y"}]`},
	} {
		if got, err := c.p.remove([]byte(c.doc)); err != nil || string(got) != c.want {
			t.Errorf("%s without %q: %s, %v; want %s", c.doc, c.p, got, err, c.want)
		}
	}
	if _, err := pointer("").remove([]byte(`{}`)); err == nil {
		t.Error("removed a whole document")
	}
}

func TestPointerSetLeavesTheDocumentAlone(t *testing.T) {
	doc := []byte(`{"a":{"b":[1,2]}}`)
	kept := bytes.Clone(doc)
	if _, err := pointer("/a/b/0").set(doc, []byte(`"longer than before"`)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(doc, kept) {
		t.Errorf("document became %s", doc)
	}
}

// What was set is got; setting what is already there changes nothing.
func FuzzPointerLaws(f *testing.F) {
	f.Add([]byte(pointed), "/a/b/[id=x]/v", []byte(`{"new":1}`))
	f.Add([]byte(pointed), "/new/x", []byte(`1`))
	f.Add([]byte(`{"a":1,"a":2}`), "/a", []byte(`3`))
	f.Fuzz(func(t *testing.T, doc []byte, path string, value []byte) {
		p := pointer(path)
		if strings.HasSuffix(path, "/-") || !utf8.ValidString(path) { // "-" names nothing until it is set; JSON is UTF-8
			return
		}
		old, had := p.get(doc)
		changed, err := p.set(doc, value)
		if err != nil {
			return
		}
		if got, _ := p.get(changed); !bytes.Equal(got, bytes.TrimSpace(value)) && !selects(path) {
			t.Fatalf("set %s, got %s", value, got)
		}
		if !had {
			return
		}
		same, err := p.set(doc, old)
		if err != nil || !reflect.DeepEqual(decodedJSON(t, same), decodedJSON(t, doc)) {
			t.Fatalf("%s became %s, %v", doc, same, err)
		}
	})
}

// selects reports whether a pointer may lead elsewhere once what it selects by was overwritten.
func selects(path string) bool { return strings.Contains(path, "[") }

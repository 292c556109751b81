package generator

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGroupsCompile: what refers to what follows it is known, so a large output can be type-checked a few files at a time.
func TestGroupsCompile(t *testing.T) {
	defer func(size int) { checkedAtOnce = size }(checkedAtOnce)
	checkedAtOnce = 1
	files, err := filepath.Glob("../testdata/specs/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	several := 0
	for _, file := range append(files, "../spec/contacts.yaml", "../spec/contacts-v5.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		a, err := build(t.Context(), Options{Spec: Input{Name: file, Data: data}, Package: "p", SkipUnsupported: true})
		if err != nil {
			continue // which other tests are about
		}
		several += max(0, len(a.Services)-1)
		client, err := clientOf(a)
		if err != nil || client.compiled == nil {
			t.Errorf("%s: compiles: %v, %v", file, client.compiled != nil, err)
		}
	}
	if several == 0 {
		t.Error("no description has several services")
	}
}

// TestDefectsAreSaid: what would not compile is not written, and the complaint leads to the part of the description that it was made from.
func TestDefectsAreSaid(t *testing.T) {
	const file = "../testdata/specs/values.yaml"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Spec: Input{Name: "values.yaml", Data: data}, Package: "values"}
	a, err := build(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	files, err := Generate(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	line := func(text string) int { return 1 + bytes.Count(data[:bytes.Index(data, []byte(text))], []byte("\n")) }
	for _, test := range []struct {
		path, old, new, want string
		line                 int
	}{
		{"codec.gen.go", "(*Point).readJSON", "(*Point).readXML", "(*Point).readXML undefined", line("    Point:")},
		{"models.gen.go", "type Shape struct {", "type Shape struct {\n\tx missing", "undefined: missing", line("    Shape:")},
		{"values_service.gen.go", "&opGetValue", "opGetValue + 1", "mismatched types operation and untyped int",
			line("      operationId: getValue") - 1},
		{"values_service.gen.go", "import", "import \"iter\"\n\nimport", "\"iter\" imported and not used", 0},
	} {
		spoiled := append([]File(nil), files...)
		for i, f := range spoiled {
			if f.Path == test.path {
				spoiled[i].Data = bytes.Replace(f.Data, []byte(test.old), []byte(test.new), 1)
			}
		}
		err := defects(a, o.Spec.Name, spoiled)
		if err == nil {
			t.Errorf("%s: nothing is said", test.want)
			continue
		}
		var list *Error
		if !errors.As(err, &list) {
			t.Fatal(err)
		}
		first := list.Problems[0]
		if first.Pos.Line != test.line || first.Pos.File != "values.yaml" || !strings.Contains(first.Message, test.want) ||
			!strings.Contains(first.Message, "a defect of the generator") {
			t.Errorf("want %s at line %d, got\n%v", test.want, test.line, err)
		}
	}
}

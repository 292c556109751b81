package source_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// TestZeroNode shows that what is not there can be asked anything.
func TestZeroNode(t *testing.T) {
	var n source.Node
	if !n.IsZero() || n.Kind() != source.Missing || n.Has("a") || !n.Get("a").IsZero() || n.Items() != nil || n.Members() != nil ||
		n.Text() != "" || n.IsString() || n.Pointer() != "" || n.Pos().String() != "" || n.KeyPos().String() != "" {
		t.Error("the zero Node is something")
	}
	if _, ok := n.Bool(); ok {
		t.Error("the zero Node is a boolean")
	}
	if _, ok := n.Int(); ok {
		t.Error("the zero Node is a number")
	}
	if target, err := n.Follow(); err != nil || !target.IsZero() {
		t.Errorf("the zero Node leads to %v, %v", target, err)
	}
	if j, err := n.JSON(); err != nil || string(j) != "null" {
		t.Errorf("the zero Node is %s, %v", j, err)
	}
}

// TestScalars shows what YAML's scalars are to the generator.
func TestScalars(t *testing.T) {
	tests := []struct {
		yaml, text, json string
		isString         bool
		number           any // nil: no integer
	}{
		{"abc", "abc", `"abc"`, true, nil},
		{"'5'", "5", `"5"`, true, nil},
		{"5", "5", "5", false, 5},
		{"-0", "-0", "-0", false, 0},
		{"+5", "+5", "5", false, 5},
		{"5.0", "5.0", "5.0", false, 5},
		{"5e3", "5e3", "5e3", false, 5000},
		{"5.5", "5.5", "5.5", false, nil},
		{"1e300", "1e300", "1e300", false, nil},
		{"0o17", "0o17", "15", false, 15},
		{"0x1f", "0x1f", "31", false, 31},
		{"1_000", "1_000", "1000", false, 1000},
		{"9223372036854775807", "9223372036854775807", "9223372036854775807", false, 9223372036854775807},
		{"18446744073709551616", "18446744073709551616", "18446744073709551616", false, nil},
		{"123456789012345678901234567890", "123456789012345678901234567890", "123456789012345678901234567890", false, nil},
		{"!!int abc", "abc", `"abc"`, true, nil},
		{"!!str 5", "5", `"5"`, true, nil},
		{"2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z", `"2024-01-02T03:04:05Z"`, true, nil},
		{"yes", "yes", `"yes"`, true, nil},
		{"True", "True", "true", false, nil},
		{"~", "", "null", false, nil},
		{"", "", "null", false, nil},
		{`"<a&b>\u2028\u0001"`, "<a&b>\u2028\x01", `"<a&b>\u2028\u0001"`, true, nil},
	}
	for _, test := range tests {
		doc, err := loadText("a.yaml", "openapi: 3.0.3\nx: "+test.yaml+"\n")
		if err != nil {
			t.Errorf("%s: %v", test.yaml, err)
			continue
		}
		n := doc.At("/x")
		j, err := n.JSON()
		if n.Text() != test.text || string(j) != test.json || err != nil || n.IsString() != test.isString {
			t.Errorf("%s: got %q, %s, %v, %t", test.yaml, n.Text(), j, err, n.IsString())
		}
		if i, ok := n.Int(); ok != (test.number != nil) || ok && fmt.Sprint(i) != fmt.Sprint(test.number) {
			t.Errorf("%s: got %d, %t", test.yaml, i, ok)
		}
		if b, ok := n.Bool(); ok != (test.json == "true") || b != ok {
			t.Errorf("%s: got %t, %t", test.yaml, b, ok)
		}
	}

	doc, err := loadText("a.yaml", "openapi: 3.0.3\nx: [1, .inf]\n")
	if err != nil {
		t.Fatal(err)
	}
	const want = "a.yaml:2:8: \".inf\" has no form in JSON\n\tquote it if it is meant as text"
	if _, err := doc.Root().JSON(); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// TestKeyPos shows that keys have places of their own, after overlays and conversion too.
func TestKeyPos(t *testing.T) {
	doc, err := loadText("a.yaml", "swagger: \"2.0\"\ninfo:\n  title: Pets\ndefinitions:\n  Pet: {discriminator: kind}\n",
		"overlay: 1.0.0\nactions:\n- target: $\n  update:\n   info:\n    title: Animals\n    version: 1\n")
	if err != nil {
		t.Fatal(err)
	}
	for pointer, want := range map[string]string{
		"":                             "a.yaml:1:1",
		"/openapi":                     "a.yaml:1:1",
		"/info":                        "a.yaml:2:1",
		"/info/title":                  "overlay1.yaml:6:5",
		"/info/version":                "overlay1.yaml:7:5",
		"/components/schemas":          "a.yaml:4:1",
		"/components/schemas/Pet":      "a.yaml:5:3",
		"#/components/schemas/Pet":     "a.yaml:5:3",
		"/components/schemas/Pet/none": "",
		"components":                   "",
		"/info/title/0":                "",
		"other.yaml#/info":             "",
	} {
		if got := doc.At(pointer).KeyPos().String(); got != want {
			t.Errorf("%s: got %s, want %s", pointer, got, want)
		}
	}
	for _, m := range doc.Root().Members() {
		if m.KeyPos != m.Value.KeyPos() || doc.Root().Get(m.Key) != m.Value || !doc.Root().Has(m.Key) {
			t.Errorf("%s: %v and %v", m.Key, m.KeyPos, m.Value.KeyPos())
		}
	}
}

// TestSameJSON shows that it does not matter how a value was written.
func TestSameJSON(t *testing.T) {
	y, err := loadText("a.yaml", "openapi: 3.1.0\nb: [1, two, ~, {}]\na: {d: \"x\\u00e9\", c: true}\n")
	if err != nil {
		t.Fatal(err)
	}
	j, err := loadText("a.json", `{"a": {"c": true, "d": "xé"}, "b": [1, "two", null, {}], "openapi": "3.1.0"}`)
	if err != nil {
		t.Fatal(err)
	}
	one, err1 := y.Root().JSON()
	other, err2 := j.Root().JSON()
	if err1 != nil || err2 != nil || string(one) != string(other) {
		t.Errorf("got %s, %v and %s, %v", one, err1, other, err2)
	}
}

// BenchmarkLoad reads a description of four megabytes as JSON and as YAML.
func BenchmarkLoad(b *testing.B) {
	var y, j strings.Builder
	y.WriteString("openapi: 3.0.3\npaths:\n")
	j.WriteString(`{"openapi": "3.0.3", "paths": {`)
	for i := 0; y.Len() < 4<<20; i++ {
		fmt.Fprintf(&y, "  /things/%d:\n    get:\n      operationId: get%d\n      description: Gives the thing, with everything that belongs "+
			"to it.\n      parameters:\n"+
			"        - {name: id, in: query, required: true, schema: {type: string}}\n      responses:\n        '200': {description: ok}\n", i, i)
		fmt.Fprintf(&j, "\n  %q: {\"get\": {\"operationId\": \"get%d\", \"description\": \"Gives the thing, with everything that belongs to "+
			"it.\", \"parameters\": [\n"+
			"    {\"name\": \"id\", \"in\": \"query\", \"required\": true, \"schema\": {\"type\": \"string\"}}],\n    \"responses\": {\"200\": "+
			"{\"description\": \"ok\"}}}},", fmt.Sprint("/things/", i), i)
	}
	j.WriteString("\n  \"x-end\": null}}")
	for name, text := range map[string]string{"a.yaml": y.String(), "a.json": j.String()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := source.Load(context.Background(), source.Input{Name: name, Data: []byte(text)}, nil, source.Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

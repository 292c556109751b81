package generator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// example is an example of a description, the Go type it is one of, and what became of it on its way to the type and back.
type example struct {
	pointer string // where it is
	goType  string
	json    []byte
	failure string // "": it came back as it was
}

// findExamples collects the examples of a description: those of bodies, and those of schemas that have a name.
func (d *document) findExamples(t *testing.T) {
	a, err := build(t.Context(), d.options)
	if err != nil {
		d.err = err
		return
	}
	doc, err := source.Load(t.Context(), d.options.Spec, nil, source.DefaultLimits())
	if err != nil {
		d.err = err
		return
	}
	f := finder{d: d, types: map[string]*api.Type{}}
	for _, typ := range a.Types {
		f.types[typ.Pointer] = typ
	}
	f.search(doc.Root())
}

// finder looks for examples.
type finder struct {
	d     *document
	types map[string]*api.Type
}

// search looks below a node. What is in an example is no description.
func (f *finder) search(n source.Node) {
	if f.types[n.Pointer()] != nil {
		f.add(n, n.Get("example"))
		for _, e := range n.Get("examples").Items() {
			f.add(n, e)
		}
	}
	for _, m := range n.Members() {
		switch {
		case m.Key == "content":
			for _, media := range m.Value.Members() {
				f.media(media)
			}
			f.search(m.Value)
		case m.Key == "example" || m.Key == "examples" || m.Key == "default" || strings.HasPrefix(m.Key, "x-"):
		default:
			f.search(m.Value)
		}
	}
	for _, item := range n.Items() {
		f.search(item)
	}
}

// media takes the examples of a body.
func (f *finder) media(m source.Member) {
	if kind, _, _ := strings.Cut(m.Key, ";"); kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return
	}
	f.add(m.Value.Get("schema"), m.Value.Get("example"))
	for _, e := range m.Value.Get("examples").Members() {
		if target, err := e.Value.Follow(); err == nil {
			f.add(m.Value.Get("schema"), target.Get("value"))
		}
	}
}

// add takes an example of a schema, if the client has a type for it.
func (f *finder) add(schema, n source.Node) {
	if schema.IsZero() || n.IsZero() {
		return
	}
	goType := f.typeOf(schema)
	if goType == "" {
		return
	}
	data, err := n.JSON()
	if err != nil {
		return
	}
	f.d.examples = append(f.d.examples, example{pointer: n.Pointer(), goType: goType, json: data})
}

// typeOf gives the Go type of a schema, "" when it has none of its own.
func (f *finder) typeOf(schema source.Node) string {
	target, err := schema.Follow()
	if err != nil {
		return ""
	}
	if t := f.types[target.Pointer()]; t != nil {
		return expression(f.d.pkg, t)
	}
	if target.Get("type").Text() == "array" {
		if elem := f.typeOf(target.Get("items")); elem != "" {
			return "[]" + elem
		}
	}
	return ""
}

// tryExamples has the go command run a program of all packages that decodes, encodes and compares.
func tryExamples(t *testing.T, m *Module, documents []*document) {
	t.Helper()
	var tried []*document
	for _, d := range documents {
		if d.err == nil && len(d.examples) > 0 {
			tried = append(tried, d)
		}
	}
	if len(tried) == 0 {
		return
	}
	m.Put(t, "examples/main.go", []byte(program(tried)))
	out, err := m.Go(t, nil, "run", Quickly, "-buildvcs=false", "./examples")
	if err != nil {
		t.Errorf("examples: %v\n%s", err, out)
	}
	for _, line := range strings.Split(out, "\n") {
		var r struct {
			Package string
			Index   int
			Failure string
		}
		text, ok := strings.CutPrefix(strings.TrimSpace(line), "example ")
		if !ok || json.Unmarshal([]byte(text), &r) != nil {
			continue
		}
		for _, d := range documents {
			if d.pkg == r.Package {
				d.examples[r.Index].failure = r.Failure
			}
		}
	}
	if want := fmt.Sprintf("tried %d\n", countExamples(tried)); !strings.Contains(out, want) {
		t.Errorf("the program of the examples did not say %q:\n%s", want, out)
	}
}

func countExamples(documents []*document) (n int) {
	for _, d := range documents {
		n += len(d.examples)
	}
	return n
}

// program writes the program of the examples. It prints those that come back otherwise, and how many it tried.
func program(documents []*document) string {
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n\t\"bytes\"\n\t\"encoding/json\"\n\t\"errors\"\n\t\"fmt\"\n\t\"math/big\"\n\t\"strings\"\n\n")
	for _, d := range documents {
		fmt.Fprintf(&b, "\t%q\n", "corpus/"+d.pkg)
	}
	b.WriteString(")\n\nvar exampleTable = []struct {\n\tpkg   string\n\tindex int\n\tjson  string\n\tinto  any\n}{\n")
	for _, d := range documents {
		for i, e := range d.examples {
			fmt.Fprintf(&b, "\t{%q, %d, %q, new(%s)},\n", d.pkg, i, e.json, e.goType)
		}
	}
	b.WriteString("}\n\n")
	words := strings.NewReplacer("NULL_LEFT_OUT", nullLeftOut, "MEMBER_LOST", memberLost, "REQUIRED_ADDED", requiredAdded,
		"WRONG_FORM", wrongForm)
	b.WriteString(words.Replace(exampleProgram))
	return b.String()
}

const exampleProgram = `func main() {
	for _, e := range exampleTable {
		if f := roundTrip(e.json, e.into); f != "" {
			line, _ := json.Marshal(map[string]any{"Package": e.pkg, "Index": e.index, "Failure": f})
			fmt.Printf("example %s\n", line)
		}
	}
	fmt.Printf("tried %d\n", len(exampleTable))
}

func roundTrip(doc string, into any) string {
	d := json.NewDecoder(strings.NewReader(doc))
	d.UseNumber() // as the client decodes
	if err := d.Decode(into); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return "a " + wrong.Value + "WRONG_FORM" + wrong.Type.Kind().String()
		}
		return "not decoded: " + strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '0'
			}
			return r
		}, err.Error())
	}
	again, err := json.Marshal(into)
	if err != nil {
		return "not encoded: " + err.Error()
	}
	return difference(tree([]byte(doc)), tree(again))
}

func tree(doc []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	_ = d.Decode(&v)
	return v
}

func difference(a, b any) string {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok {
			return "an object became something else"
		}
		for k, v := range a {
			w, ok := b[k]
			switch {
			case !ok && v == nil:
				return "NULL_LEFT_OUT"
			case !ok:
				return "MEMBER_LOST"
			}
			if d := difference(v, w); d != "" {
				return d
			}
		}
		for k := range b {
			if _, ok := a[k]; !ok {
				return "REQUIRED_ADDED"
			}
		}
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return "a list changed"
		}
		for i := range a {
			if d := difference(a[i], b[i]); d != "" {
				return d
			}
		}
	case json.Number:
		n, ok := b.(json.Number)
		if !ok {
			return "a number became something else"
		}
		x, _ := new(big.Rat).SetString(a.String())
		y, _ := new(big.Rat).SetString(n.String())
		if x == nil || y == nil || x.Cmp(y) != 0 {
			return "a number changed"
		}
	default:
		if a != b {
			return fmt.Sprintf("a %T changed", a)
		}
	}
	return ""
}
`

// same counts the examples that came back as they were.
func (d *document) same() int {
	n := 0
	for _, e := range d.examples {
		if e.failure == "" {
			n++
		}
	}
	return n
}

// reportExamples prints what happened to the examples that did not come back as they were, by kind, and why.
func (d *document) reportExamples(t *testing.T) {
	t.Helper()
	kinds := map[string][]string{}
	for _, e := range d.examples {
		if e.failure != "" {
			kinds[e.failure] = append(kinds[e.failure], e.pointer)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		t.Logf("%s: %d examples: %s, such as %s\n%s", d.file, len(kinds[kind]), kind, kinds[kind][0], reasonFor(kind))
	}
}

// Kinds of examples that do not come back as they were.
const (
	nullLeftOut   = "a null of an optional member is left out"
	memberLost    = "a member that the schema does not have is lost"
	requiredAdded = "a required member that the example lacks is added"
	wrongForm     = " where the schema says "
)

// reasonFor explains a kind: whether the client means it so, or the example is none of its schema, or the generator is at fault.
func reasonFor(kind string) string {
	switch {
	case kind == nullLeftOut:
		return "\tmeant so: nil is both null and absent, and a write must not send null for what its caller did not touch; helpers send back " +
			"what they read as it came"
	case kind == memberLost:
		return "\tthe example is not all described: a type has the members of its schema; helpers send back what they read as it came"
	case kind == requiredAdded:
		return "\tthe example contradicts its schema: what is required is always written"
	case strings.Contains(kind, wrongForm):
		return "\tthe example contradicts its schema"
	}
	return "\ta fault of the generator, unless the example is broken"
}

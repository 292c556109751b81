package generator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
)

// TestWritesLoseNothing keeps the promise that a guarded write which changes one member sends nothing else and removes nothing, whatever
// the description: it makes descriptions of resources up, with every form of union in every place, and documents of them with members that
// the description does not know and numbers that Go's types would round. The client's own test (testdata/writes) changes the members one by
// one, in replacements, merge patches and listed members, and holds what is sent against what was read.
func TestWritesLoseNothing(t *testing.T) {
	const resources, documents = 20, 18
	m := &inventor{rand: rand.New(rand.NewPCG(20, 6)), schemas: map[string]any{}}
	docs := map[string][]any{}
	for i := range resources {
		name := fmt.Sprintf("R%d", i)
		r := m.resource(name)
		for range documents {
			docs[name] = append(docs[name], r.doc())
		}
	}
	for form, n := range tryWrites(t, "3.0.3", m.schemas, docs) {
		if n.writes < 10_000 || n.unions < 4_000 || n.moved < 300 {
			t.Errorf("%s: only %d writes were tried, %d of them within unions, %d of moved items", form, n.writes, n.unions, n.moved)
		}
	}
}

// TestOddWritesLoseNothing keeps the same promise for schemas that nobody would make up by chance: unions below allOf in lists in maps,
// told by numbers, null, derived by what stands beside a reference, within one another, in merged lists; trees of dynamic references,
// tuples, lists of types and patterns.
func TestOddWritesLoseNothing(t *testing.T) {
	text, err := os.ReadFile("../testdata/writes/odd.json")
	if err != nil {
		t.Fatal(err)
	}
	var odd struct {
		Schemas   map[string]any
		Documents map[string][]any
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&odd); err != nil {
		t.Fatal(err)
	}
	for form, n := range tryWrites(t, "3.1.0", odd.Schemas, odd.Documents) {
		if n.writes < 60 || n.unions < 30 {
			t.Errorf("%s: only %d writes were tried, %d of them within unions", form, n.writes, n.unions)
		}
	}
}

// writesTried is how many changes were tried in one form of write.
type writesTried struct{ writes, unions, moved int }

// tryWrites has the client of a description change documents of some of its schemas, and gives what was tried in each form of write.
func tryWrites(t *testing.T, version string, schemas map[string]any, docs map[string][]any) map[string]writesTried {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the go command over a module of its own")
	}
	paths := map[string]any{}
	for name := range docs {
		maps.Copy(paths, guardedPaths(name))
	}
	spec := map[string]any{"openapi": version, "info": map[string]any{"title": "Invented", "version": "1"}, "paths": paths,
		"servers": []any{map[string]any{"url": "https://api.example.com"}}, "components": map[string]any{"schemas": schemas}}
	files, err := generator.Generate(context.Background(),
		generator.Options{Spec: generator.Input{Name: "invented.json", Data: marshal(t, spec)}, Package: "writes"})
	if err != nil {
		t.Fatal(err)
	}
	m := generator.NewModule(t, "../testdata/writes", "writes")
	for _, f := range files {
		if !strings.Contains(f.Path, "/") {
			m.Put(t, f.Path, f.Data)
		}
	}
	documents := filepath.Join(t.TempDir(), "documents.json")
	write(t, documents, marshal(t, docs))
	more := []string{"WRITES_DOCUMENTS=" + documents, "GOGC=800"}
	out, err := m.Go(t, more, "test", "-count=1", "-v", "-vet=off", "-run", "TestWritesLoseNothing", ".")
	if err != nil {
		t.Fatalf("%v\n%s", err, out[:min(len(out), 20_000)])
	}
	tried := map[string]writesTried{}
	for line := range strings.Lines(out) {
		var form string
		var n writesTried
		if _, err := fmt.Sscanf(line, "%s tried %d writes, %d within unions, %d of moved items", &form, &n.writes, &n.unions,
			&n.moved); err == nil {
			tried[form] = n
			t.Log(strings.TrimSpace(line))
		}
	}
	if len(tried) != 3 {
		t.Fatalf("%d forms of writes were tried\n%s", len(tried), out)
	}
	return tried
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	doc, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// guardedPaths are a read of a resource and its three forms of writes.
func guardedPaths(name string) map[string]any {
	ref := map[string]any{"$ref": "#/components/schemas/" + name}
	answer := map[string]any{"200": map[string]any{"description": "The resource.",
		"content": map[string]any{"application/json": map[string]any{"schema": ref}},
		"headers": map[string]any{"ETag": map[string]any{"schema": map[string]any{"type": "string"}}}}}
	id := map[string]any{"name": "id", "in": "path", "required": true, "schema": map[string]any{"type": "string"}}
	write := func(verb, content string, payload map[string]any, more ...any) map[string]any {
		payload["read"], payload["send"] = "$response.body", "$request.body"
		return map[string]any{
			"operationId": verb + name, "tags": []any{"Things"}, "responses": answer,
			"parameters": append([]any{id, map[string]any{"name": "If-Match", "in": "header", "schema": map[string]any{"type": "string"}}},
				more...),
			"requestBody": map[string]any{"required": true, "content": map[string]any{content: map[string]any{"schema": ref}}},
			"x-contactsgen-revision": map[string]any{
				"read": map[string]any{"operationId": "get" + name, "parameters": map[string]any{"id": "$request.path.id"},
					"identity": "$response.body#/id"},
				"token":    map[string]any{"read": "$response.header.ETag", "send": "$request.header.If-Match", "reply": "$response.header.ETag"},
				"payload":  payload,
				"conflict": []any{map[string]any{"status": 412}},
			},
		}
	}
	mask := map[string]any{"name": "mask", "in": "query", "schema": map[string]any{"type": "string"}}
	return map[string]any{"/" + name + "/{id}": map[string]any{
		"get":   map[string]any{"operationId": "get" + name, "tags": []any{"Things"}, "parameters": []any{id}, "responses": answer},
		"put":   write("replace", "application/json", map[string]any{"as": "replace"}),
		"patch": write("merge", "application/merge-patch+json", map[string]any{"as": "merge-patch", "atomic": "none"}),
		"post":  write("list", "application/json", map[string]any{"as": "fields", "mask": "$request.query.mask"}, mask),
	}}
}

// inventor makes schemas up, each with a function that makes documents of it up.
type inventor struct {
	rand    *rand.Rand
	schemas map[string]any
	count   int
	is31    bool // of an OpenAPI 3.1 document
	tidy    bool // documents have members that nobody declares only where the schema says so

	parameters map[string]any
	answering  bool // documents are those of answers
}

// invention is a schema and what makes documents of it.
type invention struct {
	schema map[string]any
	doc    func() any
}

// object is an invention whose documents are objects.
type object struct {
	props    map[string]invention
	required []string
	more     *invention // of members that are not declared; nil: they are of any kind
	open     bool       // the schema says so
	tidy     bool       // there are none of which the schema says nothing
}

func (m *inventor) name(prefix string) string {
	m.count++
	return fmt.Sprintf("%s%d", prefix, m.count)
}

// component makes a schema a component, and gives a reference to it.
func (m *inventor) component(name string, schema map[string]any) map[string]any {
	m.schemas[name] = schema
	return map[string]any{"$ref": "#/components/schemas/" + name}
}

// resource makes a resource up. Each has unions alone, in a list and in a map, and lists of plain objects without a key.
func (m *inventor) resource(name string) object {
	o := m.object(2)
	o.props["id"] = invention{map[string]any{"type": "string"}, func() any { return "x" }}
	o.required = append(o.required, "id")
	u := m.union(1)
	o.props["single"] = u
	o.props["several"] = m.list(m.union(1))
	o.props["named"] = m.dictionary(m.union(1))
	plain := m.bare(0)
	o.props["plain"] = m.list(invention{plain.schema(), plain.doc})
	o.props["rows"] = m.list(m.list(invention{plain.schema(), plain.doc}))
	o.props["keyed"] = m.list(m.keyed(false))
	o.props["keyed unions"] = m.list(m.keyed(true))
	o.props["shelves"] = m.dictionary(m.list(m.keyed(m.rand.IntN(2) == 0)))
	m.component(name, o.schema())
	return o
}

// value makes any schema up.
func (m *inventor) value(depth int) invention {
	scalars := []func() invention{
		func() invention {
			return invention{map[string]any{"type": "string"}, func() any { return m.name("s") }}
		},
		func() invention {
			return invention{map[string]any{"type": "integer"}, func() any { return m.rand.IntN(100) }}
		},
		func() invention {
			return invention{map[string]any{"type": "number"}, func() any {
				return json.RawMessage([]string{"0.10", "1.0", "25e-1", "7"}[m.rand.IntN(4)])
			}}
		},
		func() invention {
			return invention{map[string]any{"type": "boolean"}, func() any { return m.rand.IntN(2) == 0 }}
		},
		func() invention { return invention{map[string]any{}, m.anything} },
	}
	if depth == 0 {
		return scalars[m.rand.IntN(len(scalars))]()
	}
	nested := []func() invention{
		func() invention { return m.list(m.value(depth - 1)) },
		func() invention { return m.dictionary(m.value(depth - 1)) },
		func() invention { return m.union(depth - 1) },
		func() invention {
			o := m.object(depth - 1)
			if m.rand.IntN(2) == 0 {
				return invention{m.component(m.name("O"), o.schema()), o.doc}
			}
			return invention{o.schema(), o.doc}
		},
	}
	return append(scalars, nested...)[m.rand.IntN(len(scalars)+len(nested))]()
}

func (m *inventor) list(of invention) invention {
	return invention{map[string]any{"type": "array", "items": of.schema}, func() any {
		list := []any{}
		for range m.rand.IntN(4) {
			list = append(list, of.doc())
		}
		return list
	}}
}

// keyed makes items up that one of their members tells from others, wherever they are; with alternatives beside it or without.
func (m *inventor) keyed(union bool) invention {
	o := m.bare(1).with("key", invention{map[string]any{"type": "string"}, func() any { return m.name("key") }})
	s, doc := o.schema(), o.doc
	if union {
		of := m.choices(0, func(int, string) any { return nil })
		s["oneOf"], doc = m.refs(of), m.docsOf(o, of)
	}
	s["x-contactsgen-item-key"] = "key"
	return invention{m.component(m.name("K"), s), doc}
}

func (m *inventor) dictionary(of invention) invention {
	return invention{map[string]any{"type": "object", "additionalProperties": of.schema}, func() any {
		entries := map[string]any{}
		for i := range m.rand.IntN(3) {
			entries[fmt.Sprintf("key %d", i)] = of.doc()
		}
		return entries
	}}
}

// anything makes up what no description knows: deep values, and numbers that no float64 holds.
func (m *inventor) anything() any {
	if m.tidy {
		return m.anyValue()
	}
	return []any{
		json.RawMessage("9007199254740993"), json.RawMessage("1e400"), json.RawMessage("-0.10"),
		json.RawMessage("12345678901234567890.12345678901234567890"),
		"text", true, nil, map[string]any{"deep": json.RawMessage("9007199254740993"), "more": map[string]any{"t": "x"}},
		[]any{json.RawMessage("9007199254740993"), nil, map[string]any{"b": json.RawMessage("1E+2")}},
	}[m.rand.IntN(9)]
}

// object makes an object up.
func (m *inventor) object(depth int) object {
	o := m.bare(depth)
	switch m.rand.IntN(4) {
	case 0:
		more := m.value(0)
		o.more = &more
	case 1:
		o.open = true
	}
	return o
}

// bare makes an object up of which nothing is said but what it declares.
func (m *inventor) bare(depth int) object {
	o := object{props: map[string]invention{}, tidy: m.tidy}
	for range 1 + m.rand.IntN(3) {
		name, v := m.name("p"), m.value(depth)
		if m.rand.IntN(3) == 0 {
			o.required = append(o.required, name)
		} else if v.schema["$ref"] == nil && m.rand.IntN(4) == 0 {
			v = m.nullable(v)
		}
		o.props[name] = v
	}
	o.props[unknownMaker] = invention{nil, m.anything}
	o.props[chance] = invention{nil, func() any { return m.rand.IntN(3) > 0 }}
	return o
}

// nullable lets null be a value. Where a schema has to be one of some, null is one of these, too: its type alone doesn't say so.
func (m *inventor) nullable(v invention) invention {
	schema := maps.Clone(v.schema)
	if kind, typed := schema["type"].(string); typed && m.is31 {
		schema["type"] = []any{kind, "null"}
		if choices, is := schema["anyOf"].([]any); is {
			schema["anyOf"] = append(slices.Clone(choices), map[string]any{"type": "null"})
		}
	} else if m.is31 {
		schema = map[string]any{"anyOf": []any{v.schema, map[string]any{"type": "null"}}}
	} else {
		schema["nullable"] = true
	}
	return invention{schema, func() any {
		if m.rand.IntN(4) == 0 {
			return nil
		}
		return v.doc()
	}}
}

// What an object needs to make documents, under names that no member has.
const unknownMaker, chance = "\x00unknown", "\x00chance"

func (o object) schema() map[string]any {
	props := map[string]any{}
	for name, p := range o.props {
		if p.schema != nil {
			props[name] = p.schema
		}
	}
	s := map[string]any{"type": "object", "properties": props}
	if o.required != nil {
		s["required"] = o.required
	}
	switch {
	case o.more != nil:
		s["additionalProperties"] = o.more.schema
	case o.open:
		s["additionalProperties"] = true
	}
	return s
}

func (o object) doc() any { return o.members() }

// members makes the members of a document up, those that nobody declares among them.
func (o object) members() map[string]any {
	doc := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(o.props)) {
		p := o.props[name]
		if p.schema != nil && (slices.Contains(o.required, name) || o.props[chance].doc().(bool)) {
			if value := p.doc(); value != any(absent{}) {
				doc[name] = value
			}
		}
	}
	unknown := o.props[unknownMaker]
	switch {
	case o.more != nil:
		unknown = *o.more
	case o.tidy && !o.open:
		return doc
	}
	for _, name := range []string{"added later", "kept since"} {
		if o.props[chance].doc().(bool) {
			doc[name] = unknown.doc()
		}
	}
	return doc
}

// with puts a member into an object that cannot be without it.
func (o object) with(name string, v invention) object {
	o.props[name] = v
	o.required = append(o.required, name)
	return o
}

// choice is one variant of a union that is being made up, and what its discriminator says.
type choice struct {
	object
	name string
	kind any
}

func (m *inventor) choices(depth int, kinds func(i int, name string) any) []choice {
	var out []choice
	for i := range 2 + m.rand.IntN(2) {
		name := m.name("V")
		o := m.bare(depth).with("own"+name, invention{map[string]any{"type": "string"}, func() any { return m.name("own") }})
		o.open = m.rand.IntN(5) == 0
		out = append(out, choice{o, name, kinds(i, name)})
	}
	return out
}

// refs makes variants components and gives references to them.
func (m *inventor) refs(of []choice) []any {
	var out []any
	for _, c := range of {
		out = append(out, m.component(c.name, c.schema()))
	}
	return out
}

func mapping(of []choice) map[string]any {
	to := map[string]any{}
	for _, c := range of {
		to[fmt.Sprint(c.kind)] = "#/components/schemas/" + c.name
	}
	return map[string]any{"propertyName": "kind", "mapping": to}
}

// docsOf makes documents of a union up: what is beside, and one variant of each group.
func (m *inventor) docsOf(beside object, groups ...[]choice) func() any {
	return func() any {
		doc := map[string]any{}
		for _, group := range groups {
			c := group[m.rand.IntN(len(group))]
			maps.Copy(doc, c.members())
			if c.kind != nil {
				doc["kind"] = c.kind
			}
		}
		if beside.props != nil {
			maps.Copy(doc, beside.members())
		}
		return doc
	}
}

// union makes a union up, of any form.
func (m *inventor) union(depth int) invention {
	named := func(_ int, name string) any { return "of " + name }
	none := func(int, string) any { return nil }
	word, number := map[string]any{"type": "string"}, map[string]any{"type": "integer"}
	beside := m.bare(depth)
	name := m.name("U")
	both := func(kind map[string]any) map[string]any {
		s := beside.schema()
		if kind != nil {
			s["properties"].(map[string]any)["kind"] = kind
		}
		return s
	}
	switch m.rand.IntN(8) {
	case 0: // alone
		of := m.choices(depth, none)
		return invention{m.component(name, map[string]any{"oneOf": m.refs(of)}), m.docsOf(object{}, of)}
	case 1: // alone, told by a member of each
		of := m.choices(depth, named)
		for _, c := range of {
			c.props["kind"] = invention{word, func() any { return c.kind }}
		}
		return invention{m.component(name, map[string]any{"oneOf": m.refs(of), "discriminator": mapping(of)}), m.docsOf(object{}, of)}
	case 2: // with members beside it
		of := m.choices(depth, none)
		s := both(nil)
		s["oneOf"] = m.refs(of)
		return invention{m.component(name, s), m.docsOf(beside, of)}
	case 3: // with the discriminator among them, a number
		of := m.choices(depth, func(i int, _ string) any { return i })
		s := both(number)
		s["oneOf"], s["discriminator"] = m.refs(of), mapping(of)
		return invention{m.component(name, s), m.docsOf(beside, of)}
	case 4: // of which several can be there at once
		of := m.choices(depth, none)
		s := both(nil)
		s["anyOf"] = m.refs(of)
		return invention{s, m.docsOf(beside, of[:1], of[1:])}
	case 5: // beside a base
		of := m.choices(depth, named)
		base := m.component(m.name("B"), both(word))
		s := map[string]any{"allOf": []any{base, map[string]any{"oneOf": m.refs(of), "discriminator": mapping(of)}}}
		return invention{m.component(name, s), m.docsOf(beside, of)}
	case 6: // two of them
		one, two := m.choices(depth, none), m.choices(depth, none)
		s := map[string]any{"allOf": []any{map[string]any{"oneOf": m.refs(one)}, map[string]any{"oneOf": m.refs(two)}, both(nil)}}
		return invention{m.component(name, s), m.docsOf(beside, one, two)}
	default: // derived from a base with a discriminator
		of := m.choices(depth, named)
		s := both(word)
		s["discriminator"] = mapping(of)
		base := m.component(name, s)
		for _, c := range of {
			m.component(c.name, map[string]any{"allOf": []any{base, c.schema()}})
		}
		return invention{base, m.docsOf(beside, of)}
	}
}

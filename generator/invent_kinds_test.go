package generator_test

import (
	"maps"
	"strconv"
)

// What more the inventor makes up: the rarer kinds of schemas, and what differs between what is sent and what is answered.

// absent is what a member has in a document of the other direction: one that is only read in a request, one that is only written in an
// answer.
type absent struct{}

// oneWay lets a member be only read or only written, sometimes. The latter are optional: what a program reads has no place for their being
// absent otherwise.
func (m *inventor) oneWay(v invention, required bool) invention {
	if m.rand.IntN(8) > 0 {
		return v
	}
	key := "readOnly"
	if !required && m.rand.IntN(2) == 0 {
		key = "writeOnly"
	}
	s := maps.Clone(v.schema)
	if s["$ref"] != nil && !m.is31 {
		s = map[string]any{"allOf": []any{v.schema}}
	}
	s[key] = true
	return invention{s, func() any {
		if m.answering == (key == "writeOnly") {
			return absent{}
		}
		return v.doc()
	}}
}

// nullableAnyway lets a choice be null, too. Readers differ about whether it then can be, so that only answers are.
func (m *inventor) nullableAnyway(v invention) invention {
	s := maps.Clone(v.schema)
	switch {
	case m.is31 && m.rand.IntN(2) == 0:
		s = map[string]any{"oneOf": []any{v.schema, map[string]any{"type": "null"}}}
	case m.is31:
		s = map[string]any{"anyOf": []any{map[string]any{"type": "null"}, v.schema}}
	case s["$ref"] != nil:
		s = map[string]any{"allOf": []any{v.schema}, "nullable": true}
	default:
		s["nullable"] = true
	}
	return invention{s, func() any {
		if m.answering && m.rand.IntN(3) == 0 {
			return nil
		}
		return v.doc()
	}}
}

// vacuous adds keywords of JSON Schema 2020-12 that every document of a schema fulfils. One that the schema has already stays what it is,
// and so do those that belong to it: another if would turn the then and else beside it into something that a document need not fulfil.
func (m *inventor) vacuous(s map[string]any) {
	never := map[string]any{"type": "object", "required": []any{"never there"}}
	added := map[string]any{}
	switch m.rand.IntN(8) {
	case 0:
		added["if"], added["then"] = never, map[string]any{"properties": map[string]any{"never there": map[string]any{"type": "string"}}}
	case 1:
		added["if"], added["then"] = map[string]any{"const": "never"}, map[string]any{"minLength": 1}
		added["else"] = map[string]any{"not": never}
	case 2:
		added["dependentSchemas"] = map[string]any{"never there": map[string]any{"required": []any{"nor this"}}}
	case 3:
		added["dependentRequired"] = map[string]any{"never there": []any{"nor this"}}
	case 4:
		added["contains"], added["minContains"], added["maxContains"] = map[string]any{"type": []any{"string", "object"}}, 0, 500
	case 5:
		added["not"] = never
	case 6:
		added["propertyNames"] = map[string]any{"maxLength": 500}
	default:
		added["$comment"], added["examples"], added["unevaluatedItems"] = "Nothing.", []any{nil, 1}, true
	}
	for key := range added {
		if _, there := s[key]; there {
			return
		}
	}
	maps.Copy(s, added)
}

// conditional makes an object up whose members depend on one another: by if, then and else, or by dependentSchemas.
func (m *inventor) conditional(depth int) invention {
	if !m.is31 {
		return m.record(depth)
	}
	a, b := m.thing(depth-1), m.thing(depth-1)
	props := map[string]any{"a": a.schema, "b": b.schema}
	s := map[string]any{"type": "object", "properties": props}
	if m.rand.IntN(2) == 0 {
		s["dependentSchemas"] = map[string]any{"a": map[string]any{"required": []any{"b"}}}
		return invention{s, func() any {
			doc := map[string]any{"b": b.doc()}
			if m.rand.IntN(2) == 0 {
				doc["a"] = a.doc()
			}
			return doc
		}}
	}
	props["kind"] = map[string]any{"type": "string", "enum": []any{"a", "b"}}
	s["required"] = []any{"kind"}
	s["if"] = map[string]any{"properties": map[string]any{"kind": map[string]any{"const": "a"}}}
	s["then"], s["else"] = map[string]any{"required": []any{"a"}}, map[string]any{"required": []any{"b"}}
	return invention{s, func() any {
		if m.rand.IntN(2) == 0 {
			return map[string]any{"kind": "a", "a": a.doc()}
		}
		return map[string]any{"kind": "b", "b": b.doc()}
	}}
}

// containing makes an array up that has to have an element of a form, or one whose first elements are described one by one.
func (m *inventor) containing(depth int) invention {
	if !m.is31 {
		return m.list(m.list(m.thing(depth - 1)))
	}
	v, rest := m.scalar(0), m.thing(depth-1)
	switch m.rand.IntN(3) {
	case 0:
		s := map[string]any{"type": "array", "items": map[string]any{"type": "integer"}, "contains": map[string]any{"minimum": 50}}
		return invention{s, func() any { return []any{m.rand.IntN(9), 50 + m.rand.IntN(9)} }}
	case 1:
		return invention{map[string]any{"type": "array", "prefixItems": []any{v.schema}, "items": rest.schema}, func() any {
			return []any{v.doc(), rest.doc(), rest.doc()}
		}}
	}
	return invention{map[string]any{"type": "array", "prefixItems": []any{v.schema, rest.schema}, "items": false}, func() any {
		return []any{v.doc(), rest.doc()}
	}}
}

// sorts makes a choice between values of several kinds up.
func (m *inventor) sorts(depth int) invention {
	text := invention{map[string]any{"type": "string"}, func() any { return m.text() }}
	number := invention{map[string]any{"type": "integer"}, func() any { return m.rand.IntN(100) }}
	flag := invention{map[string]any{"type": "boolean"}, func() any { return m.rand.IntN(2) == 0 }}
	list := invention{map[string]any{"type": "array", "items": text.schema}, func() any { return []any{text.doc(), text.doc()} }}
	of := pick(m, []invention{text, number}, []invention{text, list}, []invention{flag, number, text}, []invention{number, list},
		[]invention{m.record(depth - 1), text}, []invention{list, m.record(depth - 1), flag})
	if m.is31 && m.rand.IntN(3) == 0 {
		return invention{map[string]any{"type": []any{"string", "integer"}}, func() any { return pick(m, text, number).doc() }}
	}
	var schemas []any
	for _, v := range of {
		schemas = append(schemas, v.schema)
	}
	s := map[string]any{pick(m, "oneOf", "anyOf"): schemas}
	doc := func() any { return pick(m, of...).doc() }
	if m.rand.IntN(2) == 0 {
		return invention{m.component(m.name("Sort"), s), doc}
	}
	return invention{s, doc}
}

// told makes a choice between objects up that a constant of each tells apart, without a discriminator.
func (m *inventor) told(depth int) invention {
	var schemas []any
	var docs []func() any
	for range 2 + m.rand.IntN(2) {
		kind, v := m.name("kind "), m.maybe(m.thing(depth-1))
		constant := map[string]any{"type": "string", "enum": []any{kind}}
		if m.is31 {
			constant = map[string]any{"const": kind}
		}
		s := map[string]any{"type": "object", "required": []any{"kind"}, "properties": map[string]any{"kind": constant, "p": v.schema}}
		if m.rand.IntN(2) == 0 {
			s = m.component(m.name("Told"), s)
		}
		schemas = append(schemas, s)
		docs = append(docs, func() any { return map[string]any{"kind": kind, "p": v.doc()} })
	}
	return invention{map[string]any{"oneOf": schemas}, func() any { return pick(m, docs...)() }}
}

// encodedField makes a member of a form up, and what its encoding says of it.
func (m *inventor) encodedField(multipart bool) (v invention, how string, encoding map[string]any) {
	one := invention{map[string]any{"type": "string"}, func() any { return m.name("s") + pick(m, "", "é", "&=") }}
	several := invention{map[string]any{"type": "array", "items": one.schema}, func() any { return []any{one.doc(), one.doc()} }}
	a, b := m.name("m"), m.name("m")
	whole := invention{map[string]any{"type": "object", "properties": map[string]any{a: one.schema, b: map[string]any{"type": "integer"}}},
		func() any { return map[string]any{a: one.doc(), b: m.rand.IntN(9)} }}
	rows := invention{map[string]any{"type": "array", "items": whole.schema}, func() any { return []any{whole.doc(), whole.doc()} }}
	switch n := m.rand.IntN(6); {
	case n == 0:
		return pick(m, one, whole, several, rows), "json", map[string]any{"contentType": "application/json"}
	case multipart && n < 3: // an object is JSON without more words
		return pick(m, whole, rows), "json", nil
	case multipart:
		return one, "", map[string]any{"contentType": "text/plain"}
	case n == 1:
		return several, ",", map[string]any{"style": "form", "explode": false}
	case n == 2:
		return several, "|", map[string]any{"style": "pipeDelimited", "explode": false}
	case n == 3:
		return several, " ", map[string]any{"style": "spaceDelimited", "explode": false}
	case n == 4:
		return whole, "deepObject", map[string]any{"style": "deepObject", "explode": true}
	}
	deep := invention{map[string]any{"type": "object", "properties": map[string]any{"rows": rows.schema, "whole": whole.schema}},
		func() any { return map[string]any{"rows": rows.doc(), "whole": whole.doc()} }}
	return pick(m, rows, deep), "deepObject", map[string]any{"style": "deepObject", "explode": true}
}

// deepFields writes a value as the fields of a deep object: members in brackets, and elements by their number.
func deepFields(name string, v any, out map[string][]string) {
	switch v := v.(type) {
	case map[string]any:
		for member, value := range v {
			deepFields(name+"["+member+"]", value, out)
		}
	case []any:
		for i, value := range v {
			deepFields(name+"["+strconv.Itoa(i)+"]", value, out)
		}
	default:
		out[name] = append(out[name], word(v))
	}
}

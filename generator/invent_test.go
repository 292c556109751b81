package generator_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
)

// inventionsOf makes a document up, with a number of operations, and what to send and to answer with each of them. The same seed gives the
// same.
func inventionsOf(seed uint64, operations int) (spec map[string]any, calls []*call) {
	m := &inventor{rand: rand.New(rand.NewPCG(seed, 14)), schemas: map[string]any{}, parameters: map[string]any{}, is31: seed%2 == 1,
		tidy: true}
	paths := map[string]any{}
	for i := range operations {
		c, path, item := m.operation(fmt.Sprintf("op%d", i))
		paths[path] = item
		calls = append(calls, c)
	}
	version := "3.0.3"
	if m.is31 {
		version = "3.1.0"
	}
	return map[string]any{"openapi": version, "info": map[string]any{"title": "Invented", "version": "1"}, "paths": paths,
		"servers":    []any{map[string]any{"url": "https://api.example.com"}},
		"components": map[string]any{"schemas": m.schemas, "parameters": m.parameters}}, calls
}

// countSchemas counts the schemas of a document: those of components, and all within parameters, bodies, answers and one another.
func countSchemas(v any) int {
	n := 0
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			switch list, isList := value.([]any); {
			case key == "schema" || key == "items" || key == "not" || key == "contains" || key == "propertyNames" || key == "if" ||
				key == "then" || key == "else":
				n++
			case key == "additionalProperties":
				if _, is := value.(map[string]any); is {
					n++
				}
			case key == "properties" || key == "patternProperties" || key == "schemas" || key == "dependentSchemas":
				if members, is := value.(map[string]any); is {
					n += len(members)
				}
			case isList && (key == "allOf" || key == "anyOf" || key == "oneOf" || key == "prefixItems"):
				n += len(list)
			}
			n += countSchemas(value)
		}
	case []any:
		for _, e := range v {
			n += countSchemas(e)
		}
	}
	return n
}

// pick makes one of several choices.
func pick[T any](m *inventor, of ...T) T { return of[m.rand.IntN(len(of))] }

// thing makes any schema up: of the inventor's forms, and of every other keyword.
func (m *inventor) thing(depth int) invention {
	depth = max(depth, 0)
	forms := []func(int) invention{m.scalar, m.scalar, m.constant, m.format, m.free, m.value}
	if depth > 0 {
		forms = append(forms, m.union, m.record, m.record, m.emptyObject, m.merged, m.wrapped, m.selfReferring, m.patterned, m.tuple,
			m.conditional, m.containing, m.sorts, m.told,
			func(d int) invention { return m.list(m.maybe(m.thing(d - 1))) },
			func(d int) invention { return m.dictionary(m.maybe(m.thing(d - 1))) })
	}
	v := pick(m, forms...)(depth)
	return m.annotated(v)
}

// maybe lets null be a value, sometimes. What has to be one of some schemas, or all of them, can only be null if they say so.
func (m *inventor) maybe(v invention) invention {
	if m.rand.IntN(5) > 0 || len(v.schema) == 0 {
		return v
	}
	if v.schema["allOf"] != nil || v.schema["anyOf"] != nil || v.schema["oneOf"] != nil || m.isUnionByKind(v.schema) ||
		v.schema["$ref"] != nil && !m.is31 || v.schema["enum"] != nil || v.schema["const"] != nil {
		return m.nullableAnyway(v)
	}
	return m.nullable(v)
}

// isUnionByKind tells whether a schema refers to a union with a discriminator: within an anyOf, the other reader does not say that it
// cannot read one which is a number.
func (m *inventor) isUnionByKind(schema map[string]any) bool {
	ref, _ := schema["$ref"].(string)
	target, _ := m.schemas[ref[strings.LastIndex(ref, "/")+1:]].(map[string]any)
	return target["discriminator"] != nil
}

// annotated puts keywords beside a schema that constrain none of its documents.
func (m *inventor) annotated(v invention) invention {
	if m.rand.IntN(3) > 0 || v.schema["$ref"] != nil && !m.is31 {
		return v
	}
	s := maps.Clone(v.schema)
	s["description"] = "What nobody needs: */ `quoted` and\nin two lines."
	if m.is31 && m.rand.IntN(2) == 0 {
		m.vacuous(s)
		return invention{s, v.doc}
	}
	switch m.rand.IntN(4) {
	case 0:
		s["title"], s["deprecated"] = "A title", true
	case 1:
		s["externalDocs"] = map[string]any{"url": "https://example.com"}
		s["x-unknown"] = map[string]any{"a": 1}
	case 2:
		s["minProperties"], s["minItems"], s["minLength"], s["maxLength"], s["maxItems"] = 0, 0, 0, 1000, 1000
	default:
		if s["$ref"] == nil {
			s["not"] = map[string]any{"type": "string", "maxLength": 99, "minLength": 98}
		}
	}
	return invention{s, v.doc}
}

func (m *inventor) scalar(int) invention {
	number := func(texts ...string) func() any {
		return func() any { return json.RawMessage(pick(m, texts...)) }
	}
	return pick(m,
		invention{map[string]any{"type": "string"}, func() any { return m.text() }},
		invention{map[string]any{"type": "integer"}, number("0", "-1", "7", "9007199254740993")},
		invention{map[string]any{"type": "integer", "format": "int64", "minimum": -5}, number("9223372036854775807", "0", "-5")},
		invention{map[string]any{"type": "integer", "format": "int32"}, number("2147483647", "-2147483648", "0")},
		invention{map[string]any{"type": "integer", "format": "uint64"}, number("18446744073709551615", "0")},
		invention{map[string]any{"type": "number"}, number("0.10", "-1.5", "25e-1", "0", "1e+2")},
		invention{map[string]any{"type": "number", "format": "float"}, number("0.5", "-1.5", "0")},
		invention{map[string]any{"type": "boolean"}, func() any { return m.rand.IntN(2) == 0 }})
}

// text makes a text up that is hard to send.
func (m *inventor) text() string {
	return m.name("s") + pick(m, "", " b", ",c", "&d=e", "é日", "%41", "/..?#", `"q"`, "+", "<>\u2028", "|;")
}

// format makes a text of a form up.
func (m *inventor) format(int) invention {
	s, doc := map[string]any{"type": "string"}, ""
	switch m.rand.IntN(9) {
	case 0:
		s["format"], doc = "date-time", pick(m, "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123456789+01:00")
	case 1:
		s["format"], doc = "date", "2026-01-02"
	case 2:
		s["format"], doc = "uuid", "123e4567-e89b-12d3-a456-426614174000"
	case 3:
		s["format"], doc = "email", "me@example.com"
	case 4:
		s["format"], doc = "uri", "https://example.com/a?b=c#d"
	case 5:
		s["format"], doc = "byte", base64.StdEncoding.EncodeToString([]byte(m.text()))
		if m.is31 {
			delete(s, "format")
			s["contentEncoding"] = "base64"
		}
	case 6:
		s["format"], doc = "odd", m.text()
	case 7:
		s["format"], doc = "password", m.text()
	default:
		s["pattern"], doc = "^[a-z]+[0-9]*$", m.name("s")
	}
	return invention{s, func() any { return doc }}
}

// constant makes a schema up that has few values, or one.
func (m *inventor) constant(int) invention {
	values := pick(m, []any{m.name("a "), m.name("b-"), "", m.name("é")}, []any{1, 2, -3}, []any{m.name("only")})
	kind := "string"
	if _, number := values[0].(int); number {
		kind = "integer"
	}
	if len(values) == 1 && m.is31 {
		return invention{map[string]any{"type": kind, "const": values[0]}, func() any { return values[0] }}
	}
	s := map[string]any{"type": kind, "enum": values, "default": values[0]}
	return invention{m.component(m.name("E"), s), func() any { return pick(m, values...) }}
}

// free makes a schema up that takes anything.
func (m *inventor) free(int) invention {
	return invention{map[string]any{}, m.anyValue}
}

// anyValue is a value for what is not described. Numbers that no float64 holds are the subject of TestWritesLoseNothing: the reader that
// judges requests cannot read them.
func (m *inventor) anyValue() any {
	return pick[any](m, "text", true, json.RawMessage("9007199254740993"),
		[]any{1, nil, map[string]any{"a": json.RawMessage("9007199254740993")}},
		map[string]any{"deep": map[string]any{"b": []any{}}})
}

// record makes an object with declared members of every sort up.
func (m *inventor) record(depth int) invention {
	o := m.recordObject(depth)
	if m.rand.IntN(2) == 0 {
		return invention{m.component(m.name("O"), o.schema()), o.doc}
	}
	return invention{o.schema(), o.doc}
}

func (m *inventor) recordObject(depth int) object {
	o := object{props: map[string]invention{}, tidy: true}
	for range 1 + m.rand.IntN(4) {
		v := m.thing(depth - 1)
		switch name := m.name("p"); m.rand.IntN(4) {
		case 0:
			if !m.is31 { // of which the other reader requires what is only read
				name, v = "r"+name[1:], m.oneWay(v, true)
			}
			o.required = append(o.required, name)
			o.props[name] = v
		case 1: // a required null has to be sent
			name = m.name("q")
			o.required = append(o.required, name)
			o.props[name] = m.maybe(v)
		default:
			o.props[name] = m.oneWay(m.maybe(v), false)
		}
	}
	if m.rand.IntN(4) == 0 {
		more := m.thing(0)
		o.more = &more
	} else {
		o.open = m.rand.IntN(4) == 0
	}
	o.props[unknownMaker] = invention{nil, m.anyValue}
	o.props[chance] = invention{nil, func() any { return m.rand.IntN(3) > 0 }}
	return o
}

// emptyObject makes an object up that declares nothing.
func (m *inventor) emptyObject(int) invention {
	open := func() any { return map[string]any{m.name("k"): m.anyValue()} }
	none := func() any { return map[string]any{} }
	v := pick(m,
		invention{map[string]any{"type": "object"}, open},
		invention{map[string]any{"type": "object", "properties": map[string]any{}}, open},
		invention{map[string]any{"type": "object", "additionalProperties": true}, open},
		invention{map[string]any{"type": "object", "additionalProperties": map[string]any{}}, open},
		invention{map[string]any{"type": "object", "additionalProperties": false}, none},
		invention{map[string]any{"additionalProperties": false, "type": "object", "properties": map[string]any{}}, none})
	if m.rand.IntN(2) == 0 {
		return invention{m.component(m.name("Empty"), v.schema), v.doc}
	}
	return v
}

// merged makes an allOf up.
func (m *inventor) merged(depth int) invention {
	one, two := m.recordObject(depth), m.recordObject(depth)
	one.more, one.open, two.more, two.open = nil, false, nil, false
	parts := []any{m.component(m.name("Base"), one.schema()), two.schema()}
	s := map[string]any{"allOf": parts}
	docs := []object{one, two}
	if m.rand.IntN(2) == 0 { // and members beside it
		beside := m.recordObject(0)
		beside.more, beside.open = nil, false
		maps.Copy(s, beside.schema())
		docs = append(docs, beside)
	}
	return invention{s, func() any {
		doc := map[string]any{}
		for _, o := range docs {
			maps.Copy(doc, o.members())
		}
		return doc
	}}
}

// wrapped refers to a schema, in one of the ways to say more beside.
func (m *inventor) wrapped(depth int) invention {
	v := m.thing(depth - 1)
	if len(v.schema) == 0 || v.schema["$ref"] != nil {
		return v
	}
	ref := m.component(m.name("W"), v.schema)
	switch m.rand.IntN(4) {
	case 0:
		return invention{map[string]any{"allOf": []any{ref}, "description": "The same."}, v.doc}
	case 1:
		return invention{map[string]any{"oneOf": []any{ref}}, v.doc}
	case 2:
		return invention{map[string]any{"anyOf": []any{ref}, "title": "The same"}, v.doc}
	}
	if m.is31 {
		ref["description"], ref["x-unknown"] = "Said beside.", true
	}
	return invention{ref, v.doc}
}

// selfReferring makes a schema up that refers to itself: as a member, in a list, a map, a union.
func (m *inventor) selfReferring(depth int) invention {
	o, name := m.recordObject(depth), m.name("Self")
	o.more, o.open = nil, false
	ref := map[string]any{"$ref": "#/components/schemas/" + name}
	s := o.schema()
	props := s["properties"].(map[string]any)
	props["child"] = pick(m, ref, map[string]any{"allOf": []any{ref}})
	props["children"] = map[string]any{"type": "array", "items": ref}
	props["byName"] = map[string]any{"type": "object", "additionalProperties": ref}
	m.schemas[name] = s
	var doc func(depth int) any
	doc = func(depth int) any {
		d := o.members()
		if depth > 0 && m.rand.IntN(2) == 0 {
			d["child"] = doc(depth - 1)
			d["children"] = []any{doc(depth - 1), doc(0)}
			d["byName"] = map[string]any{"a key": doc(0)}
		}
		return d
	}
	return invention{ref, func() any { return doc(2) }}
}

// patterned makes an object up whose members go by the form of their names.
func (m *inventor) patterned(depth int) invention {
	v := m.thing(depth - 1)
	if !m.is31 {
		return m.dictionary(v)
	}
	s := map[string]any{"type": "object", "patternProperties": map[string]any{"^x-": v.schema}}
	if m.rand.IntN(2) == 0 {
		s["additionalProperties"] = false
	}
	declared := m.rand.IntN(2) == 0
	if declared {
		s["properties"] = map[string]any{"own": map[string]any{"type": "string"}}
	}
	return invention{s, func() any {
		d := map[string]any{"x-" + m.name("k"): v.doc()}
		if declared {
			d["own"] = m.text()
		}
		return d
	}}
}

// tuple makes an array up whose elements are described one by one, or an ordinary one that is constrained.
func (m *inventor) tuple(depth int) invention {
	v := m.scalar(depth)
	if !m.is31 || m.rand.IntN(2) == 0 {
		s := map[string]any{"type": "array", "items": v.schema, "minItems": 1, "maxItems": 1, "uniqueItems": true}
		return invention{s, func() any { return []any{v.doc()} }}
	}
	other := m.thing(depth - 1)
	return invention{map[string]any{"type": "array", "prefixItems": []any{v.schema, other.schema}}, func() any {
		return []any{v.doc(), other.doc()}
	}}
}

// call is one call of an operation: what is given to the client, how it is to arrive, and what is answered.
type call struct {
	Method string                     // of the client
	Args   []json.RawMessage          `json:",omitempty"` // path and required parameters, in order
	Params map[string]json.RawMessage `json:",omitempty"` // optional parameters
	Body   *callBody                  `json:",omitempty"`
	Status int
	Type   string // media type of the answer; "" is none
	Answer string

	sent []param // of the parameters, as the description has them
}

// callBody is the body of a call.
type callBody struct {
	Type  string          // media type
	Value json.RawMessage // JSON; a text for what is sent as it is

	how map[string]string // members of a form that are written otherwise than by default: as json, deepObject, or delimited by what
}

// param is a parameter, and its value in one call.
type param struct {
	name, in, style string
	explode, shared bool // shared: said of the path
	value           any
}

// operation makes an operation up, and a call of it.
func (m *inventor) operation(id string) (c *call, path string, item map[string]any) {
	c = &call{Method: "O" + id[1:]}
	path = "/" + id
	op := map[string]any{"operationId": id, "tags": []any{"Things"}}
	var params, shared []any
	for range m.rand.IntN(4) {
		p, schema := m.parameter()
		if p.in == "path" {
			path += "/{" + p.name + "}"
		}
		c.give(p, schema["required"] == true)
		switch m.rand.IntN(5) {
		case 0:
			m.parameters[p.name] = schema
			params = append(params, map[string]any{"$ref": "#/components/parameters/" + p.name})
		case 1: // of the path: it comes before those of the operation
			shared = append(shared, schema)
			c.sent[len(c.sent)-1].shared = true
		default:
			params = append(params, schema)
		}
	}
	c.orderArgs()
	if params != nil {
		op["parameters"] = params
	}
	method := pick(m, "get", "post", "put", "patch")
	if method != "get" {
		op["requestBody"] = m.body(c)
	}
	op["responses"] = m.answers(c)
	item = map[string]any{method: op}
	if shared != nil {
		item["parameters"] = shared
	}
	return c, path, item
}

// declaresNoMembers tells whether a schema is for objects and says that they have no members.
func (m *inventor) declaresNoMembers(schema map[string]any) bool {
	if ref, is := schema["$ref"].(string); is {
		schema = m.schemas[ref[strings.LastIndex(ref, "/")+1:]].(map[string]any)
	}
	for _, key := range []string{"allOf", "oneOf", "anyOf"} {
		list, is := schema[key].([]any)
		list = slices.DeleteFunc(slices.Clone(list), func(s any) bool { return s.(map[string]any)["type"] == "null" })
		if is && len(list) == 1 {
			return m.declaresNoMembers(list[0].(map[string]any))
		}
	}
	members, declared := schema["properties"].(map[string]any)
	isObject := schema["type"] == "object" || reflect.DeepEqual(schema["type"], []any{"object", "null"})
	return isObject && schema["patternProperties"] == nil && len(members) == 0 &&
		(declared || schema["additionalProperties"] == false)
}

// give adds the value of a parameter to a call.
func (c *call) give(p param, required bool) {
	c.sent = append(c.sent, p)
	value, err := json.Marshal(p.value)
	if err != nil {
		panic(err)
	}
	if required {
		return
	}
	if c.Params == nil {
		c.Params = map[string]json.RawMessage{}
	}
	c.Params[p.name] = value
}

// orderArgs lists the arguments: those of the path first, then what is said of the path item.
func (c *call) orderArgs() {
	first := []func(p param) bool{
		func(p param) bool { return p.in == "path" },
		func(p param) bool { return p.in != "path" && p.shared },
		func(p param) bool { return p.in != "path" && !p.shared },
	}
	for _, now := range first {
		for _, p := range c.sent {
			if _, optional := c.Params[p.name]; !optional && now(p) {
				value, err := json.Marshal(p.value)
				if err != nil {
					panic(err)
				}
				c.Args = append(c.Args, value)
			}
		}
	}
}

// parameter makes a parameter up: of every place, style and form that the two readers agree about.
func (m *inventor) parameter() (param, map[string]any) {
	p := param{name: m.name("a"), in: pick(m, "path", "query", "query", "query", "header", "cookie")}
	required := p.in == "path" || m.rand.IntN(3) == 0
	out := map[string]any{"name": p.name, "in": p.in, "required": required, "description": "A parameter."}
	styles := map[string][]string{"path": {"simple", "label", "matrix"}, "query": {"form"}, "header": {"simple"}, "cookie": {"form"}}
	form := m.rand.IntN(3)
	if p.in == "query" && form == 1 {
		styles["query"] = []string{"form", "spaceDelimited", "pipeDelimited"}
	}
	if p.in == "query" && form == 2 {
		styles["query"] = []string{"form", "deepObject"}
	}
	p.style, p.explode = pick(m, styles[p.in]...), m.rand.IntN(2) == 0
	if p.in == "cookie" && form > 0 { // which has no meaning otherwise
		p.explode = false
	}
	p.explode = p.explode || p.style == "deepObject"
	var schema map[string]any
	schema, p.value = m.parameterValue(p, form)
	switch {
	case p.in != "cookie" && m.rand.IntN(5) == 0 && (p.in != "path" || m.rand.IntN(4) == 0):
		p.style = "json"
		out["content"] = map[string]any{"application/json": map[string]any{"schema": schema}}
	default:
		out["schema"], out["style"], out["explode"] = schema, p.style, p.explode
	}
	// What is escaped already stays as it is then, and is read as what it stands for.
	if p.in == "query" && p.style == "form" && m.rand.IntN(4) == 0 && !strings.Contains(text(p.value), "%") {
		out["allowReserved"] = true
	}
	return p, out
}

// parameterValue makes the schema and the value of a parameter up: a scalar, a list of them or an object of them; in a deep object, of
// objects and lists of them, too.
func (m *inventor) parameterValue(p param, form int) (map[string]any, any) {
	one := m.plain(p.in)
	switch form {
	case 0:
		return m.nullableScalar(one.schema), one.doc()
	case 1:
		return map[string]any{"type": "array", "items": one.schema}, []any{p.holdable(one.doc()), p.holdable(one.doc())}
	}
	a, b := m.name("m"), m.name("m")
	other := m.plain(p.in)
	object := func(of, other map[string]any) map[string]any {
		return map[string]any{"type": "object", "properties": map[string]any{a: of, b: other}}
	}
	value := func() any { return map[string]any{a: p.holdable(one.doc()), b: p.holdable(other.doc())} }
	if p.style == "deepObject" && m.rand.IntN(2) == 0 {
		within := object(one.schema, other.schema)
		return object(map[string]any{"type": "array", "items": within}, within), map[string]any{a: []any{value(), value()}, b: value()}
	}
	return object(one.schema, other.schema), value()
}

// nullableScalar lets a parameter be null, which it is not in a request.
func (m *inventor) nullableScalar(schema map[string]any) map[string]any {
	kind, is := schema["type"].(string)
	if !is || m.rand.IntN(4) > 0 {
		return schema
	}
	schema = maps.Clone(schema)
	if m.is31 {
		schema["type"] = []any{kind, "null"}
	} else {
		schema["nullable"] = true
	}
	return schema
}

// holdable takes the delimiter out of an element: a style that separates by it cannot hold it.
func (p param) holdable(element any) any {
	text, is := element.(string)
	switch {
	case p.style == "label" && p.explode && !is:
		if number, is := element.(float64); is {
			return int(number)
		}
	case is && p.style == "spaceDelimited":
		return strings.ReplaceAll(text, " ", "")
	case is && p.style == "pipeDelimited":
		return strings.ReplaceAll(text, "|", "")
	}
	return element
}

// plain makes a scalar up that a place can hold.
func (m *inventor) plain(in string) invention {
	switch m.rand.IntN(9) {
	case 5:
		return invention{map[string]any{"type": "integer", "format": "int64"}, func() any { return json.Number("9007199254740993") }}
	case 6:
		return invention{map[string]any{"type": "string", "format": "uuid"}, func() any { return "123e4567-e89b-12d3-a456-426614174000" }}
	case 7:
		return invention{map[string]any{"type": "integer", "enum": []any{1, 2}}, func() any { return 1 + m.rand.IntN(2) }}
	case 0:
		return invention{map[string]any{"type": "integer"}, func() any { return m.rand.IntN(100) - 50 }}
	case 1:
		return invention{map[string]any{"type": "boolean"}, func() any { return m.rand.IntN(2) == 0 }}
	case 2:
		return invention{map[string]any{"type": "number"}, func() any { return pick(m, 0.5, 2, -1.25) }}
	case 3:
		words := []any{m.name("w"), m.name("w")}
		return invention{m.component(m.name("E"), map[string]any{"type": "string", "enum": words}), func() any { return pick(m, words...) }}
	case 4:
		return invention{map[string]any{"type": "string", "format": "date-time"}, func() any { return "2026-01-02T03:04:05Z" }}
	}
	switch in {
	case "query":
		return invention{map[string]any{"type": "string"}, func() any { return m.text() }}
	case "path": // a full stop separates the elements of a label, and is never escaped
		return invention{map[string]any{"type": "string"}, func() any { return strings.ReplaceAll(m.text(), ".", "") }}
	}
	return invention{map[string]any{"type": "string"}, func() any { return m.name("s") }}
}

// body makes a request body up.
func (m *inventor) body(c *call) map[string]any {
	media, v := "application/json", m.thing(3)
	var how map[string]string
	var encoding map[string]any
	switch m.rand.IntN(10) {
	case 0:
		media = "application/x-www-form-urlencoded"
		v, how, encoding = m.formBody(false)
	case 1:
		media = "multipart/form-data"
		v, how, encoding = m.formBody(true)
	case 2:
		media, v = pick(m, "text/plain", "application/octet-stream"), invention{map[string]any{"type": "string"}, func() any { return m.text() }}
		if media != "text/plain" {
			v.schema["format"] = "binary"
		}
	case 3:
		media = pick(m, "application/merge-patch+json", "application/vnd.example+json")
	}
	value, err := json.Marshal(v.doc())
	if err != nil {
		panic(err)
	}
	c.Body = &callBody{media, value, how}
	of := map[string]any{"schema": v.schema}
	if encoding != nil {
		of["encoding"] = encoding
	}
	content := map[string]any{media: of}
	if m.rand.IntN(3) == 0 && media != "application/octet-stream" && media != "text/plain" { // others that the client does not send
		content[pick(m, "application/xml", "text/csv")] = map[string]any{"schema": map[string]any{"type": "string"}}
		if strings.HasSuffix(media, "json") {
			form, _, _ := m.formBody(false)
			content["application/x-www-form-urlencoded"] = map[string]any{"schema": form.schema}
		}
	}
	return map[string]any{"required": true, "content": content}
}

// formBody makes the fields of a form up, files among them where it can have them.
func (m *inventor) formBody(files bool) (v invention, how map[string]string, encoding map[string]any) {
	props, makers, required := map[string]any{}, map[string]func() any{}, []any{}
	how, encoding = map[string]string{}, map[string]any{}
	for i := range 1 + m.rand.IntN(4) {
		name, v := m.name("f"), m.plain("query")
		switch {
		case files && m.rand.IntN(2) == 0:
			v = invention{map[string]any{"type": "string", "format": "binary"}, func() any { return m.text() }}
		case m.rand.IntN(4) == 0:
			one := v
			v = invention{map[string]any{"type": "array", "items": one.schema}, func() any { return []any{one.doc(), one.doc()} }}
		case m.rand.IntN(2) == 0:
			var said map[string]any
			if v, how[name], said = m.encodedField(files); said != nil {
				encoding[name] = said
			}
		}
		props[name], makers[name] = v.schema, v.doc
		if i == 0 || m.rand.IntN(2) == 0 {
			required = append(required, name)
		}
	}
	return invention{map[string]any{"type": "object", "properties": props, "required": required}, func() any {
		doc := map[string]any{}
		for name, maker := range makers {
			doc[name] = maker()
		}
		return doc
	}}, how, encoding
}

// answers makes the successes of an operation up, and one answer.
func (m *inventor) answers(c *call) map[string]any {
	with := func(media string, schema map[string]any) map[string]any {
		content := map[string]any{media: map[string]any{"schema": schema}}
		if media == "application/json" && m.rand.IntN(4) == 0 { // others that the client does not ask for
			content[pick(m, "application/xml", "text/csv", "text/html")] = map[string]any{"schema": map[string]any{"type": "string"}}
		}
		return map[string]any{"description": "OK", "content": content}
	}
	bare := map[string]any{"description": "Done"}
	asJSON := func(v invention) {
		m.answering = true
		doc, err := json.Marshal(v.doc())
		m.answering = false
		if err != nil {
			panic(err)
		}
		c.Status, c.Type, c.Answer = 200, "application/json", string(doc)
	}
	switch m.rand.IntN(8) {
	case 0:
		c.Status = 204
		return map[string]any{"204": bare}
	case 1:
		c.Status, c.Type, c.Answer = 200, "text/plain", m.text()
		return map[string]any{"200": with("text/plain", map[string]any{"type": "string"})}
	case 2:
		c.Status, c.Type, c.Answer = 200, "application/octet-stream", m.text()
		return map[string]any{"200": with("application/octet-stream", map[string]any{"type": "string", "format": "binary"})}
	case 3: // a body, or none
		v := m.record(2)
		asJSON(v)
		return map[string]any{"200": with("application/json", v.schema), "202": bare, "204": bare}
	case 4: // two bodies
		one, two := m.record(2), m.record(2)
		asJSON(one)
		if m.rand.IntN(2) == 0 {
			asJSON(two)
			c.Status = 201
		}
		return map[string]any{"200": with("application/json", one.schema), "201": with("application/json", two.schema)}
	}
	v := m.maybe(m.thing(3))
	asJSON(v)
	if m.declaresNoMembers(v.schema) { // the method returns no more than an error
		c.Answer = "{}"
	}
	failure := with("application/json", map[string]any{"type": "object",
		"properties": map[string]any{"message": map[string]any{"type": "string"}}})
	return map[string]any{"200": with("application/json", v.schema), "default": failure}
}

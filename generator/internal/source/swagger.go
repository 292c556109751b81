package source

import (
	"slices"
	"strings"
)

// swagger turns a Swagger 2.0 description into the form that OpenAPI 3.0 gives it. Nodes are moved, not made again, so that they keep their
// places; a node that has no counterpart in the file gets the place of what it stands for.
//
// What is not as Swagger says it should be is left as it is: whoever needs it will complain there.
type swagger struct {
	*builder
	doc                *Document
	root               *tree
	consumes, produces []mediaType

	targets  map[*tree]*tree // what references into the main file name: value of the $ref -> target
	outside  map[*tree]*tree // what references into other files name in the end
	moved    map[*tree]*tree // what references to a node that is gone name instead
	noted    map[*tree]bool  // nodes of other files that collect was in
	done     map[*tree]bool  // nodes of other files that were converted
	dangling []*tree
}

// mediaType is an entry of consumes or produces.
type mediaType struct {
	name string
	at   place
}

const (
	mediaJSON      = "application/json"
	mediaBytes     = "application/octet-stream"
	mediaForm      = "application/x-www-form-urlencoded"
	mediaMultipart = "multipart/form-data"
)

// convert changes the tree of a document in place.
func (b *builder) convert(doc *Document) {
	s := &swagger{
		builder: b, doc: doc, root: doc.main.root,
		targets: map[*tree]*tree{}, outside: map[*tree]*tree{}, moved: map[*tree]*tree{}, noted: map[*tree]bool{}, done: map[*tree]bool{},
	}
	s.collect(s.root, false)
	s.consumes, s.produces = mediaTypes(s.root.get("consumes")), mediaTypes(s.root.get("produces"))
	old := s.root.children
	keys := make([]string, len(old)) // Sections that move get other ones.
	for i, c := range old {
		keys[i] = c.key
	}
	components, servers := s.components(), s.servers()
	s.paths(s.root.get("paths"))

	s.root.children, s.root.keys = nil, nil
	for i, c := range old {
		switch keys[i] {
		case "swagger":
			s.set(s.root, "openapi", c.keyAt, newText("3.0.3", c.at))
		case "host", "basePath", "schemes":
			if servers != nil && s.root.get("servers") == nil {
				s.set(s.root, "servers", c.keyAt, servers)
			}
		case "definitions", "parameters", "responses", "securityDefinitions":
			if s.root.get("components") == nil {
				s.set(s.root, "components", c.keyAt, components)
			}
		case "consumes", "produces", "openapi", "servers", "components":
		default:
			s.root.add(c)
		}
	}
	s.reseal()
	s.rewrite()
}

// collect notes what references name while the description still has the form they were written for.
// Under named, keys are names that people chose and not keywords.
func (s *swagger) collect(t *tree, named bool) {
	if ref := t.reference(); ref != nil && ref.kind == Scalar {
		s.reference(t, ref)
	}
	for _, c := range t.children {
		if t.kind == Mapping && !named {
			switch c.key {
			case "example", "examples", "default", "enum":
				continue // These hold data. What looks like a reference in there is none.
			case "properties", "patternProperties", "definitions", "parameters", "responses", "headers":
				s.collect(c, true)
				continue
			}
		}
		s.collect(c, false)
	}
}

func (s *swagger) reference(t, ref *tree) {
	target, err := s.doc.resolve(ref, &trail{})
	switch {
	case err != nil:
		s.dangling = append(s.dangling, ref)
		return
	case target.root() == s.root:
		s.targets[ref] = target
		return
	}
	if target, err = s.doc.follow(t, &trail{}); err != nil {
		return
	}
	s.outside[ref] = target
	if !s.noted[target] && target.root() != s.root {
		s.noted[target] = true
		s.collect(target, false)
	}
}

// reseal indexes every file again.
func (s *swagger) reseal() {
	for root := range s.doc.files.byRoot {
		root.seal()
	}
	s.doc.files.guesses = 0 // Those made so far were not shown.
}

// rewrite makes references name the places their targets have now.
func (s *swagger) rewrite() {
	for ref, target := range s.targets {
		if to := s.moved[target]; to != nil {
			target = to
		}
		if target.root() == s.root {
			file, _, _ := strings.Cut(ref.text, "#")
			ref.text = file + "#" + strings.ReplaceAll(Node{s.doc, target}.Pointer(), "%", "%25")
		}
	}
	for _, ref := range s.dangling {
		if ref.root() != s.root {
			continue
		}
		for _, m := range swaggerPointers {
			if rest, ok := strings.CutPrefix(ref.text, "#"+m.from+"/"); ok {
				ref.text = "#" + m.to + "/" + rest
			}
		}
	}
}

// swaggerPointers are the sections that OpenAPI 3.0 moved.
var swaggerPointers = []struct{ from, to string }{
	{"/definitions", "/components/schemas"},
	{"/parameters", "/components/parameters"},
	{"/responses", "/components/responses"},
	{"/securityDefinitions", "/components/securitySchemes"},
}

// written gives a reference or a pointer as a person wrote it, before the conversion.
func (d *Document) written(pointer string) string {
	if d.generation != "2.0" {
		return pointer
	}
	for _, m := range swaggerPointers {
		for _, mark := range []string{"", "#"} {
			if rest, ok := strings.CutPrefix(pointer, mark+m.to); ok && (rest == "" || rest[0] == '/') {
				return mark + m.from + rest
			}
		}
	}
	return pointer
}

// components gathers the shared sections.
func (s *swagger) components() *tree {
	components := &tree{kind: Mapping, at: s.root.at}
	section := func(from, to string, convert func(*tree)) {
		t := s.root.get(from)
		if t == nil || t.kind != Mapping {
			return
		}
		for _, c := range t.children {
			convert(c)
		}
		s.set(components, to, t.keyAt, t)
	}
	section("definitions", "schemas", s.schema)
	s.sharedParameters(components)
	section("responses", "responses", func(t *tree) { s.response(t, s.produces) })
	section("securityDefinitions", "securitySchemes", s.securityScheme)
	return components
}

// sharedParameters keeps those that are parameters in OpenAPI 3, too. A body becomes a request body; form fields go to the operations that
// use them.
func (s *swagger) sharedParameters(components *tree) {
	t := s.root.get("parameters")
	if t == nil || t.kind != Mapping {
		return
	}
	parameters, bodies := &tree{kind: Mapping, at: t.at}, &tree{kind: Mapping, at: t.at}
	for _, p := range t.children {
		switch in(p) {
		case "body":
			body := s.body(p, s.consumes)
			body.key, body.keyAt = p.key, p.keyAt
			bodies.add(body)
			s.moved[p] = body
		case "formData":
			s.parameter(p)
		default:
			s.parameter(p)
			parameters.add(p)
		}
	}
	s.set(components, "parameters", t.keyAt, parameters)
	if len(bodies.children) > 0 {
		s.set(components, "requestBodies", t.keyAt, bodies)
	}
}

// servers makes URLs of schemes, host and basePath. https comes first: credentials must not travel in the clear because of an order in a
// list.
func (s *swagger) servers() *tree {
	host, base, schemes := s.root.get("host"), s.root.get("basePath"), s.root.get("schemes")
	at, url := place{}, ""
	switch {
	case host != nil:
		at = host.at
	case base != nil:
		at = base.at
	default:
		return nil
	}
	if base != nil {
		url = strings.TrimSuffix(base.text, "/")
	}
	servers := &tree{kind: Sequence, at: at}
	add := func(url string) {
		server := &tree{kind: Mapping, at: at}
		s.set(server, "url", at, newText(url, at))
		servers.add(server)
	}
	if host == nil {
		if url == "" {
			url = "/"
		}
		add(url)
		return servers
	}
	names := make([]string, 0, 2)
	for _, m := range mediaTypes(schemes) {
		if m.name == "https" || m.name == "http" {
			names = append(names, m.name)
		}
	}
	slices.Sort(names)
	slices.Reverse(names)
	if len(names) == 0 {
		names = append(names, "https")
	}
	for _, scheme := range slices.Compact(names) {
		add(scheme + "://" + host.text + url)
	}
	return servers
}

func (s *swagger) securityScheme(t *tree) {
	kind := t.get("type")
	if kind == nil {
		return
	}
	switch kind.text {
	case "basic":
		kind.text = "http"
		s.set(t, "scheme", kind.keyAt, newText("basic", kind.at))
	case "oauth2":
		name := t.get("flow")
		if name == nil || t.get("flows") != nil {
			return
		}
		flow := &tree{kind: Mapping, at: name.at}
		for _, key := range []string{"authorizationUrl", "tokenUrl", "scopes"} {
			s.move(t, key, flow, key)
		}
		if flow.get("scopes") == nil {
			s.set(flow, "scopes", name.keyAt, &tree{kind: Mapping, at: name.at})
		}
		flows := &tree{kind: Mapping, at: name.at}
		renamed, ok := map[string]string{"application": "clientCredentials", "accessCode": "authorizationCode"}[name.text]
		if !ok {
			renamed = name.text
		}
		s.set(flows, renamed, name.at, flow)
		s.set(t, "flows", name.keyAt, flows)
		s.cut(t, "flow")
	}
}

// methods are the keys of a path item that hold operations.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch"}

func (s *swagger) paths(t *tree) {
	if t == nil {
		return
	}
	for _, item := range t.children {
		if strings.HasPrefix(item.key, "/") {
			s.pathItem(item)
		}
	}
}

func (s *swagger) pathItem(t *tree) {
	s.elsewhere(t, s.pathItem)
	shared := s.split(t)
	for _, m := range methods {
		if op := t.get(m); op != nil && op.kind == Mapping {
			s.operation(op, shared)
		}
	}
}

// bodyParameters are the parameters that OpenAPI 3 has a request body for.
type bodyParameters struct{ body, fields []*tree }

// split converts the parameters of an operation or a path, and cuts off those that make a request body.
func (s *swagger) split(t *tree) (cut bodyParameters) {
	list := t.get("parameters")
	if list == nil || list.kind != Sequence {
		return cut
	}
	which := map[*tree]bool{}
	for _, p := range list.children {
		target := s.target(p)
		s.elsewhere(p, s.parameter)
		switch in(target) {
		case "body":
			cut.body = append(cut.body, p)
			which[p] = true
		case "formData":
			cut.fields = append(cut.fields, p)
			which[p] = true
		}
		if p.reference() == nil && in(p) != "body" {
			s.parameter(p)
		}
	}
	list.drop(which)
	return cut
}

func (s *swagger) operation(op *tree, shared bodyParameters) {
	consumes, produces := s.consumes, s.produces
	own := op.get("consumes") != nil
	if own {
		consumes = mediaTypes(op.get("consumes"))
	}
	if p := op.get("produces"); p != nil {
		produces = mediaTypes(p)
	}
	s.cut(op, "consumes", "produces", "schemes")

	cut := s.split(op)
	if len(cut.body)+len(cut.fields) == 0 {
		for _, p := range shared.body {
			cut.body = append(cut.body, s.copy(p))
		}
		for _, p := range shared.fields {
			cut.fields = append(cut.fields, s.copy(p))
		}
	}
	switch {
	case len(cut.body) > 0:
		p := cut.body[0]
		target := s.target(p)
		switch to := s.moved[target]; {
		case p == target:
			s.set(op, "requestBody", p.at, s.body(p, consumes))
		case to != nil && !own:
			s.set(op, "requestBody", p.at, p) // a reference to the shared request body
		case to != nil:
			s.set(op, "requestBody", p.at, s.withMedia(to, consumes))
		default:
			s.set(op, "requestBody", p.at, s.body(s.copy(target), consumes))
		}
	case len(cut.fields) > 0:
		s.set(op, "requestBody", cut.fields[0].at, s.form(cut.fields, consumes))
	}
	if responses := op.get("responses"); responses != nil {
		for _, r := range responses.children {
			s.response(r, produces)
		}
	}
}

// body makes a request body of a body parameter.
func (s *swagger) body(p *tree, media []mediaType) *tree {
	body := &tree{kind: Mapping, at: p.at}
	for _, c := range p.children {
		switch c.key {
		case "name", "in", "schema", "required":
		default:
			s.set(body, c.key, c.keyAt, c)
		}
	}
	schema := p.get("schema")
	if schema != nil {
		s.schema(schema)
	}
	if len(media) == 0 {
		media = []mediaType{{mediaJSON, p.at}}
	}
	s.set(body, "content", p.at, s.content(schema, media, p.at))
	s.move(p, "required", body, "required")
	return body
}

// withMedia copies a request body with other media types.
func (s *swagger) withMedia(body *tree, media []mediaType) *tree {
	c := s.copy(body)
	var schema *tree
	if content := c.get("content"); content != nil && len(content.children) > 0 {
		schema = content.children[0].get("schema")
	}
	if len(media) == 0 {
		media = []mediaType{{mediaJSON, c.at}}
	}
	s.set(c, "content", c.at, s.content(schema, media, c.at))
	return c
}

// content gives every media type the schema: the first one gets the node itself.
func (s *swagger) content(schema *tree, media []mediaType, at place) *tree {
	content := &tree{kind: Mapping, at: at}
	for i, m := range media {
		if s.full = s.full || !s.count(at); s.full {
			break
		}
		entry := &tree{kind: Mapping, at: at, key: m.name, keyAt: m.at}
		if schema != nil {
			one, keyAt := schema, schema.keyAt
			if i > 0 {
				one = s.copy(schema)
			}
			if keyAt.file == nil {
				keyAt = at
			}
			s.set(entry, "schema", keyAt, one)
		}
		content.add(entry)
	}
	return content
}

// formParts are the fields of a form, as OpenAPI 3 has them.
type formParts struct {
	properties, required, encoding *tree
	file                           bool // one of them is a file
}

// form makes a request body of form fields.
func (s *swagger) form(fields []*tree, consumes []mediaType) *tree {
	at := fields[0].at
	parts := formParts{&tree{kind: Mapping, at: at}, &tree{kind: Sequence, at: at}, &tree{kind: Mapping, at: at}, false}
	names := newKeys(s.builder)
	for _, p := range fields {
		s.formField(&parts, names, p)
	}
	schema := &tree{kind: Mapping, at: at}
	s.set(schema, "type", at, newText("object", at))
	s.set(schema, "properties", at, parts.properties)
	if len(parts.required.children) > 0 {
		s.set(schema, "required", at, parts.required)
	}
	body := &tree{kind: Mapping, at: at}
	content := s.content(schema, parts.media(consumes, at), at)
	if len(parts.encoding.children) > 0 {
		for i, entry := range content.children {
			e := parts.encoding
			if i > 0 {
				e = s.copy(e)
			}
			s.set(entry, "encoding", at, e)
		}
	}
	s.set(body, "content", at, content)
	if len(parts.required.children) > 0 {
		s.set(body, "required", at, &tree{kind: Scalar, form: boolean, text: "true", at: parts.required.children[0].at})
	}
	return body
}

// formField adds one field to a form, unless there is one of its name.
func (s *swagger) formField(parts *formParts, names *keys, p *tree) {
	if target := s.target(p); target != p {
		p = s.copy(target)
		s.parameter(p)
	}
	name := p.get("name")
	if name == nil || names.find(parts.properties, name.text) != nil {
		return
	}
	property := p.get("schema")
	if property == nil {
		property = &tree{kind: Mapping, at: p.at}
	}
	if d := p.get("description"); d != nil && property.kind == Mapping {
		s.set(property, "description", d.keyAt, d)
	}
	if f := property.get("format"); f != nil && f.text == "binary" {
		parts.file = true
	}
	if explode := p.get("explode"); explode != nil {
		how := &tree{kind: Mapping, at: p.at}
		s.move(p, "style", how, "style")
		s.move(p, "explode", how, "explode")
		how.key, how.keyAt = name.text, p.at
		parts.encoding.add(how)
	}
	if r := p.get("required"); r != nil && strings.EqualFold(r.text, "true") {
		parts.required.add(newText(name.text, r.at))
	}
	property.key, property.keyAt = name.text, name.at
	names.append(parts.properties, property)
}

// media are the media types that a form can be sent as, of those that an operation consumes.
func (p *formParts) media(consumes []mediaType, at place) (media []mediaType) {
	for _, m := range consumes {
		if m.name == mediaMultipart || m.name == mediaForm && !p.file {
			media = append(media, m)
		}
	}
	switch {
	case len(media) > 0:
		return media
	case p.file:
		return []mediaType{{mediaMultipart, at}}
	}
	return []mediaType{{mediaForm, at}}
}

// schemaKeys are what OpenAPI 3 has in the schema of a parameter and Swagger in the parameter itself.
var schemaKeys = []string{
	"type", "format", "items", "default", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern",
	"maxItems", "minItems", "uniqueItems", "enum", "multipleOf", "x-nullable", "x-enum-varnames", "x-enum-descriptions",
}

// parameter converts a parameter or a header, unless it is a body.
func (s *swagger) parameter(t *tree) {
	if t.kind != Mapping || t.reference() != nil {
		return
	}
	if schema := t.get("schema"); schema != nil {
		s.schema(schema)
		return
	}
	schema, keyAt := &tree{kind: Mapping, at: t.at}, t.at
	if kind := t.get("type"); kind != nil {
		keyAt = kind.keyAt
		if kind.text == "array" {
			s.style(t)
		}
	}
	for _, key := range schemaKeys {
		s.move(t, key, schema, key)
	}
	s.cut(t, "collectionFormat")
	s.schema(schema)
	s.set(t, "schema", keyAt, schema)
}

// style says what collectionFormat said. Without one, lists are separated by commas.
func (s *swagger) style(t *tree) {
	format, at, keyAt := "csv", t.at, t.at
	if f := t.get("collectionFormat"); f != nil {
		format, at, keyAt = f.text, f.at, f.keyAt
	}
	style, explode := "form", "false"
	switch where := in(t); {
	case where == "path" || where == "header" || where == "":
		style = "simple"
	case format == "multi":
		explode = "true"
	}
	switch format {
	case "ssv":
		style = "spaceDelimited"
	case "pipes":
		style = "pipeDelimited"
	case "tsv":
		style = "tabDelimited" // OpenAPI 3 has no such style. That is for the reader of the style to say.
	}
	s.set(t, "style", keyAt, newText(style, at))
	s.set(t, "explode", keyAt, &tree{kind: Scalar, form: boolean, text: explode, at: at})
}

func (s *swagger) response(t *tree, produces []mediaType) {
	s.elsewhere(t, func(target *tree) { s.response(target, produces) })
	if t.kind != Mapping || t.reference() != nil {
		return
	}
	if headers := t.get("headers"); headers != nil {
		for _, h := range headers.children {
			s.parameter(h)
		}
	}
	schema, examples := t.get("schema"), t.get("examples")
	s.cut(t, "schema", "examples")
	if schema == nil {
		return
	}
	if len(produces) == 0 {
		produces = []mediaType{{mediaJSON, schema.keyAt}}
		if kind := schema.get("type"); kind != nil && kind.text == "file" {
			produces[0].name = mediaBytes
		}
	}
	s.schema(schema)
	content := s.content(schema, produces, schema.at)
	if examples != nil && examples.kind == Mapping {
		for _, entry := range content.children {
			if e := examples.get(entry.key); e != nil {
				s.set(entry, "example", e.keyAt, e)
			}
		}
	}
	s.set(t, "content", schema.keyAt, content)
}

// schema converts a schema and those in it.
func (s *swagger) schema(t *tree) {
	if t.kind != Mapping {
		return
	}
	s.elsewhere(t, s.schema)
	if kind := t.get("type"); kind != nil && kind.kind == Scalar && kind.text == "file" {
		kind.text = "string"
		s.set(t, "format", kind.keyAt, newText("binary", kind.at))
	}
	if d := t.get("discriminator"); d != nil && d.kind == Scalar {
		name := newText(d.text, d.at)
		d.become(&tree{kind: Mapping, at: d.at})
		s.set(d, "propertyName", d.keyAt, name)
	}
	if t.get("nullable") == nil {
		s.move(t, "x-nullable", t, "nullable")
	}
	for _, key := range []string{"properties", "patternProperties"} {
		if named := t.get(key); named != nil && named.kind == Mapping {
			for _, c := range named.children {
				s.schema(c)
			}
		}
	}
	for _, key := range []string{"items", "additionalProperties", "not"} {
		if c := t.get(key); c != nil {
			s.schema(c)
		}
	}
	for _, key := range []string{"allOf", "anyOf", "oneOf"} {
		if list := t.get(key); list != nil && list.kind == Sequence {
			for _, c := range list.children {
				s.schema(c)
			}
		}
	}
}

// elsewhere converts what a reference into another file names, once.
func (s *swagger) elsewhere(t *tree, convert func(*tree)) {
	ref := t.reference()
	if ref == nil {
		return
	}
	target := s.outside[ref]
	if target == nil || s.done[target] || target.root() == s.root {
		return
	}
	s.done[target] = true
	convert(target)
}

// target gives the parameter that a reference names in the end, and anything else itself.
func (s *swagger) target(t *tree) *tree {
	for range longestTrail {
		ref := t.reference()
		if ref == nil {
			return t
		}
		next := s.targets[ref]
		if next == nil {
			next = s.outside[ref]
		}
		if next == nil {
			return t
		}
		t = next
	}
	return t
}

// copy copies a node with its key's place, and remembers what the references in it name.
func (s *swagger) copy(t *tree) *tree {
	c := s.builder.copy(t)
	c.keyAt = t.keyAt
	s.remember(t, c)
	return c
}

func (s *swagger) remember(t, c *tree) {
	if target := s.targets[t]; target != nil {
		s.targets[c] = target
	}
	if target := s.outside[t]; target != nil {
		s.outside[c] = target
	}
	for i := range c.children {
		s.remember(t.children[i], c.children[i])
	}
}

// set makes c the member of t with a key, in place of one that is there.
func (s *swagger) set(t *tree, key string, keyAt place, c *tree) {
	if old := t.get(key); old != nil {
		t.drop(map[*tree]bool{old: true})
	}
	c.key, c.keyAt = key, keyAt
	t.add(c)
}

// move moves a member of one mapping to another.
func (s *swagger) move(from *tree, key string, to *tree, as string) {
	if c := from.get(key); c != nil {
		s.cut(from, key)
		s.set(to, as, c.keyAt, c)
	}
}

// cut cuts members off.
func (s *swagger) cut(t *tree, keys ...string) {
	which := map[*tree]bool{}
	for _, key := range keys {
		if c := t.get(key); c != nil {
			which[c] = true
		}
	}
	if len(which) > 0 {
		t.drop(which)
	}
}

// in gives the place a parameter travels in.
func in(t *tree) string {
	if where := t.get("in"); where != nil {
		return where.text
	}
	return ""
}

// mediaTypes gives the texts of a list, each once.
func mediaTypes(list *tree) []mediaType {
	if list == nil || list.kind != Sequence {
		return nil
	}
	var media []mediaType
	seen := map[string]bool{}
	for _, c := range list.children {
		if c.kind == Scalar && !seen[c.text] {
			seen[c.text] = true
			media = append(media, mediaType{c.text, c.at})
		}
	}
	return media
}

// newText makes a string.
func newText(s string, at place) *tree { return &tree{kind: Scalar, text: s, at: at} }

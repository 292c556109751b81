package analyze

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// use is a type in one place: whether null is a value there belongs to the place as much as to the type.
type use struct {
	Type     *api.Type
	Nullable bool
}

// readComponents makes the types of all component schemas, used or not: they are the vocabulary of the description.
func (b *builder) readComponents() {
	for _, m := range b.root.Get("components").Get("schemas").Members() {
		b.component(m.Value, m.Key)
	}
}

// component makes the named type of a component schema.
func (b *builder) component(n source.Node, key string) *api.Type {
	if t := b.types[n]; t != nil {
		return t
	}
	t := b.newType(n)
	b.types[n] = t
	w := want{forms: naming.TypeForms(key), rank: naming.RankOf(key, naming.TypeName(key)), what: "schema " + diag.Quote(key)}
	hint := naming.TypeName(key)
	if name := b.chosenName(n, wordTypeName, wordGoName); name != "" {
		w.forms, w.rank, hint = naming.WithoutRepeats(append([]string{name, name + "Schema"}, w.forms...)), naming.Canonical, name
	}
	b.name(t, w)
	if b.depth >= maxChain {
		t.Kind = api.KindAny
		b.fault(t, &diag.Problem{Pos: t.Pos, Message: fmt.Sprintf("more than %d schemas refer to one another in one chain that ends here",
			maxChain), Help: "split the description"})
		return t
	}
	b.depth++
	defer func() { b.depth-- }()
	b.fillNamed(t, n, hint)
	return t
}

// fillNamed decides what a type with a name of its own is.
func (b *builder) fillNamed(t *api.Type, n source.Node, hint string) {
	if target, nullable, ok := b.stands(n, hint); ok {
		t.Kind, t.Elem = api.KindRef, target.Type
		b.nullable[t] = target.Nullable || nullable
		b.breakAlias(t)
		return
	}
	b.fill(t, b.flatten(n), hint)
}

// maxChain bounds how many schemas are made within one another: each costs stack, of which a process has only so much.
const maxChain = 10_000

// breakAlias makes an alias that leads back to itself a free-form type: Go has no name for what it describes.
func (b *builder) breakAlias(t *api.Type) {
	for at := t.Elem; at != nil && at.Kind == api.KindRef; at = at.Elem {
		if at == t {
			b.fault(t, &diag.Problem{Pos: t.Pos, Message: "this schema is only a reference to itself", Help: "let it describe something"})
			t.Kind, t.Elem = api.KindAny, nil
			return
		}
	}
}

// schema gives the type of a schema where it stands. The hint is the name for what has to be hoisted.
func (b *builder) schema(n source.Node, hint string) use {
	if n.Kind() != source.Mapping {
		return use{Type: &api.Type{Kind: api.KindAny, Pos: n.Pos(), Pointer: n.Pointer()}} // absent, or true
	}
	if t := b.types[n]; t != nil {
		_, nullable := declaredTypes(n)
		return use{b.again(t), nullable || b.nullable[t]}
	}
	if t := b.referenced(n); t != nil && !b.saysMore(n) {
		_, nullable := declaredTypes(n)
		return use{t, nullable || b.nullable[t]}
	}
	if b.resolving[n] {
		if t := b.begun(n); t != nil {
			_, nullable := declaredTypes(n)
			return use{b.again(t), nullable || b.nullable[t]}
		}
		t := b.newType(n)
		t.Kind = api.KindAny
		b.fault(t, &diag.Problem{Pos: n.Pos(), Message: "this schema is only a reference to itself", Help: "let it describe something"})
		return use{Type: t}
	}
	b.resolving[n] = true
	defer delete(b.resolving, n)
	if target, nullable, ok := b.stands(n, hint); ok {
		return use{target.Type, target.Nullable || nullable}
	}
	t := b.newType(n)
	b.types[n] = t
	return b.inPlace(t, b.flatten(n), hint)
}

// stands gives the type of a schema that is nothing but another one under its own description.
func (b *builder) stands(n source.Node, hint string) (target use, nullable, ok bool) {
	_, nullable = declaredTypes(n)
	if b.refersOnly(n) {
		return b.reference(n), nullable, true
	}
	part, null, ok := b.onlyPart(n)
	if !ok {
		return use{}, nullable, false
	}
	return b.schema(part, hint), nullable || null, true
}

// refersOnly tells whether a schema is a reference, and nothing beside it counts.
func (b *builder) refersOnly(n source.Node) bool {
	return (n.Has("$ref") || n.Has("$dynamicRef")) && !b.saysMore(n)
}

// onlyPart gives the one schema that another one consists of: an allOf of one, a union of which one branch is left, beside null or not.
func (b *builder) onlyPart(n source.Node) (part source.Node, null, ok bool) {
	if n.Has("allOf") && onlyAnnotations(n, "allOf", "type") {
		parts := typedParts(n.Get("allOf").Items())
		if len(parts) == 1 && b.isWhole(n, parts[0]) {
			return parts[0], false, true
		}
		return source.Node{}, false, false
	}
	for _, key := range []string{"oneOf", "anyOf"} {
		branches, null := typedBranches(n.Get(key).Items())
		if len(branches) == 1 && onlyAnnotations(n, key) {
			return branches[0], null, true
		}
	}
	return source.Node{}, false, false
}

// begun gives the type that a schema stands for, where that is being made: an object whose property leads back to it is no circle of
// references.
func (b *builder) begun(n source.Node) *api.Type {
	for range maxChain {
		if b.refersOnly(n) {
			target, err := b.follow(n)
			if err != nil {
				return nil
			}
			n = target
		} else if part, _, ok := b.onlyPart(n); ok {
			n = part
		} else {
			return nil
		}
		if t := b.types[n]; t != nil {
			return t
		}
	}
	return nil
}

// isWhole tells whether the one branch of an allOf has the type of the schema that has it, so that it says all there is.
func (b *builder) isWhole(n, part source.Node) bool {
	types, _ := declaredTypes(n)
	v := b.flatten(part)
	return len(types) == 0 || len(v.unions) > 0 || len(types) == 1 && v.form() == types[0]
}

// saysMore tells whether what stands beside a reference changes a type. Up to OpenAPI 3.0 it is to be ignored.
func (b *builder) saysMore(n source.Node) bool {
	if b.ignoresBesides() {
		return false
	}
	for _, key := range []string{"properties", "required", "additionalProperties", "unevaluatedProperties", "patternProperties",
		"items", "prefixItems", "allOf", "oneOf", "anyOf", "enum", "const", "format", "contentEncoding"} {
		if n.Has(key) {
			return true
		}
	}
	return n.Has("$ref") && n.Has("$dynamicRef")
}

// follow gives what a reference leads to: through further ones, unless something stands beside them. A dynamic one leads to the component
// that has its anchor, where that is one alone.
func (b *builder) follow(n source.Node) (source.Node, error) {
	if n.Has("$ref") || !n.Has("$dynamicRef") {
		end, err := n.Follow()
		for at := n; err == nil && at != end; {
			if at, err = at.Step(); b.saysMore(at) {
				return at, err
			}
		}
		return end, err
	}
	at := n.Get("$dynamicRef")
	var found []source.Node
	for _, m := range b.root.Get("components").Get("schemas").Members() {
		if anchor := m.Value.Get("$dynamicAnchor"); !anchor.IsZero() && "#"+anchor.Text() == at.Text() {
			found = append(found, m.Value)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	var list diag.List
	list.Add(&diag.Problem{
		Pos: at.Pos(),
		Message: fmt.Sprintf("the dynamic reference %s leads to %s with that $dynamicAnchor",
			diag.Quote(at.Text()), plural(len(found), "component schema")),
		Help: "one is needed; write $ref where it is known which is meant",
	})
	return source.Node{}, list.Err()
}

// referenced gives the type of the component that a reference leads to, where that is being made already: what a component is made of
// may lead back to it.
func (b *builder) referenced(n source.Node) *api.Type {
	target, err := b.follow(n)
	if err != nil || !n.Has("$ref") && !n.Has("$dynamicRef") {
		return nil
	}
	if _, ok := componentKey(target.Pointer()); !ok {
		return nil
	}
	return b.types[target]
}

// reference gives the type that a $ref leads to. What cannot be reached is free-form, and a fault of every operation that needs it.
func (b *builder) reference(n source.Node) use {
	target, err := b.follow(n)
	if err != nil {
		t := b.newType(n)
		t.Kind = api.KindAny
		b.types[n] = t
		b.fault(t, problemsOf(err)...)
		return use{Type: t}
	}
	if key, ok := componentKey(target.Pointer()); ok {
		t := b.component(target, key)
		return use{t, b.nullable[t]}
	}
	return b.schema(target, hintOf(target.Pointer()))
}

// inPlace makes the type of a schema that stands where it is used.
func (b *builder) inPlace(t *api.Type, v *view, hint string) use {
	b.filling[t] = hint
	b.fill(t, v, hint)
	delete(b.filling, t)
	if needsName(t) && t.Name == "" {
		b.hoist(t, hint)
	}
	return use{t, b.nullable[t]}
}

// again gives a type that has been met before. What is met within itself cannot be written in place.
func (b *builder) again(t *api.Type) *api.Type {
	if hint, within := b.filling[t]; within && t.Name == "" && !needsName(t) {
		b.hoist(t, hint)
	}
	return t
}

// fill decides what a type is.
func (b *builder) fill(t *api.Type, v *view, hint string) {
	b.nullable[t] = v.nullable
	b.byValue[t] = v.byValue
	b.checkNames(v)
	b.fault(t, v.faults...)
	if len(v.unions) == 0 {
		v.unions = b.derivedFrom(v.node)
	}
	if len(v.unions) > 0 {
		b.fillUnion(t, v, hint)
		return
	}
	b.fillForm(t, v, hint)
}

// fillForm decides what a type is that is no union.
func (b *builder) fillForm(t *api.Type, v *view, hint string) {
	t.Limits = v.limits
	switch v.form() {
	case "string":
		b.fillString(t, v)
	case "integer":
		b.fillInteger(t, v)
	case "number":
		scalar(t, "float64")
	case "boolean":
		scalar(t, "bool")
	case "array":
		b.fillArray(t, v, hint)
	case "object":
		b.fillObject(t, v, hint)
	default:
		t.Kind = api.KindAny
	}
}

func scalar(t *api.Type, name string) { t.Kind, t.Go = api.KindScalar, name }

// fillString decides between an enum, an instant, bytes and plain text. Ids, emails and dates are text: what the server
// sends must not fail because a format says so.
func (b *builder) fillString(t *api.Type, v *view) {
	switch {
	case len(v.enum) > 0:
		b.fillEnum(t, v.enum, "string")
	case v.format == "date-time":
		scalar(t, "Timestamp")
	case v.format == "byte" || v.encoding == "base64":
		scalar(t, "[]byte")
	default:
		scalar(t, "string")
	}
}

func (b *builder) fillInteger(t *api.Type, v *view) {
	switch {
	case len(v.enum) > 0:
		b.fillEnum(t, v.enum, "int64")
	case v.format == "int32":
		scalar(t, "int32")
	case v.format == "uint64":
		scalar(t, "uint64")
	default:
		scalar(t, "int64")
	}
}

// fillArray makes an array.
func (b *builder) fillArray(t *api.Type, v *view, hint string) {
	t.Kind = api.KindArray
	t.Elem = element(b.oneOfAll(v.items, hint+"Item"))
	for _, place := range v.places {
		at := element(b.schema(place, hint+"Item"))
		if isFalse(lastOf(v.items)) && place == v.places[0] {
			t.Elem = at // nothing follows those that have places
		}
		if at != t.Elem && (at.Kind != api.KindScalar || at.Kind != t.Elem.Kind || at.Go != t.Elem.Go || at.Nullable != t.Elem.Nullable) {
			t.Elem = anything(v.node)
			return
		}
	}
}

// isFalse tells whether a schema allows nothing.
func isFalse(n source.Node) bool {
	allowed, said := n.Bool()
	return said && !allowed
}

// lastOf gives the last of some schemas, the zero Node when there are none.
func lastOf(nodes []source.Node) source.Node {
	if len(nodes) == 0 {
		return source.Node{}
	}
	return nodes[len(nodes)-1]
}

// oneOfAll gives the type of a value for which all of some schemas hold.
func (b *builder) oneOfAll(nodes []source.Node, hint string) use {
	nodes = slices.DeleteFunc(slices.Clone(nodes), func(n source.Node) bool { return n.Kind() != source.Mapping })
	if len(nodes) < 2 {
		return b.schema(lastOf(nodes), hint)
	}
	return b.property(&prop{name: hint, pos: nodes[0].Pos(), schemas: nodes}, hint)
}

// element gives a use as the element of an array or the value of a map, where there is no field to say that it may be null.
func element(u use) *api.Type {
	switch {
	case !u.Nullable || u.Type.Kind == api.KindAny:
		return u.Type
	case u.Type.Name != "" || needsName(u.Type):
		return &api.Type{Kind: api.KindRef, Elem: u.Type, Nullable: true, Pos: u.Type.Pos, Pointer: u.Type.Pointer}
	}
	t := *u.Type
	t.Nullable = true
	return &t
}

// maxMembers bounds the members of an object: what compiles a struct takes time that grows with their square.
const maxMembers = 10_000

// fillObject decides between a struct and a map. A struct has members: an object that declares none is a map.
func (b *builder) fillObject(t *api.Type, v *view, hint string) {
	if len(v.props) == 0 {
		b.fillMap(t, v, hint)
		return
	}
	if len(v.props) > maxMembers {
		t.Kind = api.KindAny
		b.fault(t, &diag.Problem{
			Pos:     t.Pos,
			Message: fmt.Sprintf("this object has %d properties, and %d are the most", len(v.props), maxMembers),
			Help:    "describe it with additionalProperties",
		})
		return
	}
	t.Kind, t.Closed = api.KindStruct, v.sealed
	switch len(v.presence) {
	case 0:
	case 1:
		t.Presence = &v.presence[0]
	default:
		t.Presence = &api.Presence{Every: v.presence}
	}
	b.fillFields(t, v, hint)
	t.Values = b.valuesOf(v, hint)
}

// fillFields makes the declared members of an object fields.
func (b *builder) fillFields(t *api.Type, v *view, hint string) {
	t.ItemKey = v.itemKey
	for _, p := range v.props {
		if f := b.field(t, v, p, hint); f != nil {
			t.Fields = append(t.Fields, f)
		}
	}
}

// fillMap makes an object without declared members a map. What takes no members at all is a map, too: servers grow.
func (b *builder) fillMap(t *api.Type, v *view, hint string) {
	t.Kind = api.KindMap
	t.Values = b.valuesOf(v, hint)
	if t.Values == nil {
		t.Values = anything(v.node)
		b.empty[t] = v.closed
	}
}

// valuesOf gives the type of members that are not declared; nil when the schema doesn't speak of them. Where more than one schema is for
// them, by the pattern of their names, they can be anything.
func (b *builder) valuesOf(v *view, hint string) *api.Type {
	schemas := slices.Clone(v.patterns)
	schemas = append(schemas, v.values...)
	switch {
	case len(schemas) == 0 && !v.open:
		return nil
	case len(v.patterns) == 0 && len(v.values) > 0, len(schemas) == 1 && v.closed:
		return element(b.oneOfAll(schemas, hint+"Value"))
	}
	return anything(v.node)
}

// anything gives the free-form type.
func anything(n source.Node) *api.Type {
	return &api.Type{Kind: api.KindAny, Pos: n.Pos(), Pointer: n.Pointer()}
}

// field makes one member of a struct; nil when its name cannot stand in a struct tag.
func (b *builder) field(t *api.Type, v *view, p *prop, hint string) *api.Field {
	if strings.ContainsAny(p.name, "\"`\\,") || strings.ContainsFunc(p.name, isUnprintable) {
		b.fault(t, &diag.Problem{
			Pos:     p.pos,
			Message: "the property " + diag.Quote(p.name) + " has a name that a Go struct tag cannot hold",
			Help:    "quotes, backslashes, commas and control characters cannot be in it; leave the property out with an overlay",
		})
		return nil
	}
	u := b.property(p, hint+naming.Exported(p.name))
	f := &api.Field{
		Name:       p.name,
		Type:       u.Type,
		Nullable:   u.Nullable,
		Pos:        p.pos,
		Doc:        withFacts(docOf(p.schemas...), b.heard(p.schemas...)...),
		ReadOnly:   flagged("readOnly", p.schemas),
		Derived:    v.derived[p.name],
		WriteOnly:  flagged("writeOnly", p.schemas),
		Deprecated: flagged("deprecated", p.schemas),
	}
	f.Fixed = b.fixedValue(u.Type, p.schemas)
	f.Required = v.required[p.name] && !f.ReadOnly
	f.Reason, f.Tags = deprecationOf(p.schemas...), b.tagsOf(p.schemas)
	d := &detail{inResponses: v.inResponses[p.name] || v.required[p.name] && f.ReadOnly, omit: b.omission(p.schemas)}
	for i := len(p.schemas) - 1; i >= 0 && d.name == ""; i-- {
		d.name = b.chosenName(p.schemas[i], wordGoName)
	}
	b.details[f] = d
	return f
}

// property gives the type of a property. When allOf declares it more than once the objects among the declarations are
// merged, equal scalars are one, and what contradicts itself is free-form.
func (b *builder) property(p *prop, hint string) use {
	if len(p.schemas) == 1 {
		return b.schema(p.schemas[0], hint)
	}
	views := make([]*view, 0, len(p.schemas))
	keys := make([]string, 0, len(p.schemas))
	for _, n := range p.schemas[max(0, len(p.schemas)-maxDeclarations):] {
		if v := b.flatten(n); v.form() != "" || len(v.unions) > 0 {
			views = append(views, v)
			keys = append(keys, n.Pointer())
		}
	}
	switch {
	case len(views) == 0:
		return b.schema(p.schemas[len(p.schemas)-1], hint)
	case len(views) == 1 || b.sameTarget(views):
		return b.schema(views[len(views)-1].node, hint)
	}
	for _, v := range views[1:] {
		first := views[0]
		if b.isObject(v, 0) && b.isObject(first, 0) || v.form() == first.form() && len(v.unions) == 0 && len(first.unions) == 0 {
			continue
		}
		t := &api.Type{Kind: api.KindAny, Pos: p.pos, Pointer: v.node.Pointer()}
		if form, other := v.form(), first.form(); form != "" && other != "" && form != other && !isNumber(form, other) {
			b.fault(t, contradiction(v.node, form, first.node, other))
		}
		return use{Type: t}
	}
	if isScalar(views[0].form()) {
		return b.schema(mostSpecific(views).node, hint)
	}
	return b.mergedProperty(p, keys, hint)
}

// isObject tells whether a schema is for objects alone: it says so, or all its alternatives do.
func (b *builder) isObject(v *view, depth int) bool {
	if form := v.form(); form != "" || len(v.unions) == 0 || depth > maxMergeDepth {
		return form == "object"
	}
	for _, u := range v.unions {
		for _, branch := range u.branches {
			if !b.isObject(b.flatten(branch), depth+1) {
				return false
			}
		}
	}
	return true
}

func isNumber(form, other string) bool {
	return form == "integer" && other == "number" || form == "number" && other == "integer"
}

// mostSpecific gives the last of some scalars that says more than its type, or else the last.
func mostSpecific(views []*view) *view {
	for i := len(views) - 1; i >= 0; i-- {
		if len(views[i].enum) > 0 || views[i].format != "" || views[i].encoding != "" {
			return views[i]
		}
	}
	return views[len(views)-1]
}

// Merged properties can hold merged properties: enough to make more types than a description has bytes. Descriptions written in
// earnest merge a few declarations, one or two levels deep.
const (
	maxDeclarations = 8
	maxMergeDepth   = 3
)

// mergedProperty makes one type of several declarations of an object.
func (b *builder) mergedProperty(p *prop, keys []string, hint string) use {
	key := strings.Join(keys, " ")
	if t := b.merged[key]; t != nil {
		return use{b.again(t), b.nullable[t]}
	}
	if len(p.schemas) > maxDeclarations || b.merging >= maxMergeDepth {
		return use{Type: &api.Type{Kind: api.KindAny, Pos: p.pos, Pointer: p.schemas[0].Pointer()}}
	}
	b.merging++
	defer func() { b.merging-- }()
	t := b.newType(p.schemas[0])
	b.merged[key] = t
	return b.inPlace(t, b.flatten(p.schemas...), hint)
}

// sameTarget tells whether all declarations refer to one schema.
func (b *builder) sameTarget(views []*view) bool {
	first, err := b.follow(views[0].node)
	if err != nil || !views[0].node.Has("$ref") {
		return false
	}
	for _, v := range views[1:] {
		target, err := b.follow(v.node)
		if err != nil || target != first {
			return false
		}
	}
	return true
}

// newType begins a type at a schema.
func (b *builder) newType(n source.Node) *api.Type {
	deprecated, _ := n.Get("deprecated").Bool()
	return &api.Type{Pos: n.KeyPos(), Pointer: n.Pointer(), Doc: docOf(n), Deprecated: deprecated, Reason: deprecationOf(n)}
}

// needsName tells whether Go has no way to write a type in place.
func needsName(t *api.Type) bool {
	return t.Kind == api.KindStruct || t.Kind == api.KindEnum || t.Kind == api.KindUnion
}

// hoist gives a type that stood in place a name of its own.
func (b *builder) hoist(t *api.Type, hint string) {
	if name := b.chosenName(b.doc.At(t.Pointer), wordTypeName); name != "" {
		b.name(t, want{forms: []string{name, name + "Schema", name + "InlineSchema"}, rank: naming.Canonical, what: "the schema at " + t.Pointer})
		return
	}
	short := naming.Bounded(hint)
	b.name(t, want{forms: naming.WithoutRepeats([]string{short, hint, hint + "Inline", hint + "InlineSchema"}), rank: naming.Derived,
		what: "the schema at " + t.Pointer})
}

// name enters a type among the named ones. Until names are given it carries the one it would like best.
func (b *builder) name(t *api.Type, w want) {
	last := w.forms[len(w.forms)-1]
	long := last + "At" + naming.Exported(naming.Spelled(t.Pointer))
	w.forms = append(w.forms, naming.Bounded(long), long)
	t.Name = w.forms[0]
	b.wants[t] = w
	b.named = append(b.named, t)
}

// fault notes what is wrong with a type. It counts only where an operation reaches it, unless nothing may be left out.
func (b *builder) fault(t *api.Type, problems ...*diag.Problem) {
	if len(problems) > 0 {
		b.faults[t] = append(b.faults[t], problems...)
	}
}

// componentKey gives the key of a component schema's pointer in the main file.
func componentKey(pointer string) (string, bool) {
	key, ok := strings.CutPrefix(pointer, "/components/schemas/")
	if !ok || strings.Contains(key, "/") {
		return "", false
	}
	return jsonpointer.Unescape(key), true
}

// hintOf makes a name from the place a schema stands at, for references that lead to places other than components. What says
// nothing (allOf, content, media types, indexes) is passed over.
func hintOf(pointer string) string {
	file, pointer, found := strings.Cut(pointer, "#")
	if !found {
		file, pointer = "", file
	}
	if pointer == "" {
		return naming.Exported(strings.TrimSuffix(path.Base(file), path.Ext(file)))
	}
	var b strings.Builder
	segments := strings.Split(pointer[1:], "/")
	for i, s := range segments {
		switch {
		case i > 0 && named[segments[i-1]]:
			b.WriteString(naming.TypeName(jsonpointer.Unescape(s)))
		case i == 0 || named[s] || dull[s] || strings.Trim(s, "0123456789") == "":
		case s == "items":
			b.WriteString("Item")
		case s == "additionalProperties":
			b.WriteString("Value")
		case i > 1 && segments[i-2] == "paths" || !strings.Contains(s, "~1"):
			b.WriteString(naming.Exported(jsonpointer.Unescape(s)))
		}
	}
	if b.Len() == 0 {
		return naming.Exported(jsonpointer.Unescape(segments[len(segments)-1]))
	}
	return b.String()
}

// named are the keys whose members are named by people; dull are those that say nothing of what they hold.
var (
	named = naming.Set("schemas", "properties", "parameters", "responses", "requestBodies", "headers", "definitions", "$defs", "paths",
		"patternProperties")
	dull = naming.Set("components", "allOf", "oneOf", "anyOf", "schema", "content")
)

// problemsOf gives the complaints that an error of package source carries.
func problemsOf(err error) []*diag.Problem {
	var list diag.List
	list.Merge(err)
	return list.Problems()
}

// flagged tells whether any of the schemas, or what it refers to, sets a flag.
func flagged(key string, schemas []source.Node) bool {
	for _, n := range schemas {
		if set, _ := n.Get(key).Bool(); set {
			return true
		}
		if target, err := n.Follow(); err == nil && target != n {
			if set, _ := target.Get(key).Bool(); set && key != "deprecated" {
				return true
			}
		}
	}
	return false
}

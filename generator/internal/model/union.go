package model

import (
	"strings"
	"unicode"

	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// typedBranches gives the branches of a union that describe a value, and whether one of the others is null.
func typedBranches(branches []source.Node) (typed []source.Node, nullable bool) {
	for _, branch := range branches {
		if isNull(branch) {
			nullable = true
			continue
		}
		typed = append(typed, branch)
	}
	return typed, nullable
}

// isNull tells whether a schema allows nothing but null.
func isNull(n source.Node) bool {
	types, nullable := declaredTypes(n)
	values := n.Get("enum").Items()
	if c := n.Get("const"); !c.IsZero() {
		values = []source.Node{c}
	}
	for _, value := range values {
		if value.Kind() != source.Null {
			return false
		}
	}
	return len(values) > 0 || nullable && len(types) == 0 && n.Get("type").Text() == "null"
}

// fillUnion decides what a oneOf or anyOf is: an enum when all its branches are constants or strings, a scalar when all agree on
// one, else a union of named types. Which of oneOf and anyOf it was makes no difference to Go.
func (b *builder) fillUnion(t *Type, v *view, hint string) {
	branches, null := typedBranches(v.union)
	nullable := b.nullable[t] || null
	views := make([]*view, len(branches))
	for i, branch := range branches {
		views[i] = b.flatten(branch)
		b.fault(t, views[i].faults...)
		nullable = nullable || views[i].nullable
	}
	b.nullable[t] = nullable
	if form, ok := commonScalar(views); ok {
		b.fillCommon(t, form, branches, views)
		return
	}
	if b.fillMerged(t, v, views, hint) {
		return
	}
	b.fillMembers(t, v, branches, hint)
}

// fillMerged makes a union with one branch left the struct of that branch and of the properties beside the union.
func (b *builder) fillMerged(t *Type, v *view, views []*view, hint string) bool {
	if len(views) > 1 || len(views) == 1 && len(views[0].union) > 0 {
		return false
	}
	whole := *v
	whole.union, whole.nullable = nil, b.nullable[t]
	if len(views) == 1 {
		whole.merge(views[0])
	}
	b.fill(t, &whole, hint)
	return true
}

// merge adds what another view says.
func (v *view) merge(o *view) {
	for _, p := range o.props {
		for _, n := range p.schemas {
			v.addProp(source.Member{Key: p.name, KeyPos: p.pos, Value: n})
		}
	}
	for name := range o.required {
		v.required[name] = true
	}
	for name := range o.inResponses {
		v.inResponses[name] = true
	}
	for name := range o.derived {
		v.derived[name] = true
	}
	if len(o.types) > 0 {
		v.types = o.types
	}
	if len(o.enum) > 0 {
		v.enum = o.enum
	}
	if !o.items.IsZero() {
		v.items = o.items
	}
	if !o.values.IsZero() {
		v.values = o.values
	}
	v.patterns = append(v.patterns, o.patterns...)
	if v.format == "" {
		v.format = o.format
	}
	v.nullable = v.nullable || o.nullable
	v.open = v.open || o.open
	v.closed = v.closed || o.closed
}

// commonScalar gives the scalar that all branches of a union are.
func commonScalar(views []*view) (string, bool) {
	if len(views) < 2 {
		return "", false
	}
	form := views[0].form()
	for _, v := range views {
		if v.form() != form || len(v.union) > 0 {
			return "", false
		}
	}
	switch form {
	case "string", "integer", "number", "boolean":
		return form, true
	}
	return "", false
}

// fillCommon makes a union of scalars that scalar: an enum of all the branches' constants, open as every enum is here, or what
// the first branch says if none has any.
func (b *builder) fillCommon(t *Type, form string, branches []source.Node, views []*view) {
	all := view{node: views[0].node, types: []string{form}, nullable: b.nullable[t], format: views[0].format}
	docs := map[string]string{}
	for i, v := range views {
		all.enum = append(all.enum, v.enum...)
		if len(v.enum) == 1 && docs[v.enum[0].Text()] == "" {
			docs[v.enum[0].Text()] = docOf(branches[i])
		}
		if v.format != all.format {
			all.format = ""
		}
	}
	b.fill(t, &all, "")
	for _, value := range t.Enum {
		if value.Doc == "" {
			value.Doc = docs[value.Value]
		}
	}
}

// fillMembers makes a union of named types. A branch that takes anything makes the whole free-form.
func (b *builder) fillMembers(t *Type, v *view, branches []source.Node, hint string) {
	t.Kind = KindUnion
	t.Union = &Union{}
	for _, branch := range branches {
		member := b.member(branch, hint)
		if member.Kind == KindAny {
			t.Kind, t.Union = KindAny, nil
			return
		}
		if !hasType(t.Union.Members, member) {
			t.Union.Members = append(t.Union.Members, member)
		}
	}
	b.discriminate(t.Union, v)
}

// member gives a branch of a union as a named type.
func (b *builder) member(branch source.Node, hint string) *Type {
	own := branch.Get("title").Text()
	if own == "" {
		own = memberWord(b.flatten(branch))
	}
	hint += exported(own)
	t := b.schema(branch, hint).Type
	if t.Name == "" && t.Kind != KindAny {
		b.hoist(t, hint)
	}
	return t
}

// memberWord names a branch without a title: by the constant or the first required member that tells it from others, else by its form.
func memberWord(v *view) string {
	for _, p := range v.props {
		for _, n := range p.schemas {
			if values := n.Get("enum").Items(); len(values) == 1 && values[0].IsString() {
				return values[0].Text()
			}
			if c := n.Get("const"); c.IsString() {
				return c.Text()
			}
		}
	}
	for _, p := range v.props {
		if v.required[p.name] {
			return "with " + p.name
		}
	}
	if form := v.form(); form != "" {
		return form
	}
	return "value"
}

// discriminate reads the discriminator. It is dropped when it does not lead to every member, or holds what no one can mean.
func (b *builder) discriminate(u *Union, v *view) {
	d := v.unionAt.Get("discriminator")
	name := d.Get("propertyName").Text()
	if name == "" {
		return
	}
	mapping := map[string]*Type{}
	for _, m := range d.Get("mapping").Members() {
		if t := b.mapped(m.Value.Text()); t != nil && hasType(u.Members, t) {
			mapping[m.Key] = t
		}
	}
	for _, branch := range v.union {
		target, err := branch.Follow()
		if key, ok := componentKey(target.Pointer()); err == nil && ok && !mapsTo(mapping, b.component(target, key)) {
			mapping[key] = b.component(target, key)
		}
	}
	for _, t := range u.Members {
		if !mapsTo(mapping, t) {
			return
		}
	}
	for value := range mapping {
		if !isWord(value) || !isWord(name) {
			return
		}
	}
	u.Discriminator, u.Mapping = name, mapping
}

// isWord tells whether a text can be a discriminator: no one means more by one than a word.
func isWord(text string) bool {
	return !strings.ContainsAny(text, "\"`\\") && !strings.ContainsFunc(text, unicode.IsControl)
}

// mapped gives the component schema that a discriminator's mapping names, by key or by reference.
func (b *builder) mapped(name string) *Type {
	key := jsonpointer.Unescape(strings.TrimPrefix(name, "#/components/schemas/"))
	n := b.root.Get("components").Get("schemas").Get(key)
	if n.IsZero() {
		return nil
	}
	return b.component(n, key)
}

func mapsTo(mapping map[string]*Type, t *Type) bool {
	for _, to := range mapping {
		if to == t {
			return true
		}
	}
	return false
}

func hasType(list []*Type, t *Type) bool {
	for _, have := range list {
		if have == t {
			return true
		}
	}
	return false
}

package analyze

import (
	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
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
// one, else a union of named types with the members beside them. Alternatives of which one is left are no choice: it joins what is beside.
func (b *builder) fillUnion(t *api.Type, v *view, hint string) {
	beside := *v
	beside.unions = nil
	b.nullable[t] = v.nullable
	for _, u := range v.unions {
		branches, null := typedBranches(u.branches)
		views := b.flattenAll(t, branches)
		for _, one := range views {
			null = null || one.nullable
			if one.form() == "" && len(one.unions) == 0 && isScalar(v.form()) {
				one.types = []string{v.form()} // it is declared beside the branches
			}
		}
		b.nullable[t] = b.nullable[t] || null
		form, common := commonScalar(views)
		switch {
		case len(views) == 1 && len(views[0].unions) == 0 && !u.derived:
			beside.merge(views[0])
		case common && len(v.unions) == 1 && len(v.props) == 0:
			b.fillCommon(t, form, branches, views)
			return
		case len(views) > 0:
			u.branches = branches
			beside.unions = append(beside.unions, u)
		}
	}
	beside.nullable = b.nullable[t]
	b.fillMembers(t, &beside, hint)
}

// flattenAll reads the branches of a union.
func (b *builder) flattenAll(t *api.Type, branches []source.Node) []*view {
	views := make([]*view, len(branches))
	for i, branch := range branches {
		views[i] = b.flatten(branch)
		b.fault(t, views[i].faults...)
	}
	return views
}

// merge adds what another view says.
func (v *view) merge(o *view) {
	for _, p := range o.props {
		for _, n := range p.schemas {
			v.addProp(source.Member{Key: p.name, KeyPos: p.pos, Value: n})
		}
	}
	for name := range o.required {
		include(&v.required, name)
	}
	for name := range o.inResponses {
		include(&v.inResponses, name)
	}
	for name := range o.derived {
		include(&v.derived, name)
	}
	v.addTypes(o.typed, o.types)
	v.faults = append(v.faults, o.faults...)
	if len(o.enum) > 0 {
		v.enum = o.enum
	}
	v.items = append(v.items, o.items...)
	v.places = append(v.places, o.places...)
	v.values = append(v.values, o.values...)
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
		if v.form() != form || len(v.unions) > 0 {
			return "", false
		}
	}
	return form, isScalar(form)
}

func isScalar(form string) bool {
	return form == "string" || form == "integer" || form == "number" || form == "boolean"
}

// fillCommon makes a union of scalars that scalar: an enum of all the branches' constants, open as every enum is here, or what
// the first branch says if none has any.
func (b *builder) fillCommon(t *api.Type, form string, branches []source.Node, views []*view) {
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

// fillMembers makes a union of named types, with what is declared beside them as fields. A branch that takes anything adds nothing to
// those, and makes a union without any free-form.
func (b *builder) fillMembers(t *api.Type, v *view, hint string) {
	if len(v.unions) == 0 {
		b.fillForm(t, v, hint)
		return
	}
	t.Kind = api.KindUnion
	t.Union = &api.Union{}
	for i, u := range v.unions {
		for j, branch := range u.branches {
			member := b.member(branch, hint)
			if member.Kind == api.KindAny {
				t.Kind, t.Union = api.KindAny, nil
				if len(v.props) > 0 {
					v.open = true
					b.fillForm(t, v, hint)
				}
				return
			}
			group := api.Alternative{Choice: i}
			if u.several {
				group.Branch = j
			}
			joinVariant(t.Union, member, group)
		}
		b.discriminate(t, u, i, hint)
	}
	b.fillFields(t, v, hint)
	for _, n := range append(v.values, v.patterns...) {
		b.warnOf(n.Pos(), "members that are not declared have a schema of their own here, beside a union, which has no field for them",
			"they stay in the value as they came; declare those that the program needs as properties")
	}
}

// joinVariant adds a variant to a union, once.
func joinVariant(u *api.Union, member *api.Type, group api.Alternative) {
	if variantOf(u, member) == nil {
		u.Variants = append(u.Variants, &api.Variant{Type: member, Group: group})
	}
}

// member gives a branch of a union as a named type.
func (b *builder) member(branch source.Node, hint string) *api.Type {
	own := branch.Get("title").Text()
	if own == "" {
		own = onlyText(branch)
	}
	if own == "" {
		own = memberWord(b.flatten(branch))
	}
	hint += naming.Exported(own)
	if key, ok := componentKey(branch.Pointer()); ok {
		return b.component(branch, key)
	}
	t := b.schema(branch, hint).Type
	if t.Name == "" && t.Kind != api.KindAny {
		b.hoist(t, hint)
	}
	return t
}

// onlyText gives the text that is the only value of a schema, "" where it can have others.
func onlyText(n source.Node) string {
	if values := n.Get("enum").Items(); len(values) == 1 && values[0].IsString() {
		return values[0].Text()
	}
	if c := n.Get("const"); c.IsString() {
		return c.Text()
	}
	return ""
}

// memberWord names a branch without a title: by the constant or the first required member that tells it from others, else by its form.
func memberWord(v *view) string {
	for _, p := range v.props {
		for _, n := range p.schemas {
			if text := onlyText(n); text != "" {
				return text
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

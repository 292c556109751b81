package analyze

import (
	"fmt"
	"slices"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// variantOf finds the variant of a type; nil when the union has none.
func variantOf(u *api.Union, t *api.Type) *api.Variant {
	for _, v := range u.Variants {
		if v.Type == t {
			return v
		}
	}
	return nil
}

// derivedFrom gives the schemas that are derived from one with a discriminator, as alternatives to one another; nothing when it has none,
// or nothing is derived from it.
func (b *builder) derivedFrom(base source.Node) []alternatives {
	at := base
	if !base.Has("discriminator") {
		i := slices.IndexFunc(base.Get("allOf").Items(), func(part source.Node) bool { return part.Has("discriminator") })
		if i < 0 {
			return nil
		}
		at = base.Get("allOf").Items()[i]
	}
	if _, ok := componentKey(base.Pointer()); !ok || at.Get("discriminator").Get("propertyName").Text() == "" {
		return nil
	}
	branches := b.heirs(base)
	if len(branches) == 0 {
		return nil
	}
	return []alternatives{{branches: branches, at: at, derived: true}}
}

// heirs lists the component schemas that include another one by allOf, or by what stands beside a reference, straight or through others, in
// the order of the description.
func (b *builder) heirs(base source.Node) []source.Node {
	if b.children == nil {
		b.children = map[source.Node][]source.Node{}
		for _, m := range b.root.Get("components").Get("schemas").Members() {
			parts := m.Value.Get("allOf").Items()
			if b.saysMore(m.Value) {
				parts = append(parts, m.Value)
			}
			for _, part := range parts {
				if target, err := b.follow(part); err == nil && target != part {
					b.children[target] = append(b.children[target], m.Value)
				}
			}
		}
	}
	found := map[source.Node]bool{base: true}
	for queue := []source.Node{base}; len(queue) > 0; queue = queue[1:] {
		for _, child := range b.children[queue[0]] {
			if !found[child] {
				found[child] = true
				queue = append(queue, child)
			}
		}
	}
	var out []source.Node
	for _, m := range b.root.Get("components").Get("schemas").Members() {
		if found[m.Value] && m.Value != base {
			out = append(out, m.Value)
		}
	}
	return out
}

// decideVariants decides, once all types are made, how the variants of unions are told apart.
func (b *builder) decideVariants() {
	for _, t := range b.named {
		if t.Union == nil {
			continue
		}
		inferDiscriminator(t.Union)
		for _, v := range t.Union.Variants {
			b.decideKinds(t, v)
			decideMembers(t, v)
			b.checkBeside(t, v)
		}
		for _, v := range t.Union.Variants {
			if t.Union.Discriminator == "" {
				t.Union.Discriminator = v.Discriminator
			}
		}
	}
}

// inferDiscriminator finds the member by which variants are told apart where no discriminator says it: each of them has one value for it,
// and no two have the same.
func inferDiscriminator(u *api.Union) {
	if slices.ContainsFunc(u.Variants, func(v *api.Variant) bool { return v.Discriminator != "" }) || len(u.Variants) == 0 {
		return
	}
	for _, f := range u.Variants[0].Type.Underlying().Fields {
		seen := map[string]bool{}
		for _, v := range u.Variants {
			if one := v.Type.FieldNamed(f.Name); one != nil && one.Fixed != "" {
				seen[one.Fixed] = true
			}
		}
		if len(seen) == len(u.Variants) {
			for _, v := range u.Variants {
				v.Discriminator = f.Name
			}
			return
		}
	}
}

// decideMembers decides which members a variant has alone, and which only those have that exclude it.
func decideMembers(union *api.Type, v *api.Variant) {
	mine, theirs := variantMembers(v.Type), map[string]bool{}
	for _, other := range union.Union.Variants {
		if other != v && other.Group == v.Group {
			for name := range variantMembers(other.Type) {
				theirs[name] = true
			}
		}
	}
	for name := range theirs {
		if shared := mine[name] || union.FieldNamed(name) != nil || name == v.Discriminator; !shared && !takenAnywhere(union, v, name) {
			v.Others = append(v.Others, name)
		}
	}
	for name := range mine {
		if !theirs[name] && union.FieldNamed(name) == nil {
			v.Own = append(v.Own, name)
		}
	}
	slices.Sort(v.Others)
	slices.Sort(v.Own)
}

// checkBeside warns of a member that is declared beside a union and in a variant of it, so that no value is both.
func (b *builder) checkBeside(union *api.Type, v *api.Variant) {
	for _, f := range union.Fields {
		g := v.Type.FieldNamed(f.Name)
		if g == nil {
			continue
		}
		beside, within := formOf(f.Type), formOf(g.Type)
		if beside != "" && within != "" && beside != within {
			b.warnOf(f.Pos, fmt.Sprintf("%s is %s beside the union, and %s in the variant at %s", diag.Quote(f.Name), beside, within, g.Pos),
				"no value is both; let them agree")
		}
	}
}

// formOf gives the type of JSON that a type is; "" when it can be several.
func formOf(t *api.Type) string {
	switch t = t.Underlying(); {
	case t.Kind == api.KindUnion || t.Kind == api.KindAny:
		return ""
	case t.Kind == api.KindArray:
		return "an array"
	case t.Kind == api.KindStruct || t.Kind == api.KindMap:
		return "an object"
	case t.Go == "bool":
		return "a boolean"
	case api.CategoryOf(t) == api.CategoryNumber:
		return "a number"
	}
	return "a string"
}

// takenAnywhere tells whether a member belongs to a variant that does not exclude the given one.
func takenAnywhere(union *api.Type, v *api.Variant, name string) bool {
	return slices.ContainsFunc(union.Union.Variants, func(other *api.Variant) bool {
		return other.Group != v.Group && variantMembers(other.Type)[name]
	})
}

// variantMembers gives the members that a type declares, those of the variants of a union among them.
func variantMembers(t *api.Type) map[string]bool {
	out := map[string]bool{}
	reachMembers(t, map[*api.Type]bool{}, func(f *api.Field) { out[f.Name] = true })
	return out
}

func reachMembers(t *api.Type, seen map[*api.Type]bool, visit func(*api.Field)) {
	t = t.Underlying()
	if seen[t] {
		return
	}
	seen[t] = true
	for _, f := range t.Fields {
		visit(f)
	}
	if t.Union != nil {
		for _, v := range t.Union.Variants {
			reachMembers(v.Type, seen, visit)
		}
	}
}

// fixedValue gives the one value that a property can have, as JSON; "" when there is none, or several.
func (b *builder) fixedValue(t *api.Type, schemas []source.Node) string {
	if kind := t.Underlying().Kind; kind != api.KindEnum && kind != api.KindScalar {
		return ""
	}
	v := b.flatten(schemas...)
	if len(v.enum) != 1 || v.enum[0].Kind() != source.Scalar {
		return ""
	}
	if v.form() == "string" {
		return jsonText(v.enum[0].Text())
	}
	doc, err := v.enum[0].JSON()
	if err != nil {
		return ""
	}
	return string(doc)
}

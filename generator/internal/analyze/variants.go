package analyze

import (
	"encoding/json"
	"slices"

	"github.com/contactsgen/contactsgen/generator/internal/api"
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

// heirs lists the component schemas that include another one by allOf, straight or through others, in the order of the description.
func (b *builder) heirs(base source.Node) []source.Node {
	if b.children == nil {
		b.children = map[source.Node][]source.Node{}
		for _, m := range b.root.Get("components").Get("schemas").Members() {
			for _, part := range m.Value.Get("allOf").Items() {
				if target, err := part.Follow(); err == nil && part.Has("$ref") {
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
			decideKinds(t, v)
			decideMembers(t, v)
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

// decideKinds decides which values of the discriminator lead to a variant: those of the mapping; else those that the variant can have and
// no other one can; else the name of its schema.
func decideKinds(union *api.Type, v *api.Variant) {
	if v.Discriminator == "" {
		return
	}
	if len(v.Kinds) == 0 {
		v.Kinds = kindsOf(v)
		for _, other := range union.Union.Variants {
			if other != v && slices.ContainsFunc(kindsOf(other), func(text string) bool { return slices.Contains(v.Kinds, text) }) {
				v.Kinds = nil
			}
		}
	}
	if len(v.Kinds) == 0 && v.Key != "" {
		v.Kinds = []string{v.Key}
	}
	member := v.Type.FieldNamed(v.Discriminator)
	if member == nil {
		member = union.FieldNamed(v.Discriminator)
	}
	for _, kind := range v.Kinds {
		v.KindsJSON = append(v.KindsJSON, kindJSON(kind, member))
	}
}

// kindsOf gives the values that the discriminator can have in a variant, as text; none when it can have any.
func kindsOf(v *api.Variant) []string {
	f := v.Type.FieldNamed(v.Discriminator)
	if f == nil {
		return nil
	}
	if f.Fixed != "" {
		return []string{textOfJSON(f.Fixed)}
	}
	var out []string
	for _, value := range f.Type.Underlying().Enum {
		out = append(out, value.Value)
	}
	return out
}

// kindJSON gives a value of the discriminator in the type that its member has.
func kindJSON(kind string, member *api.Field) string {
	isText := true
	if member != nil {
		switch t := member.Type.Underlying(); t.Kind {
		case api.KindEnum:
			isText = t.EnumGo == "string"
		case api.KindScalar:
			isText = api.CategoryOf(t) != api.CategoryNumber
		}
	}
	if !isText && json.Valid([]byte(kind)) {
		return kind
	}
	return jsonText(kind)
}

func jsonText(text string) string {
	doc, _ := json.Marshal(text) // a string always marshals
	return string(doc)
}

func textOfJSON(doc string) string {
	var text string
	if json.Unmarshal([]byte(doc), &text) != nil {
		return doc
	}
	return text
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

// takenAnywhere tells whether a member belongs to a variant that does not exclude the given one.
func takenAnywhere(union *api.Type, v *api.Variant, name string) bool {
	return slices.ContainsFunc(union.Union.Variants, func(other *api.Variant) bool { return other.Group != v.Group && variantMembers(other.Type)[name] })
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
func fixedValue(schemas []source.Node) string {
	for _, n := range schemas {
		target, err := n.Follow()
		if err != nil {
			continue
		}
		values := target.Get("enum").Items()
		if c := target.Get("const"); !c.IsZero() {
			values = []source.Node{c}
		}
		if len(values) != 1 || values[0].Kind() != source.Scalar {
			continue
		}
		if isString := target.Get("type").Text() == "string"; isString {
			return jsonText(values[0].Text())
		}
		if doc, err := values[0].JSON(); err == nil {
			return string(doc)
		}
	}
	return ""
}

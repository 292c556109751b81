package analyze

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// discriminate reads the discriminator of some alternatives. What it leads to beside their branches is a variant, too. Where the mapping
// says nothing of a variant it is called as its own values say, or else like its schema (see decideVariants).
func (b *builder) discriminate(t *api.Type, of alternatives, choice int, hint string) {
	u, d := t.Union, of.at.Get("discriminator")
	name := d.Get("propertyName").Text()
	if name == "" {
		if !d.IsZero() {
			b.warnOf(d.Pos(), "this discriminator names no property, so nothing tells what a value is", "name it: {propertyName: kind}")
		}
		return
	}
	for _, m := range d.Get("mapping").Members() {
		target := b.mapped(m.Value, hint)
		switch {
		case target == nil:
			b.warnOf(m.Value.Pos(), fmt.Sprintf("%s of %s leads to %s, which is no schema of the description", diag.Quote(m.Key), name,
				diag.Quote(m.Value.Text())),
				"values of that kind are kept, and As… and ValueByDiscriminator do not know it; write the name of a component schema, or a reference")
		case target == t:
			b.warnOf(m.Value.Pos(), fmt.Sprintf("%s of %s leads to the schema that has the discriminator", diag.Quote(m.Key), name),
				"values of that kind are read, and ValueByDiscriminator does not know it; let it lead to a schema that is derived from this one")
		default:
			joinVariant(u, target, api.Alternative{Choice: choice})
			v := variantOf(u, target)
			v.Kinds = append(v.Kinds, m.Key)
		}
	}
	for _, v := range u.Variants {
		if v.Group.Choice == choice {
			v.Discriminator, b.told[v] = name, d
		}
	}
	for _, branch := range of.branches {
		target := branch
		if _, ok := componentKey(branch.Pointer()); !ok {
			target, _ = b.follow(branch) // what cannot be reached is no component
		}
		if key, ok := componentKey(target.Pointer()); ok {
			if v := variantOf(u, b.component(target, key)); v != nil {
				v.Key = key
			}
		}
	}
}

// mapped gives the schema that a discriminator's mapping names, by its key among the components or by a reference; nil when there is none.
func (b *builder) mapped(n source.Node, hint string) *api.Type {
	key := jsonpointer.Unescape(strings.TrimPrefix(n.Text(), "#/components/schemas/"))
	if c := b.root.Get("components").Get("schemas").Get(key); !c.IsZero() {
		return b.component(c, key)
	}
	target, err := n.Lead()
	if err != nil || target.Kind() != source.Mapping {
		return nil
	}
	return b.member(target, hint)
}

// warnOf warns of what a union cannot hold, once for each place.
func (b *builder) warnOf(at diag.Position, message, help string) {
	if !b.warned[at] {
		b.warned[at] = true
		b.api.Warnings = append(b.api.Warnings, &diag.Problem{Pos: at, Message: message, Help: help})
	}
}

// decideKinds decides which values of the discriminator lead to a variant: those of the mapping; else those that the variant can have and
// no other one can; else the name of its schema.
func (b *builder) decideKinds(union *api.Type, v *api.Variant) {
	if v.Discriminator == "" {
		return
	}
	if len(v.Kinds) == 0 {
		v.Kinds = kindsOf(v, nil)
		for _, other := range union.Union.Variants {
			if other != v && slices.ContainsFunc(kindsOf(other, nil), func(text string) bool { return slices.Contains(v.Kinds, text) }) {
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
	b.checkKinds(v, member)
	for _, kind := range v.Kinds {
		v.KindsJSON = append(v.KindsJSON, kindJSON(kind, member))
	}
}

// checkKinds drops the values of the discriminator that its member cannot have, and warns of them, and of a variant that is left with none.
func (b *builder) checkKinds(v *api.Variant, member *api.Field) {
	said := b.told[v]
	for _, m := range said.Get("mapping").Members() {
		if slices.Contains(v.Kinds, m.Key) && !isKind(m.Key, member) {
			b.warnOf(m.KeyPos, fmt.Sprintf("%s is no value of %s as %s declares it", diag.Quote(m.Key), v.Discriminator, member.Pos),
				"let the mapping and the property agree")
		}
	}
	v.Kinds = slices.DeleteFunc(v.Kinds, func(kind string) bool { return !isKind(kind, member) })
	switch kind := v.Type.Underlying().Kind; {
	case kind == api.KindScalar || kind == api.KindEnum || kind == api.KindArray:
		v.Kinds = nil
		b.warnOf(v.Type.Pos, "this is no object, so the discriminator "+v.Discriminator+" does not tell it from others",
			"read it with As…, or make an object of it")
	case len(v.Kinds) == 0 && !said.IsZero():
		b.warnOf(v.Type.Pos, "nothing says which value of "+v.Discriminator+" this variant has",
			"give that property a const or an enum here, or name this schema in the discriminator's mapping at "+said.Pos().String())
	}
}

// isKind tells whether the member that a discriminator names can have a value.
func isKind(kind string, member *api.Field) bool {
	if member == nil {
		return true
	}
	t := member.Type.Underlying()
	form := t.Go
	if t.Kind == api.KindEnum {
		form = t.EnumGo
	}
	var err error
	switch {
	case form == "bool":
		_, err = strconv.ParseBool(kind)
	case strings.HasPrefix(form, "int"), strings.HasPrefix(form, "uint"):
		_, err = json.Number(kind).Int64()
	case strings.HasPrefix(form, "float"):
		_, err = json.Number(kind).Float64()
	default:
		return t.Kind != api.KindArray && t.Kind != api.KindMap && t.Kind != api.KindStruct
	}
	return err == nil && json.Valid([]byte(kind))
}

// kindsOf gives the values that the discriminator can have in a variant, as text; none when it can have any. Those of a union are those of
// its variants, where the same member tells them.
func kindsOf(v *api.Variant, within []*api.Type) []string {
	t := v.Type.Underlying()
	var out []string
	if t.Union != nil && !slices.Contains(within, t) {
		for _, inner := range t.Union.Variants {
			kinds := inner.Kinds
			if inner.Discriminator == v.Discriminator && len(kinds) == 0 {
				kinds = kindsOf(inner, append(within, t))
			}
			if inner.Discriminator == v.Discriminator && len(kinds) == 0 && inner.Key != "" {
				kinds = []string{inner.Key}
			}
			out = append(out, kinds...)
		}
	}
	f := v.Type.FieldNamed(v.Discriminator)
	switch {
	case len(out) > 0 || f == nil:
	case f.Fixed != "":
		out = append(out, textOfJSON(f.Fixed))
	default:
		for _, value := range f.Type.Underlying().Enum {
			out = append(out, value.Value)
		}
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

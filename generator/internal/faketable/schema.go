package faketable

import (
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// formats are the formats of texts that the fake looks at.
var formats = map[string]fake.Kind{"date": fake.KindDate, "email": fake.KindEmail, "uuid": fake.KindUUID, "uri": fake.KindURI}

// schema gives what a type asks of a value.
func (t *table) schema(typ *api.Type, nullable bool) fake.Schema {
	nullable = nullable || typ.Nullable
	typ = typ.Underlying()
	is := fake.Schema{Form: formOf(typ), Nullable: nullable}
	l := typ.Limits
	switch is.Form {
	case fake.KindAny:
		return fake.Schema{}
	case fake.KindObject:
		is.Shape, is.MinItems, is.MaxItems = typ.Name, l.MinItems, l.MaxItems
	case fake.KindArray, fake.KindMap:
		is.MinItems, is.MaxItems, is.Unique = l.MinItems, l.MaxItems, l.Unique
		is.Elem = t.element(typ)
	case fake.KindInteger, fake.KindInt32, fake.KindNumber:
		is.Minimum, is.Maximum, is.Above, is.Below, is.MultipleOf = l.Minimum, l.Maximum, l.Above, l.Below, l.MultipleOf
	case fake.KindBoolean:
	default:
		is.MinLength, is.MaxLength, is.Pattern = l.MinLength, l.MaxLength, l.Pattern
	}
	for _, v := range typ.Enum {
		is.Enum = append(is.Enum, v.Value)
	}
	return is
}

// element gives what is asked of an array's items or a map's values; nil where that is nothing. A type that is its own element has none.
func (t *table) element(typ *api.Type) *fake.Schema {
	elem := typ.Elem
	if typ.Kind == api.KindMap {
		elem = typ.Values
	}
	if t.within[typ] {
		return nil
	}
	t.within[typ] = true
	defer delete(t.within, typ)
	is := t.schema(elem, false)
	if is.Form == fake.KindAny {
		return nil
	}
	return &is
}

// formOf gives the kind of a type's values.
func formOf(typ *api.Type) fake.Kind {
	switch typ.Kind {
	case api.KindAny:
		return fake.KindAny
	case api.KindStruct, api.KindUnion:
		return fake.KindObject
	case api.KindArray:
		return fake.KindArray
	case api.KindMap:
		return fake.KindMap
	case api.KindEnum:
		if typ.EnumGo != "string" {
			return fake.KindInteger
		}
		return fake.KindText
	}
	switch {
	case typ.Go == "int32":
		return fake.KindInt32
	case strings.HasPrefix(typ.Go, "int"), strings.HasPrefix(typ.Go, "uint"):
		return fake.KindInteger
	case typ.Go == "float64":
		return fake.KindNumber
	case typ.Go == "bool":
		return fake.KindBoolean
	case typ.Go == "Timestamp":
		return fake.KindInstant
	case typ.Go == "[]byte":
		return fake.KindBytes
	}
	if form, ok := formats[typ.Limits.Format]; ok {
		return form
	}
	return fake.KindText
}

// shapes gives the shapes of everything that resources and requests are made of, in order of name.
func (t *table) shapes() []fake.Shape {
	byName := map[string]*api.Type{}
	seen := map[*api.Type]bool{}
	var visit func(*api.Type)
	visit = func(typ *api.Type) {
		if typ == nil || seen[typ] {
			return
		}
		seen[typ] = true
		if (typ.Kind == api.KindStruct || typ.Kind == api.KindUnion) && typ.Name != "" {
			byName[typ.Name] = typ
		}
		for _, f := range typ.Fields {
			visit(f.Type)
		}
		visit(typ.Elem)
		visit(typ.Values)
		if typ.Union != nil {
			for _, v := range typ.Union.Variants {
				visit(v.Type)
			}
		}
	}
	for _, r := range t.resources {
		visit(r.typ)
	}
	t.eachOperation(func(op *api.Operation) {
		if hasJSON(op) {
			visit(op.Body.Type)
		}
	})
	var out []fake.Shape
	for _, name := range sorted(byName) {
		out = append(out, t.shape(byName[name]))
	}
	return out
}

// shape gives the shape of an object.
func (t *table) shape(typ *api.Type) fake.Shape {
	s := fake.Shape{Name: typ.Name, ItemKey: typ.ItemKey, Closed: typ.Closed, Presence: presence(typ.Presence)}
	if typ.Values != nil {
		if is := t.schema(typ.Values, false); is.Form != fake.KindAny {
			s.Values = &is
		}
	}
	for _, f := range typ.Fields {
		s.Members = append(s.Members, fake.Member{Name: f.Name, ReadOnly: f.ReadOnly, Required: f.Required, Is: t.schema(f.Type, f.Nullable)})
	}
	if typ.Union != nil {
		for _, v := range typ.Union.Variants {
			s.Variants = append(s.Variants, fake.Variant{Is: t.schema(v.Type, false), Member: v.Discriminator, Kinds: v.Kinds})
		}
	}
	return s
}

// presence prints a condition into the table.
func presence(p *api.Presence) *fake.Presence {
	if p == nil {
		return nil
	}
	all := func(list []api.Presence) (out []fake.Presence) {
		for i := range list {
			out = append(out, *presence(&list[i]))
		}
		return out
	}
	return &fake.Presence{All: p.All, Not: presence(p.Not), One: all(p.One), Any: all(p.Any), Every: all(p.Every)}
}

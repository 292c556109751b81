package analyze

import (
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/godoc"
)

// sayUses says of every type without a text of its own what it is for: of which method it is the body or the result, which member has it.
func (b *builder) sayUses() {
	u := uses{}
	for _, s := range b.api.Services {
		for _, o := range s.Operations {
			u.ofOperation(o, "["+s.TypeName+"."+o.Name+"]")
		}
	}
	for _, c := range b.api.Codes {
		u.note(c.Data, "what an error adds to the code ["+c.GoName+"]", "what errors add to the code ["+c.GoName+"]")
	}
	if w := b.api.Webhooks; w != nil {
		for _, e := range w.Events {
			u.note(e.Schema, "the payload of ["+e.Name+"]", "the payload of ["+e.Name+"]")
		}
	}
	for _, t := range b.api.Types {
		u.ofMembers(t)
	}
	for _, t := range b.api.Types {
		if godoc.Clean(t.Doc) != "" {
			continue
		}
		key, isComponent := componentKey(t.Pointer)
		switch list := u[t]; {
		case len(list) > 2:
			t.Use = "is " + list[0] + ", " + list[1] + ", and more."
		case len(list) > 0:
			t.Use = "is " + strings.Join(list, " and ") + "."
		case isComponent:
			t.Use = "is the component \"" + godoc.Clean(key) + "\" of the description. No operation uses it."
		}
	}
}

// uses are what types are for, each in a few words.
type uses map[*api.Type][]string

// ofOperation notes what an operation sends and gets.
func (u uses) ofOperation(o *api.Operation, method string) {
	if o.Body != nil {
		u.note(o.Body.Type, "the body of "+method, "the body of "+method)
		if f := o.Body.Form; f != nil {
			for _, p := range f.Parts {
				u.note(p.Type, "the type of ["+f.TypeName+"."+p.GoName+"]", "["+f.TypeName+"."+p.GoName+"]")
			}
		}
	}
	u.note(o.Result.Type, "the result of "+method, "the result of "+method)
	for _, p := range append(o.PathParams[:len(o.PathParams):len(o.PathParams)], o.Required...) {
		u.note(p.Type, "the type of an argument of "+method, "an argument of "+method)
	}
	if o.Params != nil {
		for _, p := range o.Params.Fields {
			u.note(p.Type, "the type of ["+o.Params.TypeName+"."+p.GoName+"]", "["+o.Params.TypeName+"."+p.GoName+"]")
		}
	}
	for _, f := range o.Failures {
		u.note(f.Type, "an error of "+method, "an error of "+method)
	}
}

// ofMembers notes what a type is made of.
func (u uses) ofMembers(t *api.Type) {
	for _, f := range t.Fields {
		u.note(f.Type, "the type of ["+t.Name+"."+f.GoName+"]", "["+t.Name+"."+f.GoName+"]")
	}
	if t.Union != nil {
		for _, v := range t.Union.Variants {
			u.note(v.Type, "a variant of ["+t.Name+"]", "a variant of ["+t.Name+"]")
		}
	}
	for _, part := range []*api.Type{t.Elem, t.Values} {
		if t.Kind == api.KindRef {
			u.note(part, "what ["+t.Name+"] is", "["+t.Name+"]")
			continue
		}
		u.note(part, "an element of ["+t.Name+"]", "an element of ["+t.Name+"]")
	}
}

// note enters a use of a type, or of what is in lists and maps that have no name; whole says what the place is to others.
func (u uses) note(t *api.Type, use, whole string) {
	for t != nil && t.Name == "" {
		switch {
		case t.Elem != nil && t.Kind != api.KindRef:
			t, use = t.Elem, "an element of "+whole
		case t.Elem != nil:
			t = t.Elem
		case t.Values != nil:
			t, use = t.Values, "a value of "+whole
		default:
			return
		}
	}
	if t == nil {
		return
	}
	for _, known := range u[t] {
		if known == use {
			return
		}
	}
	u[t] = append(u[t], use)
}

package emit

import (
	"sort"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// shapes knows which types the revision-aware helpers need a shape of, and what each shape's variable is called.
type shapes struct {
	order     []*api.Type
	inOrder   []*api.Type // as initOrder has them
	names     map[*api.Type]string
	within    map[*api.Type]bool           // lists and maps that are being looked into
	owner     map[*api.Type]*api.Service   // the first service that needs a shape has it
	resources map[*api.Service][]*api.Type // likewise the resources that have helpers
}

// newShapes collects the structs that the guarded resources are made of, and the lists and maps that are in themselves. Others are written
// where they are used.
func newShapes(a *api.API) *shapes {
	s := &shapes{names: map[*api.Type]string{}, within: map[*api.Type]bool{}, owner: map[*api.Type]*api.Service{},
		resources: map[*api.Service][]*api.Type{}}
	seen := map[*api.Type]bool{}
	for _, svc := range a.Services {
		for _, op := range svc.Operations {
			if op.Revision == nil || !a.Features[api.FeatureHelpers] {
				continue
			}
			s.collect(op.Revision.Type, svc)
			if op.Revision.Helper != "" && !seen[op.Revision.Type] {
				seen[op.Revision.Type] = true
				s.resources[svc] = append(s.resources[svc], op.Revision.Type)
			}
		}
	}
	sort.SliceStable(s.order, func(i, j int) bool { return s.order[i].Name < s.order[j].Name })
	s.inOrder = s.initOrder()
	return s
}

func (s *shapes) collect(t *api.Type, owner *api.Service) {
	if t == nil {
		return
	}
	t = t.Underlying()
	if s.names[t] != "" {
		return
	}
	if t.HasFields() || s.within[t] {
		s.names[t], s.owner[t] = "shape"+t.Name, owner
		s.order = append(s.order, t)
	}
	if s.within[t] {
		return
	}
	s.within[t] = true
	for _, f := range t.Fields {
		s.collect(f.Type, owner)
	}
	s.collect(t.Elem, owner)
	s.collect(t.Values, owner)
	delete(s.within, t)
}

// print writes the shapes that a service has, in order of name:
//
//	var (
//		shapeContactName = shape{members: []member{{name: "first", nullable: true}, …}}
//	)
//
// A shape may contain itself, which Go does not allow in an initialiser: such parts are added by an init function.
func (s *shapes) print(f *jen.File, owner *api.Service) {
	w := &shapeWriter{shapes: s, done: map[*api.Type]bool{}}
	var all []jen.Code
	for _, t := range s.inOrder {
		if s.owner[t] != owner {
			w.done[t] = true
			continue
		}
		all = append(all, jen.Id(s.names[t]).Op("=").Id("shape").Add(w.literal(t)))
		w.done[t] = true
	}
	if all == nil {
		return
	}
	f.Comment("The members of each type that is written, and how they may be written.")
	f.Var().Defs(all...)
	f.Line()
	if len(w.late) > 0 {
		f.Func().Id("init").Params().Block(w.late...)
	}
}

// shapeWriter prints one shape after the other, and remembers what has to wait for later ones.
type shapeWriter struct {
	*shapes
	done map[*api.Type]bool
	late []jen.Code
}

// literal prints what a shape that has a variable is made of.
func (w *shapeWriter) literal(t *api.Type) jen.Code {
	variable := jen.Id(w.names[t])
	if t.Kind == api.KindArray {
		return inline(append([]pair{{"isArray", jen.True()}, {"items", w.part(t.Elem, variable.Clone().Dot("items"))}}, keyOf(t.Elem)...)...)
	}
	var members []jen.Code
	for i, field := range t.Fields {
		members = append(members, inline(
			pair{"name", text(field.Name)}, pair{"readOnly", flag(field.ReadOnly)}, pair{"derived", flag(field.Derived)},
			pair{"nullable", flag(field.Nullable)},
			pair{"shape", w.part(field.Type, variable.Clone().Dot("members").Index(jen.Lit(i)).Dot("shape"))},
		))
	}
	fields := []pair{{"itemKey", text(t.ItemKey)}, {"isMap", flag(t.Values != nil)},
		{"values", w.part(t.Values, variable.Clone().Dot("values"))},
		{"freeForm", flag(t.Kind == api.KindUnion)}}
	if t.HasFields() {
		fields = append(fields, pair{"members", jen.Index().Id("memberShape").Add(filled(members))})
	}
	return inline(fields...)
}

// part prints a pointer to the shape of a part, which goes to a place later if it is not there yet.
func (w *shapeWriter) part(t *api.Type, place *jen.Statement) jen.Code {
	shape := w.reference(t)
	if w.ready(t) {
		return shape
	}
	w.late = append(w.late, place.Op("=").Add(shape))
	return nil
}

// ready tells whether all variables have been printed that the shape of a type is made of.
func (w *shapeWriter) ready(t *api.Type) bool {
	if t == nil {
		return true
	}
	if t = t.Underlying(); w.names[t] != "" {
		return w.done[t]
	}
	return w.ready(t.Elem) && w.ready(t.Values)
}

// initOrder puts a type behind the types it is made of, as far as they are not made of it.
func (s *shapes) initOrder() []*api.Type {
	var out []*api.Type
	seen := map[*api.Type]bool{}
	var visit func(*api.Type)
	visit = func(t *api.Type) {
		if t == nil {
			return
		}
		if t = t.Underlying(); seen[t] {
			return
		}
		if s.names[t] != "" {
			seen[t] = true
		}
		for _, f := range t.Fields {
			visit(f.Type)
		}
		visit(t.Elem)
		visit(t.Values)
		if s.names[t] != "" {
			out = append(out, t)
		}
	}
	for _, t := range s.order {
		visit(t)
	}
	return out
}

// reference prints a pointer to a type's shape; nil for a scalar.
func (s *shapes) reference(t *api.Type) jen.Code {
	if t == nil {
		return nil
	}
	if t = t.Underlying(); s.names[t] != "" {
		return jen.Op("&").Id(s.names[t])
	}
	switch t.Kind {
	case api.KindArray:
		return jen.Op("&").Id("shape").Add(inline(append([]pair{{"isArray", jen.True()}, {"items", s.reference(t.Elem)}}, keyOf(t.Elem)...)...))
	case api.KindMap:
		return jen.Op("&").Id("shape").Add(inline(pair{"isMap", jen.True()}, pair{"values", s.reference(t.Values)}))
	case api.KindAny, api.KindUnion:
		return jen.Op("&").Id("shape").Add(inline(pair{"freeForm", jen.True()}))
	}
	return nil
}

// keyOf gives the member by which the items of a list keep their identity, if one does.
func keyOf(items *api.Type) []pair {
	key := items.Underlying().ItemKey
	if key == "" {
		return nil
	}
	return []pair{{"itemKey", text(key)}}
}

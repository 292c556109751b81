package emit

import (
	"sort"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/model"
)

// shapes knows which types the revision-aware helpers need a shape of, and what each shape's variable is called.
type shapes struct {
	order []*model.Type
	names map[*model.Type]string
}

// newShapes collects the named structs, arrays and maps that the guarded resources are made of.
func newShapes(api *model.API) *shapes {
	s := &shapes{names: map[*model.Type]string{}}
	for _, svc := range api.Services {
		for _, op := range svc.Operations {
			if op.Revision != nil {
				s.collect(op.Revision.Type)
			}
		}
	}
	sort.SliceStable(s.order, func(i, j int) bool { return s.order[i].Name < s.order[j].Name })
	return s
}

func (s *shapes) collect(t *model.Type) {
	if t == nil {
		return
	}
	if t.Name != "" && t.Kind == model.KindStruct {
		if s.names[t] != "" {
			return
		}
		s.names[t] = "shape" + t.Name
		s.order = append(s.order, t)
	}
	for _, f := range t.Fields {
		s.collect(f.Type)
	}
	s.collect(t.Elem)
	s.collect(t.Values)
}

// print writes the shapes in order of name:
//
//	var (
//		shapeContactName = shape{members: []member{{name: "first", nullable: true}, …}}
//	)
//
// A shape may contain itself, which Go does not allow in an initialiser: such members are added by an init function.
func (s *shapes) print(f *jen.File) {
	done := map[*model.Type]bool{}
	var all, late []jen.Code
	for _, t := range s.initOrder() {
		var members []jen.Code
		for i, field := range t.Fields {
			shape := s.reference(field.Type)
			if !s.ready(field.Type, done) {
				late = append(late, jen.Id(s.names[t]).Dot("members").Index(jen.Lit(i)).Dot("shape").Op("=").Add(shape))
				shape = nil
			}
			members = append(members, inline(
				pair{"name", text(field.Name)}, pair{"readOnly", flag(field.ReadOnly)}, pair{"nullable", flag(field.Nullable)}, pair{"shape", shape},
			))
		}
		done[t] = true
		all = append(all, jen.Id(s.names[t]).Op("=").Id("shape").Add(inline(
			pair{"itemKey", text(t.ItemKey)},
			pair{"isMap", flag(t.Values != nil)},
			pair{"values", s.reference(t.Values)},
			pair{"members", jen.Index().Id("member").Add(filled(members))},
		)))
	}
	f.Comment("The members of each type that is written, and how they may be written.")
	f.Var().Defs(all...)
	f.Line()
	if len(late) > 0 {
		f.Func().Id("init").Params().Block(late...)
	}
}

// initOrder puts a type behind the types it is made of, as far as they are not made of it.
func (s *shapes) initOrder() []*model.Type {
	var out []*model.Type
	seen := map[*model.Type]bool{}
	var visit func(*model.Type)
	visit = func(t *model.Type) {
		if t == nil || seen[t] {
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

func (s *shapes) ready(t *model.Type, done map[*model.Type]bool) bool {
	switch {
	case t == nil:
		return true
	case s.names[t] != "":
		return done[t]
	}
	return s.ready(t.Elem, done) && s.ready(t.Values, done)
}

// reference prints a pointer to a type's shape; nil for a scalar.
func (s *shapes) reference(t *model.Type) jen.Code {
	if t == nil {
		return nil
	}
	if name := s.names[t]; name != "" {
		return jen.Op("&").Id(name)
	}
	switch t.Kind {
	case model.KindRef:
		return s.reference(t.Elem)
	case model.KindArray:
		fields := []pair{{"isArray", jen.True()}, {"items", s.reference(t.Elem)}}
		if key := itemKey(t.Elem); key != "" {
			fields = append(fields, pair{"itemKey", text(key)})
		}
		return jen.Op("&").Id("shape").Add(inline(fields...))
	case model.KindMap:
		return jen.Op("&").Id("shape").Add(inline(pair{"isMap", jen.True()}, pair{"values", s.reference(t.Values)}))
	case model.KindAny, model.KindUnion:
		return jen.Op("&").Id("shape").Add(inline(pair{"freeForm", jen.True()}))
	}
	return nil
}

func itemKey(t *model.Type) string {
	for t.Kind == model.KindRef {
		t = t.Elem
	}
	return t.ItemKey
}

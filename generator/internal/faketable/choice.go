package faketable

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// chosen decides where the request of a list has its filter and its order, and that of a list or a read its projection, as far as the
// description's x-fake does not say it. Only forms that the fake understands are taken: an object as a filter, a list of {fieldName, order}
// or text as an order, a list of texts as a projection.
func (t *table) chosen(op *api.Operation, out *fake.Route) {
	spots := spotsOf(op)
	for _, one := range []struct {
		at    *fake.Location
		names []string
		fits  func(*api.Type) bool
	}{
		{&out.Filter, []string{"filter"}, isFree},
		{&out.Sort, []string{"sort", "sorting", "orderBy", "order_by"}, isOrder},
		{&out.Fields, []string{"fields"}, isTexts},
	} {
		if one.at.In != "" || out.Verb == fake.VerbRead && one.at != &out.Fields {
			continue
		}
		i := slices.IndexFunc(spots, func(s spot) bool { return slices.Contains(one.names, s.name) && one.fits(s.typ) })
		if i >= 0 {
			*one.at = spots[i].at
		}
	}
}

// spot is a place in a request that says something about a list.
type spot struct {
	name string
	typ  *api.Type
	at   fake.Location
}

// spotsOf gives the parameters of a list in the query, and the members of its body: those at the top, and those beside its page.
func spotsOf(op *api.Operation) []spot {
	var out []spot
	params := op.Required
	if op.Params != nil {
		params = slices.Concat(params, op.Params.Fields)
	}
	for _, p := range params {
		if p.In == api.InQuery {
			out = append(out, spot{p.Name, p.Type.Underlying(), fake.Location{In: fake.Place(p.In), Name: p.Name}})
		}
	}
	if !hasJSON(op) {
		return out
	}
	for _, prefix := range besidePage(op) {
		typ := op.Body.Type.Underlying().At(prefix)
		if typ == nil {
			continue
		}
		for _, f := range typ.Underlying().Fields {
			out = append(out, spot{f.Name, f.Type.Underlying(), fake.Location{In: fake.Place(api.InBody), At: prefix + "/" + segment(f.Name)}})
		}
	}
	return out
}

// besidePage gives the objects in the body that hold the one that asks for a page, the innermost first.
func besidePage(op *api.Operation) []string {
	at := ""
	if p := op.Paging; p != nil {
		for _, l := range []api.Location{p.Limit, p.Offset, p.CursorSend} {
			if l.In == api.InBody {
				at = l.At
			}
		}
	}
	var out []string
	for at != "" {
		at = at[:strings.LastIndexByte(at, '/')]
		out = append(out, at)
	}
	if out == nil {
		out = []string{""}
	}
	return out
}

func isFree(t *api.Type) bool {
	return t.Kind == api.KindMap || t.Kind == api.KindAny
}

func isText(t *api.Type) bool {
	return t.Kind == api.KindScalar && t.Go == "string" || t.Kind == api.KindEnum
}

func isTexts(t *api.Type) bool {
	return t.Kind == api.KindArray && isText(t.Elem.Underlying())
}

// isOrder tells whether a type can be an order that the fake reads.
func isOrder(t *api.Type) bool {
	if isText(t) {
		return t.Kind == api.KindScalar
	}
	if t.Kind != api.KindArray {
		return false
	}
	elem := t.Elem.Underlying()
	return slices.ContainsFunc(elem.Fields, func(f *api.Field) bool { return f.Name == "fieldName" })
}

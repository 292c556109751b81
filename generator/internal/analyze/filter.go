package analyze

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// usualOperators are those that a description need not explain, in the order in which they are printed.
var usualOperators = []api.FilterOperator{
	{Name: "$eq", Method: "Eq", Takes: api.TakesValue},
	{Name: "$ne", Method: "Ne", Takes: api.TakesValue},
	{Name: "$gt", Method: "Gt", Takes: api.TakesValue},
	{Name: "$gte", Method: "Gte", Takes: api.TakesValue},
	{Name: "$lt", Method: "Lt", Takes: api.TakesValue},
	{Name: "$lte", Method: "Lte", Takes: api.TakesValue},
	{Name: "$in", Method: "In", Takes: api.TakesList},
	{Name: "$nin", Method: "Nin", Takes: api.TakesList},
	{Name: "$startsWith", Method: "StartsWith", Takes: api.TakesValue},
	{Name: "$endsWith", Method: "EndsWith", Takes: api.TakesValue},
	{Name: "$contains", Method: "Contains", Takes: api.TakesValue},
	{Name: "$hasSome", Method: "HasSome", Takes: api.TakesList},
	{Name: "$hasAll", Method: "HasAll", Takes: api.TakesList},
	{Name: "$exists", Method: "Exists", Takes: api.TakesFlag},
	{Name: "$isEmpty", Method: "IsEmpty", Takes: api.TakesFlag},
}

// readFilters reads the x-filter of each component that is a filter.
func (b *builder) readFilters() {
	kinds := map[string]*api.FilterKind{}
	for _, m := range b.root.Get("components").Get("schemas").Members() {
		x, ok := b.extension(m.Value, "x-filter")
		if !ok {
			continue
		}
		t := b.types[m.Value]
		if t == nil || t.Kind != api.KindMap || t.Values.Kind != api.KindAny {
			b.problems.Add(&diag.Problem{Pos: x.KeyPos(), Message: "the schema " + diag.Quote(m.Key) + " is no object of free-form members",
				Help: "describe filters as {type: object, additionalProperties: true}"})
			continue
		}
		f := &api.Filter{Type: t, And: x.Get("and").Text(), Or: x.Get("or").Text(), Not: x.Get("not").Text(), Pos: x.KeyPos()}
		r := &filterReader{builder: b, operators: b.operatorsOf(x), kinds: kinds, hint: naming.Exported(m.Key)}
		for _, n := range x.Get("fields").Items() {
			f.Fields = append(f.Fields, r.fields(n)...)
		}
		b.api.Filters = append(b.api.Filters, f)
	}
}

// operatorsOf are the operators that fields of a filter may name: the usual ones, and those that the description explains.
func (b *builder) operatorsOf(x source.Node) []*api.FilterOperator {
	var own []*api.FilterOperator
	methods := map[string]string{}
	for _, m := range x.Get("operators").Members() {
		o := &api.FilterOperator{Name: m.Key, Method: m.Value.Get("method").Text(), Takes: api.Takes(m.Value.Get("takes").Text())}
		if o.Method == "" {
			o.Method = naming.Exported(m.Key)
		}
		own = append(own, o)
		if other, taken := methods[o.Method]; taken {
			b.problems.Add(&diag.Problem{Pos: m.KeyPos, Message: "the operators " + diag.Quote(other) + " and " + diag.Quote(m.Key) +
				" would both be the method " + o.Method, Help: "give one of them a method"})
		}
		methods[o.Method] = m.Key
	}
	var out []*api.FilterOperator
	for i := range usualOperators {
		o := &usualOperators[i]
		if x.Get("operators").Get(o.Name).IsZero() && methods[o.Method] == "" {
			out = append(out, o)
		}
	}
	return append(out, own...)
}

// filterReader reads the fields of one filter.
type filterReader struct {
	*builder
	operators []*api.FilterOperator
	kinds     map[string]*api.FilterKind // of all filters, by what they are called
	hint      string
}

// fields reads fields that have the same operators and the same type.
func (r *filterReader) fields(n source.Node) []*api.FilterField {
	names := n.Get("names").Items()
	as := n.Get("as").Text()
	if as != "" && len(names) > 1 {
		r.problems.Add(&diag.Problem{Pos: n.Get("as").Pos(), Message: "several fields cannot have one name",
			Help: "give a field with a Go name of its own an entry of its own"})
		as = ""
	}
	t := r.schema(n.Get("schema"), r.hint+"Value").Type
	if u := t.Underlying(); (u.Kind != api.KindScalar && u.Kind != api.KindEnum || u.Go == "[]byte") && len(r.faults[t]) == 0 {
		r.problems.Add(&diag.Problem{Pos: n.Get("schema").Pos(), Message: "values of a field have to be texts, numbers or booleans",
			Help: "give the schema of one value, not of a list of them"})
	}
	kind := r.kind(n.Get("operators").Items())
	var out []*api.FilterField
	for _, name := range names {
		f := &api.FilterField{Name: name.Text(), Chosen: as, Type: t, Kind: kind, Pos: name.Pos()}
		if at := strings.IndexByte(f.Name, '{'); at >= 0 {
			f.Open = naming.Unexported(strings.Trim(f.Name[at:], "{}"))
			if f.Name = f.Name[:at]; !strings.HasSuffix(name.Text(), "}") || !naming.IsUsableArgument(f.Open) {
				r.problems.Add(&diag.Problem{Pos: name.Pos(), Message: "the field " + diag.Quote(name.Text()) + " is open, but not at its end",
					Help: "write the part that is any name last, such as custom.{name}"})
			}
		}
		out = append(out, f)
	}
	return out
}

// kind is the set of the operators that are listed.
func (r *filterReader) kind(listed []source.Node) *api.FilterKind {
	var known, wanted []string
	for _, o := range r.operators {
		known = append(known, o.Name)
	}
	for _, n := range listed {
		if !contains(known, n.Text()) {
			r.problems.Add(diag.Missing(n.Pos(), "the filter", "operator", n.Text(), known))
		}
		wanted = append(wanted, n.Text())
	}
	k := &api.FilterKind{}
	label := ""
	for _, o := range r.operators {
		if contains(wanted, o.Name) {
			k.Operators = append(k.Operators, o)
			label += o.Method + " " + o.Name + " " + string(o.Takes) + "\n"
		}
	}
	if known := r.kinds[label]; known != nil {
		return known
	}
	r.kinds[label] = k
	return k
}

// keepFilters leaves out filters whose type is not kept, and gives what values of the others are.
func (b *builder) keepFilters(kept map[*api.Type]bool) []*api.Type {
	b.api.Filters = slices.DeleteFunc(b.api.Filters, func(f *api.Filter) bool { return !kept[f.Type] })
	var values []*api.Type
	for _, f := range b.api.Filters {
		for _, field := range f.Fields {
			values = append(values, field.Type)
		}
	}
	return values
}

// nameFilters names what filters are made with, each after its type, and the sets of operators after what is in them.
func (b *builder) nameFilters(pkg *naming.Namespace) {
	var claims []naming.Claim
	named := map[*api.FilterKind]bool{}
	for _, f := range b.api.Filters {
		what := "the fields of " + f.Type.Name
		add := func(to *string, forms ...string) {
			claims = append(claims, naming.Claim{Forms: forms, Rank: naming.Derived, What: what, Pos: f.Pos,
				Taken: func(name string) { *to = name }})
		}
		short := strings.TrimSuffix(f.Type.Name, "Filter")
		add(&f.VarName, naming.WithoutRepeats([]string{"Where" + short, "Where" + f.Type.Name, "WhereFieldsOf" + f.Type.Name})...)
		add(&f.FieldsName, f.Type.Name+"Fields", f.Type.Name+"FilterFields")
		for _, field := range f.Fields {
			if !named[field.Kind] {
				named[field.Kind] = true
				list := ""
				for _, o := range field.Kind.Operators {
					list += o.Method
				}
				spelled := ""
				for _, o := range field.Kind.Operators {
					spelled += o.Method + naming.Exported(naming.Spelled(o.Name)) + naming.Title(string(o.Takes))
				}
				add(&field.Kind.Name, "Field"+list, "FilterField"+list, "FilterField"+spelled)
			}
		}
		b.nameFilterFields(f)
	}
	pkg.Give(claims)
}

// nameFilterFields names the members of one filter's fields.
func (b *builder) nameFilterFields(f *api.Filter) {
	ns := naming.New(b.problems)
	var claims []naming.Claim
	for _, field := range f.Fields {
		c := naming.Claim{Forms: naming.Forms("", field.Name, "Field"), Rank: naming.Derived, What: "the field " + field.Name, Pos: field.Pos,
			Taken: func(name string) { field.GoName = name }}
		if field.Chosen != "" {
			c.Forms, c.Rank = []string{field.Chosen}, naming.Explicit
		}
		claims = append(claims, c)
	}
	ns.Give(claims)
}

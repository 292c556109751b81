package emit

import (
	"go/ast"
	"reflect"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/faketable"
	"github.com/contactsgen/contactsgen/templates"
)

// FakePackage is the name of the package, and of the folder, that the fake of an API is in.
func FakePackage(a *api.API) string { return a.Package + "test" }

// Fake prints what the fake of an API has beside its runtime, whose parts the table of contents lists: the functions that make it, and its
// table of routes. The syntax of each is shown to see.
func Fake(a *api.API, runtime []templates.Part, see func(*ast.File)) ([]File, error) {
	return render(FakePackage(a), []part{
		{"doc", func(f *jen.File) { fakeDoc(f, a, runtime) }, false, RankClient, false},
		{"fake", func(f *jen.File) { fakeItself(f, a) }, false, RankClient, false},
	}, see)
}

func fakeItself(f *jen.File, a *api.API) {
	fakeNew(f, a)
	f.Line()
	if a.Features[api.FeatureWebhooks] {
		fakeEvents(f, a)
		f.Line()
	}
	fakeRoutes(f, a)
}

// fakeNew prints
//
//	func New(options ...Option) *Server { return newServer(&description, contactsPack, options) }
//	func NewServer(t TB, options ...Option) *Server { return newTestServer(&description, contactsPack, t, options) }
func fakeNew(f *jen.File, a *api.API) {
	pack := jen.Nil()
	if a.FakePack != "" {
		pack = jen.Id(a.FakePack + "Pack")
	}
	options := jen.Id("options").Op("...").Id("Option")
	table := jen.Op("&").Id("description")
	f.Add(doc("New gives a fake of " + title(a) + ". It listens once its URL is asked for; Close stops that.")).Line().
		Func().Id("New").Params(options.Clone()).Op("*").Id("Server").
		Block(jen.Return(jen.Id("newServer").Call(table.Clone(), pack.Clone(), jen.Id("options"))))
	f.Line()
	f.Add(doc("NewServer gives a fake of "+title(a)+" that is closed when the test ends. Wrong use of it fails the test.")).Line().
		Func().Id("NewServer").Params(jen.Id("t").Id("TB"), options).Op("*").Id("Server").
		Block(jen.Id("t").Dot("Helper").Call(), jen.Return(jen.Id("newTestServer").Call(table, pack, jen.Id("t"), jen.Id("options"))))
}

// fakeRoutes prints the table as a literal.
func fakeRoutes(f *jen.File, a *api.API) {
	f.Comment("description says what the API has: its resources, how their revisions travel, and its operations.")
	f.Var().Id("description").Op("=").Id("api").Add(data(reflect.ValueOf(*faketable.Table(a)), false))
}

// data prints a value that is made of structs, slices, texts, numbers and truths as a composite literal's braces, or as itself. Members
// without a value are left out. Inside of what stands on one line, everything does.
func data(v reflect.Value, inLine bool) *jen.Statement {
	switch v.Kind() {
	case reflect.Pointer:
		return jen.Op("&").Id(v.Type().Elem().Name()).Add(data(v.Elem(), inLine))
	case reflect.Struct:
		return structData(v, inLine)
	case reflect.Slice:
		var elems []jen.Code
		for i := range v.Len() {
			elems = append(elems, data(v.Index(i), inLine || isFlat(v.Type().Elem()) || isSmall(v.Index(i))))
		}
		braces := jen.Options{Open: "{", Close: "}", Separator: ",", Multi: !inLine && (!isFlat(v.Type().Elem()) || v.Len() > 2)}
		return jen.Index().Id(v.Type().Elem().Name()).Add(jen.Custom(braces, elems...))
	case reflect.String:
		return jen.Lit(v.String())
	}
	return jen.Lit(v.Interface())
}

func structData(v reflect.Value, inLine bool) *jen.Statement {
	var members []pair
	for i := range v.NumField() {
		member := v.Field(i)
		if member.IsZero() {
			continue
		}
		value := data(member, inLine || member.Kind() != reflect.Slice && (isFlat(member.Type()) || isSmall(member)))
		if member.Kind() == reflect.Struct {
			value = jen.Id(member.Type().Name()).Add(value)
		}
		members = append(members, pair{v.Type().Field(i).Name, value})
	}
	if inLine {
		return inline(members...)
	}
	return literal(members...)
}

// isSmall tells whether a value has so little in it that it can stand on one line.
func isSmall(v reflect.Value) bool {
	const most = 5
	return v.Kind() != reflect.Slice && leaves(v) <= most
}

// leaves counts what a value has in it, less what is zero.
func leaves(v reflect.Value) int {
	n := 0
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			n = leaves(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			n += leaves(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			n += leaves(v.Index(i))
		}
	default:
		if !v.IsZero() {
			n = 1
		}
	}
	return n
}

// isFlat tells whether a type is small enough to stand on one line.
func isFlat(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return true
	}
	for i := range t.NumField() {
		if k := t.Field(i).Type.Kind(); k == reflect.Slice || k == reflect.Struct && t.NumField() > 3 {
			return false
		}
	}
	return t.NumField() < 8
}

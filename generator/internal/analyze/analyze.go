// Package analyze decides everything the generator will print: services, operations, resources, revisions, paging, errors, and every Go
// name. What comes after it only prints what package api holds.
//
// It reads the tree that package source gives and knows OpenAPI and the extensions of spec/README.md. It does not know any API.
package analyze

import (
	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// Options are what the caller decides, not the description.
type Options struct {
	Package         string
	SkipUnsupported bool // leave out operations that cannot be generated, and list them

	Choice Choice // of operations

	Reserved []string      // package-level identifiers of the runtimes
	Packs    []string      // of the fake; nil: any name will do
	Features []api.Feature // nil: DefaultFeatures

	NameKeywords bool // note what nothing comes of
	Suggest      bool // find what the description could say beside what it says
}

// Build decides everything about a description. The error is a *diag.Error with every independent complaint.
func Build(doc *source.Document, o Options) (*api.API, error) {
	b := newBuilder(doc, o)
	if err := knownFeatures(o.Features); err != nil {
		return nil, err
	}

	// 1. What the document says of itself (document.go), which credentials there are (security.go), and words that say nothing (slips.go).
	b.readDocument()
	b.readSchemes()
	if o.NameKeywords {
		b.nameKeywords()
	}

	b.findSlips()

	// 2. The vocabulary: every component schema and what is inline in it (types.go, flatten.go, union.go, enum.go); what
	// filters can ask (filter.go).
	b.readComponents()
	b.readFilters()

	// 3. The operations, each with the types of its body and answers (operations.go, parameters.go, answers.go).
	b.readOperations()

	// 4. What operations say of each other: errors, revisions, pages, jobs, fakes (errors.go, revision.go, paging.go, job.go, fake.go); and
	// what the API tells unasked (webhooks.go).
	b.readErrors()
	b.readRelations()
	b.readFakes()
	b.readWebhooks()
	b.decideVariants()

	// 5. Operations that cannot be generated are refused, or left out (skip.go). What remains says which credentials are of use.
	b.needCredentials()
	b.refuseOrSkip()
	b.decideSecurity()

	// 6. Who is called what (naming.go; the rules are in names.go), what is made at all (features.go), and how it is printed (shapes.go, codec.go).
	b.nameEverything()
	b.chooseFeatures()
	b.forgetUnmade()
	b.decideShapes()
	b.decideCodecs()

	if err := b.problems.Err(); err != nil {
		return nil, err
	}
	return b.api, nil
}

// builder is the state of one Build.
type builder struct {
	doc      *source.Document
	root     source.Node
	options  Options
	api      *api.API
	problems *diag.List

	optionalObjects string                    // the document's x-optional-objects
	types           map[source.Node]*api.Type // by schema
	merged          map[string]*api.Type      // of properties with several declarations, by the places of all
	named           []*api.Type               // every type that gets a name, in the order met
	wants           map[*api.Type]want        // how they would like to be called
	details         map[*api.Field]*detail
	slips           map[source.Node][]*diag.Problem // misspelled keywords, by the operation or schema that they belong to
	faults          map[*api.Type][]*diag.Problem   // what makes an operation that reaches the type impossible
	byValue         map[*api.Type]bool              // optional uses of the type are plain values (x-optional-objects on the schema)
	spelled         map[source.Node]bool            // extensions in the old spelling that were noted
	filling         map[*api.Type]string            // types in place that are being decided, and what each would be called
	empty           map[*api.Type]bool              // the type is an object that declares to have no members
	nullable        map[*api.Type]bool              // null is a value of the type wherever it is used
	resolving       map[source.Node]bool            // schemas that are being resolved to another one, against endless loops
	merging         int                             // how many merged properties are being made, one within the other
	depth           int                             // how many component schemas are being made, one within the other
	wellFormed      map[source.Node]bool            // extensions that have been checked
	misheardAt      map[source.Node]bool            // words of other generators that were complained of
	checked         map[source.Node]bool            // schemas whose extensions have been checked

	told   map[*api.Variant]source.Node // the discriminators that tell variants
	warned map[diag.Position]bool       // where it is said that a union cannot hold something

	deliveries []*api.Type // what the webhooks of the standard carry

	children map[source.Node][]source.Node // component schemas by those that they include with allOf; nil until it is needed

	speaksOfSecurity bool                     // some operation does
	unfilled         map[string]*diag.Problem // security schemes that no option fills in

	operations []*operation // in the order of the description
	byID       map[string]*operation
	leftOut    map[string]bool // ids that the caller's choice leaves out
	offer      offer
	tags       map[string]*tag
	tagOrder   []string
}

func newBuilder(doc *source.Document, o Options) *builder {
	return &builder{
		doc:        doc,
		root:       doc.Root(),
		options:    o,
		api:        &api.API{Package: o.Package},
		problems:   &diag.List{},
		types:      map[source.Node]*api.Type{},
		merged:     map[string]*api.Type{},
		wants:      map[*api.Type]want{},
		details:    map[*api.Field]*detail{},
		slips:      map[source.Node][]*diag.Problem{},
		faults:     map[*api.Type][]*diag.Problem{},
		byValue:    map[*api.Type]bool{},
		spelled:    map[source.Node]bool{},
		filling:    map[*api.Type]string{},
		empty:      map[*api.Type]bool{},
		nullable:   map[*api.Type]bool{},
		resolving:  map[source.Node]bool{},
		wellFormed: map[source.Node]bool{}, misheardAt: map[source.Node]bool{},
		checked:  map[source.Node]bool{},
		byID:     map[string]*operation{},
		unfilled: map[string]*diag.Problem{},
		leftOut:  map[string]bool{},
		told:     map[*api.Variant]source.Node{},
		warned:   map[diag.Position]bool{},
		tags:     map[string]*tag{},
	}
}

// want is how a type would like to be called.
type want struct {
	forms []string
	rank  naming.Rank
	what  string
}

// detail is what a field's shape is decided from once all types are known.
type detail struct {
	inResponses bool // answers always carry it

	name string // that the description chooses; "" is none
	omit *bool  // whether it is left out while empty, where the description says so to other generators
}

package analyze

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// What a description says in a word that OpenAPI does not have is lost. Where the word is close to one that decides what is made, such as
// responses or required, and that one is not there, it is an error of the operations or types that it belongs to; anything else is a
// warning.

// decisive are the keywords without which something else is made, or nothing.
var decisive = naming.Set(slices.Concat(methods, []string{
	"paths", "components", "schemas", "parameters", "requestBody", "responses", "content", "schema", "headers", "security", "in", "required",
	"$ref",
	"allOf", "anyOf", "oneOf", "properties", "additionalProperties", "items", "type", "enum", "nullable", "propertyName", "default",
})...)

// elsewhere are words of other drafts of JSON Schema and of Swagger 2.0: nobody means another by them.
var elsewhere = naming.Set("id", "additionalItems", "collectionFormat",
	"consumes", "produces", "schemes", "host", "basePath")

// everywhere are all keywords of all kinds of objects: one that stands where it has no meaning is no slip of the pen.
var everywhere = func() map[string]bool {
	set := map[string]bool{}
	for _, words := range keywordsOf {
		for word := range words {
			set[word] = true
		}
	}
	return set
}()

// sharedSections are the sections of components whose parts belong to the operations that refer to them.
var sharedSections = []string{"responses", "parameters", "requestBodies", "headers", "securitySchemes", "mediaTypes", "pathItems"}

// statusKey is what the answers of an operation are called by.
var statusKey = regexp.MustCompile(`^([1-5](\d\d|XX|xx)|default|\$ref)$`)

// maxSlips bounds how many words that are none are looked at.
const maxSlips = 500

// slipFinder goes over a description. What is wrong in an operation, or in what it refers to, goes to the operation; what is wrong in a
// schema to its type, and the rest to the whole.
type slipFinder struct {
	*builder
	schemas map[source.Node]bool    // that were seen
	seen    map[source.Node]bool    // the other objects: of one operation, or of the rest
	to      func(*diag.Problem)     // where errors go; nil: they are warnings
	met     map[diag.Position]bool  // where a word that is none was met
	warned  map[string]*keywordNote // by kind and word
}

// findSlips warns of words that OpenAPI does not have, and notes those that are errors at what they belong to.
func (b *builder) findSlips() {
	f := &slipFinder{builder: b, to: b.problems.Add, met: map[diag.Position]bool{}, warned: map[string]*keywordNote{},
		schemas: map[source.Node]bool{}, seen: map[source.Node]bool{}}
	f.object(b.root, "document")
	f.to = nil // what no operation refers to does no harm
	components := b.root.Get("components")
	for _, section := range sharedSections {
		f.below(components.Get(section), keywordsOf["components"][section], "")
	}
	for _, n := range f.warned {
		if n.count > 1 {
			n.problem.Message += fmt.Sprintf(" (and in %s more)", plural(n.count-1, "place"))
		}
	}
}

// object looks at the keys of an object, and at what is below.
func (f *slipFinder) object(n source.Node, kind objectKind) {
	seen := f.seen
	if kind == "schema" {
		seen = f.schemas
	}
	if n.Kind() != source.Mapping || seen[n] {
		return
	}
	seen[n] = true
	if kind == "schema" || kind == "operation" {
		defer func(to func(*diag.Problem), seen map[source.Node]bool) { f.to, f.seen = to, seen }(f.to, f.seen)
		f.to = func(p *diag.Problem) { f.slips[n] = append(f.slips[n], p) }
		if kind == "operation" {
			f.seen = map[source.Node]bool{}
		}
	}
	if kind == "schema" {
		f.forms(n)
	}
	if target, err := n.Follow(); err == nil && target != n {
		f.object(target, kind)
	}
	for _, m := range n.Members() {
		word, known := keywordsOf[kind][m.Key]
		switch {
		case strings.HasPrefix(m.Key, "x-"):
			f.extensionName(m)
			f.unheardWord(m)
		case m.Key == "$ref": // was followed
		case !known:
			f.unknown(n, m, string(kind), keywordNames(keywordsOf[kind]))
		case kind == "components" && slices.Contains(sharedSections, m.Key): // at the operations that refer to them
		default:
			f.below(m.Value, word, m.Key)
		}
	}
}

// below goes on with what a keyword holds.
func (f *slipFinder) below(n source.Node, word keyword, name string) {
	switch {
	case word.below == "":
	case word.nested == inList:
		for _, item := range n.Items() {
			f.object(item, word.below)
		}
	case word.nested == inMap:
		for _, m := range n.Members() {
			switch {
			case word.below == "path item" && strings.HasPrefix(m.Key, "x-"):
			case name == "responses" && strings.HasPrefix(m.Key, "x-"):
			case name == "responses" && !statusKey.MatchString(m.Key):
				f.unknown(n, m, "response", []string{"default"})
			default:
				f.object(m.Value, word.below)
			}
		}
	default:
		f.object(n, word.below)
	}
}

// unknown complains of a word that is none.
func (f *slipFinder) unknown(on source.Node, m source.Member, kind string, words []string) {
	if len(f.met) > maxSlips || elsewhere[m.Key] {
		return
	}
	near := diag.Nearest(m.Key, words)
	p := &diag.Problem{Pos: m.KeyPos, Message: diag.Quote(m.Key) + " is no keyword of " + article(objectKind(kind)),
		Help: "what it says is lost; begin it with x- if it is meant for others"}
	if kind == "response" && len(words) == 1 {
		p.Message, p.Help = diag.Quote(m.Key)+" is no status of a response", "write a status (200), a class of them (2XX) or default"
	}
	switch {
	case everywhere[m.Key]:
		p.Help = "it means nothing here"
	case near != "":
		p.Help = "did you mean " + near + "?"
	}
	if near != "" && decisive[near] && !everywhere[m.Key] && !on.Has(near) && f.to != nil {
		f.to(p)
	} else if !f.met[m.KeyPos] {
		f.warn(kind+" "+m.Key, p)
	}
	f.met[m.KeyPos] = true
}

// warn warns of a word, once for all the places that it is in.
func (f *slipFinder) warn(key string, p *diag.Problem) {
	if known := f.warned[key]; known != nil {
		known.count++
		return
	}
	f.warned[key] = &keywordNote{p, 1}
	f.api.Warnings = append(f.api.Warnings, p)
}

// extensionName complains of names in our own part of the extensions that are none of ours.
func (f *slipFinder) extensionName(m source.Member) {
	if !strings.HasPrefix(m.Key, prefix) || isOwn(m.Key) || f.met[m.KeyPos] {
		return
	}
	f.met[m.KeyPos] = true
	var own []string
	for name := range vocabulary {
		own = append(own, ownSpelling(name))
	}
	slices.Sort(own)
	f.problems.Add(&diag.Problem{Pos: m.KeyPos, Message: diag.Quote(m.Key) + " is no extension of ours",
		Help: diag.Suggestion("extension", m.Key, own)})
}

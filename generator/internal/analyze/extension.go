package analyze

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// The form of every extension is a JSON Schema, so that editors and our own check cannot disagree: what passes it is read
// without looking back, and what the description around it must hold is checked where it is read.
//
//go:embed schema/*.json
var schemaFiles embed.FS

// vocabulary holds the names of our extensions.
var vocabulary = vocabularyOf()

func vocabularyOf() map[string]bool {
	files, err := schemaFiles.ReadDir("schema")
	if err != nil {
		panic(err) // embedded: cannot be missing
	}
	set := map[string]bool{}
	for _, f := range files {
		set[strings.TrimSuffix(f.Name(), ".json")] = true
	}
	return set
}

// extensionSchemas compiles each schema once, when a description has the extension: most have few of them.
var extensionSchemas = func() map[string]func() *jsonschema.Schema {
	out := map[string]func() *jsonschema.Schema{}
	for name := range vocabulary {
		out[name] = sync.OnceValue(func() *jsonschema.Schema { return compile(name) })
	}
	return out
}()

func compile(name string) *jsonschema.Schema {
	file := path.Join("schema", name+".json")
	data, err := schemaFiles.ReadFile(file)
	if err == nil {
		var doc any
		if doc, err = jsonschema.UnmarshalJSON(bytes.NewReader(data)); err == nil {
			c := jsonschema.NewCompiler()
			if err = c.AddResource(schemaURL(name), doc); err == nil {
				return c.MustCompile(schemaURL(name))
			}
		}
	}
	panic(file + ": " + err.Error()) // embedded: a mistake of ours that every test meets
}

// schemaURL is the name a schema has for the compiler; nothing is ever read from it.
func schemaURL(name string) string { return "mem:///" + name + ".json" }

// extension gives one of our extensions on a node, if it is there and has the form it should have. Everything wrong with its
// form is complained of, once: shared responses and schemas are visited many times.
func (b *builder) extension(on source.Node, name string) (source.Node, bool) {
	n, spelling := b.own(on, name)
	if n.IsZero() {
		return n, false
	}
	ok, checked := b.wellFormed[n]
	if !checked {
		ok = b.checkForm(n, name, spelling)
		b.wellFormed[n] = ok
	}
	return n, ok
}

// prefix begins the names of our extensions, so that they are nobody else's. The spelling without it is read, too, where what stands there
// can be ours.
const prefix = "x-contactsgen-"

// isOwn tells whether a key is one of our extensions, in either spelling.
func isOwn(key string) bool {
	return vocabulary[key] || strings.HasPrefix(key, prefix) && vocabulary["x-"+strings.TrimPrefix(key, prefix)]
}

// ownSpelling gives the name of one of our extensions as it is to be written.
func ownSpelling(name string) string { return prefix + strings.TrimPrefix(name, "x-") }

// own gives one of our extensions on a node, whatever its form, and how it is spelled there. What stands under the old spelling and cannot
// be ours is somebody else's, and as if it were not there.
func (b *builder) own(on source.Node, name string) (n source.Node, spelling string) {
	if n := on.Get(ownSpelling(name)); !n.IsZero() {
		return n, ownSpelling(name)
	}
	n = on.Get(name)
	if n.IsZero() {
		return n, name
	}
	ours := canBeOurs(n, extensionSchemas[name]())
	b.oldSpelling(n, name, ours)
	if !ours {
		return source.Node{}, name
	}
	return n, name
}

// has tells whether one of our extensions is on a node.
func (b *builder) has(on source.Node, name string) bool {
	n, _ := b.own(on, name)
	return !n.IsZero()
}

// others gives what has the old spelling of one of our extensions, and is somebody else's.
func (b *builder) others(on source.Node, name string) source.Node {
	if b.has(on, name) {
		return source.Node{}
	}
	return on.Get(name)
}

// canBeOurs tells whether a value has the type that one of our extensions has and, where that is an object, any of its members.
func canBeOurs(n source.Node, s *jsonschema.Schema) bool {
	if s.Types == nil {
		return true
	}
	types := s.Types.ToStrings()
	switch n.Kind() {
	case source.Mapping:
		known := len(n.Members()) == 0 || len(s.Properties) == 0
		for _, m := range n.Members() {
			known = known || s.Properties[m.Key] != nil
		}
		return known && slices.Contains(types, "object")
	case source.Sequence:
		return slices.Contains(types, "array")
	case source.Scalar:
		_, isBool := n.Bool()
		return slices.Contains(types, "boolean") && isBool || slices.Contains(types, "string") && n.IsString()
	}
	return false
}

// oldSpelling notes an extension without our prefix, once.
func (b *builder) oldSpelling(n source.Node, name string, ours bool) {
	if b.spelled[n] || name == "x-enum-descriptions" { // which is many people's, and means the same to all of them
		return
	}
	b.spelled[n] = true
	help := "write " + ownSpelling(name)
	message := name + " is the old spelling of " + ownSpelling(name)
	if !ours {
		message, help = name+" is not what "+ownSpelling(name)+" would be, and is left alone", ""
	}
	b.api.Notes = append(b.api.Notes, &diag.Problem{Pos: n.KeyPos(), Message: message, Help: help})
}

// checkForm checks an extension against its schema.
func (b *builder) checkForm(n source.Node, name, spelling string) bool {
	data, err := n.JSON()
	if err == nil {
		var value any
		if value, err = jsonschema.UnmarshalJSON(bytes.NewReader(data)); err == nil {
			err = extensionSchemas[name]().Validate(value)
		}
	}
	var invalid *jsonschema.ValidationError
	switch {
	case err == nil:
		return true
	case errors.As(err, &invalid):
		b.reportSchemaErrors(n, spelling, invalid)
	default:
		b.problems.Addf(n.Pos(), "%s cannot be read: %v", spelling, err)
	}
	return false
}

// reportSchemaErrors turns what the validator found into complaints, each at the place it is about.
func (b *builder) reportSchemaErrors(n source.Node, name string, e *jsonschema.ValidationError) {
	if len(e.Causes) > 0 {
		for _, cause := range e.Causes {
			b.reportSchemaErrors(n, name, cause)
		}
		return
	}
	at := n
	for _, step := range e.InstanceLocation {
		at = child(at, step)
	}
	where := strings.Join(append([]string{name}, e.InstanceLocation...), ".")
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, key := range k.Properties {
			b.problems.Add(diag.Missing(at.Get(key).KeyPos(), where, "key", key, keysOf(e.SchemaURL)))
		}
	case *kind.Required:
		for _, key := range k.Missing {
			b.problems.Add(&diag.Problem{Pos: at.KeyPos(), Message: fmt.Sprintf("%s lacks %s", where, key)})
		}
	default:
		b.problems.Add(&diag.Problem{Pos: at.Pos(), Message: where + " " + describeViolation(k), Help: descriptionOf(e.SchemaURL)})
	}
}

// describeViolation says what a value has to be, for the kinds of mistakes our schemas can find.
func describeViolation(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		return fmt.Sprintf("is of type %s, and must be of type %s", k.Got, strings.Join(k.Want, " or "))
	case *kind.Enum:
		want := make([]string, len(k.Want))
		for i, w := range k.Want {
			want[i] = fmt.Sprint(w)
		}
		return fmt.Sprintf("is %s, and must be one of %s", diag.Quote(fmt.Sprint(k.Got)), strings.Join(want, ", "))
	case *kind.Const:
		return fmt.Sprintf("can only be %v", k.Want)
	case *kind.Pattern:
		return fmt.Sprintf("is %s, which is not of the right form", diag.Quote(k.Got))
	case *kind.MinItems, *kind.MinProperties, *kind.MinLength:
		return "must not be empty"
	case *kind.Minimum:
		return "is too small"
	case *kind.Maximum:
		return "is too large"
	}
	return "is not of the right form"
}

// keysOf lists the properties that a schema declares.
func keysOf(url string) []string {
	s := compiled(url)
	if s == nil {
		return nil
	}
	var keys []string
	for key := range s.Properties {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// descriptionOf gives what a schema says of itself: how to mend what broke it.
func descriptionOf(url string) string {
	if s := compiled(url); s != nil {
		if s.Ref != nil {
			s = s.Ref
		}
		return s.Description
	}
	return ""
}

// compiled finds a subschema by its location: the schemas use properties, items and $defs only.
func compiled(url string) *jsonschema.Schema {
	file, _, _ := strings.Cut(url, "#")
	return within(extensionSchemas[strings.TrimSuffix(path.Base(file), ".json")](), url, map[*jsonschema.Schema]bool{})
}

func within(s *jsonschema.Schema, url string, seen map[*jsonschema.Schema]bool) *jsonschema.Schema {
	if s == nil || seen[s] {
		return nil
	}
	seen[s] = true
	if s.Location == url {
		return s
	}
	next := []*jsonschema.Schema{s.Ref}
	for _, p := range s.Properties {
		next = append(next, p)
	}
	for _, one := range []any{s.Items, s.Items2020, s.AdditionalProperties} {
		if sub, ok := one.(*jsonschema.Schema); ok {
			next = append(next, sub)
		}
	}
	for _, sub := range next {
		if found := within(sub, url, seen); found != nil {
			return found
		}
	}
	return nil
}

// child gives a member of a mapping or an item of a list.
func child(n source.Node, step string) source.Node {
	if n.Kind() == source.Mapping {
		return n.Get(step)
	}
	for i, item := range n.Items() {
		if fmt.Sprint(i) == step {
			return item
		}
	}
	return source.Node{}
}

package analyze

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// What descriptions say to other generators of Go, oapi-codegen above all, is heard where it means something here: names, reasons, tags.
// The rest is named, so that nobody believes it to be in force.

// Words of other generators that are heard.
const (
	wordGoName     = "x-go-name"
	wordTypeName   = "x-go-type-name"
	wordReason     = "x-deprecated-reason"
	wordTags       = "x-oapi-codegen-extra-tags"
	wordOmitEmpty  = "x-omitempty"
	wordValueNames = "x-enum-varnames"
	wordEnumNames  = "x-enumNames"
)

// unheard are words of other generators that nothing comes of, and why.
var unheard = map[string]string{
	"x-go-type":                       "types are made of what schemas say, so that they need the standard library alone",
	"x-go-type-import":                "generated code imports the standard library alone",
	"x-go-type-skip-optional-pointer": "x-contactsgen-required-in-responses and x-contactsgen-optional-objects say what is no pointer",
	"x-go-json-ignore":                "every member is read and sent; leave the property out with an overlay",
	"x-omitzero":                      "what is left out follows from required and nullable, or from x-omitempty",
	"x-order":                         "members have the order of the description",
}

// unheardWord warns of a word that is meant for another generator and is not heard.
func (f *slipFinder) unheardWord(m source.Member) {
	if why := unheard[m.Key]; why != "" && !f.met[m.KeyPos] {
		f.met[m.KeyPos] = true
		f.warn(m.Key, &diag.Problem{Pos: m.KeyPos, Message: "nothing comes of " + m.Key, Help: why})
	}
}

// misheard warns of a word of another generator that does not say what it should.
func (b *builder) misheard(n source.Node, name, should string) {
	if b.misheardAt[n] {
		return
	}
	b.misheardAt[n] = true
	b.api.Warnings = append(b.api.Warnings, &diag.Problem{Pos: n.Pos(), Message: name + " is left aside: it " + should})
}

// chosenName gives the Go name that a description chooses for a schema, a property or a parameter; "" when it leaves that to us. Where
// that name is taken, a longer one is made of it.
func (b *builder) chosenName(on source.Node, words ...string) string {
	for _, word := range words {
		n := on.Get(word)
		switch {
		case n.IsZero():
		case !n.IsString() || naming.Camel(n.Text()) == "" || len(n.Text()) > maxChosen:
			b.misheard(n, word, fmt.Sprintf("must be a Go name of at most %d bytes", maxChosen))
		default:
			return naming.TypeName(n.Text())
		}
	}
	return ""
}

// maxChosen bounds names that descriptions choose.
const maxChosen = 100

// nameEnumValues keeps the names that a description chooses for the values of an enum, in the order of the values.
func (b *builder) nameEnumValues(t *api.Type, schema source.Node, base string) {
	for _, word := range []string{wordValueNames, wordEnumNames} {
		n := schema.Get(word)
		if n.IsZero() {
			continue
		}
		values, names := schema.Get("enum").Items(), n.Items()
		if len(names) != len(values) {
			b.misheard(n, word, fmt.Sprintf("must have a name for each of the %s", plural(len(values), "value")))
			continue
		}
		chosen := map[string]string{}
		for i, value := range values {
			if text, ok := enumText(value, base); ok && naming.Camel(names[i].Text()) != "" && len(names[i].Text()) <= maxChosen {
				chosen[text] = naming.Exported(names[i].Text())
			}
		}
		for _, v := range t.Enum {
			v.Chosen = chosen[v.Value]
		}
		return
	}
}

// valueForms lists the names of an enum's constant: the chosen one first, behind the name of the type unless it begins so.
func valueForms(t *api.Type, v *api.EnumValue) []string {
	forms := naming.ValueForms(t.Name, v.Value)
	switch {
	case v.Chosen == "":
		return forms
	case strings.HasPrefix(v.Chosen, t.Name) && v.Chosen != t.Name:
		return naming.WithoutRepeats(append([]string{v.Chosen}, forms...))
	}
	return naming.WithoutRepeats(append([]string{t.Name + v.Chosen, t.Name + v.Chosen + "Value"}, forms...))
}

// chosenArgument gives the name that a description chooses for an argument, if it does.
func chosenArgument(p *api.Param) []string {
	if p.Chosen == "" {
		return nil
	}
	return []string{naming.Unexported(p.Chosen)}
}

// deprecationOf gives why something is deprecated, in one line; "" when the description does not say.
func deprecationOf(schemas ...source.Node) string {
	for _, n := range schemas {
		if text := n.Get(wordReason).Text(); text != "" {
			return strings.Join(strings.Fields(cleanText(text)), " ")
		}
	}
	return ""
}

var (
	tagKey   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)
	tagValue = regexp.MustCompile("^[^\"`\\\\\\x00-\\x1f\\x7f]*$")
)

// tagsOf gives the struct tags that a description asks for on a property.
func (b *builder) tagsOf(schemas []source.Node) map[string]string {
	var tags map[string]string
	for _, n := range schemas {
		for _, m := range n.Get(wordTags).Members() {
			switch {
			case m.Key == "json":
				b.misheard(m.Value, wordTags, "must not have a tag json, which follows from the schema")
			case !tagKey.MatchString(m.Key) || m.Value.Kind() != source.Scalar || !tagValue.MatchString(m.Value.Text()):
				b.misheard(m.Value, wordTags, "must be a map of texts that a struct tag can hold")
			default:
				if tags == nil {
					tags = map[string]string{}
				}
				tags[m.Key] = m.Value.Text()
			}
		}
	}
	return tags
}

// omission gives what x-omitempty says; nil when it is not there.
func (b *builder) omission(schemas []source.Node) *bool {
	for _, n := range schemas {
		x := n.Get(wordOmitEmpty)
		if x.IsZero() {
			continue
		}
		if omit, ok := x.Bool(); ok {
			return &omit
		}
		b.misheard(x, wordOmitEmpty, "must be true or false")
	}
	return nil
}

// obey has a field left out, or sent, as x-omitempty says.
func obey(f *api.Field, omit *bool) {
	switch {
	case omit == nil || f.Clears:
	case !*omit:
		f.OmitEmpty, f.OmitZero = false, false
	case !f.OmitEmpty && !f.OmitZero:
		f.FillsNil = false
		f.OmitEmpty = f.Pointer || api.CategoryOf(f.Type.Underlying()) == api.CategoryFree
		f.OmitZero = !f.OmitEmpty
	}
}

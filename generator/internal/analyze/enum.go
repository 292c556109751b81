package analyze

import (
	"strconv"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// fillEnum makes an open enum of the values that are of its type; repeats are dropped. Without any it is the plain scalar.
func (b *builder) fillEnum(t *api.Type, values []source.Node, base string) {
	seen := map[string]bool{}
	for _, n := range values {
		text, ok := enumText(n, base)
		if !ok || seen[text] {
			continue
		}
		seen[text] = true
		t.Enum = append(t.Enum, &api.EnumValue{Value: text})
	}
	if len(t.Enum) == 0 {
		scalar(t, base)
		return
	}
	t.Kind, t.EnumGo = api.KindEnum, base
	b.documentEnum(t, b.doc.At(t.Pointer), base)
}

// documentEnum gives the values the texts that the schema has for them: by value, or as many descriptions do, in the order of the values.
func (b *builder) documentEnum(t *api.Type, schema source.Node, base string) {
	docs, _ := b.own(schema, "x-enum-descriptions")
	texts := map[string]string{}
	for _, m := range docs.Members() {
		texts[m.Key] = m.Value.Text()
	}
	values := schema.Get("enum").Items()
	for i, item := range docs.Items() {
		if i < len(values) {
			text, _ := enumText(values[i], base)
			texts[text] = item.Text()
		}
	}
	for _, v := range t.Enum {
		v.Doc = cleanText(texts[v.Value])
	}
	b.checkEnumDocs(t, docs)
	b.nameEnumValues(t, schema, base)
}

// checkEnumDocs complains of descriptions of values that are not there.
func (b *builder) checkEnumDocs(t *api.Type, docs source.Node) {
	values := make([]string, len(t.Enum))
	for i, v := range t.Enum {
		values[i] = v.Value
	}
	for _, m := range docs.Members() {
		if !contains(values, m.Key) {
			b.problems.Add(diag.Missing(m.KeyPos, "the enum", "value", m.Key, values))
		}
	}
}

// enumText gives an enum's value as text, if it is of the enum's type. YAML reads an unquoted yes or 1.5 in a list of
// strings as something else; what stands there is what was meant.
func enumText(n source.Node, base string) (string, bool) {
	if n.Kind() != source.Scalar {
		return "", false
	}
	if base == "string" {
		return n.Text(), true
	}
	i, ok := n.Int()
	return strconv.FormatInt(i, 10), ok
}

// formOfValues gives the one type of all values, "" when they differ.
func formOfValues(values []source.Node) string {
	form := ""
	for i, n := range values {
		one := ""
		switch _, isInt := n.Int(); {
		case n.IsString():
			one = "string"
		case isInt:
			one = "integer"
		}
		if i > 0 && one != form {
			return ""
		}
		form = one
	}
	return form
}

package analyze

import (
	"context"
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// What a schema says in numbers stands in the comment, unless the text says it already or everybody expects it.
func TestFactsInComments(t *testing.T) {
	for _, tt := range []struct{ schema, doc, want string }{
		{`{type: integer, default: 50, minimum: 1, maximum: 1000}`, "", "Default: 50. From 1 to 1000."},
		{`{type: integer, default: 50, maximum: 1000}`, "How many, 50 unless it is given", "How many, 50 unless it is given. At most 1000."},
		{`{type: integer, maximum: 1000}`, "At most 1,000.", "At most 1,000."},
		{`{type: integer, maximum: 1000}`, "The 10000 first.", "The 10000 first. At most 1000."},
		{`{type: integer, maximum: 2147483647, minimum: 0}`, "A count.", "A count."},
		{`{type: integer, maximum: 5, exclusiveMaximum: true}`, "", ""},
		{`{type: string, minLength: 1, maxLength: 100}`, "A name!", "A name! At most 100 characters."},
		{`{type: string, minLength: 1}`, "", "At least 1 character."},
		{`{type: string, minLength: 2, maxLength: 2}`, "A country.", "A country. Exactly 2 characters."},
		{`{type: array, minItems: 0, maxItems: 1, items: {}}`, "", "At most 1 item."},
		{`{type: boolean, default: false}`, "", ""},
		{`{type: boolean, default: true}`, "Counts.", "Counts. The default is true."},
		{`{type: string, default: "*/ //go:embed x"}`, "", `Default: "* / //go:embed x".`},
		{`{type: string, default: ""}`, "", ""},
		{`{$ref: '#/components/schemas/Limited'}`, "A limit.", "A limit. At most 7."},
	} {
		doc, err := source.Load(context.Background(), source.Input{Name: "a.yaml", Data: []byte(`{openapi: 3.0.3, x: ` + tt.schema +
			`, components: {schemas: {Limited: {type: integer, maximum: 7}}}}`)}, nil, source.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got := withFacts(tt.doc, newBuilder(doc, Options{}).heard(doc.Root().Get("x"))...); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.schema, got, tt.want)
		}
	}
}

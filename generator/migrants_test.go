package generator_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
)

const migrated = `openapi: 3.0.3
info: {title: Shop, version: '1'}
servers: [{url: https://shop.example.com}]
paths:
  /things:
    get:
      operationId: listThings
      deprecated: true
      x-deprecated-reason: use the search
      parameters:
        - {name: q, in: query, x-go-name: SearchText, deprecated: true, x-deprecated-reason: nobody reads it, schema: {type: string}}
        - {name: k, in: query, required: true, x-go-name: KindOfThing, schema: {type: string}}
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/thing'}}}}}
components:
  schemas:
    thing:
      type: object
      required: [count, list]
      x-go-type-name: Product
      properties:
        id: {type: string, x-go-name: Key, x-oapi-codegen-extra-tags: {db: "thing_id", validate: "required,min=1"}}
        color: {type: string, enum: [r, g], x-enum-varnames: [Red, Green], x-go-type-name: Paint}
        size: {type: integer, enum: [1, 2], x-enumNames: [Small, SizeLarge], x-go-type-name: Size}
        old: {type: string, deprecated: true, x-deprecated-reason: "use\nkey"}
        older: {type: string, deprecated: true}
        note: {type: string, x-omitempty: false}
        count: {type: integer, x-omitempty: true}
        list: {type: array, items: {type: string}, x-omitempty: true}
        when: {type: string, x-go-type: time.Time, x-go-type-import: {path: time}}
        other: {type: string, x-go-type: uuid.UUID}
        wrong: {type: string, x-go-name: '!!', x-oapi-codegen-extra-tags: {json: mine, 'a b': c}, x-omitempty: perhaps}
        short: {type: string, enum: [a, b], x-enum-varnames: [Only]}
`

// What descriptions say to oapi-codegen is heard: names, reasons, tags. What is not is warned of, with its place.
func TestWordsForOtherGenerators(t *testing.T) {
	var warnings []string
	o := generator.Options{Spec: generator.Input{Name: "shop.yaml", Data: []byte(migrated)}, Package: "shop", Warn: func(w string) {
		warnings = append(warnings, w)
	}}
	files, err := generator.Generate(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range files {
		all.Write(f.Data)
	}
	source := regexp.MustCompile(`[ \t]+`).ReplaceAllString(all.String(), " ")
	for _, want := range []string{
		"type Product struct {",
		"Key *string `db:\"thing_id\" json:\"id,omitempty\" validate:\"required,min=1\"`",
		`PaintRed Paint = "r"`, `PaintGreen Paint = "g"`, `SizeSmall Size = 1`, `SizeLarge Size = 2`,
		"// Deprecated: use key.\n Old *string", "// Deprecated: the description marks it so.\n Older *string",
		"Note *string `json:\"note\"`", "Count int64 `json:\"count,omitzero\"`", "List []string `json:\"list,omitzero\"`",
		"// Deprecated: use the search.\n", "// Deprecated: nobody reads it.\n SearchText *string", "kindOfThing string,",
		`"short,omitempty"`,
	} {
		if !strings.Contains(source, want) {
			t.Errorf("there is no %q", want)
		}
	}
	said := strings.Join(warnings, "\n")
	for _, want := range []string{
		"shop.yaml:29:30: nothing comes of x-go-type (and in 1 place more)\n", "shop.yaml:29:52: nothing comes of x-go-type-import\n",
		"shop.yaml:31:42: x-go-name is left aside: it must be a Go name", "x-oapi-codegen-extra-tags is left aside: it must not have a tag json",
		"must be a map of texts", "x-omitempty is left aside: it must be true or false",
		"x-enum-varnames is left aside: it must have a name for each of the 2 values",
	} {
		if !strings.Contains(said+"\n", want) {
			t.Errorf("nobody says %q in\n%s", want, said)
		}
	}
	found, err := generator.Inspect(t.Context(), o)
	if err != nil || !strings.Contains(strings.Join(found.Notes, "\n"), "nothing comes of x-go-type") {
		t.Errorf("%v %v", found.Notes, err)
	}
}

// A chosen name that is taken, by another or by the client itself, becomes a longer one.
func TestChosenNamesClash(t *testing.T) {
	spec := strings.Replace(migrated, "older: {type: string, deprecated: true}", "older: {type: string, x-go-name: Key}", 1)
	spec = strings.Replace(spec, "x-go-type-name: Product", "x-go-type-name: Client", 1)
	files, err := generator.Generate(t.Context(), generator.Options{Spec: generator.Input{Name: "shop.yaml", Data: []byte(spec)},
		Package: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Path == "models.gen.go" && (!strings.Contains(string(f.Data), "type ClientSchema struct") ||
			!regexp.MustCompile(`\tKeyField +\*string`).Match(f.Data)) {
			t.Errorf("%s", f.Data)
		}
	}
}

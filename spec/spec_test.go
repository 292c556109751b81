package spec_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"github.com/contactsgen/contactsgen/spec"
)

func load(t *testing.T, api spec.API) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(api.Data)
	if err != nil {
		t.Fatalf("load %s: %v", api.File, err)
	}
	return doc
}

// each runs a test for every description.
func each(t *testing.T, test func(t *testing.T, api spec.API)) {
	t.Helper()
	for _, api := range spec.APIs() {
		t.Run(api.Name, func(t *testing.T) { test(t, api) })
	}
}

// operations calls visit for every operation, with a name for messages.
func operations(doc *openapi3.T, visit func(name string, op *openapi3.Operation)) {
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			visit(method+" "+path, op)
		}
	}
}

func TestDescriptionIsValid(t *testing.T) {
	each(t, func(t *testing.T, api spec.API) {
		if err := load(t, api).Validate(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// wanted is what a description is expected to hold.
type wanted struct {
	tags   map[string]int      // operations by tag
	traits map[string][]string // operations by extension
	codes  int                 // different error codes
}

var expected = map[string]wanted{
	"contacts-v4": {
		tags: map[string]int{"Contacts": 15, "Bulk jobs": 2, "Labels": 6, "Extended fields": 6, "Attachments": 4, "Submit contact": 1},
		traits: map[string][]string{
			"x-contactsgen-revision": {"mergeContacts", "updateContact"},
			"x-contactsgen-job":      {"bulkDeleteContacts", "bulkLabelAndUnlabelContacts", "bulkUpdateContacts"},
			"x-contactsgen-paging": {
				"listAttachments", "listContacts", "listExtendedFields", "listFacets", "listLabels",
				"queryContacts", "queryExtendedFields", "queryFacets", "queryLabels",
			},
			"x-contactsgen-safe": {"previewMergeContacts", "queryContacts", "queryExtendedFields", "queryFacets", "queryLabels"},
		},
		codes: 29,
	},
	"contacts-v5": {
		tags: map[string]int{"Contacts": 32, "Async jobs": 2},
		traits: map[string][]string{
			"x-contactsgen-revision": {
				"addContactAdditionalEmail", "addContactAdditionalPhone", "addContactAddress", "deleteContactAddress", "mergeContacts",
				"updateContact", "updateContactAddress",
			},
			"x-contactsgen-bulk": {"bulkUpdateContacts"},
			"x-contactsgen-job": {
				"bulkDeleteContactsByFilter", "bulkUpdateContactSubscriptions", "bulkUpdateContactTagsByFilter",
				"bulkUpdatePhoneCountryCodeByFilter",
			},
			"x-contactsgen-paging": {"listAsyncJobItems", "listDeletedContacts", "queryContacts", "searchContacts"},
			"x-contactsgen-safe":   {"countContacts", "queryContacts", "searchContacts"},
		},
		codes: 34,
	},
}

func TestOperationsByTag(t *testing.T) {
	each(t, func(t *testing.T, api spec.API) {
		doc, want := load(t, api), expected[api.Name].tags
		got := map[string]int{}
		operations(doc, func(name string, op *openapi3.Operation) {
			if len(op.Tags) != 1 {
				t.Errorf("%s: tags %q, want exactly one", name, op.Tags)
				return
			}
			got[op.Tags[0]]++
		})
		if !maps.Equal(got, want) {
			t.Errorf("operations by tag: %v, want %v", got, want)
		}
		for _, tag := range doc.Tags {
			if want[tag.Name] == 0 {
				t.Errorf("tag %q has no operation", tag.Name)
			}
		}
	})
}

func TestTraits(t *testing.T) {
	each(t, func(t *testing.T, api spec.API) {
		got := map[string][]string{}
		operations(load(t, api), func(_ string, op *openapi3.Operation) {
			for _, key := range []string{"x-contactsgen-revision", "x-contactsgen-bulk", "x-contactsgen-job", "x-contactsgen-paging",
				"x-contactsgen-safe"} {
				if _, ok := op.Extensions[key]; ok {
					got[key] = append(got[key], op.OperationID)
				}
			}
		})
		for _, ids := range got {
			slices.Sort(ids)
		}
		if want := expected[api.Name].traits; !maps.EqualFunc(got, want, slices.Equal[[]string]) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

// sentence is what a doc comment can be made of: it begins with a capital letter, ends with a period, and has no markup.
var sentence = regexp.MustCompile("^[A-Z][^\n`*<>]*\\.$")

// TestEverythingIsDescribed keeps the promise that every exported name of the client has a doc comment.
func TestEverythingIsDescribed(t *testing.T) {
	each(t, everythingIsDescribed)
}

func everythingIsDescribed(t *testing.T, api spec.API) {
	doc := load(t, api)
	check := func(text, format string, args ...any) {
		t.Helper()
		if !sentence.MatchString(text) {
			t.Errorf("%s: description %q is not a plain sentence", fmt.Sprintf(format, args...), text)
		}
	}
	check(doc.Info.Description, "info")
	for _, tag := range doc.Tags {
		check(tag.Description, "tag %s", tag.Name)
	}
	for name, scheme := range doc.Components.SecuritySchemes {
		check(scheme.Value.Description, "security scheme %s", name)
	}
	operations(doc, func(name string, op *openapi3.Operation) {
		check(op.Description, "%s", name)
		check(op.Summary+".", "summary of %s", name)
		for _, p := range op.Parameters {
			check(p.Value.Description, "%s: parameter %s", name, p.Value.Name)
		}
		if op.RequestBody != nil {
			check(op.RequestBody.Value.Description, "%s: request", name)
		}
		for status, r := range op.Responses.Map() {
			check(*r.Value.Description, "%s: answer %s", name, status)
			for _, c := range codes(t, r.Value) {
				check(c.Description, "%s: code %s", name, c.Code)
			}
		}
	})
	for name, schema := range doc.Components.Schemas {
		check(schema.Value.Description, "schema %s", name)
		for prop, value := range schema.Value.Properties {
			check(value.Value.Description, "property %s.%s", name, prop)
		}
		texts, _ := schema.Value.Extensions["x-enum-descriptions"].(map[string]any)
		if len(texts) != len(schema.Value.Enum) {
			t.Errorf("schema %s: %d values, %d descriptions", name, len(schema.Value.Enum), len(texts))
		}
		for _, value := range schema.Value.Enum {
			text, _ := texts[value.(string)].(string)
			check(text, "enum %s: %s", name, value)
		}
	}
}

// TestTypesAreNamed keeps the names of the client's types ours: no object and no enum is described in place.
func TestTypesAreNamed(t *testing.T) {
	each(t, typesAreNamed)
}

func typesAreNamed(t *testing.T, api spec.API) {
	doc := load(t, api)
	var inPlace func(at string, s *openapi3.SchemaRef)
	inPlace = func(at string, s *openapi3.SchemaRef) {
		switch {
		case s == nil || s.Ref != "" || len(s.Value.AllOf) == 1 && s.Value.AllOf[0].Ref != "":
			return
		case len(s.Value.Properties) > 0, len(s.Value.Enum) > 0, len(s.Value.AllOf)+len(s.Value.OneOf)+len(s.Value.AnyOf) > 0:
			t.Errorf("%s: a type without a name", at)
		}
		inPlace(at+"[]", s.Value.Items)
	}
	for name, schema := range doc.Components.Schemas {
		for prop, value := range schema.Value.Properties {
			inPlace(name+"."+prop, value)
		}
	}
	operations(doc, func(name string, op *openapi3.Operation) {
		for _, p := range op.Parameters {
			inPlace(name+" "+p.Value.Name, p.Value.Schema)
		}
		if op.RequestBody != nil {
			inPlace(name+" request", op.RequestBody.Value.Content.Get("application/json").Schema)
		}
		for status, r := range op.Responses.Map() {
			inPlace(name+" "+status, r.Value.Content.Get("application/json").Schema)
		}
	})
}

type code struct {
	Code, Class, Description string
	Data                     struct {
		Ref string `json:"$ref"`
	}
}

func codes(t *testing.T, r *openapi3.Response) []code {
	t.Helper()
	raw, err := json.Marshal(r.Extensions["x-contactsgen-error-codes"])
	if err != nil {
		t.Fatal(err)
	}
	var list []code
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&list); err != nil {
		t.Fatalf("x-contactsgen-error-codes %s: %v", raw, err)
	}
	return list
}

// TestCodesMeanOneThing: a code becomes one constant, so wherever it is declared it has to be the same.
func TestCodesMeanOneThing(t *testing.T) {
	each(t, codesMeanOneThing)
}

func codesMeanOneThing(t *testing.T, api spec.API) {
	seen := map[string]code{}
	operations(load(t, api), func(name string, op *openapi3.Operation) {
		for status, r := range op.Responses.Map() {
			for _, c := range codes(t, r.Value) {
				if first, ok := seen[c.Code]; ok && first != c {
					t.Errorf("%s %s: %+v, elsewhere %+v", name, status, c, first)
				}
				seen[c.Code] = c
			}
		}
	})
	if want := expected[api.Name].codes; len(seen) != want {
		t.Errorf("%d codes: %v, want %d", len(seen), slices.Sorted(maps.Keys(seen)), want)
	}
}

// TestVocabulary: every extension in the description is one that the README explains, and no schema closes its objects,
// because answers carry members that nobody has described.
func TestVocabulary(t *testing.T) {
	each(t, vocabulary)
}

func vocabulary(t *testing.T, api spec.API) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(api.Data, &root); err != nil {
		t.Fatal(err)
	}
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.MappingNode {
			for i := 0; i < len(n.Content); i += 2 {
				key, value := n.Content[i], n.Content[i+1]
				if key.Value == "x-wix-request-id" {
					continue // a header's name
				}
				if strings.HasPrefix(key.Value, "x-") && !bytes.Contains(readme, []byte(key.Value)) {
					t.Errorf("%s:%d:%d: %s is not explained in README.md", api.File, key.Line, key.Column, key.Value)
				}
				if key.Value == "additionalProperties" && value.Value == "false" {
					t.Errorf("%s:%d:%d: a closed object", api.File, key.Line, key.Column)
				}
			}
		}
		for _, child := range n.Content {
			walk(child)
		}
	}
	walk(&root)
}

// TestContactIsLenient: an answer may carry members that are not described. A projection of V4 may leave out all but two.
func TestContactIsLenient(t *testing.T) {
	const id = `{"id": "1d2e3f40-5162-4738-94a5-b6c7d8e9fa0b"`
	bodies := map[string][]string{
		"contacts-v4": {
			id + `, "revision": 0}`,
			id + `, "revision": 3, "createdDate": null, "picture": {"id": "a"},
			  "info": {"company": null, "locations": {"items": []},
			           "emails": {"items": [{"tag": "MAIN", "email": "no address"}]},
			           "phones": {"items": [{"tag": "HOME", "phone": "555-0100", "formattedPhone": "555 0100"}]},
			           "extendedFields": {"items": {"custom.size": 39.5, "system.list": ["a", {"b": true}]}}}}`,
		},
		"contacts-v5": {
			id + `}`,
			id + `, "revision": "3", "createdDate": null, "displayName": "Ada", "externalId": null, "name": {"first": null, "full": "Ada"},
			  "additionalPhones": [{"tag": "HOME", "phone": "555-0100", "countryCode": "US"}],
			  "extendedFields": {"namespaces": {"_user_fields": {"size": 39.5, "list": ["a", {"b": true}]}}}}`,
		},
	}
	each(t, func(t *testing.T, api spec.API) {
		schema := load(t, api).Components.Schemas["Contact"].Value
		for _, body := range bodies[api.Name] {
			if err := visit(t, schema, body); err != nil {
				t.Errorf("%s\n%v", body, err)
			}
		}
	})
	v4, v5 := load(t, spec.APIs()[0]).Components.Schemas["Contact"].Value, load(t, spec.APIs()[1]).Components.Schemas["Contact"].Value
	if visit(t, v4, id+`}`) == nil {
		t.Error("a contact of V4 without a revision passes")
	}
	for _, revision := range []string{"3", `"three"`, `""`} {
		if visit(t, v5, id+`, "revision": `+revision+`}`) == nil {
			t.Errorf("a contact of V5 with the revision %s passes", revision)
		}
	}
}

func visit(t *testing.T, schema *openapi3.Schema, body string) error {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		t.Fatal(err)
	}
	return schema.VisitJSON(value, openapi3.VisitAsResponse(), openapi3.MultiErrors())
}

// TestRequestsOfV4 keeps what the published types say and a description easily says more strictly.
func TestRequestsOfV4(t *testing.T) {
	doc := load(t, spec.APIs()[0])
	schemas := doc.Components.Schemas
	for name, want := range map[string][]string{
		"MergeContactsRequest": {"targetContactRevision"}, "PreviewMergeContactsRequest": nil, "BulkUpdateContactsRequest": nil,
	} {
		if got := schemas[name].Value.Required; !slices.Equal(got, want) {
			t.Errorf("%s requires %q, want %q", name, got, want)
		}
	}
	if format := schemas["ContactEmail"].Value.Properties["email"].Value.Format; format != "" {
		t.Errorf("an email of a contact has the format %s", format)
	}
	for name, want := range map[string]float64{"Paging": 1000, "LabelPaging": 2000, "ExtendedFieldPaging": 0} {
		var got float64
		if most := schemas[name].Value.Properties["limit"].Value.Max; most != nil {
			got = *most
		}
		if got != want {
			t.Errorf("%s has pages of %v, want %v", name, got, want)
		}
	}
	quota := doc.Paths.Find("/contacts/v4/extended-fields").Post.Responses.Status(429)
	if list := codes(t, quota.Value); len(list) != 1 || list[0].Code != "FIELDS_QUOTA_EXCEEDED" {
		t.Errorf("429 has the codes %v", list)
	}
	for path, want := range map[string][]string{
		"PATCH /contacts/v4/contacts/{contactId}": {"CONTACTS.MODIFY_MEMBERSHIP_STATUS", "CONTACTS.MODIFY_MEMBER_PRIMARY_EMAIL_PERMISSION"},
		"GET /contacts/v4/labels":                 {"contacts:v4:label:consistent_read"},
	} {
		method, path, _ := strings.Cut(path, " ")
		for _, permission := range want {
			if text := doc.Paths.Find(path).GetOperation(method).Description; !strings.Contains(text, permission) {
				t.Errorf("%s %s does not name %s", method, path, permission)
			}
		}
	}
}

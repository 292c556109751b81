package faketable_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/analyze"
	"github.com/contactsgen/contactsgen/generator/internal/faketable"
	"github.com/contactsgen/contactsgen/generator/internal/source"
	"github.com/contactsgen/contactsgen/spec"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// files is a description in which every rule of the package is met once, with an entity tag for a token.
const files = `openapi: 3.0.3
info: {title: Files, version: "1"}
servers: [{url: https://files.example.com/v2}]
paths:
  /files:
    get:
      operationId: listFiles
      parameters:
        - {name: kind, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
        - {name: cursor, in: query, schema: {type: string}}
      x-paging: {items: $response.body#/files, limit: $request.query.limit, cursor: {send: $request.query.cursor, read: $response.body#/next}, defaultLimit: 2}
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object, properties: {next: {type: string}, files: {type: array, items: {$ref: '#/components/schemas/File'}}}}}}}
    post:
      operationId: createFile
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/File'}}}}
      responses: {'201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/File'}}}}}
  /files/{fileId}:
    parameters: [{name: fileId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getFile
      responses:
        '200': {description: ok, headers: {ETag: {schema: {type: string}}}, content: {application/json: {schema: {$ref: '#/components/schemas/File'}}}}
        '404': {description: gone, x-error-codes: [{code: NO_FILE, class: not-found, description: None.}]}
    put:
      operationId: replaceFile
      parameters: [{name: If-Match, in: header, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/File'}}}}
      responses:
        '200': {description: ok, headers: {ETag: {schema: {type: string}}}, content: {application/json: {schema: {$ref: '#/components/schemas/File'}}}}
      x-revision:
        read: {operationId: getFile, parameters: {fileId: $request.path.fileId}, identity: $response.body#/id}
        token: {read: $response.header.ETag, send: $request.header.If-Match, reply: $response.header.ETag}
        payload: {read: $response.body, send: $request.body, as: replace}
        conflict: [{status: 412}]
        escape: {value: '*'}
    delete:
      operationId: deleteFile
      responses: {'204': {description: gone}}
  /files/{fileId}/tags:
    parameters: [{name: fileId, in: path, required: true, schema: {type: string}}]
    post:
      operationId: tagFile
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {tags: {type: array, items: {type: string}}}}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/File'}}}}}
      x-fake: {verb: add, list: /tags, items: $request.body#/tags}
    patch:
      operationId: retagFile
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {add: {$ref: '#/components/schemas/Tags'}, off: {$ref: '#/components/schemas/Tags'}}}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/File'}}}}}
      x-fake: {verb: adjust, list: /tags, add: $request.body#/add/ids, remove: $request.body#/off/ids}
  /files/{fileId}/scan:
    parameters: [{name: fileId, in: path, required: true, schema: {type: string}}]
    post:
      operationId: scanFile
      responses: {'202': {description: begun}}
components:
  schemas:
    Tags: {type: object, properties: {ids: {type: array, items: {type: string}}}}
    File:
      type: object
      required: [name]
      properties:
        id: {type: string, readOnly: true}
        name: {type: string}
        kind: {type: string}
        tags: {type: array, items: {type: string}}
        createdAt: {type: string, format: date-time, readOnly: true}
`

func open(t *testing.T, name string, data []byte) *fake.Server {
	t.Helper()
	doc, err := source.Load(t.Context(), source.Input{Name: name, Data: data}, nil, source.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	a, err := analyze.Build(doc, analyze.Options{Package: "api"})
	if err != nil {
		t.Fatal(err)
	}
	return fake.Open(faketable.Table(a))
}

// do sends a request and gives the answer's status, body and entity tag.
func do(t *testing.T, s *fake.Server, line, body, ifMatch string) (int, string, string) {
	t.Helper()
	method, url, _ := strings.Cut(line, " ")
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if ifMatch != "" {
		r.Header.Set("If-Match", ifMatch)
	}
	response, err := s.Transport().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(data), response.Header.Get("ETag")
}

func TestADescriptionBecomesAWorkingFake(t *testing.T) {
	s := open(t, "files.yaml", []byte(files))
	const base = "https://files.example.com/v2/files"
	if status, body, _ := do(t, s, "POST "+base, `{"name":"a","kind":"x","id":"mine"}`, ""); status != 201 || strings.Contains(body, "mine") ||
		!strings.Contains(body, "createdAt") {
		t.Fatal(status, body)
	}
	id := s.Seed("File", `{"name":"b","kind":"y"}`)
	_, _, tag := do(t, s, "GET "+base+"/"+id, "", "")
	for _, step := range []struct {
		line, body, tag string
		status          int
		has             string
	}{
		{"PUT " + base + "/" + id, `{"name":"c"}`, "", 428, ""},
		{"PUT " + base + "/" + id, `{"name":"c"}`, tag, 200, `"name":"c"`},
		{"PUT " + base + "/" + id, `{"name":"d"}`, tag, 412, ""},
		{"PUT " + base + "/" + id, `{"name":"d","kind":"y"}`, "*", 200, `"name":"d"`},
		{"PUT " + base + "/" + id, `{}`, "*", 400, "name is required"},
		{"POST " + base + "/" + id + "/tags", `{"tags":["t"]}`, "", 200, `"tags":["t"]`},
		{"PATCH " + base + "/" + id + "/tags", `{"add":{"ids":["u"]},"off":{"ids":["t"]}}`, "", 200, `"tags":["u"]`},
		{"GET " + base + "?kind=y", "", "", 200, `"name":"d"`},
		{"POST " + base + "/" + id + "/scan", "", "", 202, ""},
		{"DELETE " + base + "/" + id, "", "", 204, ""},
		{"GET " + base + "/" + id, "", "", 404, ""},
	} {
		status, body, _ := do(t, s, step.line, step.body, step.tag)
		if status != step.status || !strings.Contains(body, step.has) {
			t.Errorf("%s %s answered %d %s, want %d with %s", step.line, step.body, status, body, step.status, step.has)
		}
	}
}

func TestTheDescriptionOfContactsBecomesAFake(t *testing.T) {
	s := open(t, spec.Name, spec.Contacts)
	const base = "https://www.wixapis.com/contacts/v4/contacts"
	id := s.Seed("Contact", `{"revision":7,"info":{"name":{"first":"Ada"}}}`)
	if s.Revision("Contact", id) != "7" {
		t.Errorf("revision %s", s.Revision("Contact", id))
	}
	for _, step := range []struct {
		line, body string
		status     int
		has        string
	}{
		{"PATCH " + base + "/" + id, `{"revision":6,"info":{"company":"Example"}}`, 409, "CONTACT_ALREADY_CHANGED"},
		{"PATCH " + base + "/" + id, `{"revision":7,"info":{"company":"Example"}}`, 200, `"revision":8`},
		{"GET " + base + "/" + id, "", 200, `"responseType":"REGULAR"`},
		{"POST " + base + "/" + id + "/merge", `{"targetContactRevision":1,"sourceContactIds":["00000000-0000-4000-8000-00000000dead"]}`, 409,
			"CONTACT_ALREADY_CHANGED"},
		{"POST " + base + "/query", `{"query":{"filter":{"info.company":"Example"}}}`, 200, `"total":1`},
		{"GET https://www.wixapis.com/contacts/v4/labels", "", 200, "contacts.customers"},
	} {
		if status, body, _ := do(t, s, step.line, step.body, ""); status != step.status || !strings.Contains(body, step.has) {
			t.Errorf("%s %s answered %d %s", step.line, step.body, status, body)
		}
	}
	if n := len(s.Requests()); n != 6 {
		t.Errorf("%d requests recorded", n)
	}
}

func TestWhatXFakeCannotMeanIsRefused(t *testing.T) {
	for was, now := range map[string]string{
		"verb: add, list: /tags,":    "verb: add,",
		"verb: add, list":            "verb: sing, list",
		"x-fake: {verb: add":         "x-fake: {pack: files, verb: add",
		"items: $request.body#/tags": "items: $request.body#/nothing",
		"\npaths:":                   "\nx-fake: {verb: add}\npaths:",
	} {
		data := strings.Replace(files, was, now, 1)
		doc, err := source.Load(t.Context(), source.Input{Name: "files.yaml", Data: []byte(data)}, nil, source.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := analyze.Build(doc, analyze.Options{Package: "api"}); err == nil || !strings.Contains(err.Error(), "files.yaml:") {
			t.Errorf("%s is taken: %v", now, err)
		}
	}
}

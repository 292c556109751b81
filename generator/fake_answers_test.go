package generator

import (
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/faketable"
	"github.com/contactsgen/contactsgen/templates/fake"
)

const answersSpec = `
openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/PetList'}}}}}
    post:
      operationId: createPet
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewPet'}}}}
      responses: {'201': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /pets/{id}:
    get:
      operationId: getPet
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /pictures/{page}.{format}:
    get:
      operationId: getPicture
      parameters: [{name: page, in: path, required: true, schema: {type: integer}}, {name: format, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: d, content: {application/json: {schema: {type: object, properties: {big: {type: boolean}}}, example: {big: true}}}}}
  /pictures/{page}t.{format}:
    get:
      operationId: getThumbnail
      parameters: [{name: page, in: path, required: true, schema: {type: integer}}, {name: format, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: d, content: {application/json: {schema: {type: object, properties: {big: {type: boolean}}}, example: {big: false}}}}}
  /kennels/{kennel}/visits:
    get:
      operationId: listVisits
      parameters:
        - {name: kennel, in: path, required: true, schema: {type: string}}
        - {name: cursor, in: query, schema: {type: string}}
      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Visits'}}}}}
      x-contactsgen-paging:
        items: $response.body#/visits
        cursor: {send: $request.query.cursor, read: $response.body#/next}
  /visitors:
    get:
      operationId: listVisitors
      parameters: [{name: page, in: query, schema: {type: integer}}]
      responses:
        '200':
          description: d
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Visitor'}}
              example: [{id: a, name: Ada}, {id: b, name: Bob}]
      x-contactsgen-paging: {items: $response.body, page: {send: $request.query.page}}
components:
  schemas:
    Visitor: {type: object, properties: {id: {type: string}, name: {type: string}}}
    Visits:
      type: object
      properties:
        next: {type: string}
        visits: {type: array, items: {type: object, properties: {id: {type: string}, note: {type: string}}}}
    NewPet:
      type: object
      required: [name]
      properties: {name: {type: string}, owner: {type: string}, friends: {type: array, items: {type: integer}}}
    Pet:
      type: object
      required: [id, name]
      properties:
        id: {type: integer, format: int64}
        name: {type: string}
        owner: {type: object, properties: {name: {type: string}}}
        friends: {type: array, items: {type: object, properties: {name: {type: string}}}}
    PetList:
      type: object
      required: [object, more, data]
      properties: {object: {type: string, enum: [list]}, more: {type: boolean}, data: {type: array, items: {$ref: '#/components/schemas/Pet'}}}
`

// TestFakeEndsItsPages has lists of what nothing reads by itself: they have what their example has, or one item, and an end.
func TestFakeEndsItsPages(t *testing.T) {
	o := Options{Spec: Input{Name: "pets.yaml", Data: []byte(answersSpec)}, Package: "pets"}
	sandbox, err := NewSandbox(t.Context(), o, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for request, want := range map[string]string{
		"/kennels/7/visits": `{"visits":[{"id":"00000001-0000-4000-8000-000000000001","note":"example"}]}`,
		"/visitors":         `[{"id":"a","name":"Ada"},{"id":"b","name":"Bob"}]`,
		"/visitors?page=2":  `[]`,
	} {
		answer := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), "GET", "http://127.0.0.1"+request, nil)
		r.RemoteAddr = "127.0.0.1:1"
		sandbox.Handler.ServeHTTP(answer, r)
		if got := strings.TrimSpace(answer.Body.String()); answer.Code != 200 || got != want {
			t.Errorf("%s: %d %s, want %s", request, answer.Code, got, want)
		}
	}
}

// TestFakeAnswersItsOwnTypes has ids that are numbers, lists with required members beside their items, requests that say a member in
// another form than answers do, and several parameters in one part of a path.
func TestFakeAnswersItsOwnTypes(t *testing.T) {
	a, err := build(t.Context(), Options{Spec: Input{Name: "pets.yaml", Data: []byte(answersSpec)}, Package: "pets"})
	if err != nil {
		t.Fatal(err)
	}
	server := fake.Open(faketable.Table(a))
	for _, step := range []struct {
		request, body, want string
		status              int
	}{
		{"POST /pets", `{"name": "Rex", "owner": "Ada", "friends": [7]}`, `{"id":1,"name":"Rex"}`, 201},
		{"POST /pets", `{"name": "Tom"}`, `{"id":2,"name":"Tom"}`, 201},
		{"GET /pets/2", "", `{"id":2,"name":"Tom"}`, 200},
		{"GET /pets/3", "", "", 404},
		{"GET /pets", "", `{"data":[{"id":1,"name":"Rex"},{"id":2,"name":"Tom"}],"more":false,"object":"list"}`, 200},
		{"GET /pictures/4.jpg", "", `{"big":true}`, 200},
		{"GET /pictures/4t.jpg", "", `{"big":false}`, 200},
		{"GET /pictures/4.tar.gz", "", `{"big":true}`, 200},
		{"GET /pictures/.jpg", "", "", 404},
	} {
		method, path, _ := strings.Cut(step.request, " ")
		request := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(step.body))
		request.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, request)
		body, _ := io.ReadAll(answer.Body)
		if answer.Code != step.status || step.want != "" && strings.TrimSpace(string(body)) != step.want {
			t.Errorf("%s: %d %s, want %d %s", step.request, answer.Code, body, step.status, step.want)
		}
	}
}

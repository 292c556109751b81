package faketable_test

import (
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/spec"
)

// shelf declares every kind of bound that a query can have.
const shelf = `openapi: 3.0.3
info: {title: Shelf, version: "1"}
servers: [{url: https://shelf.example.com}]
paths:
  /books:
    get:
      operationId: listBooks
      parameters:
        - {name: order, in: query, schema: {$ref: '#/components/schemas/Order'}}
        - {name: topics, in: query, schema: {type: array, maxItems: 2, items: {type: string, maxLength: 4}}}
        - {name: year, in: query, schema: {type: integer, minimum: 1450, maximum: 2100}}
        - {name: lent, in: query, schema: {type: boolean}}
        - {name: since, in: query, schema: {type: string, format: date-time}}
        - {name: words, in: query, schema: {type: string}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Book'}}}}}
  /books/{bookId}:
    get:
      operationId: getBook
      parameters: [{name: bookId, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}}
components:
  schemas:
    Order: {type: string, enum: [UP, DOWN]}
    Book: {type: object, properties: {id: {type: string}, title: {type: string}}}
`

// What a description says of its parameters holds for its fake, whatever the description.
func TestQueriesAreHeldToTheirDescription(t *testing.T) {
	s := open(t, "shelf.yaml", []byte(shelf))
	for query, want := range map[string]int{
		"order=UP": 200, "order=NOPE": 400, "topics=art&topics=law": 200, "topics=art,law,war": 400, "topics=nopes": 400,
		"year=1450": 200, "year=1449": 400, "year=2101": 400, "year=NOPE": 400, "lent=false": 200, "lent=NOPE": 400,
		"since=2030-01-31T00:00:00Z": 200, "since=2030-13-45T00:00:00Z": 400, "words=NOPE": 200,
	} {
		got, body, _ := do(t, s, "GET /books?"+query, "", "")
		name, _, _ := strings.Cut(query, "=")
		if got != want || want == 400 && (!strings.Contains(body, name) || strings.Contains(body, "NOPE")) {
			t.Errorf("%s: %d %s, want %d", query, got, body, want)
		}
	}
}

func TestQueriesOfContactsAreHeldToTheirDescription(t *testing.T) {
	s := open(t, spec.Name, spec.Contacts)
	for query, want := range map[string]int{
		"contacts?fieldsets=FULL": 200, "contacts?fieldsets=NOPE": 400, "labels?labelType=SYSTEM": 200, "labels?labelType=NOPE": 400,
		"contacts?sort.fieldName=createdDate&sort.order=DESC": 200, "contacts?sort.fieldName=createdDate&sort.order=UP": 400,
		"contacts?paging.limit=x": 400, "labels?paging.limit=2000": 200, "labels?paging.limit=2001": 400, "labels?namespace=ab": 400,
	} {
		if got, body, _ := do(t, s, "GET /contacts/v4/"+query, "", ""); got != want {
			t.Errorf("%s: %d %s, want %d", query, got, body, want)
		}
	}
}

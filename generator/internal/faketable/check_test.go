package faketable_test

import (
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/analyze"
	"github.com/contactsgen/contactsgen/generator/internal/faketable"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// What fits no collection is a complaint at its position, all of them in one run.
func TestWhatDoesNotFitTheTableIsAComplaint(t *testing.T) {
	const description = `openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getThing
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
    post:
      operationId: tagThing
      parameters: [{name: tag, in: query, schema: {type: string}}]
      responses: {'200': {description: ok}}
      x-fake: {verb: add, list: /name, items: $request.query.tag}
    put:
      operationId: putThing
      responses: {'200': {description: ok}}
      x-fake: {verb: touch, collection: Thingy}
  /elsewhere:
    post:
      operationId: touchNothing
      responses: {'200': {description: ok}}
      x-fake: {verb: touch}
    get:
      operationId: readNothing
      responses: {'200': {description: ok}}
      x-fake: {verb: read}
    delete:
      operationId: answerAlways
      responses: {'200': {description: ok}}
      x-fake: {answer: {ok: true}}
components:
  schemas:
    Thing: {type: object, properties: {id: {type: string}, name: {type: string}}}
`
	const want = `things.yaml:13:33: a Thing has no list at /name
	write a JSON Pointer to one of its arrays, such as /tags
things.yaml:17:41: there is no collection "Thingy" for the fake to keep
	there is Thing
things.yaml:22:7: nothing tells which collection touchNothing is about, which is to touch
	name it in collection; there is Thing
things.yaml:26:7: readNothing does not answer with one object, so it reads no resource
	name the member that is the resource in x-contactsgen-result, or leave the verb out`
	doc, err := source.Load(t.Context(), source.Input{Name: "things.yaml", Data: []byte(description)}, nil, source.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	a, err := analyze.Build(doc, analyze.Options{Package: "api"})
	if err != nil {
		t.Fatal(err)
	}
	if err := faketable.Check(a); err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

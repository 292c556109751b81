package nulls

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"shapes/script"
)

func client(t *testing.T, text string) *Client {
	t.Helper()
	c, err := NewClient(WithBaseURL(script.Serve(t, text)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A null that the description declares is read as nil, wherever it stands, and written as null again.
func TestDeclaredNullsAreRead(t *testing.T) {
	ctx := context.Background()
	const things = `{"list":[null,{"a":"x"}],"byName":{"a":1,"b":null},"rows":[null,["x",null]]}`
	c := client(t, `
		> GET /numbers
		< 200
		< [1,null,2]
		> GET /things
		< 200
		< `+things+`
		> GET /integer
		< 200
		< null
		> GET /integer
		< 200
		< 0
		> GET /thing
		< 200
		< null
		> GET /thing
		< 200
		< {}
	`)
	numbers, err := c.Reads.Numbers(ctx)
	if err != nil || len(numbers) != 3 || *numbers[0] != 1 || numbers[1] != nil || *numbers[2] != 2 {
		t.Error(numbers, err)
	}
	read, err := c.Reads.Things(ctx)
	if err != nil || read.List[0] != nil || *read.List[1].A != "x" || read.ByName["b"] != nil || *read.ByName["a"] != 1 {
		t.Error(read, err)
	}
	if doc, err := json.Marshal(read); err != nil || string(doc) != things {
		t.Errorf("%s, %v", doc, err)
	}
	none, err := c.Reads.Integer(ctx)
	if err != nil || none != nil {
		t.Error(none, err)
	}
	zero, err := c.Reads.Integer(ctx)
	if err != nil || zero == nil || *zero != 0 {
		t.Error(zero, err)
	}
	nothing, err := c.Reads.Thing(ctx)
	if err != nil || nothing != nil {
		t.Error(nothing, err)
	}
	empty, err := c.Reads.Thing(ctx)
	if err != nil || empty == nil || empty.A != nil {
		t.Error(empty, err)
	}
}

// A required body is sent when it is nil, or refused. One that is optional is left out.
func TestNilBodies(t *testing.T) {
	ctx := context.Background()
	c := client(t, `
		> PUT /list
		> Content-Type: application/json
		> []
		< 204
		> PUT /list
		> ["a",null]
		< 204
		> PUT /map
		> {}
		< 204
		> PUT /any
		> null
		< 204
		> PUT /any
		> null
		< 204
		> PUT /nullable
		> Content-Type: application/json
		> null
		< 204
		> PUT /optional
		> -Content-Type
		< 204
	`)
	a := "a"
	for _, err := range []error{
		c.Writes.List(ctx, nil), c.Writes.List(ctx, []*string{&a, nil}), c.Writes.Map(ctx, nil), c.Writes.Any(ctx, nil),
		c.Writes.Any(ctx, json.RawMessage("null")), c.Writes.Nullable(ctx, nil), c.Writes.Optional(ctx, nil),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	if err := c.Writes.Union(ctx, UnionRequest{}); err == nil || !strings.HasSuffix(err.Error(), "the request is missing") {
		t.Error(err)
	}
}

// An operation of a JSON Patch has a value, and null is one.
func TestJSONPatch(t *testing.T) {
	c := client(t, `
		> PATCH /patch
		> Content-Type: application/json-patch+json
		> [{"op":"replace","path":"/a","value":null}]
		< 204
	`)
	if err := c.Writes.Patch(context.Background(), []Operation{{Op: "replace", Path: "/a"}}); err != nil {
		t.Error(err)
	}
}

// A list or map that a request cannot leave out is sent empty when it is nil, and as null where that is a value. encoding/json writes it
// alike.
func TestRequiredListsThatAreNil(t *testing.T) {
	const filled = `{"list":[{"x":[]}],"words":[],"map":{},"bare":{},"bytes":"","nullList":null,"nullWords":null,"nullMap":null,` +
		`"open":{"x":[],"inner":{"x":[]},"more":true},"inner":{"x":[]},"choice":{"x":[]}}`
	ctx := context.Background()
	c := client(t, `
		> PUT /filled
		> `+filled+`
		< 204
		> PATCH /cleared
		> {"list":null,"map":null,"bytes":null}
		< 204
		> PATCH /cleared
		> {"list":[],"map":{},"bytes":""}
		< 204
	`)
	v := Filled{List: []Inner{{}}, Open: Open{Inner: &Inner{}, AdditionalProperties: map[string]bool{"more": true}},
		Choice: Ptr(NewChoiceInner(Inner{}))}
	if err := c.Writes.Filled(ctx, v); err != nil {
		t.Error(err)
	}
	if v.Words != nil || v.Bare != nil || v.Open.X != nil || v.List[0].X != nil {
		t.Errorf("writing has changed the value: %+v", v)
	}
	if doc, err := json.Marshal(v); err != nil || string(doc) != filled {
		t.Errorf("encoding/json: %s, %v", doc, err)
	}
	if err := c.Writes.Cleared(ctx, Cleared{List: Null[[]string](), Map: Null[map[string]any](), Bytes: Null[[]byte]()}); err != nil {
		t.Error(err)
	}
	if err := c.Writes.Cleared(ctx, Cleared{List: NotNull([]string(nil)), Map: NotNull(map[string]any(nil)),
		Bytes: NotNull([]byte(nil))}); err != nil {
		t.Error(err)
	}
}

// A nil list, map or bytes within a list or a map go as empty ones where null is no value, in both ways to write JSON, and stay nil for
// the caller.
func TestNilWithinIsSentEmpty(t *testing.T) {
	const want = `{"rows":[[],["a"],[]],"byName":{"a":[],"b":[[],[1]]},"bytes":["","eA=="],"maps":[{},{"a":"b"}],"nulls":[null,[]],"more":{"y":[]}}`
	c := client(t, `
		> PUT /within
		> `+want+`
		< 204
	`)
	v := Within{
		Rows: []Words{nil, {"a"}, nil}, ByName: map[string][][]int64{"a": nil, "b": {nil, {1}}}, Bytes: [][]byte{nil, []byte("x")},
		Maps: []map[string]string{nil, {"a": "b"}}, Nulls: [][]string{nil, {}},
		More: &WithinMore{AdditionalProperties: map[string][]string{"y": nil}},
	}
	if err := c.Writes.Within(context.Background(), v); err != nil {
		t.Error(err)
	}
	if doc, err := json.Marshal(v); err != nil || string(doc) != want {
		t.Errorf("%s, %v", doc, err)
	}
	if v.Rows[0] != nil || v.ByName["a"] != nil || v.ByName["b"][0] != nil || v.More.AdditionalProperties["y"] != nil {
		t.Errorf("the caller's value was changed: %v", v)
	}
}

// What a variant and the members beside it require is sent, zero or not, by a union that held nothing before.
func TestRequiredMembersOfVariantsAreSent(t *testing.T) {
	c := client(t, `
		> PUT /pay
		> {"amount":0,"tags":[],"number":"","zero":0,"list":[]}
		< 204
		> PUT /pay
		> {"amount":5,"tags":["a"],"number":"1","zero":0,"list":[]}
		< 204
		> PUT /pay
		> {"amount":0,"tags":[],"place":"","count":0}
		< 204
	`)
	beside := Payment{Amount: 5, Tags: []string{"a"}}
	if err := beside.FromCard(Card{Number: "1"}); err != nil {
		t.Fatal(err)
	}
	for _, p := range []Payment{NewPaymentCard(Card{}), beside, NewPaymentCash(Cash{})} {
		if err := c.Writes.Pay(context.Background(), p); err != nil {
			t.Error(err)
		}
	}
}

// What has to be there beside all variants is sent as its zero when a variant that was read clears it. What only a variant has goes.
func TestRequiredMembersThatAVariantClears(t *testing.T) {
	c := client(t, `
		> PUT /pay
		> {"number":"1","zero":3,"list":[],"unknown":1,"amount":0,"tags":[]}
		< 204
	`)
	var p Payment
	if err := p.UnmarshalJSON([]byte(`{"amount":5,"tags":["a"],"number":"1","zero":3,"list":[],"note":"x","unknown":1}`)); err != nil {
		t.Fatal(err)
	}
	card, err := p.AsCard()
	if err != nil {
		t.Fatal(err)
	}
	card.Amount, card.Tags, card.Note = nil, nil, nil
	if err := p.FromCard(card); err != nil {
		t.Fatal(err)
	}
	if err := c.Writes.Pay(context.Background(), p); err != nil {
		t.Error(err)
	}
}

// In a body that is a list or a map itself, what is nil within is sent empty, and so is what ends a list of itself. Null is sent where it is
// a value. The caller's value stays as it is.
func TestNilWithinABodyThatIsAList(t *testing.T) {
	c := client(t, `
		> PUT /rows
		> [[],["a"],[]]
		< 204
		> PUT /columns
		> {"a":[null,[]]}
		< 204
		> PUT /tree
		> [[],[[]]]
		< 204
	`)
	ctx := context.Background()
	rows := [][]string{nil, {"a"}, {}}
	if err := c.Writes.Rows(ctx, rows); err != nil || rows[0] != nil {
		t.Error(rows, err)
	}
	if err := c.Writes.Columns(ctx, map[string][][]string{"a": {nil, {}}}); err != nil {
		t.Error(err)
	}
	if err := c.Writes.Tree(ctx, Tree{nil, {nil}}); err != nil {
		t.Error(err)
	}
}

// A body that declares to have no members is an empty object, or has what the caller puts into it.
func TestBodiesWithoutMembers(t *testing.T) {
	c := client(t, `
		> POST /restore
		> {}
		< 204
		> POST /restore
		> {"more":true}
		< 204
	`)
	for _, body := range []RestoreRequest{nil, {"more": true}} {
		if err := c.Writes.Restore(context.Background(), body); err != nil {
			t.Error(err)
		}
	}
}

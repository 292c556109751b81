package open

import (
	"context"
	"encoding/json"
	"testing"

	"shapes/script"
)

// A type that has members beside those of its description leaves out what is not set, and keeps the digits of what it does not know.
func TestOpenTypes(t *testing.T) {
	ctx := context.Background()
	c, err := NewClient(WithBaseURL(script.Serve(t, `
		> PUT /open
		> {}
		< 200
		< {"id":1,"other":9007199254740993,"name":"n"}
		> PUT /open
		> {"name":"n","other":9007199254740993}
		< 200
		< {}
	`)))
	if err != nil {
		t.Fatal(err)
	}
	open, err := c.Writes.Open(ctx, Open{})
	if err != nil || open.ID != 1 || open.AdditionalProperties["other"] != json.Number("9007199254740993") {
		t.Fatal(open, err)
	}
	open.ID = 0 // it is read-only
	if _, err := c.Writes.Open(ctx, *open); err != nil {
		t.Error(err)
	}
	open.Set("name", "m")
	if _, err := c.Writes.Open(ctx, *open); err == nil {
		t.Error("a declared member was sent twice")
	}
}

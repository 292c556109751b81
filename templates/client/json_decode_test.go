package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
)

// What a decoder met before must not show in what it says of the next document.
func TestDecodersAreLikeNewOnes(t *testing.T) {
	docs := []string{
		`{"a":1}`, "{\"a\":2}\n", " {\"a\":3} \r\n\t", `{"a":`, `{"a":1]`, `{"a":"text"}`, `{"a":4} `, `{"a":5}{"a":6}`, `{"a":7} x`, "", " \n",
		"7", `{"a":12345678901234567890}`, "nul", `{"b":1e400}`,
	}
	for _, before := range docs {
		for _, doc := range docs {
			type target struct {
				A int
				B any
			}
			var first, got, want target
			_ = decodeStrictly([]byte(before), &first)
			err := decodeStrictly([]byte(doc), &got)
			d := json.NewDecoder(bytes.NewReader([]byte(doc)))
			d.UseNumber()
			wanted := d.Decode(&want)
			switch {
			case len(bytes.TrimSpace([]byte(doc))) == 0:
				wanted = errEmptyBody
			case wanted == nil && d.More():
				wanted = errTrailing
			}
			if !reflect.DeepEqual(got, want) || fmt.Sprintf("%#v", err) != fmt.Sprintf("%#v", wanted) {
				t.Errorf("%q after %q: %v, %#v; want %v, %#v", doc, before, got, err, want, wanted)
			}
		}
	}
}

// openThing has members beside the declared ones.
type openThing struct {
	ID   string         `json:"id"`
	Data []byte         `json:"data"`
	More map[string]int `json:"-"`
}

func (o *openThing) UnmarshalJSON(doc []byte) error {
	type declared openThing
	return readOpen(doc, (*declared)(o), &o.More)
}

// An error says where in an answer something is amiss, in words of the description alone: a name that it lacks can be anybody's.
func TestErrorsSayWhere(t *testing.T) {
	type outer struct {
		Bytes []byte      `json:"bytes"`
		Inner []openThing `json:"inner"`
		Count int         `json:"count"`
	}
	for doc, want := range map[string]string{
		`{"count":1.5}`:                         `"count" is not what the description says`,
		`{"bytes":"no-base64"}`:                 `"bytes" is not what the description says`,
		`{"bytes":"AQI="}`:                      ``,
		`{"inner":[{"data":"?"}]}`:              `"inner" is not what the description says`,
		`{"inner":[{"me@example.com":1}]}`:      ``,
		`{"inner":[{"me@example.com":[1]}]}`:    `"inner.additionalProperties" is not what the description says`,
		`{"inner":[{"id":{}}]}`:                 `"inner.id" is not what the description says`,
		`[]`:                                    `the value is of type array, which is not what the description says`,
		`17`:                                    `the value is of type number, which is not what the description says`,
		`{"inner":{"0":{"id":"me@a.example"}}}`: `"inner" is not what the description says`,
	} {
		got := ""
		if err := decode([]byte(doc), new(outer)); err != nil {
			got = describe(err)
		}
		if got != want {
			t.Errorf("%s: have %q, want %q", doc, got, want)
		}
	}
}

// Of a resource is printed what looks like an id or a revision, whatever holds it. An address does not.
func TestResourceText(t *testing.T) {
	var unset *int64
	for want, told := range map[string][]any{
		"Thing{id: a-1, revision: 7}":           {"id", Ptr("a-1"), "revision", int64(7)},
		"Thing{ETag: 5f}":                       {"id", "ada@example.com", "ETag", `W/"5f"`},
		"Thing{}":                               {"id", unset, "revision", 0, "ETag", ""},
		"Thing{revision: 12345678901234567890}": {"revision", json.Number("12345678901234567890")},
	} {
		if got := resourceText("Thing", told...); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

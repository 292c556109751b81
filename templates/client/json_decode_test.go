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
		`{"a":1}`, "{\"a\":2}\n", " {\"a\":3} \r\n\t", `{"a":`, `{"a":1]`, `{"a":"text"}`, `{"a":4} `, `{"a":5}{"a":6}`, `{"a":7} x`, "", " \n", "7", `{"a":12345678901234567890}`, "nul", `{"b":1e400}`,
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

package client

import (
	"encoding/json"
	"reflect"
	"testing"
)

type odd struct {
	Revision int32            `json:"revision"`
	Quota    *int64           `json:"quota,omitempty"`
	ID       string           `json:"id"`
	Any      any              `json:"any,omitempty"`
	Number   json.Number      `json:"number,omitempty"`
	Share    float64          `json:"share,omitempty"`
	List     []odd            `json:"list,omitempty"`
	Map      map[string]int32 `json:"map,omitempty"`
	On       bool             `json:"on,omitempty"`
	Raw      json.RawMessage  `json:"raw,omitempty"`
}

// A number that is written as a string, or the other way round, never fails a response; nonsense does.
func TestNumbersAndStrings(t *testing.T) {
	quota := int64(9007199254740993)
	var got odd
	doc := `{"revision":"17","quota":"9007199254740993","id":42,"any":"1","number":"7","list":[{"revision":"-1","id":9007199254740993}],"map":{"a":"2","b":3},"raw":["1"],"later":{"x":1}}`
	want := odd{
		Revision: 17, Quota: &quota, ID: "42", Any: "1", Number: "7", List: []odd{{Revision: -1, ID: "9007199254740993"}},
		Map: map[string]int32{"a": 2, "b": 3},
		Raw: json.RawMessage(`["1"]`),
	}
	if err := decode([]byte(doc), &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v: %+v", err, got)
	}
	for _, doc := range []string{
		`{"revision":"x"}`, `{"revision":""}`, `{"revision":" 1"}`, `{"revision":"01"}`, `{"revision":"1.0"}`, `{"revision":"4294967296"}`,
		`{"revision":{}}`,
		`{"id":true}`, `{"on":"true"}`, `{"list":{}}`, `{"list":["x"]}`, `{"map":[]}`, `[]`, `"x"`,
	} {
		if err := decode([]byte(doc), new(odd)); err == nil {
			t.Errorf("%s is taken", doc)
		}
	}
}

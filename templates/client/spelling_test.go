package client

import (
	"reflect"
	"testing"
)

// Of names that differ in capital letters the exact one counts, at any depth; where it is missing the other one does.
func TestSpelling(t *testing.T) {
	type inner struct {
		Name string `json:"name"`
	}
	type outer struct {
		Count int              `json:"count"`
		One   *inner           `json:"one"`
		List  []inner          `json:"list"`
		ByKey map[string]inner `json:"byKey"`
		Free  any              `json:"free"`
	}
	for _, tt := range []struct{ doc, dropped, kept string }{
		{`{"count":1,"COUNT":9}`, `{"count":1}`, `{"count":1,"COUNT":9}`},
		{`{"COUNT":9,"count":1}`, `{"count":1}`, `{"COUNT":9,"count":1}`},
		{`{"COUNT":9}`, `{"count":9}`, `{"count":9}`},
		{`{"COUNT":9,"Count":8}`, `{"count":8}`, `{"count":8}`},
		{`{"one":{"name":"a","Name":"b"}}`, `{"one":{"name":"a"}}`, `{"one":{"name":"a","Name":"b"}}`},
		{`{"list":[{"NAME":"a"},{"name":"b"}]}`, `{"list":[{"name":"a"},{"name":"b"}]}`, `{"list":[{"name":"a"},{"name":"b"}]}`},
		{`{"byKey":{"Count":{"name":"a","Name":"b"}}}`, `{"byKey":{"Count":{"name":"a"}}}`, `{"byKey":{"Count":{"name":"a","Name":"b"}}}`},
		{`{"free":{"Count":1,"count":2}}`, `{"free":{"Count":1,"count":2}}`, `{"free":{"Count":1,"count":2}}`},
		{`{"c\u006funt":1,"COUNT":9}`, `{"c\u006funt":1}`, `{"c\u006funt":1,"COUNT":9}`},
		{`{"unknown":"count","Unknown":1}`, `{"unknown":"count","Unknown":1}`, `{"unknown":"count","Unknown":1}`},
		{`{"COUNT":9`, `{"COUNT":9`, `{"COUNT":9`},
	} {
		of := reflect.TypeFor[*outer]()
		if got := string(spelled([]byte(tt.doc), of, false)); got != tt.dropped {
			t.Errorf("%s: %s, want %s", tt.doc, got, tt.dropped)
		}
		if got := string(spelled([]byte(tt.doc), of, true)); got != tt.kept {
			t.Errorf("%s, kept: %s, want %s", tt.doc, got, tt.kept)
		}
	}
	var v outer
	if err := decode([]byte(`{"count":1,"COUNT":9,"one":{"NAME":"a"}}`), &v); err != nil || v.Count != 1 || v.One.Name != "a" {
		t.Errorf("%+v, %v", v, err)
	}
}

// listOfItself and mapOfItself are made of nothing but themselves.
type (
	listOfItself []listOfItself
	mapOfItself  map[string]mapOfItself
)

// A type that contains itself through lists or maps alone is gone through once.
func TestSpellingInTypesThatContainThemselves(t *testing.T) {
	var into struct {
		Name  string       `json:"name"`
		Lists listOfItself `json:"lists"`
		Maps  mapOfItself  `json:"maps"`
	}
	if err := decode([]byte(`{"Name":"a","LISTS":[[],[[]]],"maps":{"b":{"c":{}}}}`), &into); err != nil {
		t.Fatal(err)
	}
	if into.Name != "a" || len(into.Lists) != 2 || len(into.Lists[1]) != 1 || len(into.Maps["b"]) != 1 {
		t.Errorf("got %+v", into)
	}
	var lists listOfItself
	if err := decode([]byte(`[[],[[]]]`), &lists); err != nil || len(lists) != 2 {
		t.Errorf("got %v, %v", lists, err)
	}
}

package client

import (
	"strings"
	"testing"
)

// Path parameters are written as their OpenAPI style says. What they hold is escaped, their punctuation is not.
func TestPathStyles(t *testing.T) {
	list, object := []string{"a/b", "c,d"}, map[string]any{"r": 1, "g": "x=y", "none": nil}
	for _, tt := range []struct {
		param param
		value any
		want  string
	}{
		{param{name: "p"}, list, "a%2Fb,c%2Cd"},
		{param{name: "p", explode: true}, object, "g=x%3Dy,r=1"},
		{param{name: "p"}, object, "g,x%3Dy,r,1"},
		{param{name: "p", style: "label"}, list, ".a%2Fb,c%2Cd"},
		{param{name: "p", style: "label", explode: true}, list, ".a%2Fb.c%2Cd"},
		{param{name: "p", style: "label", explode: true}, object, ".g=x%3Dy.r=1"},
		{param{name: "p", style: "label"}, "a b", ".a%20b"},
		{param{name: "p", style: "label"}, []string{"a.b", "c"}, ".a.b,c"},
		{param{name: "p", style: "label", explode: true}, []string{"a.b", "c"}, ""},
		{param{name: "p", style: "label", explode: true}, []string{"a.b"}, ""},
		{param{name: "p", style: "label", explode: true}, "a.b", ".a.b"},
		{param{name: "p", style: "label", explode: true}, map[string]any{"a": 1.5, "b": 2}, ""},
		{param{name: "p", style: "matrix"}, 5, ";p=5"},
		{param{name: "p", style: "matrix"}, list, ";p=a%2Fb,c%2Cd"},
		{param{name: "p", style: "matrix", explode: true}, list, ";p=a%2Fb;p=c%2Cd"},
		{param{name: "p", style: "matrix"}, object, ";p=g,x%3Dy,r,1"},
		{param{name: "p", style: "matrix", explode: true}, object, ";g=x%3Dy;r=1"},
		{param{name: "p", style: "json"}, map[string]int{"a": 1}, "%7B%22a%22:1%7D"},
		{param{name: "p"}, 1000000.0, "1000000"},
		{param{name: "p"}, []byte{1, 2}, "AQI%3D"},
		{param{name: "p", style: "label"}, []string{}, ""},
		{param{name: "p", style: "matrix"}, (*string)(nil), ""},
		{param{name: "p"}, make(chan int), ""},
	} {
		if got := pathText(tt.param, tt.value); got != tt.want {
			t.Errorf("%v %v: have %q, want %q", tt.param, tt.value, got, tt.want)
		}
	}
}

// A value that comes escaped cannot leave its segment either.
func TestEscapedPathValues(t *testing.T) {
	for value, ok := range map[string]bool{
		".a%2Fb": true, ";p=1": true, "": false, ".": false, "..": false, "%2e%2E": false, "a/b": false, `a\b`: false, "a?b": false, "a#b": false,
		"a b": false, "a%": false, "a\nb": false,
	} {
		path, err := expandPath("/x/{p}/y", []string{value}, "p")
		if (err == nil) != ok || ok && path != "/x/"+value+"/y" {
			t.Errorf("%q gives %q, %v", value, path, err)
		}
		if err != nil && value != "" && len(value) > 2 && strings.Contains(err.Error(), value) {
			t.Errorf("the error shows the value: %v", err)
		}
	}
}

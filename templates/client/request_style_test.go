package client

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// optionalParam is a parameter that may be left out.
type optionalParam requiredParam

func (p optionalParam) applyCall(o *callOptions) error { return o.addParam(p.op, p.param, p.value) }

// A required parameter is sent, or the call is not.
func TestRequiredParameters(t *testing.T) {
	for _, value := range []any{nil, []string{}, map[string]int{}, (*string)(nil)} {
		_, err := newTestCore(t, "https://api.example.com").prepare(&opList, nil, requestBody{},
			[]CallOption{requiredParam{&opList, param{in: inQuery, name: "p"}, value}})
		if want := "things: listThings: GET /v4/things: parameter p: it is required, and has no value"; textOf(err) != want {
			t.Errorf("%v: have %q, want %q", value, textOf(err), want)
		}
	}
}

// A delimiter within an element would make two of it at the server, so nothing is sent.
func TestDelimitersWithinElements(t *testing.T) {
	for style, delimiter := range map[string]string{"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"} {
		for _, value := range []any{[]string{"a", "b" + delimiter + "c"}, map[string]string{"a": "b" + delimiter},
			map[string]string{delimiter: "b"}} {
			p := optionalParam{&opList, param{in: inQuery, name: "p", style: style}, value}
			_, err := newTestCore(t, "https://api.example.com").prepare(&opList, nil, requestBody{}, []CallOption{p})
			if !strings.Contains(textOf(err), "parameter p: an element has the delimiter in it") {
				t.Errorf("%s, %v: have %v", style, value, err)
			}
		}
	}
}

// Parameters are written as their OpenAPI style says; what is absent is not written.
func TestQueryStyles(t *testing.T) {
	list := []string{"a,b", "c d", "e&f"}
	object := map[string]any{"from": 1, "to": "x y", "none": nil}
	for _, tt := range []struct {
		name  string
		param param
		value any
		want  string
	}{
		{"dotted name", param{name: "paging.limit"}, int32(10), "paging.limit=10"},
		{"nil pointer", param{name: "p"}, (*string)(nil), ""},
		{"nil slice", param{name: "p"}, []string(nil), ""},
		{"empty slice", param{name: "p", explode: true}, []string{}, ""},
		{"empty string", param{name: "p"}, Ptr(""), "p="},
		{"false", param{name: "p"}, Ptr(false), "p=false"},
		{"big integer", param{name: "p"}, int64(9007199254740993), "p=9007199254740993"},
		{"plus and space", param{name: "p"}, "a+b c", "p=a%2Bb%20c"},
		{"html", param{name: "p"}, "<&>", "p=%3C%26%3E"},
		{"form exploded", param{name: "p", explode: true}, list, "p=a%2Cb&p=c%20d&p=e%26f"},
		{"form", param{name: "p"}, list, "p=a%2Cb,c%20d,e%26f"},
		{"space", param{name: "p", style: "spaceDelimited"}, []string{"a,b", "c|d", "e&f"}, "p=a%2Cb%20c%7Cd%20e%26f"},
		{"pipe", param{name: "p", style: "pipeDelimited"}, list, "p=a%2Cb%7Cc%20d%7Ce%26f"},
		{"space exploded", param{name: "p", style: "spaceDelimited", explode: true}, list, "p=a%2Cb&p=c%20d&p=e%26f"},
		{"object", param{name: "p"}, object, "p=from,1,to,x%20y"},
		{"object exploded", param{name: "p", explode: true}, object, "from=1&to=x%20y"},
		{"deep", param{name: "p", style: "deepObject", explode: true}, object, "p%5Bfrom%5D=1&p%5Bto%5D=x%20y"},
		{"deeper", param{name: "p", style: "deepObject"}, map[string]any{"a": map[string]any{"b": []int{1, 2}}},
			"p%5Ba%5D%5Bb%5D%5B0%5D=1&p%5Ba%5D%5Bb%5D%5B1%5D=2"},
		{"declared order", param{name: "p"}, struct {
			Z int `json:"z"`
			A int `json:"a"`
		}{1, 2}, "p=z,1,a,2"},
		{"declared order, exploded", param{name: "p", explode: true}, json.RawMessage(`{"z":1,"a":"x&y"}`), "z=1&a=x%26y"},
		{"deep list", param{name: "p", style: "deepObject"}, list[:2], "p%5B%5D=a%2Cb&p%5B%5D=c%20d"},
		{"deep list with brackets of its own", param{name: "p[]", style: "deepObject"}, list[:1], "p%5B%5D=a%2Cb"},
		{"deep list of objects", param{name: "p", style: "deepObject"}, json.RawMessage(`[{"b":1,"a":{"c":2}},{"b":3}]`),
			"p%5B0%5D%5Bb%5D=1&p%5B0%5D%5Ba%5D%5Bc%5D=2&p%5B1%5D%5Bb%5D=3"},
		{"reserved", param{name: "p", reserved: true}, "a/b:c(1),d &x=#[é]%2F%", "p=a/b:c(1),d%20%26x=%23%5B%C3%A9%5D%2F%25"},
		{"reserved semicolon", param{name: "p", reserved: true}, "a;b", "p=a%3Bb"},
		{"reserved list", param{name: "p", reserved: true}, []string{"a/b", "c,d"}, "p=a/b,c%2Cd"},
		{"reserved exploded", param{name: "p", reserved: true, explode: true}, []string{"a/b", "c,d"}, "p=a/b&p=c,d"},
		{"nulls", param{name: "p", explode: true}, []any{nil, 1, nil}, "p=1"},
		{"objects", param{name: "p", explode: true}, []any{map[string]int{"a": 1}}, "p=%7B%22a%22%3A1%7D"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.param.in = inQuery
			r, err := newTestCore(t, "https://api.example.com").prepare(&opList, nil, requestBody{},
				[]CallOption{optionalParam{&opList, tt.param, tt.value}})
			if err != nil {
				t.Fatal(err)
			}
			if got := r.rawQuery(); got != tt.want {
				t.Errorf("have %s, want %s", got, tt.want)
			}
		})
	}
}

func TestHeadersAndCookies(t *testing.T) {
	var got http.Header
	c := newTestCore(t, "https://api.example.com", WithHeader("X-Team", "a"), through(func(r *http.Request) (*http.Response, error) {
		got = r.Header
		return reply(200, "{}"), nil
	}))
	opts := []CallOption{
		WithHeader("X-Team", "b"),
		optionalParam{&opList, param{in: inHeader, name: "X-List"}, []int{1, 2}},
		optionalParam{&opList, param{in: inHeader, name: "X-Object", explode: true}, map[string]int{"a": 1}},
		optionalParam{&opList, param{in: inHeader, name: "X-None"}, nil},
		optionalParam{&opList, param{in: inCookie, name: "session"}, "s1"},
	}
	if err := callNothing(context.Background(), c, &opList, nil, requestBody{}, opts); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"X-Team": "b", "X-List": "1,2", "X-Object": "a=1", "X-None": "", "Cookie": "session=s1",
		"Accept": "application/json", "User-Agent": "things-go", "Content-Type": "", "Authorization": secretKey, "X-Site-Id": secretSite,
	} {
		if got.Get(name) != want {
			t.Errorf("%s: have %q, want %q", name, got.Get(name), want)
		}
	}
}

// What would break out of its line or belongs to HTTP itself never becomes a header.
func TestHeadersRefused(t *testing.T) {
	for _, opt := range []CallOption{
		WithHeader("X", "a\r\nY: b"), WithHeader("X: Y", "a"), WithHeader("", "a"), WithHeader("Host", "a"), WithHeader("Content-Length", "1"),
		optionalParam{&opList, param{in: inHeader, name: "X"}, "a\nb"},
		optionalParam{&opList, param{in: inCookie, name: "X"}, "a;b"},
		nil,
	} {
		c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) {
			t.Error("a request was made")
			return reply(200, "{}"), nil
		}))
		if err := callNothing(context.Background(), c, &opList, nil, requestBody{}, []CallOption{opt}); err == nil {
			t.Errorf("%v: no error", opt)
		}
	}
}

// An option of another operation is a mistake that says so.
func TestForeignOption(t *testing.T) {
	c := newTestCore(t, "https://api.example.com")
	_, err := getThing(context.Background(), c, "1", optionalParam{&opList, param{in: inQuery, name: "p"}, 1})
	if err == nil || !strings.Contains(err.Error(), "an option of listThings does not fit getThing") {
		t.Error(err)
	}
	_, err = c.options([]CallOption{optionalParam{&opList, param{in: inQuery, name: "p"}, 1}}, &opGet, &opList)
	if err != nil {
		t.Error(err)
	}
}

package fake

import (
	"strings"
	"testing"
)

// held is an API whose requests are held to everything that a description can ask.
var held = api{
	Errors: people.Errors,
	Shapes: []shape{
		{
			Name: "Thing", ItemKey: "id", Presence: &presence{Not: &presence{All: []string{"street", "line"}}},
			Members: []member{
				{Name: "id", ReadOnly: true, Is: schema{Form: kindUUID}},
				{Name: "name", Required: true, Is: schema{Form: kindText, MinLength: 2, MaxLength: 3}},
				{Name: "colour", Is: schema{Form: kindText, Enum: []string{"RED", "BLUE"}}},
				{Name: "born", Is: schema{Form: kindDate, Nullable: true}},
				{Name: "seen", Is: schema{Form: kindInstant}},
				{Name: "mail", Is: schema{Form: kindEmail}},
				{Name: "owner", Is: schema{Form: kindUUID}},
				{Name: "page", Is: schema{Form: kindURI}},
				{Name: "data", Is: schema{Form: kindBytes}},
				{Name: "code", Is: schema{Form: kindText, Pattern: "^[A-Z]{2}$"}},
				{Name: "size", Is: schema{Form: kindInt32, Minimum: "1", Below: "10"}},
				{Name: "count", Is: schema{Form: kindInteger, Enum: []string{"1", "2"}}},
				{Name: "ratio", Is: schema{Form: kindNumber, Above: "0", MultipleOf: "0.25"}},
				{Name: "open", Is: schema{Form: kindBoolean}},
				{Name: "street", Is: schema{Form: kindText}},
				{Name: "line", Is: schema{Form: kindText}},
				{Name: "tags", Is: schema{Form: kindArray, Elem: &schema{Form: kindText}, MaxItems: 2, Unique: true}},
				{Name: "parts", Is: schema{Form: kindArray, Elem: &schema{Form: kindObject, Shape: "Part"}}},
				{Name: "notes", Is: schema{Form: kindMap, Elem: &schema{Form: kindText}, MaxItems: 1}},
				{Name: "any"},
				{Name: "pet", Is: schema{Form: kindObject, Shape: "Pet"}},
			},
		},
		{Name: "Part", Closed: true, Members: []member{{Name: "text", Required: true, Is: schema{Form: kindText}},
			{Name: "above", Is: schema{Form: kindObject, Shape: "Part"}}}},
		{Name: "Pet", Variants: []variant{
			{Is: schema{Form: kindObject, Shape: "Cat"}, Member: "kind", Kinds: []string{"cat"}},
			{Is: schema{Form: kindObject, Shape: "Part"}},
		}},
		{Name: "Cat", Members: []member{{Name: "lives", Required: true, Is: schema{Form: kindInt32}}},
			Presence: &presence{One: []presence{{All: []string{"lives"}}, {All: []string{"deaths"}}}}},
	},
	Collections: []collection{{Name: "Thing", Key: []string{"/id"}, Shape: "Thing", Tokens: []token{{At: "/revision", Form: formDigits}}}},
	Routes: []route{
		{ID: "createThing", Method: "POST", Path: "/things", Verb: verbCreate, Collection: "Thing", Needed: true,
			Body: &schema{Form: kindObject, Shape: "Thing"}},
		{ID: "updateThing", Method: "PATCH", Path: "/things/{id}/{mode}", Verb: verbUpdate, Collection: "Thing",
			Key: []location{{In: inPath, Name: "id"}},
			Params: []parameter{{Name: "id", In: inPath, Is: schema{Form: kindUUID}},
				{Name: "mode", In: inPath, Is: schema{Form: kindText, Enum: []string{"a"}}}, {Name: "X-Reason", In: inHeader, Required: true,
					Is: schema{Form: kindText, MaxLength: 3}}},
			Body: &schema{Form: kindObject, Shape: "Thing"}, Guard: &guard{Tokens: []sent{{In: location{In: inBody, At: "/size"}}}}},
	},
}

// A body is held to what the description declares before anything is done; the refusal names the member and never its value.
func TestBodiesAreHeldToTheDescription(t *testing.T) {
	c := newClient(t, &held)
	for body, field := range map[string]string{
		`{"name":"אבג"}`:  "",
		`{"name":"NOPE"}`: "name",
		`{"name":"N"}`:    "name",
		`{"name":7}`:      "name",
		`{"name":null}`:   "name",
		`{}`:              "name",
		`[]`:              "",
		``:                "body",
		`{"name":"ok","other":1,"any":[{}],"id":"NOPE"}`:          "",
		`{"name":"ok","colour":"RED"}`:                            "",
		`{"name":"ok","colour":"NOPE"}`:                           "colour",
		`{"name":"ok","born":"2020-02-29"}`:                       "",
		`{"name":"ok","born":null}`:                               "",
		`{"name":"ok","born":"2020-13-45"}`:                       "born",
		`{"name":"ok","born":"2021-02-29"}`:                       "born",
		`{"name":"ok","born":"2020-1-1"}`:                         "born",
		`{"name":"ok","born":"2020-01-01T00:00:00Z"}`:             "born",
		`{"name":"ok","seen":"2020-01-01T00:00:00.5+02:00"}`:      "",
		`{"name":"ok","seen":"2020-01-01"}`:                       "seen",
		`{"name":"ok","mail":"a@example.com"}`:                    "",
		`{"name":"ok","mail":"NOPE"}`:                             "mail",
		`{"name":"ok","owner":"NOPE"}`:                            "owner",
		`{"name":"ok","page":"https://example.com/a?b#c"}`:        "",
		`{"name":"ok","page":"NOPE"}`:                             "page",
		`{"name":"ok","data":"YQ=="}`:                             "",
		`{"name":"ok","data":"NOPE!"}`:                            "data",
		`{"name":"ok","code":"NOPE"}`:                             "code",
		`{"name":"ok","size":1.0}`:                                "",
		`{"name":"ok","size":1.5}`:                                "size",
		`{"name":"ok","size":0}`:                                  "size",
		`{"name":"ok","size":10}`:                                 "size",
		`{"name":"ok","size":"1"}`:                                "size",
		`{"name":"ok","size":99999999999}`:                        "size",
		`{"name":"ok","count":3}`:                                 "count",
		`{"name":"ok","count":1e99}`:                              "count",
		`{"name":"ok","ratio":0.75}`:                              "",
		`{"name":"ok","ratio":0}`:                                 "ratio",
		`{"name":"ok","ratio":0.3}`:                               "ratio",
		`{"name":"ok","open":"true"}`:                             "open",
		`{"name":"ok","open":1}`:                                  "open",
		`{"name":"ok","street":"NOPE"}`:                           "",
		`{"name":"ok","street":null,"line":"a"}`:                  "street",
		`{"name":"ok","street":"NOPE","line":"a"}`:                "body",
		`{"name":"ok","tags":["a","b"]}`:                          "",
		`{"name":"ok","tags":["a","a"]}`:                          "tags",
		`{"name":"ok","tags":["a","b","c"]}`:                      "tags",
		`{"name":"ok","tags":["a",7]}`:                            "tags[1]",
		`{"name":"ok","tags":"NOPE"}`:                             "tags",
		`{"name":"ok","parts":[{"text":"a"},{}]}`:                 "parts[1].text",
		`{"name":"ok","parts":[{"text":"a","NO":"NOPE"}]}`:        "parts[0].NO",
		`{"name":"ok","parts":[{"text":"a","above":{}}]}`:         "parts[0].above.text",
		`{"name":"ok","notes":{"a":"b"}}`:                         "",
		`{"name":"ok","notes":{"a":7}}`:                           "notes.a",
		`{"name":"ok","notes":{"a":"b","c":"d"}}`:                 "notes",
		`{"name":"ok","pet":{"kind":"cat","lives":9}}`:            "",
		`{"name":"ok","pet":{"kind":"cat","lives":"NOPE"}}`:       "pet.lives",
		`{"name":"ok","pet":{"kind":"cat","lives":9,"deaths":1}}`: "pet",
		`{"name":"ok","pet":{"text":"a"}}`:                        "",
		`{"name":"ok","pet":{"kind":"dog"}}`:                      "pet",
	} {
		status := 400
		if field == "" && body != "[]" {
			status = 200
		}
		c.want(status, "POST /things", body)
		c.is("/details/validationError/fieldViolations/0/field", field)
		if status == 400 && strings.Contains(c.raw, "NOPE") {
			t.Errorf("%s: the value is in %s", body, c.raw)
		}
	}
	if most := `{"name":"ok","parts":[` + strings.TrimSuffix(strings.Repeat("{},", 1000), ",") + `]}`; c.do("POST /things", most) != 400 ||
		len(c.raw) > 4096 {
		t.Errorf("%d bytes of complaints", len(c.raw))
	}
}

// Changes to a resource may lack what a whole one needs, null takes a member away, and the token is looked at by itself. A key that a test
// has stored is right.
func TestChangesAreHeldToTheDescription(t *testing.T) {
	c := newClient(t, &held)
	c.s.Seed("Thing", `{"id":"x","name":"ok"}`)
	const path = "PATCH /things/x/a"
	c.want(400, path, `{"size":"1","colour":"RED"}`)
	c.is("/details/validationError/fieldViolations/0/field", "X-Reason")
	c.want(400, path, `{"size":"1","colour":"RED"}`, "X-Reason: long")
	c.want(400, path, `{"size":"1","colour":"NOPE"}`, "X-Reason: abc")
	c.is("/details/validationError/fieldViolations/0/field", "colour")
	c.want(400, path, `{"size":"1","street":"a","line":"b"}`, "X-Reason: abc")
	c.want(200, path, `{"size":"1","colour":null,"street":null,"line":"b"}`, "X-Reason: abc")
	c.want(400, "PATCH /things/x/NOPE", `{"size":"1"}`, "X-Reason: abc")
	c.is("/details/validationError/fieldViolations/0/field", "mode")
	c.want(404, "PATCH /things/y/a", `{"size":"1"}`, "X-Reason: abc")
}

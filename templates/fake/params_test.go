package fake

import (
	"strings"
	"testing"
)

// A query is held to what the description declares before anything is done; the refusal names the parameter and never its value.
func TestParametersAreHeldToTheDescription(t *testing.T) {
	c := newClient(t, &api{
		Errors:      people.Errors,
		Collections: []collection{{Name: "Thing", Key: []string{"/id"}}},
		Routes: []route{{
			ID: "listThings", Method: "GET", Path: "/things", Verb: verbList, Collection: "Thing", Resource: "/things", Safe: true,
			Params: []parameter{
				{Name: "colour", Is: schema{Form: kindText, Enum: []string{"RED", "BLUE"}}},
				{Name: "sets", Is: schema{Form: kindArray, Elem: &schema{Form: kindText, Enum: []string{"A", "B"}}, MinItems: 1, MaxItems: 2}},
				{Name: "limit", Is: schema{Form: kindInteger, Minimum: "1", Maximum: "100"}},
				{Name: "ratio", Is: schema{Form: kindNumber, Maximum: "0.5"}},
				{Name: "all", Is: schema{Form: kindBoolean}},
				{Name: "since", Is: schema{Form: kindInstant}},
				{Name: "name", Is: schema{Form: kindText, MinLength: 2, MaxLength: 3}},
			},
		}},
	})
	for query, field := range map[string]string{
		"":                               "",
		"other=NOPE":                     "",
		"colour=":                        "",
		"colour=RED":                     "",
		"colour=NOPE":                    "colour",
		"colour=red":                     "colour",
		"sets=A&sets=B":                  "",
		"sets=A,B":                       "",
		"sets=A&sets=NOPE":               "sets",
		"sets=A,B,A":                     "sets",
		"limit=1":                        "",
		"limit=100":                      "",
		"limit=0":                        "limit",
		"limit=101":                      "limit",
		"limit=NOPE":                     "limit",
		"limit=1.5":                      "limit",
		"limit=99999999999999999999999":  "limit",
		"ratio=0.5":                      "",
		"ratio=0.51":                     "ratio",
		"ratio=NOPE":                     "ratio",
		"ratio=NaN":                      "ratio",
		"ratio=%5B1%5D":                  "ratio",
		"all=true":                       "",
		"all=NOPE":                       "all",
		"all=1":                          "all",
		"since=2030-01-31T00:00:00.000Z": "",
		"since=2030-13-45T00:00:00Z":     "since",
		"name=%D7%A9%D7%A9%D7%A9":        "",
		"name=%D7%A9":                    "name",
		"name=NOPE":                      "name",
	} {
		status := 400
		if field == "" {
			status = 200
		}
		c.want(status, "GET /things?"+query, "")
		c.is("/details/validationError/fieldViolations/0/field", field)
		if strings.Contains(c.raw, "NOPE") {
			t.Errorf("%s: the value is in %s", query, c.raw)
		}
	}
}

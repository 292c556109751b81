package client

import "testing"

func TestEqual(t *testing.T) {
	for _, same := range [][]string{
		{`1`, `1.0`, `10e-1`, `0.1E+1`, `0.01e2`},
		{`0`, `-0`, `0.0`, `0e9`},
		{`9007199254740993`, `9007199254740993.0`},
		{`9007199254740992`},
		{`-9007199254740992`},
		{`1e400`, `10e399`},
		{`1e99999999999`},
		{`"é/"`, `"\u00e9\/"`},
		{`"1"`},
		{`null`},
		{`true`},
		{`false`},
		{`{"a":1,"b":[2]}`, `{ "b" : [2.0] , "a" : 1 }`, `{"a":0,"b":[2],"a":1}`},
		{`{"a":1}`},
		{`{"a":1,"c":[2]}`},
		{`[1,2]`},
		{`[2,1]`},
		{`[1]`},
		{`[]`},
		{`{}`},
	} {
		for _, x := range same {
			for _, y := range same {
				if !equal(parsedNode(t, x), parsedNode(t, y)) {
					t.Errorf("%s and %s differ", x, y)
				}
			}
		}
	}
}

func TestUnequal(t *testing.T) {
	different := []string{
		`1`, `0`, `-1`, `10`, `9007199254740993`, `9007199254740992`, `1e400`, `1e99999999999`, `1e99999999998`, `"1"`, `"é"`,
		`null`, `true`, `false`, `{"a":1,"b":[2]}`, `{"a":1}`, `{"a":1,"c":[2]}`, `{"a":null}`, `[1,2]`, `[2,1]`, `[1]`, `[]`, `{}`, ``,
	}
	for i, x := range different {
		for j, y := range different {
			if i != j && equal(parsedNode(t, x), parsedNode(t, y)) {
				t.Errorf("%s equals %s", x, y)
			}
		}
	}
}

// parsedNode returns the tree of doc; "" is an absent value.
func parsedNode(t testing.TB, doc string) *node {
	t.Helper()
	if doc == "" {
		return nil
	}
	n, err := parseNode([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

package client

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestThreeWay(t *testing.T) {
	keyed := objectShape(map[string]memberShape{"l": {shape: &shape{isArray: true, itemKey: "id"}}})
	for name, c := range map[string]struct {
		base, ours, theirs, want string
		conflicts                string // "path base ours theirs", joined by "; "
		shape                    *shape
	}{
		"disjoint edits": {
			base: `{"a":1,"b":{"c":1,"d":1},"e":1}`, ours: `{"a":2,"b":{"c":2,"d":1},"e":1}`, theirs: `{"a":1,"b":{"c":1,"d":2},"f":1}`,
			want: `{"a":2,"b":{"c":2,"d":2},"f":1}`,
		},
		"the same edit": {base: `{"a":1}`, ours: `{"a":2,"b":[1]}`, theirs: `{"b":[1.0],"a":2.0}`, want: `{"a":2,"b":[1]}`},
		"different edits": {
			base: `{"a":{"b/c":1},"n":9007199254740992}`, ours: `{"a":{"b/c":2},"n":9007199254740993}`,
			theirs:    `{"a":{"b/c":3},"n":9007199254740994}`,
			conflicts: `/a/b~1c 1 2 3; /n 9007199254740992 9007199254740993 9007199254740994`,
		},
		"we delete, they edit":  {base: `{"a":1}`, ours: `{}`, theirs: `{"a":2}`, conflicts: `/a 1 - 2`},
		"we edit, they delete":  {base: `{"a":1}`, ours: `{"a":2}`, theirs: `{}`, conflicts: `/a 1 2 -`},
		"an object is deleted":  {base: `{"a":{"b":1}}`, ours: `{}`, theirs: `{"a":{"b":1,"c":2}}`, conflicts: `/a {"b":1} - {"b":1,"c":2}`},
		"both delete":           {base: `{"a":1,"b":1}`, ours: `{"b":1}`, theirs: `{"b":2}`, want: `{"b":2}`},
		"both add members":      {base: `{}`, ours: `{"a":{"x":1}}`, theirs: `{"a":{"y":1}}`, want: `{"a":{"x":1,"y":1}}`},
		"a type changes":        {base: `{"a":{"b":1}}`, ours: `{"a":{"b":2}}`, theirs: `{"a":[]}`, conflicts: `/a {"b":1} {"b":2} []`},
		"a type changes to one": {base: `{"a":1}`, ours: `{"a":{"b":1}}`, theirs: `{"a":{"c":1}}`, conflicts: `/a 1 {"b":1} {"c":1}`},
		"null is a value":       {base: `{"a":1}`, ours: `{"a":null}`, theirs: `{}`, conflicts: `/a 1 null -`},
		"arrays are one value":  {base: `{"l":[1]}`, ours: `{"l":[1,2]}`, theirs: `{"l":[0,1]}`, conflicts: `/l [1] [1,2] [0,1]`},
		"one side has the arrays": {base: `{"l":[1],"m":[]}`, ours: `{"l":[1,2],"m":[]}`, theirs: `{"l":[1],"m":[3]}`,
			want: `{"l":[1,2],"m":[3]}`},
		"elements with keys": {
			base:   `{"l":[{"id":"x","v":1},{"id":"y","v":1},{"id":"z","v":1}]}`,
			ours:   `{"l":[{"id":"x","v":2},{"id":"new","v":0},{"v":9},{"id":"y","v":1},{"id":"z","v":1}]}`,
			theirs: `{"l":[{"id":"first"},{"id":"x","v":1,"w":1},{"id":"z","v":3}]}`,
			want:   `{"l":[{"id":"first"},{"id":"x","v":2,"w":1},{"id":"new","v":0},{"v":9},{"id":"z","v":3}]}`,
			shape:  keyed,
		},
		"we move elements": {
			base: `{"l":[{"id":"x"},{"id":"y"}]}`, ours: `{"l":[{"id":"y"},{"id":"x"}]}`, theirs: `{"l":[{"id":"x"},{"id":"y","v":1},{"id":"z"}]}`,
			want: `{"l":[{"id":"y","v":1},{"id":"z"},{"id":"x"}]}`, shape: keyed,
		},
		"both move elements": {
			base:   `{"l":[{"id":"x"},{"id":"y"},{"id":"z"}]}`,
			ours:   `{"l":[{"id":"y"},{"id":"x"},{"id":"z"}]}`,
			theirs: `{"l":[{"id":"x"},{"id":"z"},{"id":"y"}]}`,
			shape:  keyed,
			conflicts: `/l [{"id":"x"},{"id":"y"},{"id":"z"}] [{"id":"y"},{"id":"x"},{"id":"z"}] ` +
				`[{"id":"x"},{"id":"z"},{"id":"y"}]`,
		},
		"elements that cannot be told apart": {
			base: `{"l":[{"id":"x"}]}`, ours: `{"l":[{"id":"x"},{"id":"x","v":1}]}`, theirs: `{"l":[]}`,
			shape: keyed, conflicts: `/l [{"id":"x"}] [{"id":"x"},{"id":"x","v":1}] []`,
		},
		"an element conflicts": {
			base: `{"l":[{"id":"a/b","v":1}]}`, ours: `{"l":[{"id":"a/b","v":2}]}`, theirs: `{"l":[{"id":"a/b","v":3}]}`,
			shape: keyed, conflicts: `/l/[id=a~1b]/v 1 2 3`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			merged, conflicts, err := threeWay([]byte(c.base), []byte(c.ours), []byte(c.theirs), c.shape, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := printedConflicts(conflicts); got != c.conflicts {
				t.Errorf("conflicts %s\nwant %s", got, c.conflicts)
			}
			if c.conflicts == "" && !jsonEquals(t, merged, c.want) {
				t.Errorf("merged %s\nwant %s", merged, c.want)
			}
		})
	}
}

// printedConflicts writes conflicts as the test table has them.
func printedConflicts(conflicts []FieldConflict) string {
	var lines []string
	for _, c := range conflicts {
		line := c.Path
		for _, v := range []json.RawMessage{c.Base, c.Ours, c.Theirs} {
			if v == nil {
				v = json.RawMessage("-")
			}
			line += " " + string(v)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

func TestThreeWayResolver(t *testing.T) {
	base, ours, theirs := []byte(`{"a":1,"b":1,"c":1}`), []byte(`{"a":2,"c":2}`), []byte(`{"a":3,"b":3,"c":3}`)
	for name, c := range map[string]struct {
		resolve Resolver
		want    string
		left    int
	}{
		"ours":   {resolve: Ours, want: `{"a":2,"c":2}`},
		"theirs": {resolve: Theirs, want: `{"a":3,"b":3,"c":3}`},
		"sum":    {resolve: func(FieldConflict) (json.RawMessage, bool) { return json.RawMessage(`5`), true }, want: `{"a":5,"b":5,"c":5}`},
		"some": {
			resolve: func(c FieldConflict) (json.RawMessage, bool) { return c.Ours, c.Path == "/b" },
			want:    `{"a":3,"c":3}`, left: 2,
		},
	} {
		merged, conflicts, err := threeWay(base, ours, theirs, nil, c.resolve)
		if err != nil || len(conflicts) != c.left || !jsonEquals(t, merged, c.want) {
			t.Errorf("%s: %s, %v, %v", name, merged, conflicts, err)
		}
	}
	broken := func(FieldConflict) (json.RawMessage, bool) { return json.RawMessage(`{`), true }
	if _, _, err := threeWay(base, ours, theirs, nil, broken); err == nil || !strings.Contains(err.Error(), "/a") {
		t.Errorf("a resolver that returns no JSON: %v", err)
	}
}

func TestMergeConflictErrorNamesPathsOnly(t *testing.T) {
	err := error(&MergeConflictError{Paths: []FieldConflict{{Path: "/a", Ours: json.RawMessage(`"secret"`)}, {Path: "/b/0"}}})
	var conflict *MergeConflictError
	if !errors.As(err, &conflict) || err.Error() != `both sides changed "/a", "/b/0"` {
		t.Error(err)
	}
}

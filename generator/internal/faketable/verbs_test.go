package faketable

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/templates/fake"
)

// TestVerbsAreTheSameEverywhere: what the fake can do, what the schema of its extension takes, and what the pages say of it are one list.
func TestVerbsAreTheSameEverywhere(t *testing.T) {
	var schema struct {
		Properties struct {
			Verb struct{ Enum []string }
		}
	}
	data, err := os.ReadFile("../analyze/schema/x-fake.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("../../../templates/fake/table.go")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"none"} // what leaves an operation to a pack or a handler; the fake's own VerbNone is empty
	for _, m := range regexp.MustCompile(`(?m)^\tverb[A-Z]\w* +verb = "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
		if m[1] != string(fake.VerbBulk) { // which no description names: an extension of its own says it
			want = append(want, m[1])
		}
	}
	got := slices.Sorted(slices.Values(schema.Properties.Verb.Enum))
	if slices.Sort(want); !slices.Equal(got, want) || len(want) < 2 {
		t.Errorf("the schema takes %v, the fake does %v", got, want)
	}
	for _, page := range []string{"../../../spec/README.md", "../../../docs/reference.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range want {
			if !regexp.MustCompile("`"+v+"`").Match(text) && !strings.Contains(string(text), "| "+v+" |") {
				t.Errorf("%s does not say what the verb %s does", page, v)
			}
		}
	}
}

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

// described are the verbs that a description can name. VerbBulk is not among them: an extension of its own says it.
var described = []fake.Verb{
	fake.VerbCreate, fake.VerbRead, fake.VerbUpdate, fake.VerbDelete, fake.VerbList, fake.VerbQuery, fake.VerbCount, fake.VerbTouch,
	fake.VerbAdd, fake.VerbRemove, fake.VerbAnswer,
}

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
	var want []string
	for _, v := range described {
		want = append(want, string(v))
	}
	want = append(want, "none") // what leaves an operation to a pack or a handler; the fake's own VerbNone is empty
	if got := schema.Properties.Verb.Enum; !slices.Equal(got, want) {
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
	source, err := os.ReadFile("../../../templates/fake/table.go")
	if err != nil {
		t.Fatal(err)
	}
	known := regexp.MustCompile(`(?m)^\tverb[A-Z]\w* +verb = "(\w+)"`).FindAllStringSubmatch(string(source), -1)
	for _, m := range known {
		if m[1] != string(fake.VerbBulk) && !slices.Contains(want, m[1]) {
			t.Errorf("the fake knows the verb %s, which no description can name", m[1])
		}
	}
	if len(known) != len(described)+1 {
		t.Errorf("the fake knows %d verbs, want %d", len(known), len(described)+1)
	}
}

package stamp

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/templates"
)

var update = flag.Bool("update", false, "rewrite outlines.txt, and fail where that changed it")

// TestOutlines keeps the promise that the outlines are those of the runtime as it is: nobody waits for them to be found out.
func TestOutlines(t *testing.T) {
	var want strings.Builder
	for _, s := range runtime(t) {
		o, err := newOutline(s)
		if err != nil {
			t.Fatal(err)
		}
		want.WriteString(o.text(s))
	}
	if want.String() == outlinesText {
		return
	}
	t.Error("outlines.txt is not of the runtime as it is: run this test with -update")
	if *update {
		if err := os.WriteFile("outlines.txt", []byte(want.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// runtime is every file that can be stamped, once.
func runtime(t *testing.T) []templates.Source {
	t.Helper()
	all, err := templates.Client()
	if err != nil {
		t.Fatal(err)
	}
	packs, err := templates.Packs()
	if err != nil {
		t.Fatal(err)
	}
	var fake []templates.Source
	for _, pack := range append(packs, "") {
		files, err := templates.Fake(pack)
		if err != nil {
			t.Fatal(err)
		}
		fake = append(fake, files...)
	}
	byName := func(a, b templates.Source) int { return strings.Compare(a.Name, b.Name) }
	slices.SortStableFunc(fake, byName)
	return append(all, slices.CompactFunc(fake, func(a, b templates.Source) bool { return a.Name == b.Name })...)
}

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
	known, err := readOutlines(want.String())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range runtime(t) {
		o, _ := newOutline(s)
		if read := known[sum(s)]; read.text(s) != o.text(s) {
			t.Errorf("the outline of %s is read as\n%s\nwant\n%s", s.Name, read.text(s), o.text(s))
		}
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

// TestOutlineOfChange keeps the promise that a runtime file which somebody is at work on is stamped as it is, and not as it was.
func TestOutlineOfChange(t *testing.T) {
	for _, s := range runtime(t) {
		before, err := outlineOf(s)
		if err != nil {
			t.Fatal(err)
		}
		s.Data = append(s.Data, "\nfunc added() { before() }\n"...)
		after, err := outlineOf(s)
		if err != nil {
			t.Fatal(err)
		}
		added := after.declarations[len(after.declarations)-1]
		if len(after.declarations) != len(before.declarations)+1 || added.names[0] != "added" || !slices.Equal(added.refers.plain, []string{"before"}) {
			t.Errorf("%s: the last of %d declarations is %+v, after %d", s.Name, len(after.declarations), added, len(before.declarations))
		}
	}
	if o, err := outlineOf(templates.Source{Name: "broken", Data: []byte("package")}); err == nil {
		t.Errorf("what is not Go has the outline %+v", o)
	}
}

// TestReadOutlines shows that what is not written like an outline is not taken for one.
func TestReadOutlines(t *testing.T) {
	for _, text := range []string{
		"\t1\t2\ta\t\t\t\n", "name\tsum\t1\n", "name\tsum\tone\t2\n", "name\tsum\t1\ttwo\n",
		"name\tsum\t1\t2\n\t1\t2\ta\n", "name\tsum\t1\t2\n\tone\t2\ta\t\t\t\n", "\n",
	} {
		if known, err := readOutlines(text); err == nil {
			t.Errorf("%q is read as %v", text, known)
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

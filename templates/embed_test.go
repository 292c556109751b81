package templates

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestEachFileSaysWhatItBelongsTo keeps the promise that no file gets into outputs, or stays out of them, because of its name.
func TestEachFileSaysWhatItBelongsTo(t *testing.T) {
	client, err := Client()
	if err != nil {
		t.Error(err)
	}
	for _, s := range client {
		if s.Packs != nil {
			t.Errorf("client/%s.go belongs to the packs %v: clients have none", s.Name, s.Packs)
		}
	}
	packs, err := Packs()
	if err != nil || !slices.Contains(packs, "contacts") {
		t.Errorf("packs are %v, %v", packs, err)
	}
	for _, pack := range append(packs, "") {
		fake, err := Fake(pack)
		if err != nil {
			t.Error(err)
		}
		for _, s := range fake {
			own := slices.Contains(s.Packs, pack) || pack != "" && slices.Contains(s.Packs, AnyPack)
			if s.Packs != nil && !own {
				t.Errorf("a fake with the pack %q gets %s.go of the packs %v", pack, s.Name, s.Packs)
			}
		}
	}
}

// TestFilesThatDoNotSay shows what becomes of a file that says nothing, or the wrong thing, about itself.
func TestFilesThatDoNotSay(t *testing.T) {
	for _, test := range []struct{ head, want string }{
		{"//contactsgen:feature core\n//contactsgen:part a\n\n", ""},
		{"//contactsgen:pack things\n//contactsgen:part a\n\n", ""},
		{"//contactsgen:pack things others\n//contactsgen:part a\n\n", ""},
		{"//contactsgen:generator\n\n", ""},
		{"", "does not say what it belongs to"},
		{"// A comment.\n", "does not say what it belongs to"},
		{"//contactsgen:feature core\n\n", "does not say what it belongs to"},
		{"//contactsgen:part a\n\n", "does not say what it belongs to"},
		{"//contactsgen:feature core\n//contactsgen:pack things\n//contactsgen:part a\n\n", "does not say what it belongs to"},
		{"//contactsgen:generator\n//contactsgen:feature core\n//contactsgen:part a\n\n", "does not say what it belongs to"},
		{"//contactsgen:feature core\n//contactsgen:part b\n\n", `"//contactsgen:part b" is not a line`},
		{"//contactsgen:freature core\n", `"//contactsgen:freature core" is not a line`},
	} {
		files := fstest.MapFS{"fake/list_order.go": {Data: []byte(test.head + "package fake\n")}}
		all, err := sources(files, "fake", []Part{{Name: "a"}})
		switch {
		case test.want == "" && err != nil, test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%q: %v, want %q", test.head, err, test.want)
		case len(all) > 0 && string(all[0].Data) != "package fake\n":
			t.Errorf("%q: the source is %q", test.head, all[0].Data)
		}
	}
}

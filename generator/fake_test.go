package generator_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
	"github.com/contactsgen/contactsgen/spec"
)

// A client and its fake, generated into a module that depends on nothing, understand each other: with the pack that the description asks
// for, and from the description's shapes alone.
func TestFakesAnswerTheirClients(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command over a module of its own")
	}
	pack := []byte("x-contactsgen-fake: {pack: contacts}\n")
	if !bytes.Contains(spec.Contacts, pack) {
		t.Fatal("the description asks for no pack")
	}
	m := generator.NewModule(t, "../testdata/fake", "try")
	for name, description := range map[string][]byte{"contacts": spec.Contacts, "plain": bytes.Replace(spec.Contacts, pack, nil, 1)} {
		files, err := generator.Generate(t.Context(), generator.Options{Spec: generator.Input{Name: spec.Name, Data: description}, Package: name})
		if err != nil {
			t.Fatal(err)
		}
		m.PutAll(t, name, files)
	}
	if out, err := m.Vet(t, "."); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := m.Go(t, nil, "test", "-count=1", "-vet=off", generator.Quickly, "."); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// The fake comes with the default features, and stays away where the features are chosen without it. Then nobody minds what the description
// says of it.
func TestFakeIsAFeature(t *testing.T) {
	description := bytes.Replace(spec.Contacts, []byte("list: /info/labelKeys/items"), []byte("list: /info/company"), 1)
	generate := func(data []byte, features ...generator.Feature) ([]string, error) {
		files, err := generator.Generate(t.Context(), generator.Options{Spec: generator.Input{Name: spec.Name, Data: data}, Package: "people",
			Features: features})
		var fakes []string
		for _, f := range files {
			if strings.HasPrefix(f.Path, "peopletest/") {
				fakes = append(fakes, f.Path)
			}
		}
		return fakes, err
	}
	for _, features := range [][]generator.Feature{nil, {"client", "fake"}} {
		fakes, err := generate(spec.Contacts, features...)
		if err != nil || !slices.Contains(fakes, "peopletest/fake.gen.go") {
			t.Errorf("features %v: %v %v", features, fakes, err)
		}
		if _, err := generate(description, features...); err == nil || !strings.Contains(err.Error(), "a Contact has no list at /info/company") {
			t.Errorf("features %v: %v", features, err)
		}
	}
	if fakes, err := generate(description, "client", "helpers"); err != nil || fakes != nil {
		t.Errorf("%v %v", fakes, err)
	}
}

// What no pack asks for is not stamped.
func TestOnlyThePackThatIsAskedForIsStamped(t *testing.T) {
	for _, f := range generateSpec(t, "notes") {
		if strings.Contains(string(f.Data), "Contacts") || strings.Contains(f.Path, "contacts") {
			t.Errorf("%s knows of contacts", f.Path)
		}
	}
}

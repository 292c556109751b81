package client

import (
	"maps"
	"slices"
	"testing"
)

// sentPhone is the trait, and the change that adds a phone to the sample and removes its company.
func sentPhone(t *testing.T) (*revisionDescriptor, change) {
	t.Helper()
	trait := testDescriptor()
	before, after := typedForms(t, sampleContact, func(c *testContact) {
		c.Info.Phones.Items = append(c.Info.Phones.Items, testPhone{Phone: "6465676350"})
		c.Info.Company = nil
	})
	sent, err := trait.diff([]byte(sampleContact), before, after)
	if err != nil {
		t.Fatal(err)
	}
	return trait, sent
}

// contactWith returns the sample with values replaced; a value of "" removes.
func contactWith(t *testing.T, edits map[pointer]string) []byte {
	t.Helper()
	doc := []byte(sampleContact)
	for _, p := range slices.Sorted(maps.Keys(edits)) { // what surrounds a place comes before it
		var err error
		if v := edits[p]; v == "" {
			doc, err = p.remove(doc)
		} else {
			doc, err = p.set(doc, []byte(v))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return doc
}

const (
	storedPhone = `[` + phone1 + `,` + phone2 +
		`,{"id":"p3","tag":"UNTAGGED","phone":"6465676350","e164Phone":"+16465676350","primary":false}]`
	normalisedPhone = `[` + phone1 + `,` + phone2 + `,{"id":"p3","tag":"UNTAGGED","phone":"646 567 6350","primary":false}]`
	rivalPhone      = `[` + phone2 + `]`
)

func TestOwnWriteAtTheNextRevision(t *testing.T) {
	for name, c := range map[string]struct {
		current           map[pointer]string
		foreign, contains bool
	}{
		"nothing of ours changed": {current: map[pointer]string{"/info/name/first": `"John"`}, foreign: true},
		"written otherwise only":  {current: map[pointer]string{"/info/phones/items": `[` + phone1 + ` , ` + phone2 + `]`}, foreign: true},
		"ours, with ids and defaults": {
			current:  map[pointer]string{"/info/phones/items": storedPhone, "/info/company": ""},
			contains: true,
		},
		"ours, with a null": {
			current:  map[pointer]string{"/info/phones/items": storedPhone, "/info/company": "null"},
			contains: true,
		},
		"ours, with another's read-only member": {
			current:  map[pointer]string{"/info/phones/items": storedPhone, "/info/phones/items/0/e164Phone": `"+1"`, "/info/company": ""},
			contains: true,
		},
		"half of ours":     {current: map[pointer]string{"/info/phones/items": storedPhone}},
		"ours, normalised": {current: map[pointer]string{"/info/phones/items": normalisedPhone, "/info/company": ""}},
		"a rival's phones": {current: map[pointer]string{"/info/phones/items": rivalPhone}},
		"no phones at all": {current: map[pointer]string{"/info/phones": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			trait, sent := sentPhone(t)
			current := contactWith(t, c.current)
			if got := trait.untouched([]byte(sampleContact), sent, current); got != c.foreign {
				t.Errorf("unchanged is %v", got)
			}
			if got := trait.contains(sent, current); got != c.contains {
				t.Errorf("contains is %v", got)
			}
		})
	}
}

func TestOwnWriteOfMembersStoredExactly(t *testing.T) {
	for name, c := range map[string]struct {
		exact   []string
		current map[pointer]string
		foreign bool
	}{
		"another value": {exact: []string{"company"}, current: map[pointer]string{"/info/company": `"Rival"`,
			"/info/phones/items": storedPhone}, foreign: true},
		"what we sent": {exact: []string{"company"}, current: map[pointer]string{"/info/company": "",
			"/info/phones/items": normalisedPhone}},
		"ids and defaults added": {exact: []string{"phones"}, current: map[pointer]string{"/info/company": "",
			"/info/phones/items": storedPhone}},
		"not sent": {exact: []string{"name"}, current: map[pointer]string{"/info/name/first": `"Rival"`, "/info/company": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			trait, sent := sentPhone(t)
			trait.payload.exact = c.exact
			if got := trait.untouched([]byte(sampleContact), sent, contactWith(t, c.current)); got != c.foreign {
				t.Errorf("unchanged is %v", got)
			}
		})
	}
}

// What was removed by leaving it out must be gone before the change counts as made.
func TestOwnWriteSeesWhatWasLeftOut(t *testing.T) {
	trait := testDescriptor()
	trait.payload.kind = payloadWhole
	before, after := typedForms(t, sampleContact, func(c *testContact) { c.Info.Locale, c.Info.Phones.Items[0].Primary = nil, nil })
	sent, err := trait.diff([]byte(sampleContact), before, after)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		current map[pointer]string
		want    bool
	}{
		"all gone":      {map[pointer]string{"/info/locale": "", "/info/phones/items/0/primary": ""}, true},
		"member there":  {map[pointer]string{"/info/phones/items/0/primary": ""}, false},
		"element whole": {map[pointer]string{"/info/locale": ""}, false},
	} {
		if got := trait.contains(sent, contactWith(t, c.current)); got != c.want {
			t.Errorf("%s: contains is %v", name, got)
		}
	}
}

func TestOwnWriteOfNothingProvesNothing(t *testing.T) {
	trait := testDescriptor()
	for name, got := range map[string]bool{
		"no change":      trait.untouched([]byte(sampleContact), change{}, []byte(sampleContact)),
		"no document":    trait.untouched([]byte(sampleContact), change{paths: []string{"/info"}}, nil),
		"no base":        trait.untouched(nil, change{paths: []string{"/info"}}, []byte(sampleContact)),
		"nothing sent":   trait.contains(change{}, []byte(sampleContact)),
		"nothing to see": trait.contains(change{payload: []byte(`{}`)}, nil),
	} {
		if got {
			t.Error(name)
		}
	}
}

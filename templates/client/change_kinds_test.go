package client

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
)

func TestDiffOfAWholePayloadKeepsWhatItDoesNotKnow(t *testing.T) {
	trait := testTrait()
	trait.payload = payloadTrait{kind: payloadWhole, read: "/info"}
	info, _ := pointer("/info").get([]byte(sampleContact))
	set := func(p pointer, v string) string {
		doc, err := p.set(info, []byte(v))
		if err != nil {
			t.Fatal(err)
		}
		info = doc
		return string(doc)
	}
	doc, err := pointer("/seen").remove(info) // read-only members are not sent
	if err != nil {
		t.Fatal(err)
	}
	info = doc
	set("/company", `"Acme"`)
	set("/locale", `"fr"`)
	want := set("/phones/items", "["+phone2+"]")

	before, after := edited(t, sampleContact, func(c *testContact) {
		c.Info.Company, c.Info.Locale = ptr("Acme"), ptr("fr")
		c.Info.Phones.Items = c.Info.Phones.Items[1:]
	})
	got, err := trait.diff([]byte(sampleContact), before, after)
	if err != nil || !sameJSON(t, got.payload, want) {
		t.Errorf("%v, sent %s\nwant %s", err, got.payload, want)
	}
}

func TestDiffOfAWholePayloadRemovesByLeavingOut(t *testing.T) {
	trait := testTrait()
	trait.payload = payloadTrait{kind: payloadWhole, read: "/info"}
	before, after := edited(t, sampleContact, func(c *testContact) {
		c.Info.Locale, c.Info.Company = nil, nil
		c.Info.Picture = nil
		delete(c.fields(), "custom.big")
	})
	got, err := trait.diff([]byte(sampleContact), before, after)
	if err != nil {
		t.Fatal(err)
	}
	for p, want := range map[pointer]string{
		"/locale": "", "/company": "null", "/picture": "", "/extendedFields/items/custom.big": "", "/jobTitle": "null",
		"/extendedFields/items/custom.price": "1.10", "/locations": "[]",
	} {
		if v, _ := p.get(got.payload); string(v) != want {
			t.Errorf("%s is %s, want %s", p, v, want)
		}
	}
	if gone := []string{"/info/locale", "/info/extendedFields/items/custom.big", "/info/picture"}; !slices.Equal(got.gone, gone) {
		t.Errorf("gone %q, want %q", got.gone, gone)
	}
}

func TestDiffOfAWholeResourceSendsTokenAndIdentity(t *testing.T) {
	trait := testTrait()
	trait.payload = payloadTrait{kind: payloadWhole}
	before, after := edited(t, sampleContact, func(c *testContact) { c.Info.Company = ptr("Acme") })
	got, err := trait.diff([]byte(sampleContact), before, after)
	if err != nil {
		t.Fatal(err)
	}
	for p, want := range map[pointer]string{
		"/revision": "17", "/id": `"bc9d6f3c-d4e9-4ad5-a9b4-2f1f4c1b6a1e"`, "/createdDate": "", "/primaryInfo": "",
		"/source": `{"sourceType": "ADMIN", "appId": "1c2d"}`, "/info/company": `"Acme"`, "/info/seen": "", "/info/picture/expires": "",
	} {
		if v, _ := p.get(got.payload); string(v) != want {
			t.Errorf("%s is %s, want %s", p, v, want)
		}
	}
}

func TestDiffNamesChangedMembersInTheMask(t *testing.T) {
	trait := testTrait()
	trait.payload = payloadTrait{kind: payloadFields, read: "/info"}
	before, after := edited(t, sampleContact, func(c *testContact) {
		c.Info.Name = testName{First: ptr("J")}
		c.Info.Locale = nil
	})
	got, err := trait.diff([]byte(sampleContact), before, after)
	if err != nil || !sameJSON(t, got.payload, `{"name":{"first":"J","last":null,"middle":"Q."}}`) {
		t.Errorf("%v, sent %s", err, got.payload)
	}
	if want := []string{"name", "locale"}; !slices.Equal(got.mask, want) {
		t.Errorf("mask %q, want %q", got.mask, want)
	}
}

func TestDiffSendsOnlyAtomicMembersWhole(t *testing.T) {
	trait := testTrait()
	trait.payload.atomic = []string{"name"}
	before, after := edited(t, sampleContact, func(c *testContact) {
		c.Info.Name.First = ptr("J")
		c.Info.Picture.AltText = nil
		c.fields()["custom.price"] = json.RawMessage(`2`)
	})
	got, err := trait.diff([]byte(sampleContact), before, after)
	want := `{"name":{"first":"J","last":"Doe","middle":"Q."},"picture":{"altText":null},"extendedFields":{"items":{"custom.price":2}}}`
	if err != nil || !sameJSON(t, got.payload, want) {
		t.Errorf("%v, sent %s", err, got.payload)
	}
}

func TestDiffOfAPayloadThatIsAnArray(t *testing.T) {
	trait := &revisionTrait{payload: payloadTrait{kind: payloadWhole, read: "/tags"}}
	base := `{"v":1,"tags":["a", {"b" :1}]}`
	for after, want := range map[string]string{
		`{"v":1,"tags":[{"b":1},"c"]}`: `[{"b" :1},"c"]`,
		`{"v":1}`:                      `[]`,
	} {
		got, err := trait.diff([]byte(base), []byte(`{"v":1,"tags":["a",{"b":1}]}`), []byte(after))
		if err != nil || string(got.payload) != want {
			t.Errorf("%v, sent %s, want %s", err, got.payload, want)
		}
	}
}

func TestDiffKeepsATokenInsideAnArray(t *testing.T) {
	trait := &revisionTrait{
		tokens:  []tokenPart{{read: location{in: inBody, at: "/sources/[type=CONTACT]/etag"}}},
		payload: payloadTrait{kind: payloadPatch, merge: true},
	}
	base := []byte(`{"name":"a","sources":[{"type":"X","etag":"0"},{"type":"CONTACT","etag":"1"}]}`)
	after := []byte(`{"name":"a","sources":[{"type":"X","etag":"0"},{"type":"CONTACT","etag":"2"}]}`)
	_, err := trait.diff(base, base, after)
	var violation *contractViolation
	if !errors.As(err, &violation) || violation.path != "/sources/1/etag" {
		t.Errorf("%v", err)
	}
}

func TestDiffOfAnActionRefusesEveryEdit(t *testing.T) {
	trait := testTrait()
	trait.payload = payloadTrait{}
	before, after := edited(t, sampleContact, func(c *testContact) { c.Info.Name.Last = ptr("Roe") })
	_, err := trait.diff([]byte(sampleContact), before, after)
	var violation *contractViolation
	if !errors.As(err, &violation) || violation.path != "/info/name/last" {
		t.Errorf("%v", err)
	}
}

// A merge-patch made by diff and applied by another's implementation of RFC 7396 gives what the caller made.
func FuzzDiffIsAMergePatch(f *testing.F) {
	f.Add([]byte(`{"a":1,"b":{"c":[1,{"d":2}]},"e":{}}`), []byte(`{"a":"x","b":{"c":[],"f":{"g":{}}}}`))
	f.Add([]byte(`{"a":{"b":1}}`), []byte(`{"a":[]}`))
	f.Add([]byte(`{"a":[1]}`), []byte(`{"a":{"b":{"c":1}}}`))
	f.Add([]byte(`{"n":9007199254740993}`), []byte(`{"n":9007199254740995,"m":1.10}`))
	trait := &revisionTrait{payload: payloadTrait{kind: payloadPatch, merge: true}}
	f.Fuzz(func(t *testing.T, base, after []byte) {
		before, ok := marshalled(base)
		after, also := marshalled(after)
		if !ok || !also {
			return
		}
		got, err := trait.diff(base, before, after)
		if err != nil {
			t.Fatal(err)
		}
		merged := base
		if got.payload != nil {
			if merged, err = jsonpatch.MergePatch(base, got.payload); err != nil {
				t.Fatalf("%s: %v", got.payload, err)
			}
		}
		if !sameJSON(t, merged, string(after)) {
			t.Fatalf("%s with %s is %s, want %s", base, got.payload, merged, after)
		}
	})
}

// A whole payload is what the caller made, whatever the way there.
func FuzzDiffOfAWholePayload(f *testing.F) {
	f.Add([]byte(`{"a":1,"b":{"c":[1,{"d":2}]}}`), []byte(`{"b":{"c":[{"d":2},1],"f":{}}}`))
	trait := &revisionTrait{payload: payloadTrait{kind: payloadWhole}}
	f.Fuzz(func(t *testing.T, base, after []byte) {
		before, ok := marshalled(base)
		after, also := marshalled(after)
		if !ok || !also {
			return
		}
		got, err := trait.diff(base, before, after)
		if err != nil {
			t.Fatal(err)
		}
		if got.payload == nil {
			got.payload = base
		}
		if !sameJSON(t, got.payload, string(after)) {
			t.Fatalf("sent %s, want %s", got.payload, after)
		}
	})
}

// marshalled returns the form encoding/json gives to an object, and false for what is no object or, since a merge-patch
// cannot say it, has a null.
func marshalled(doc []byte) ([]byte, bool) {
	n, err := parseNode(doc)
	if err != nil || n.kind != kindObject || hasNull(n) {
		return nil, false
	}
	out, err := json.Marshal(json.RawMessage(doc))
	return out, err == nil
}

func hasNull(n *node) bool {
	return n.kind == kindNull ||
		slices.ContainsFunc(n.items, hasNull) ||
		slices.ContainsFunc(n.entries, func(e entry) bool { return hasNull(e.value) })
}

func TestMaskIsEmptyUnlessAsked(t *testing.T) {
	before, after := edited(t, sampleContact, func(c *testContact) { c.Info.Company = nil })
	got, err := testTrait().diff([]byte(sampleContact), before, after)
	if want := (change{payload: json.RawMessage(`{"company":null}`), paths: []string{"/info/company"}}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

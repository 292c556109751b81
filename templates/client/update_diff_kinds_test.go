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
	trait := testDescriptor()
	trait.payload = payloadDescriptor{kind: payloadWhole, read: "/info"}
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

	before, after := typedForms(t, sampleContact, func(c *testContact) {
		c.Info.Company, c.Info.Locale = pointerTo("Acme"), pointerTo("fr")
		c.Info.Phones.Items = c.Info.Phones.Items[1:]
	})
	got, err := trait.diff([]byte(sampleContact), before, after)
	if err != nil || !jsonEquals(t, got.payload, want) {
		t.Errorf("%v, sent %s\nwant %s", err, got.payload, want)
	}
}

func TestDiffOfAWholePayloadRemovesByLeavingOut(t *testing.T) {
	trait := testDescriptor()
	trait.payload = payloadDescriptor{kind: payloadWhole, read: "/info"}
	before, after := typedForms(t, sampleContact, func(c *testContact) {
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
	trait := testDescriptor()
	trait.payload = payloadDescriptor{kind: payloadWhole}
	before, after := typedForms(t, sampleContact, func(c *testContact) { c.Info.Company = pointerTo("Acme") })
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

func TestDiffSendsATokenAmongReadOnlyMembers(t *testing.T) {
	meta := objectShape(map[string]memberShape{"etag": readOnlyScalar, "made": readOnlyScalar, "note": writableScalar,
		"deep": {shape: objectShape(map[string]memberShape{"etag": readOnlyScalar, "made": readOnlyScalar})}})
	trait := &revisionDescriptor{
		tokens:  []tokenPart{{read: location{in: inBody, at: "/meta/etag"}}, {read: location{in: inBody, at: "/meta/deep/etag"}}},
		payload: payloadDescriptor{kind: payloadWhole},
		shape:   objectShape(map[string]memberShape{"meta": {shape: meta}}),
	}
	base := []byte(`{"meta":{"etag":"1","made":"2","note":"a","deep":{"etag":"3","made":"4"}}}`)
	after := []byte(`{"meta":{"etag":"1","made":"2","note":"b","deep":{"etag":"3","made":"4"}}}`)
	got, err := trait.diff(base, base, after)
	if want := `{"meta":{"etag":"1","note":"b","deep":{"etag":"3"}}}`; err != nil || string(got.payload) != want {
		t.Errorf("%v, sent %s, want %s", err, got.payload, want)
	}
}

func TestDiffNamesChangedMembersInTheMask(t *testing.T) {
	trait := testDescriptor()
	trait.payload = payloadDescriptor{kind: payloadFields, read: "/info"}
	before, after := typedForms(t, sampleContact, func(c *testContact) {
		c.Info.Name = testName{First: pointerTo("J")}
		c.Info.Locale = nil
	})
	got, err := trait.diff([]byte(sampleContact), before, after)
	if err != nil || !jsonEquals(t, got.payload, `{"name":{"first":"J","last":null,"middle":"Q."}}`) {
		t.Errorf("%v, sent %s", err, got.payload)
	}
	if want := []string{"name", "locale"}; !slices.Equal(got.mask, want) {
		t.Errorf("mask %q, want %q", got.mask, want)
	}
}

func TestDiffSendsOnlyAtomicMembersWhole(t *testing.T) {
	trait := testDescriptor()
	trait.payload.atomic = []string{"name"}
	before, after := typedForms(t, sampleContact, func(c *testContact) {
		c.Info.Name.First = pointerTo("J")
		c.Info.Picture.AltText = nil
		c.fields()["custom.price"] = json.RawMessage(`2`)
	})
	got, err := trait.diff([]byte(sampleContact), before, after)
	want := `{"name":{"first":"J","last":"Doe","middle":"Q."},"picture":{"altText":null},"extendedFields":{"items":{"custom.price":2}}}`
	if err != nil || !jsonEquals(t, got.payload, want) {
		t.Errorf("%v, sent %s", err, got.payload)
	}
}

func TestDiffOfAPayloadThatIsAnArray(t *testing.T) {
	trait := &revisionDescriptor{payload: payloadDescriptor{kind: payloadWhole, read: "/tags"}}
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

func TestDiffCorners(t *testing.T) {
	list := &shape{isArray: true}
	s := objectShape(map[string]memberShape{
		"list": {shape: list},
		"o": {shape: objectShape(map[string]memberShape{"list": {shape: list}, "v": nullableScalar, "ro": readOnlyScalar,
			"in": {shape: objectShape(map[string]memberShape{"ro": readOnlyScalar})}})},
		"map":    {shape: &shape{isMap: true, values: list}},
		"null":   {nullable: true, shape: objectShape(map[string]memberShape{"v": writableScalar})},
		"scalar": writableScalar,
		"objects": {shape: &shape{isArray: true, itemKey: "id",
			items: objectShape(map[string]memberShape{"id": readOnlyScalar, "list": {shape: list}, "v": writableScalar})}},
	})
	for name, c := range map[string]struct{ base, before, after, want, violation string }{
		"an empty slice is none":       {base: `{}`, before: `{}`, after: `{"list":[]}`},
		"none is an empty slice":       {base: `{"list":[ ]}`, before: `{"list":[]}`, after: `{"list":null}`},
		"an object of empty slices":    {base: `{}`, before: `{}`, after: `{"o":{"list":[]}}`},
		"an empty object is something": {base: `{}`, before: `{}`, after: `{"o":{}}`, want: `{"o":{}}`},
		"an empty object had nothing":  {base: `{"o":{}}`, before: `{"o":{}}`, after: `{}`},
		"a new object keeps its slice": {base: `{}`, before: `{}`, after: `{"o":{"list":[],"v":1}}`, want: `{"o":{"list":[],"v":1}}`},
		"a key with an empty slice":    {base: `{}`, before: `{}`, after: `{"map":{"k":[]}}`, want: `{"map":{"k":[]}}`},
		"no key with an empty slice": {base: `{"map":{"k":[]}}`, before: `{"map":{"k":[]}}`, after: `{"map":{}}`,
			want: `{"map":{"k":null}}`},
		"no map": {base: `{"map":{"k":[1]}}`, before: `{"map":{"k":[1]}}`, after: `{"map":null}`,
			want: `{"map":{"k":null}}`},
		"an object that has a null": {base: `{"null":{"v":1,"u":2}}`, before: `{"null":{"v":1}}`, after: `{}`, want: `{"null":null}`},
		"a null that was lost": {base: `{"o":null,"scalar":1}`, before: `{"scalar":1}`, after: `{"scalar":1,"o":{"v":1}}`,
			want: `{"o":{"v":1}}`},
		"an empty object that was lost": {base: `{"o":{"u":1}}`, before: `{}`, after: `{"o":{"v":1}}`, want: `{"o":{"v":1,"u":1}}`},
		"a zero that the model added": {base: `{"o":{"v":1}}`, before: `{"o":{"v":1,"w":""}}`, after: `{"o":{"v":2,"w":""}}`,
			want: `{"o":{"v":2}}`},
		"read-only inside what is removed": {base: `{"o":{"v":1,"in":{"ro":1}}}`, before: `{"o":{"v":1,"in":{"ro":1}}}`, after: `{}`,
			want: `{"o":{"v":null,"in":{}}}`},
		"nothing else in what is removed": {base: `{"o":{"ro":1}}`, before: `{"o":{"ro":1}}`, after: `{}`, violation: "/o"},
		"another kind of value":           {base: `{"o":[{"u":1}]}`, before: `{"o":[{"u":1}]}`, after: `{"o":{"v":1}}`, want: `{"o":{"v":1}}`},
		"an object from what was a map": {base: `{"scalar":{"u":1}}`, before: `{"scalar":"text"}`, after: `{"scalar":{"v":1}}`,
			want: `{"scalar":{"v":1}}`},
		"a new element keeps its slice": {base: `{}`, before: `{}`, after: `{"objects":[{"list":[]}]}`, want: `{"objects":[{"list":[]}]}`},
		"an element by name only": {base: `{"objects":[{"id":"x","v":1,"u":1}]}`, before: `{"objects":[{"id":"x","v":1}]}`,
			after: `{"objects":[{"v":1}]}`, want: `{"objects":[{"v":1}]}`},
		"an element with an empty slice": {base: `{"objects":[{"id":"x","u":1}]}`, before: `{"objects":[{"id":"x"}]}`,
			after: `{"objects":[{"id":"x","list":[]}]}`},
		"elements without a key": {base: `{"objects":[{"id":null,"u":1}]}`, before: `{"objects":[{"id":null}]}`,
			after: `{"objects":[{"id":null,"v":1}]}`, want: `{"objects":[{"v":1}]}`},
	} {
		trait := &revisionDescriptor{payload: payloadDescriptor{kind: payloadPatch}, shape: s}
		got, err := trait.diff([]byte(c.base), []byte(c.before), []byte(c.after))
		var violation *contractViolation
		if errors.As(err, &violation) && violation.path == c.violation {
			continue
		}
		if err != nil || c.violation != "" || !jsonEquals(t, got.payload, c.want) {
			t.Errorf("%s: %v, sent %s, want %s", name, err, got.payload, c.want)
		}
	}
}

func TestDiffKeepsATokenInsideAnArray(t *testing.T) {
	trait := &revisionDescriptor{
		tokens:  []tokenPart{{read: location{in: inBody, at: "/sources/[type=CONTACT]/etag"}}},
		payload: payloadDescriptor{kind: payloadPatch, merge: true},
	}
	base := []byte(`{"name":"a","sources":[{"type":"X","etag":"0"},{"type":"CONTACT","etag":"1"}]}`)
	after := []byte(`{"name":"a","sources":[{"type":"X","etag":"0"},{"type":"CONTACT","etag":"2"}]}`)
	_, err := trait.diff(base, base, after)
	var violation *contractViolation
	if !errors.As(err, &violation) || violation.path != "/sources/1/etag" {
		t.Errorf("%v", err)
	}
}

func TestDiffNamesTheDeepestPlaceOutside(t *testing.T) {
	trait := &revisionDescriptor{payload: payloadDescriptor{kind: payloadPatch, read: "/spec/template"}}
	base := []byte(`{"spec":{"template":{},"l":[1,{"a/b":1}]},"labels":["x"]}`)
	for after, want := range map[string]string{
		`{"spec":{"template":{},"l":[1,{"a/b":2}]},"labels":["x"]}`:     "/spec/l/1/a~1b is outside of what this write sends",
		`{"spec":{"template":{},"l":[1,{"a/b":1}]},"labels":["x","y"]}`: "/labels/1 is outside of what this write sends",
		`{"spec":{"template":{},"l":[1,{"a/b":1}]}}`:                    "/labels is outside of what this write sends",
	} {
		if _, err := trait.diff(base, base, []byte(after)); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestDiffSaysWhichDocumentIsBroken(t *testing.T) {
	_, err := testDescriptor().diff([]byte(`{}`), []byte(`{}`), []byte(`{`))
	if want := "changed resource: not a JSON document: unexpected end of JSON input"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestDiffOfAnActionRefusesEveryEdit(t *testing.T) {
	trait := testDescriptor()
	trait.payload = payloadDescriptor{}
	before, after := typedForms(t, sampleContact, func(c *testContact) { c.Info.Name.Last = pointerTo("Roe") })
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
	f.Add([]byte(`{"a":1,"b":2,"a":{}}`), []byte(`{"b":2}`))
	trait := &revisionDescriptor{payload: payloadDescriptor{kind: payloadPatch, merge: true}}
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
			if merged, err = jsonpatch.MergePatch(withoutDoubles(t, base), got.payload); err != nil {
				t.Fatalf("%s: %v", got.payload, err)
			}
		}
		if !jsonEquals(t, merged, string(after)) {
			t.Fatalf("%s with %s is %s, want %s", base, got.payload, merged, after)
		}
	})
}

// withoutDoubles is a document without the members that a later one of the same name replaces: the other implementation trips over them.
func withoutDoubles(t *testing.T, doc []byte) []byte {
	t.Helper()
	n, err := parseNode(doc)
	if err != nil {
		t.Fatal(err)
	}
	return rebuilt(n).bytes()
}

// A whole payload is what the caller made, whatever the way there.
func FuzzDiffOfAWholePayload(f *testing.F) {
	f.Add([]byte(`{"a":1,"b":{"c":[1,{"d":2}]}}`), []byte(`{"b":{"c":[{"d":2},1],"f":{}}}`))
	trait := &revisionDescriptor{payload: payloadDescriptor{kind: payloadWhole}}
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
		if !jsonEquals(t, got.payload, string(after)) {
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
	before, after := typedForms(t, sampleContact, func(c *testContact) { c.Info.Company = nil })
	got, err := testDescriptor().diff([]byte(sampleContact), before, after)
	if want := (change{payload: json.RawMessage(`{"company":null}`), paths: []string{"/info/company"}}); err != nil ||
		!reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

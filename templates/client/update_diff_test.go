package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

// Parts of the sample as they were read.
const (
	phone1 = `{"id": "p1", "tag": "MOBILE", "countryCode": "US", "phone": "646 567 6359", "e164Phone": "+16465676359", "primary": true, "carrier": {"mcc": 310 }}`
	phone2 = `{"id": "p2", "tag": "HOME", "phone": "212 555 0100", "e164Phone": "+12125550100", "primary": false, "carrier": null}`
)

func pointerTo[T any](v T) *T { return &v }

// phonesPayload returns the payload that sends these phones and nothing else.
func phonesPayload(list ...string) string {
	return `{"phones":{"items":[` + strings.Join(list, ",") + `],"quota":1e2}}`
}

func TestDiffSendsWhatChangedAndNothingElse(t *testing.T) {
	added := testPhone{Phone: "6465676350", Tag: "MOBILE"}
	for name, c := range map[string]struct {
		mutate func(*testContact)
		want   string
		paths  []string
	}{
		"nothing": {mutate: func(*testContact) {}},
		"append a phone": {
			mutate: func(c *testContact) { c.Info.Phones.Items = append(c.Info.Phones.Items, added) },
			want:   phonesPayload(phone1, phone2, `{"tag":"MOBILE","phone":"6465676350"}`),
			paths:  []string{"/info/phones/items"},
		},
		"insert a phone first": {
			mutate: func(c *testContact) { c.Info.Phones.Items = slices.Insert(c.Info.Phones.Items, 0, added) },
			want:   phonesPayload(`{"tag":"MOBILE","phone":"6465676350"}`, phone1, phone2),
			paths:  []string{"/info/phones/items"},
		},
		"delete the first phone": {
			mutate: func(c *testContact) { c.Info.Phones.Items = c.Info.Phones.Items[1:] },
			want:   phonesPayload(phone2),
			paths:  []string{"/info/phones/items"},
		},
		"reorder the phones": {
			mutate: func(c *testContact) { slices.Reverse(c.Info.Phones.Items) },
			want:   phonesPayload(phone2, phone1),
			paths:  []string{"/info/phones/items"},
		},
		"edit one phone": {
			mutate: func(c *testContact) { c.Info.Phones.Items[0].Phone = "1" },
			want:   phonesPayload(`{"id":"p1","tag":"MOBILE","countryCode":"US","phone":"1","primary":true,"carrier":{"mcc":310}}`, phone2),
			paths:  []string{"/info/phones/items"},
		},
		"edit one phone and move it": {
			mutate: func(c *testContact) { c.Info.Phones.Items[0].Phone = "1"; slices.Reverse(c.Info.Phones.Items) },
			want:   phonesPayload(phone2, `{"id":"p1","tag":"MOBILE","countryCode":"US","phone":"1","primary":true,"carrier":{"mcc":310}}`),
			paths:  []string{"/info/phones/items"},
		},
		"replace a phone by a new one with its key": {
			mutate: func(c *testContact) { c.Info.Phones.Items[1] = testPhone{ID: pointerTo("p2"), Tag: "HOME", Phone: "1"} },
			want:   phonesPayload(phone1, `{"id":"p2","tag":"HOME","phone":"1","carrier":null}`),
			paths:  []string{"/info/phones/items"},
		},
		"remove a scalar of a phone that has a null": {
			mutate: func(c *testContact) { c.Info.Phones.Items[0].CountryCode = nil },
			want: phonesPayload(`{"id":"p1","tag":"MOBILE","countryCode":null,"phone":"646 567 6359","primary":true,"carrier":{"mcc":310}}`,
				phone2),
			paths: []string{"/info/phones/items"},
		},
		"remove a scalar of a phone that has none": {
			mutate: func(c *testContact) { c.Info.Phones.Items[1].Primary = nil },
			want:   phonesPayload(phone1, `{"id":"p2","tag":"HOME","phone":"212 555 0100","carrier":null}`),
			paths:  []string{"/info/phones/items"},
		},
		"edit inside an address": {
			mutate: func(c *testContact) { c.Info.Addresses.Items[0].Address.Country = pointerTo("FR") },
			want:   `{"addresses":{"items":[{"id":"a1","tag":"BILLING","address":{"city":"Caféville","country":"FR","geo":{"lat":40.70,"lng":-74.0}}}]}}`,
			paths:  []string{"/info/addresses/items"},
		},
		"no phones, nil": {mutate: func(c *testContact) {
			c.Info.Phones.Items = nil
		}, want: phonesPayload(), paths: []string{"/info/phones/items"}},
		"no phones, empty slice": {mutate: func(c *testContact) {
			c.Info.Phones.Items = []testPhone{}
		}, want: phonesPayload(), paths: []string{"/info/phones/items"}},
		"no phones, no object": {mutate: func(c *testContact) {
			c.Info.Phones = testPhones{}
		}, want: phonesPayload(), paths: []string{"/info/phones/items"}},
		"no company": {mutate: func(c *testContact) { c.Info.Company = nil }, want: `{"company":null}`, paths: []string{"/info/company"}},
		"another company": {
			mutate: func(c *testContact) { c.Info.Company = pointerTo("Acme") },
			want:   `{"company":"Acme"}`,
			paths:  []string{"/info/company"},
		},
		"part of the name": {
			mutate: func(c *testContact) { c.Info.Name.First = pointerTo("John") },
			want:   `{"name":{"first":"John","last":"Doe","middle":"Q."}}`,
			paths:  []string{"/info/name/first"},
		},
		"no name": {
			mutate: func(c *testContact) { c.Info.Name = testName{} },
			want:   `{"name":{"first":null,"last":null,"middle":"Q."}}`,
			paths:  []string{"/info/name/first", "/info/name/last"},
		},
		"one label less": {
			mutate: func(c *testContact) { c.Info.LabelKeys.Items = c.Info.LabelKeys.Items[:1] },
			want:   `{"labelKeys":{"items":["contacts.contacted-me"]}}`,
			paths:  []string{"/info/labelKeys/items"},
		},
		"extended fields": {
			mutate: func(c *testContact) {
				delete(c.fields(), "custom.price")
				c.fields()["custom.new"] = json.RawMessage(`9007199254740995`)
			},
			want: `{"extendedFields":{"items":{"contacts.displayByFirstName":"Jane Doe","custom.big":9007199254740993,
				"custom.price":null,"emailSubscriptions.subscriptionStatus":"NOT_SET","custom.new":9007199254740995}}}`,
			paths: []string{"/info/extendedFields/items/custom.price", "/info/extendedFields/items/custom.new"},
		},
		"an object with a read-only member is edited": {
			mutate: func(c *testContact) { c.Info.Picture.AltText = pointerTo("J.") },
			want:   `{"picture":{"url":"https://example.com/1.png","altText":"J.","width":12.50}}`,
			paths:  []string{"/info/picture/altText"},
		},
		"an object with a read-only member is replaced": {
			mutate: func(c *testContact) { c.Info.Picture = &testPicture{URL: "https://example.com/2.png"} },
			want:   `{"picture":{"url":"https://example.com/2.png","altText":null,"width":12.50}}`,
			paths:  []string{"/info/picture/url", "/info/picture/altText"},
		},
		"an object with a read-only member is removed": {
			mutate: func(c *testContact) { c.Info.Picture = nil },
			want:   `{"picture":{"url":null,"altText":null,"width":12.50}}`,
			paths:  []string{"/info/picture/url", "/info/picture/altText"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := typedForms(t, sampleContact, c.mutate)
			got, err := testDescriptor().diff([]byte(sampleContact), before, after)
			if err != nil {
				t.Fatal(err)
			}
			if !jsonEquals(t, got.payload, c.want) {
				t.Errorf("sent %s\nwant %s", got.payload, c.want)
			}
			if !slices.Equal(got.paths, c.paths) {
				t.Errorf("changed %q, want %q", got.paths, c.paths)
			}
		})
	}
}

func TestDiffSendsUntouchedElementsByteForByte(t *testing.T) {
	before, after := typedForms(t, sampleContact, func(c *testContact) { c.Info.Phones.Items[1].Phone = "1" })
	got, err := testDescriptor().diff([]byte(sampleContact), before, after)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(got.payload, []byte(phone1)) || !bytes.Contains(got.payload, []byte(`"quota":1e2`)) {
		t.Errorf("sent %s", got.payload)
	}
}

func TestDiffRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		mutate       func(*testContact)
		path, reason string
	}{
		"the primary e-mail": {func(c *testContact) { c.PrimaryInfo.Email = pointerTo("x@example.com") }, "/primaryInfo/email", "read-only"},
		"no primary e-mail":  {func(c *testContact) { c.PrimaryInfo.Email = nil }, "/primaryInfo/email", "read-only"},
		"no primary info":    {func(c *testContact) { c.PrimaryInfo = nil; c.Info.Company = nil }, "/primaryInfo", "read-only"},
		"the revision":       {func(c *testContact) { c.Revision = 18 }, "/revision", "concurrency token"},
		"no revision":        {func(c *testContact) { c.Revision = 0 }, "/revision", "concurrency token"},
		"the id":             {func(c *testContact) { c.ID = "other" }, "/id", "identity"},
		"the date":           {func(c *testContact) { c.CreatedDate = pointerTo("2023-12-25T07:31:48.27Z") }, "/createdDate", "read-only"},
		"all at once":        {func(c *testContact) { *c = testContact{} }, "/revision", "concurrency token"},
		"a phone's E.164 form": {func(c *testContact) {
			c.Info.Phones.Items[0].E164Phone = pointerTo("+1")
		}, "/info/phones/items/0/e164Phone", "read-only"},
		"no E.164 form": {func(c *testContact) {
			c.Info.Phones.Items[0].E164Phone = nil
		}, "/info/phones/items/0/e164Phone", "read-only"},
		"a new E.164 form": {func(c *testContact) {
			c.Info.Phones.Items[1] = testPhone{E164Phone: pointerTo("+1")}
		}, "/info/phones/items/1/e164Phone", "read-only"},
		"a phone twice": {func(c *testContact) {
			c.Info.Phones.Items[1] = c.Info.Phones.Items[0]
		}, "/info/phones/items/1/e164Phone", "read-only"},
		"a member of the payload": {func(c *testContact) { c.Info.Seen, c.Info.Company = nil, nil }, "/info/seen", "read-only"},
		"a nested member": {func(c *testContact) {
			c.Info.Picture.Expires = pointerTo("2025-01-01")
		}, "/info/picture/expires", "read-only"},
		"no nested member":  {func(c *testContact) { c.Info.Picture.Expires = nil }, "/info/picture/expires", "read-only"},
		"what has no null":  {func(c *testContact) { c.Info.Locale = nil }, "/info/locale", "cannot be removed"},
		"the whole payload": {func(c *testContact) { c.Info = testInfo{} }, "/info/locale", "cannot be removed"},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := typedForms(t, sampleContact, c.mutate)
			got, err := testDescriptor().diff([]byte(sampleContact), before, after)
			var violation *contractViolation
			if !errors.As(err, &violation) {
				t.Fatalf("%v, sent %s", err, got.payload)
			}
			if violation.path != c.path || !strings.Contains(violation.reason, c.reason) {
				t.Errorf("%v, want %s: %s", err, c.path, c.reason)
			}
		})
	}
}

// jsonEquals compares two documents, "" being none. Numbers are compared as text.
func jsonEquals(t testing.TB, got []byte, want string) bool {
	t.Helper()
	var n *node
	if got != nil {
		n = parsedNode(t, string(got))
	}
	return equal(n, parsedNode(t, want))
}

func BenchmarkDiffAddPhone(b *testing.B) {
	before, after := typedForms(b, sampleContact, func(c *testContact) {
		c.Info.Phones.Items = append(c.Info.Phones.Items, testPhone{Phone: "1"})
	})
	benchmarkDiff(b, before, after)
}

func BenchmarkDiffNothing(b *testing.B) {
	before, after := typedForms(b, sampleContact, func(*testContact) {})
	benchmarkDiff(b, before, after)
}

func benchmarkDiff(b *testing.B, before, after []byte) {
	t, base := testDescriptor(), []byte(sampleContact)
	b.SetBytes(int64(len(base)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.diff(base, before, after); err != nil {
			b.Fatal(err)
		}
	}
}

package client

import (
	"encoding/json"
	"testing"
)

// The models and the shape below are written the way the generator writes them, in small.

type testContact struct {
	ID          string           `json:"id,omitzero"`
	Revision    int32            `json:"revision,omitzero"`
	CreatedDate *string          `json:"createdDate,omitempty"`
	PrimaryInfo *testPrimaryInfo `json:"primaryInfo,omitempty"`
	Info        testInfo         `json:"info,omitzero"`
}

type testPrimaryInfo struct {
	Email *string `json:"email,omitempty"`
	Phone *string `json:"phone,omitempty"`
}

type testInfo struct {
	Name           testName           `json:"name,omitzero"`
	Emails         testEmails         `json:"emails,omitzero"`
	Phones         testPhones         `json:"phones,omitzero"`
	Addresses      testAddresses      `json:"addresses,omitzero"`
	Company        *string            `json:"company,omitempty"`
	Locale         *string            `json:"locale,omitempty"`
	Birthdate      *string            `json:"birthdate,omitempty"`
	LabelKeys      testLabelKeys      `json:"labelKeys,omitzero"`
	ExtendedFields testExtendedFields `json:"extendedFields,omitzero"`
	Picture        *testPicture       `json:"picture,omitempty"`
	Seen           *string            `json:"seen,omitempty"`
}

type testName struct {
	First *string `json:"first,omitempty"`
	Last  *string `json:"last,omitempty"`
}

type testEmails struct {
	Items []testEmail `json:"items,omitzero"`
}

type testEmail struct {
	ID      *string `json:"id,omitempty"`
	Tag     string  `json:"tag,omitzero"`
	Email   string  `json:"email"`
	Primary *bool   `json:"primary,omitempty"`
}

type testPhones struct {
	Items []testPhone `json:"items,omitzero"`
}

type testPhone struct {
	ID          *string `json:"id,omitempty"`
	Tag         string  `json:"tag,omitzero"`
	CountryCode *string `json:"countryCode,omitempty"`
	Phone       string  `json:"phone"`
	E164Phone   *string `json:"e164Phone,omitempty"`
	Primary     *bool   `json:"primary,omitempty"`
}

type testAddresses struct {
	Items []testAddressItem `json:"items,omitzero"`
}

type testAddressItem struct {
	ID      *string     `json:"id,omitempty"`
	Tag     string      `json:"tag,omitzero"`
	Address testAddress `json:"address,omitzero"`
}

type testAddress struct {
	City    *string `json:"city,omitempty"`
	Country *string `json:"country,omitempty"`
}

type testLabelKeys struct {
	Items []string `json:"items,omitzero"`
}

type testExtendedFields struct {
	Items map[string]json.RawMessage `json:"items,omitzero"`
}

type testPicture struct {
	URL     string  `json:"url,omitzero"`
	AltText *string `json:"altText,omitempty"`
	Expires *string `json:"expires,omitempty"`
}

func (c *testContact) fields() map[string]json.RawMessage { return c.Info.ExtendedFields.Items }

var (
	writableScalar = memberShape{}
	nullableScalar = memberShape{nullable: true}
	readOnlyScalar = memberShape{readOnly: true}
)

func objectShape(members map[string]memberShape) *shape {
	s := &shape{members: []memberShape{}}
	for name, m := range members {
		m.name = name
		s.members = append(s.members, m)
	}
	return s
}

// itemsMember returns a member that is an object with a list in its member "items".
func itemsMember(element *shape, key string) memberShape {
	list := &shape{isArray: true, items: element, itemKey: key}
	return memberShape{shape: objectShape(map[string]memberShape{"items": {shape: list}})}
}

var testContactShape = objectShape(map[string]memberShape{
	"id":          readOnlyScalar,
	"revision":    readOnlyScalar,
	"createdDate": readOnlyScalar,
	"primaryInfo": {readOnly: true, shape: objectShape(map[string]memberShape{"email": readOnlyScalar, "phone": readOnlyScalar})},
	"info":        {shape: testInfoShape},
})

var testInfoShape = objectShape(map[string]memberShape{
	"name": {shape: objectShape(map[string]memberShape{"first": nullableScalar, "last": nullableScalar})},
	"emails": itemsMember(objectShape(map[string]memberShape{
		"id": readOnlyScalar, "tag": writableScalar, "email": writableScalar, "primary": writableScalar,
	}), "id"),
	"phones": itemsMember(objectShape(map[string]memberShape{
		"id": readOnlyScalar, "tag": writableScalar, "countryCode": nullableScalar, "phone": writableScalar,
		"e164Phone": readOnlyScalar, "primary": writableScalar,
	}), "id"),
	"addresses": itemsMember(objectShape(map[string]memberShape{
		"id": readOnlyScalar, "tag": writableScalar,
		"address": {shape: objectShape(map[string]memberShape{"city": writableScalar, "country": writableScalar})},
	}), "id"),
	"company":        nullableScalar,
	"birthdate":      nullableScalar,
	"locale":         writableScalar,
	"labelKeys":      itemsMember(nil, ""),
	"extendedFields": {shape: objectShape(map[string]memberShape{"items": {shape: &shape{isMap: true, values: &shape{freeForm: true}}}})},
	"picture": {shape: objectShape(map[string]memberShape{
		"url": nullableScalar, "altText": nullableScalar, "expires": readOnlyScalar,
	})},
	"seen": readOnlyScalar,
})

// testDescriptor returns the trait of the update of a contact.
func testDescriptor() *revisionDescriptor {
	return &revisionDescriptor{
		resource: "/contact",
		identity: []location{{in: inBody, at: "/id"}},
		key:      []pointer{"/id"},
		tokens:   []tokenPart{{read: location{in: inBody, at: "/contact/revision"}, send: location{in: inBody, at: "/revision"}}},
		order:    orderIncrements,
		payload:  payloadDescriptor{kind: payloadPatch, read: "/info", send: "/info"},
		shape:    testContactShape,
	}
}

// sampleContact has everything that makes sending a contact back hard.
const sampleContact = `{
  "id": "bc9d6f3c-d4e9-4ad5-a9b4-2f1f4c1b6a1e",
  "revision": 17,
  "source": {"sourceType": "ADMIN", "appId": "1c2d"},
  "createdDate": "2023-12-25T07:31:48.270Z",
  "primaryInfo": {"email": "jane@example.com", "phone": "646 567 6359", "score": 9007199254740993},
  "info": {
    "name": {"first": "Jane", "last": "Doe", "middle": "Q."},
    "emails": {"items": [
      {"id": "e1", "tag": "HOME", "email": "jane@example.com", "primary": true, "verified": 1.0},
      {"id": "e2", "tag": "WORK", "email": "work@example.com", "primary": false}
    ], "note": "kept"},
    "phones": {"items": [
      {"id": "p1", "tag": "MOBILE", "countryCode": "US", "phone": "646 567 6359", "e164Phone": "+16465676359", "primary": true, "carrier": {"mcc": 310 }},
      {"id": "p2", "tag": "HOME", "phone": "212 555 0100", "e164Phone": "+12125550100", "primary": false, "carrier": null}
    ], "quota": 1e2},
    "addresses": {"items": [
      {"id": "a1", "tag": "BILLING", "address": {"city": "Caf\u00e9ville", "country": "US", "geo": {"lat": 40.70, "lng": -74.0}}}
    ]},
    "company": "Acme & Sons",
    "jobTitle": null,
    "locale": "en-us",
    "birthdate": "1990-01-02",
    "labelKeys": {"items": ["contacts.contacted-me", "custom.vip"]},
    "extendedFields": {"items": {
      "contacts.displayByFirstName": "Jane Doe",
      "custom.big": 9007199254740993,
      "custom.price": 1.10,
      "emailSubscriptions.subscriptionStatus": "NOT_SET"
    }},
    "picture": {"url": "https://example.com/1.png", "altText": "Jane", "expires": "2024-01-01", "width": 12.50},
    "locations": [],
    "seen": "2023-12-26T00:00:00Z"
  }
}`

// typedForms returns the two typed forms of base: as it was read, and after mutate.
func typedForms[T any](t testing.TB, base string, mutate func(*T)) (before, after []byte) {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(base), &v); err != nil {
		t.Fatal(err)
	}
	before, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	mutate(&v)
	after, err = json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return before, after
}

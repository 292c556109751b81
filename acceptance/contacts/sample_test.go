package contacts_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// sample is a contact like the one in the documentation of Update Contact, with members that our description does not know
// in the places where a server may have them.
const sample = `{
  "id": "bc1d7a9e-2d4c-4d3a-9f55-0a1b2c3d4e5f",
  "revision": 17,
  "source": {"sourceType": "ADMIN", "wixAppId": "unknown-1"},
  "createdDate": "2023-12-25T07:31:48.270Z",
  "updatedDate": "2024-01-02T09:00:00Z",
  "lastActivity": {"activityDate": "2024-01-02T09:00:00.5Z", "activityType": "CONTACT_CREATED"},
  "primaryInfo": {"email": "ada@example.com", "phone": "+12025550143"},
  "picture": {"id": "unknown-2"},
  "info": {
    "name": {"first": "Ada", "last": "Example", "prefix": "unknown-3"},
    "emails": {"items": [
      {"id": "e1", "tag": "MAIN", "email": "ada@example.com", "primary": true},
      {"id": "e2", "tag": "WORK", "email": "ada@work.example.com", "primary": false}
    ]},
    "phones": {"items": [
      {"id": "p1", "tag": "MAIN", "countryCode": "US", "phone": "202 555 0143", "e164Phone": "+12025550143", "primary": true, "formattedPhone": "+1 202-555-0143"},
      {"id": "p2", "tag": "HOME", "countryCode": "US", "phone": "202 555 0144", "e164Phone": "+12025550144", "primary": false, "formattedPhone": "+1 202-555-0144"}
    ], "version": "unknown-4"},
    "addresses": {"items": [
      {"id": "a1", "tag": "SHIPPING", "address": {"streetAddress": {"number": "235", "name": "Example St", "apt": "4"}, "city": "Springfield", "subdivision": "US-ME", "country": "US", "postalCode": "00000"}}
    ]},
    "company": "Example Inc",
    "birthdate": "1990-02-28",
    "labelKeys": {"items": ["custom.vip", "contacts.contacted-me"]},
    "extendedFields": {"items": {"custom.shoe-size": 43.50, "contacts.displayByLastName": "Example Ada", "custom.big": 9007199254740993}},
    "assignedUserIds": {"items": ["u1"]}
  },
  "primaryEmail": {"email": "ada@example.com", "subscriptionStatus": "NOT_SET", "deliverabilityStatus": "NOT_SET"}
}`

// wire answers reads with one contact and keeps what is written.
type wire struct {
	contact string
	written []string // bodies of PATCH requests
	reads   int
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet {
		w.reads++
		return answer(r, `{"contact":`+w.contact+`,"responseType":"REGULAR"}`), nil
	}
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	w.written = append(w.written, string(b))
	return answer(r, `{"contact":`+strings.Replace(w.contact, `"revision": 17`, `"revision": 18`, 1)+`}`), nil
}

func answer(r *http.Request, body string) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

func sampleClient(t *testing.T) (*contacts.Client, *wire) {
	t.Helper()
	w := &wire{contact: sample}
	c, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("site"), contacts.WithHTTPClient(&http.Client{Transport: w}))
	if err != nil {
		t.Fatal(err)
	}
	return c, w
}

// sent runs an update and gives the members of info that it sent, each as compact JSON.
func sent(t *testing.T, mutate func(*contacts.Contact)) map[string]string {
	t.Helper()
	client, w := sampleClient(t)
	_, err := client.Contacts.UpdateWithRetry(context.Background(), "bc1d7a9e-2d4c-4d3a-9f55-0a1b2c3d4e5f", func(c *contacts.Contact) error {
		mutate(c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(w.written) != 1 {
		t.Fatalf("%d writes, want 1", len(w.written))
	}
	var body struct {
		Revision json.Number                `json:"revision"`
		Info     map[string]json.RawMessage `json:"info"`
	}
	strict := json.NewDecoder(strings.NewReader(w.written[0]))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&body); err != nil {
		t.Fatalf("%v in %s", err, w.written[0])
	}
	if body.Revision != "17" {
		t.Errorf("sent revision %s, want 17", body.Revision)
	}
	out := map[string]string{}
	for k, v := range body.Info {
		out[k] = compact(t, string(v))
	}
	return out
}

func compact(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(s)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// member gives the compact JSON of a member of the sample's info.
func member(t *testing.T, name string) string {
	t.Helper()
	var c struct {
		Info map[string]json.RawMessage `json:"info"`
	}
	if err := json.Unmarshal([]byte(sample), &c); err != nil {
		t.Fatal(err)
	}
	return compact(t, string(c.Info[name]))
}

// phones gives the sample's phones with other items.
func phones(items ...string) string {
	return `{"items":[` + strings.Join(items, ",") + `],"version":"unknown-4"}`
}

const (
	phone1   = `{"id":"p1","tag":"MAIN","countryCode":"US","phone":"202 555 0143","e164Phone":"+12025550143","primary":true,"formattedPhone":"+1 202-555-0143"}`
	phone2   = `{"id":"p2","tag":"HOME","countryCode":"US","phone":"202 555 0144","e164Phone":"+12025550144","primary":false,"formattedPhone":"+1 202-555-0144"}`
	newPhone = `{"tag":"MOBILE","phone":"6465550199"}`
)

// TestModelsKeepTheSample keeps the promise that what the description knows goes through the models and back unchanged.
func TestModelsKeepTheSample(t *testing.T) {
	var c contacts.Contact
	decode(t, sample, &c) // as the client does: numbers of free-form values stay text
	if c.Revision != 17 || c.ID != "bc1d7a9e-2d4c-4d3a-9f55-0a1b2c3d4e5f" || len(c.Info.Phones.Items) != 2 ||
		c.Info.Phones.Items[1].Tag != contacts.PhoneTagHome {
		t.Errorf("decoded %+v", c)
	}
	again, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	decode(t, string(again), &got)
	decode(t, sample, &want)
	lost := without(want, got, "")
	slices.Sort(lost)
	if !slices.Equal(lost, unknown) {
		t.Errorf("lost in the models: %q, want only %q", lost, unknown)
	}
	if extra := without(got, want, ""); len(extra) != 0 {
		t.Errorf("invented by the models: %q", extra)
	}
}

// unknown are the members of the sample that the description does not know.
var unknown = []string{
	"/info/addresses/items/0/address/streetAddress/apt", "/info/assignedUserIds", "/info/name/prefix", "/info/phones/items/0/formattedPhone",
	"/info/phones/items/1/formattedPhone", "/info/phones/version", "/picture", "/source/wixAppId",
}

func decode(t *testing.T, s string, v any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		t.Fatal(err)
	}
}

// without lists the places of a that b lacks or has otherwise.
func without(a, b any, at string) []string {
	switch a := a.(type) {
	case map[string]any:
		other, ok := b.(map[string]any)
		if !ok {
			return []string{at}
		}
		var out []string
		for k, v := range a {
			if _, ok := other[k]; !ok {
				out = append(out, at+"/"+k)
				continue
			}
			out = append(out, without(v, other[k], at+"/"+k)...)
		}
		return out
	case []any:
		other, ok := b.([]any)
		if !ok || len(a) != len(other) {
			return []string{at}
		}
		var out []string
		for i := range a {
			out = append(out, without(a[i], other[i], at+"/"+string(rune('0'+i)))...)
		}
		return out
	}
	if a != b {
		return []string{at}
	}
	return nil
}

// TestUpdateSendsWhatChanged keeps the promise about writes from a read: changed members whole, extended fields one by one, unknown members
// with their item, nothing else.
func TestUpdateSendsWhatChanged(t *testing.T) {
	added := contacts.ContactPhone{Phone: "6465550199", Tag: contacts.PhoneTagMobile}
	for _, c := range []struct {
		name   string
		mutate func(*contacts.Contact)
		want   map[string]string
	}{
		{"append a phone", func(c *contacts.Contact) {
			c.Info.Phones.Items = append(c.Info.Phones.Items, added)
		}, map[string]string{"phones": phones(phone1, phone2, newPhone)}},
		{"insert first", func(c *contacts.Contact) {
			c.Info.Phones.Items = append([]contacts.ContactPhone{added}, c.Info.Phones.Items...)
		}, map[string]string{"phones": phones(newPhone, phone1, phone2)}},
		{"delete first", func(c *contacts.Contact) {
			c.Info.Phones.Items = c.Info.Phones.Items[1:]
		}, map[string]string{"phones": phones(phone2)}},
		{"reorder", func(c *contacts.Contact) {
			c.Info.Phones.Items[0], c.Info.Phones.Items[1] = c.Info.Phones.Items[1], c.Info.Phones.Items[0]
		}, map[string]string{"phones": phones(phone2, phone1)}},
		{"delete all", func(c *contacts.Contact) { c.Info.Phones.Items = nil }, map[string]string{"phones": phones()}},
		{"clear the company", func(c *contacts.Contact) { c.Info.Company = nil }, map[string]string{"company": `null`}},
		{"two members", func(c *contacts.Contact) {
			c.Info.Company = contacts.Ptr("Other Inc")
			c.Info.Name.First = contacts.Ptr("Grace")
		}, map[string]string{"company": `"Other Inc"`, "name": `{"first":"Grace","last":"Example","prefix":"unknown-3"}`}},
		{"extended fields", func(c *contacts.Contact) {
			c.Info.ExtendedFields.Items["custom.new"] = true
			delete(c.Info.ExtendedFields.Items, "custom.shoe-size")
		}, map[string]string{"extendedFields": `{"items":{"custom.shoe-size":null,"custom.new":true}}`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := sent(t, c.mutate)
			if len(got) != len(c.want) {
				t.Errorf("sent the members %q", got)
			}
			for k, want := range c.want {
				if got[k] != want {
					t.Errorf("%s:\n got %s\nwant %s", k, got[k], want)
				}
			}
		})
	}
}

// TestEditedItemKeepsItsExtras keeps the promise that members the description does not know stay with an item that is edited.
func TestEditedItemKeepsItsExtras(t *testing.T) {
	got := sent(t, func(c *contacts.Contact) { c.Info.Phones.Items[1].Tag = contacts.PhoneTagWork })
	var edited struct {
		Items []map[string]any `json:"items"`
	}
	decode(t, got["phones"], &edited)
	if len(edited.Items) != 2 || edited.Items[1]["tag"] != "WORK" || edited.Items[1]["formattedPhone"] != "+1 202-555-0144" ||
		edited.Items[1]["id"] != "p2" {
		t.Errorf("sent %s", got["phones"])
	}
	if want := member(t, "phones"); !strings.HasPrefix(got["phones"], want[:len(phones(phone1))-len(`],"version":"unknown-4"}`)]) {
		t.Errorf("the other item did not go back as it came: %s", got["phones"])
	}
}

// TestContract keeps the promise that an edit which cannot be written is an error that names the path, and nothing is sent.
func TestContract(t *testing.T) {
	for path, mutate := range map[string]func(*contacts.Contact){
		"/primaryInfo/email":             func(c *contacts.Contact) { c.PrimaryInfo.Email = contacts.Ptr("other@example.com") },
		"/revision":                      func(c *contacts.Contact) { c.Revision++ },
		"/id":                            func(c *contacts.Contact) { c.ID = "other" },
		"/info/phones/items/0/e164Phone": func(c *contacts.Contact) { c.Info.Phones.Items[0].E164Phone = contacts.Ptr("+15550000") },
	} {
		client, w := sampleClient(t)
		_, err := client.Contacts.UpdateWithRetry(context.Background(), "bc1d7a9e-2d4c-4d3a-9f55-0a1b2c3d4e5f", func(c *contacts.Contact) error {
			mutate(c)
			return nil
		})
		var failed *contacts.UpdateError
		if !errors.Is(err, contacts.ErrContract) || !errors.As(err, &failed) || failed.Path != path || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v", path, err)
		}
		if len(w.written) != 0 {
			t.Errorf("%s: %d writes", path, len(w.written))
		}
	}
}

// An edit of an address does not send back the lines that the service made of it, which fit no more.
func TestEditedAddressHasNoOldLine(t *testing.T) {
	srv := contactstest.New()
	srv.Seed("Contact", `{"id":"`+contactID+
		`","revision":7,"info":{"name":{"first":"Ada"},"addresses":{"items":[{"id":"a1","tag":"HOME","address":{"city":"Sampleton",`+
		`"streetAddress":{"number":"1","name":"Example Street","formattedAddressLine":"1 Example Street"},"formattedAddress":"1 Example Street, Sampleton"}}]}}}`)
	_, err := clientFor(t, srv).Contacts.UpdateWithRetry(background(), contactID, func(c *contacts.Contact) error {
		address := &c.Info.Addresses.Items[0].Address
		if address.FormattedAddress == nil || address.StreetAddress.FormattedAddressLine == nil {
			t.Error("the lines are not there to begin with")
		}
		address.City = ptr("Otherton")
		return nil
	})
	requests := srv.Requests()
	if body := string(requests[len(requests)-1].Body); err != nil || !strings.Contains(body, "Otherton") ||
		strings.Contains(body, "formatted") {
		t.Errorf("%v, sent %s", err, body)
	}
}

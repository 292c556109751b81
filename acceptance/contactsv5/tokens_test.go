package contactsv5_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/contactsgen/contactsgen/generated/contactsv5"
	"github.com/contactsgen/contactsgen/generated/contactsv5/contactsv5test"
)

var ctx = context.Background()

const (
	ada     = "bc1d7a9e-2d4c-4d3a-9f55-0a1b2c3d4e5f"
	augusta = "0a6b1c2d-3e4f-4051-8263-748596a7b8c9"
	home    = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
	root    = "/contacts/v5/contacts/" + ada
)

// service is a contact whose revision moves between the read and the first write of anybody. It writes down what it is sent, and refuses
// what does not carry the current revision in the way it is told.
type service struct {
	mu       sync.Mutex
	revision int
	moved    bool
	refusal  refusal
	wrote    []string // method, path, query and body of each write
}

type refusal struct {
	status int
	body   string
}

func coded(code string) string {
	return `{"message":"refused","details":{"applicationError":{"code":"` + code + `","description":"refused"}}}`
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodGet {
		s.answer(w)
		return
	}
	body, _ := io.ReadAll(r.Body)
	sent := strings.TrimSpace(r.Method + " " + r.URL.RequestURI() + " " + string(body))
	s.wrote = append(s.wrote, sent)
	if !s.moved {
		s.moved, s.revision = true, s.revision+1
	}
	if !strings.Contains(sent, fmt.Sprintf(`"%d"`, s.revision)) && r.URL.Query().Get("revision") != fmt.Sprint(s.revision) {
		w.WriteHeader(s.refusal.status)
		_, _ = io.WriteString(w, s.refusal.body)
		return
	}
	s.revision++
	s.answer(w)
}

func (s *service) answer(w io.Writer) {
	_, _ = fmt.Fprintf(w, `{"contact":{"id":"%s","revision":"%d","name":{"first":"Ada","last":"Example"},"email":{"email":"ada@example.com",`+
		`"subscriptionStatus":{"status":"SUBSCRIBED"},"deliverabilityStatus":"VALID"},"phone":{"tag":"HOME","phone":"207-555-0100","e164":"+12075550100"},`+
		`"company":{"name":"Works"},`+
		`"addresses":[{"id":"%s","tag":"HOME","address":{"city":"Sampleton"}}],`+
		`"extendedFields":{"namespaces":{"_user_fields":{"size":39,"color":"red"},"members":{"level":[1,2]}}}}}`, ada, s.revision, home)
}

func clientOf(t *testing.T, h http.Handler) *contactsv5.Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	client, err := contactsv5.NewClient(contactsv5.WithBaseURL(server.URL), contactsv5.WithAPIKey("key"), contactsv5.WithSiteID("site"))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// guarded are the helpers of the seven operations on one contact, and what goes out when the revision is 8.
var guarded = map[string]struct {
	want string
	call func(*contactsv5.ContactsService) (*contactsv5.Contact, error)
}{
	"update": {
		`PATCH ` + root + ` {"contact":{"name":{"first":"Ada","last":"Changed"},"revision":"8"}}`,
		func(s *contactsv5.ContactsService) (*contactsv5.Contact, error) {
			return s.UpdateWithRetry(ctx, ada, func(c *contactsv5.Contact) error { c.Name.Last = contactsv5.Ptr("Changed"); return nil })
		},
	},
	"force": {
		`PATCH ` + root + ` {"contact":{"company":{"name":"Works"},"revision":"8"}}`,
		func(s *contactsv5.ContactsService) (*contactsv5.Contact, error) {
			return s.ForceUpdate(ctx, ada, contactsv5.Contact{Company: contactsv5.ContactCompany{Name: contactsv5.Ptr("Works")}})
		},
	},
	"merge": {
		`POST ` + root + `/merge {"targetContactRevision":"8","sourceContactIds":["` + augusta + `"]}`,
		func(s *contactsv5.ContactsService) (*contactsv5.Contact, error) {
			return s.MergeWithRetry(ctx, ada, func(*contactsv5.Contact) (contactsv5.MergeContactsRequest, error) {
				return contactsv5.MergeContactsRequest{SourceContactIDs: []string{augusta}}, nil
			})
		},
	},
	"add an email": {
		`POST ` + root + `/additional-emails {"email":{"email":"work@example.com"},"revision":"8"}`,
		func(s *contactsv5.ContactsService) (*contactsv5.Contact, error) {
			return s.AddAdditionalEmailWithRetry(ctx, ada, func(*contactsv5.Contact) (contactsv5.AddContactAdditionalEmailRequest, error) {
				return contactsv5.AddContactAdditionalEmailRequest{Email: contactsv5.AdditionalEmail{Email: "work@example.com"}}, nil
			})
		},
	},
	"add a phone": {
		`POST ` + root + `/additional-phones {"phone":{"tag":"WORK","phone":"+12075550101"},"revision":"8"}`,
		func(s *contactsv5.ContactsService) (*contactsv5.Contact, error) {
			return s.AddAdditionalPhoneWithRetry(ctx, ada, func(*contactsv5.Contact) (contactsv5.AddContactAdditionalPhoneRequest, error) {
				return contactsv5.AddContactAdditionalPhoneRequest{Phone: contactsv5.AdditionalPhone{Tag: contactsv5.PhoneTagWork,
					Phone: "+12075550101"}}, nil
			})
		},
	},
	"add an address": {
		`POST ` + root + `/addresses {"address":{"tag":"WORK","address":{"city":"Sampleton"}},"revision":"8"}`,
		func(s *contactsv5.ContactsService) (*contactsv5.Contact, error) {
			return s.AddAddressWithRetry(ctx, ada, func(*contactsv5.Contact) (contactsv5.AddContactAddressRequest, error) {
				return contactsv5.AddContactAddressRequest{Address: contactsv5.ContactAddress{
					Tag: contactsv5.AddressTagWork, Address: contactsv5.Address{City: contactsv5.Ptr("Sampleton")},
				}}, nil
			})
		},
	},
	"update an address": {
		`PATCH ` + root + `/addresses/` + home + ` {"address":{"tag":"WORK"},"revision":"8"}`,
		func(s *contactsv5.ContactsService) (*contactsv5.Contact, error) {
			return s.ForceUpdateAddress(ctx, ada, home,
				contactsv5.UpdateContactAddressRequest{Address: contactsv5.ContactAddress{Tag: contactsv5.AddressTagWork}})
		},
	},
	"delete an address": {
		`DELETE ` + root + `/addresses/` + home + `?revision=8`,
		func(s *contactsv5.ContactsService) (*contactsv5.Contact, error) {
			return s.DeleteAddressWithRetry(ctx, ada, home, nil)
		},
	},
}

// Each guarded write carries the revision where its operation wants it, and goes out again with the newest one when it is refused, under
// whatever status the service says so.
func TestTokenShapes(t *testing.T) {
	for how, r := range map[string]refusal{
		"as its siblings do": {http.StatusConflict, coded("INVALID_REVISION")}, "by the code": {http.StatusBadRequest, coded("INVALID_REVISION")},
		"by the status": {http.StatusConflict, `{"message":"no"}`},
	} {
		for name, tt := range guarded {
			t.Run(name+", "+how, func(t *testing.T) {
				s := &service{revision: 7, refusal: r}
				got, err := tt.call(clientOf(t, s).Contacts)
				if err != nil || got.Revision != "9" || len(s.wrote) != 2 || s.wrote[1] != tt.want {
					t.Errorf("%+v, %v\nsent %q\nwant %q", got, err, s.wrote, tt.want)
				}
			})
		}
	}
}

// A duplicate is never taken for a conflict: the same request would be a duplicate again.
func TestDuplicateIsNoConflict(t *testing.T) {
	for _, status := range []int{http.StatusConflict, http.StatusBadRequest} {
		s := &service{revision: 7, refusal: refusal{status, coded("DUPLICATE_CONTACT_EXISTS")}}
		_, err := guarded["update"].call(clientOf(t, s).Contacts)
		if !errors.Is(err, contactsv5.ErrAlreadyExists) || errors.Is(err, contactsv5.ErrConflict) ||
			!errors.Is(err, contactsv5.CodeDuplicateContactExists) || len(s.wrote) != 1 {
			t.Errorf("%d: %v after %d writes", status, err, len(s.wrote))
		}
	}
}

// Of the extended fields only those are sent that were changed: an app may read fields that it cannot write.
func TestExtendedFieldsOneByOne(t *testing.T) {
	for name, tt := range map[string]struct {
		edit func(fields map[string]any)
		want string
	}{
		"changed": {func(f map[string]any) { f["size"] = 40 }, `{"size":40}`},
		"added":   {func(f map[string]any) { f["shape"] = "round" }, `{"shape":"round"}`},
		"removed": {func(f map[string]any) { delete(f, "color") }, `{"color":null}`},
	} {
		s := &service{revision: 7, moved: true}
		_, err := clientOf(t, s).Contacts.UpdateWithRetry(ctx, ada, func(c *contactsv5.Contact) error {
			tt.edit(c.ExtendedFields.Namespaces["_user_fields"])
			return nil
		})
		want := `PATCH ` + root + ` {"contact":{"extendedFields":{"namespaces":{"_user_fields":` + tt.want + `}},"revision":"7"}}`
		if err != nil || !slices.Equal(s.wrote, []string{want}) {
			t.Errorf("%s: %v, sent %q", name, err, s.wrote)
		}
	}
}

// What only the service writes is not sent, not even as it was read.
func TestReadOnlyMembersStayBehind(t *testing.T) {
	s := &service{revision: 7, moved: true}
	_, err := clientOf(t, s).Contacts.UpdateWithRetry(ctx, ada, func(c *contactsv5.Contact) error {
		c.Email.Email, c.Phone.Phone = "new@example.com", "+12075550199"
		return nil
	})
	want := `PATCH ` + root + ` {"contact":{"email":{"email":"new@example.com"},"phone":{"tag":"HOME","phone":"+12075550199"},"revision":"7"}}`
	if err != nil || !slices.Equal(s.wrote, []string{want}) {
		t.Errorf("%v, sent %q", err, s.wrote)
	}
}

// What the service makes of other members goes only as long as they stay: who moves within a town does not send the line of the old street.
// Another entry of the list is sent as it was read, and a line that was edited together with the street is kept.
func TestDerivedMembers(t *testing.T) {
	const elsewhere = `{"city":"Elsewhere","formattedAddress":"Elsewhere"}`
	for name, tt := range map[string]struct {
		edit func(*contactsv5.ContactAddress)
		want string
	}{
		"street": {
			func(a *contactsv5.ContactAddress) { a.Address.StreetAddress.Number = "2" },
			`{"streetAddress":{"number":"2","name":"Example Street","apt":""},"city":"Sampleton","hint":"blue door"}`,
		},
		"city": {
			func(a *contactsv5.ContactAddress) { a.Address.City = contactsv5.Ptr("Otherton") },
			`{"streetAddress":{"number":"1","name":"Example Street","apt":"","formattedAddressLine":"1 Example Street"},"city":"Otherton","hint":"blue door"}`,
		},
		"street and line": {
			func(a *contactsv5.ContactAddress) {
				a.Address.StreetAddress.Number, a.Address.FormattedAddress = "2", contactsv5.Ptr("2 Example Street")
			},
			`{"streetAddress":{"number":"2","name":"Example Street","apt":""},"city":"Sampleton","formattedAddress":"2 Example Street","hint":"blue door"}`,
		},
		"neither": {
			func(a *contactsv5.ContactAddress) { a.Recipient.FirstName = contactsv5.Ptr("Ada") },
			`{"streetAddress":{"number":"1","name":"Example Street","apt":"","formattedAddressLine":"1 Example Street"},"city":"Sampleton",` +
				`"formattedAddress":"1 Example Street, Sampleton","hint":"blue door"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := contactsv5test.New()
			srv.Seed(
				"Contact",
				`{"id":"`+ada+`","revision":"7","name":{"first":"Ada"},"addresses":[{"id":"1","tag":"HOME","address":{"streetAddress":{"number":"1","name":"Example Street",`+
					`"apt":"","formattedAddressLine":"1 Example Street"},"city":"Sampleton","formattedAddress":"1 Example Street, Sampleton","hint":"blue door"}},{"id":"2","tag":"WORK","address":`+elsewhere+`}]}`,
			)
			client, err := contactsv5.NewClient(contactsv5.WithHTTPClient(&http.Client{Transport: srv.Transport()}), contactsv5.WithAPIKey("key"),
				contactsv5.WithSiteID("site"))
			if err != nil {
				t.Fatal(err)
			}
			_, err = client.Contacts.UpdateWithRetry(ctx, ada, func(c *contactsv5.Contact) error { tt.edit(&c.Addresses[0]); return nil })
			if err != nil {
				t.Fatal(err)
			}
			var sent struct {
				Contact struct{ Addresses []struct{ ID, Address any } }
			}
			requests := srv.Requests()
			if err := json.Unmarshal(requests[len(requests)-1].Body, &sent); err != nil || len(sent.Contact.Addresses) != 2 {
				t.Fatal(sent, err)
			}
			var want [2]any
			if err := json.Unmarshal([]byte(`[`+tt.want+`,`+elsewhere+`]`), &want); err != nil {
				t.Fatal(err)
			}
			for i, a := range sent.Contact.Addresses {
				if !reflect.DeepEqual(a.Address, want[i]) {
					t.Errorf("sent %v\nwant %v", a.Address, want[i])
				}
			}
		})
	}
}

// A hundred writers in four clients lose nothing and write nothing twice, whether they write one contact or four in one request.
func TestWritersOfTheFake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := contactsv5test.New()
		for i := range 4 {
			srv.Seed(
				"Contact",
				fmt.Sprintf(`{"id":"%d","revision":"7","name":{"first":"Ada"},"extendedFields":{"namespaces":{"_user_fields":{"n":0}}}}`, i),
			)
		}
		count := func(c *contactsv5.Contact) error {
			fields := c.ExtendedFields.Namespaces["_user_fields"]
			n, _ := fields["n"].(json.Number).Int64()
			fields["n"] = n + 1
			return nil
		}
		var group sync.WaitGroup
		for writer := range 4 {
			client, err := contactsv5.NewClient(contactsv5.WithHTTPClient(&http.Client{Transport: srv.Transport()}), contactsv5.WithAPIKey("key"),
				contactsv5.WithSiteID("site"))
			if err != nil {
				t.Fatal(err)
			}
			for range 25 {
				group.Go(func() {
					if writer > 0 {
						if _, err := client.Contacts.UpdateWithRetry(ctx, "0", count, contactsv5.WithMaxAttempts(60)); err != nil {
							t.Error(err)
						}
						return
					}
					for item, err := range client.Contacts.BulkUpdateWithRetry(ctx, slices.Values([]string{"0", "1", "2", "3"}), count,
						contactsv5.WithMaxAttempts(60)) {
						if err != nil {
							t.Error(item.Key, err)
						}
					}
				})
			}
		}
		group.Wait()
		for id, want := range map[string]string{"0": "100", "1": "25", "2": "25", "3": "25"} {
			var got contactsv5.Contact
			if !srv.Get("Contact", id, &got) || fmt.Sprint(got.ExtendedFields.Namespaces["_user_fields"]["n"]) != want {
				t.Errorf("%s: %+v, want %s", id, got.ExtendedFields, want)
			}
		}
	})
}

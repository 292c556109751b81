package contactsv5_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/contactsgen/contactsgen/generated/contactsv5"
	"github.com/contactsgen/contactsgen/generated/contactsv5/contactsv5test"
)

// between is a way to the fake on which something happens: before a request, or after its answer. It is told the number of the request to
// create, from 1, and 0 for any other.
type between struct {
	srv    *contactsv5test.Server
	before func(create int)
	after  func(create, status int)

	creates atomic.Int32
}

func (b *between) RoundTrip(r *http.Request) (*http.Response, error) {
	n := 0
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/contacts") {
		n = int(b.creates.Add(1))
	}
	if b.before != nil {
		b.before(n)
	}
	response, err := b.srv.Transport().RoundTrip(r)
	if err == nil && b.after != nil {
		b.after(n, response.StatusCode)
	}
	return response, err
}

func over(t *testing.T, b *between) *contactsv5.Client {
	t.Helper()
	client, err := contactsv5.NewClient(contactsv5.WithHTTPClient(&http.Client{Transport: b}), contactsv5.WithAPIKey("key"),
		contactsv5.WithSiteID("site"))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

const counted = `"extendedFields":{"namespaces":{"_user_fields":{"n":%d}}}`

// one is a contact whose number is 1.
func one() contactsv5.CreateContactRequest {
	who := person("Ada", "ada@example.com", "")
	who.ExtendedFields.Namespaces = map[string]map[string]any{"_user_fields": {"n": 1}}
	return contactsv5.CreateContactRequest{Contact: who}
}

// oneMore raises the number of a contact.
func oneMore(c *contact) error {
	fields := c.ExtendedFields.Namespaces["_user_fields"]
	n, _ := fields["n"].(json.Number).Int64()
	fields["n"] = n + 1
	return nil
}

// numbers gives the numbers of all contacts.
func numbers(t *testing.T, c *contactsv5.Client) (out []string) {
	t.Helper()
	for got, err := range c.Contacts.QueryAll(ctx, contactsv5.QueryContactsRequest{}) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(got.ExtendedFields.Namespaces["_user_fields"]["n"]))
	}
	return out
}

// Whoever is there is changed, nobody is made twice, and nothing is counted twice, whatever happens in between.
func TestCreateOrUpdate(t *testing.T) {
	seed := func(srv *contactsv5test.Server, n int) string {
		return srv.Seed("Contact", `{"email":{"email":"ada@example.com"},`+fmt.Sprintf(counted, n)+`}`)
	}
	drop := func(applied bool) func(*contactsv5test.Server, *between) {
		return func(srv *contactsv5test.Server, _ *between) {
			srv.Inject(contactsv5test.Fault{Kind: contactsv5test.Drop, Operation: contactsv5.OperationCreateContact, Applied: applied})
		}
	}
	for name, tt := range map[string]struct {
		scene   func(srv *contactsv5test.Server, b *between)
		mutate  func(*contact) error
		opts    []contactsv5.CallOption
		outcome contactsv5.Outcome
		err     error
		want    string // the numbers afterwards
		creates int
	}{
		"nobody":   {func(*contactsv5test.Server, *between) {}, oneMore, nil, contactsv5.Created, nil, "1", 1},
		"somebody": {func(srv *contactsv5test.Server, _ *between) { seed(srv, 7) }, oneMore, nil, contactsv5.Updated, nil, "8", 1},
		"left alone": {func(srv *contactsv5test.Server, _ *between) {
			seed(srv, 7)
		}, func(*contact) error { return contactsv5.ErrSkip }, nil, contactsv5.Unchanged, nil, "7", 1},
		"conflicts": {func(srv *contactsv5test.Server, _ *between) {
			seed(srv, 7)
			srv.Inject(contactsv5test.Fault{Kind: contactsv5test.Conflict, Operation: contactsv5.OperationUpdateContact, Times: 3})
		}, oneMore, nil, contactsv5.Updated, nil, "8", 1},
		"a rival creates": {func(srv *contactsv5test.Server, b *between) {
			b.before = func(create int) {
				if create == 1 {
					seed(srv, 3)
				}
			}
		}, oneMore, nil, contactsv5.Updated, nil, "4", 1},
		"who was there goes": {func(srv *contactsv5test.Server, b *between) {
			id := seed(srv, 7)
			b.after = func(create, status int) {
				if status == http.StatusConflict {
					srv.Remove("Contact", id)
				}
			}
		}, oneMore, nil, contactsv5.Created, nil, "1", 2},
		"another email by now": {func(srv *contactsv5test.Server, b *between) {
			id := seed(srv, 7)
			b.after = func(create, status int) {
				if status == http.StatusConflict {
					srv.Edit("Contact", id, func(c map[string]any) { c["email"] = map[string]any{"email": "other@example.com"} })
				}
			}
		}, func(c *contact) error {
			if c.Email.Email != "ada@example.com" {
				return contactsv5.ErrNotThis
			}
			return oneMore(c)
		}, nil, contactsv5.Created, nil, "1 7", 2},
		"the request is lost":      {drop(false), oneMore, nil, contactsv5.Created, nil, "1", 2},
		"the answer is lost":       {drop(true), oneMore, nil, "", contactsv5.ErrAmbiguousWrite, "1", 2},
		"the answer is lost twice": {drop(true), oneMore, []contactsv5.CallOption{contactsv5.Idempotent()}, contactsv5.Updated, nil, "2", 2},
		"refused": {func(srv *contactsv5test.Server, _ *between) {
			srv.Inject(contactsv5test.Fault{Kind: contactsv5test.Fail, Status: 403, Operation: contactsv5.OperationCreateContact})
		}, oneMore, nil, "", contactsv5.ErrPermission, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				srv := contactsv5test.New()
				b := &between{srv: srv}
				client := over(t, b)
				tt.scene(srv, b)
				var report contactsv5.Report
				got, err := client.Contacts.CreateOrUpdate(ctx, one(), tt.mutate, append(tt.opts, contactsv5.WithReport(&report))...)
				if !errors.Is(err, tt.err) || (got == nil) != (tt.err != nil) || report.Outcome != tt.outcome {
					t.Errorf("%+v, %v: %+v", got, err, report)
				}
				b.before, b.after = nil, nil
				if n := int(b.creates.Load()); n != tt.creates {
					t.Errorf("%d requests to create", n)
				}
				if have := strings.Join(numbers(t, client), " "); have != tt.want {
					t.Errorf("the numbers are %s, want %s", have, tt.want)
				}
			})
		})
	}
}

// A request by which nobody could be found is not sent: each would make one more.
func TestCreateOrUpdateRefuses(t *testing.T) {
	client, srv := faked(t)
	anyway := one()
	anyway.AllowDuplicates = contactsv5.Ptr(true)
	for _, request := range []contactsv5.CreateContactRequest{{Contact: person("Ada", "", "")}, anyway} {
		if _, err := client.Contacts.CreateOrUpdate(ctx, request, oneMore); !errors.Is(err, contactsv5.ErrContract) || srv.Count() != 0 {
			t.Errorf("%v after %d requests", err, srv.Count())
		}
	}
	if _, err := client.Contacts.CreateOrUpdate(ctx, one(), nil); !errors.Is(err, contactsv5.ErrContract) {
		t.Error(err)
	}
}

// A hundred callers in four clients, of whom each may be the first, make one contact and count each of them once. Whoever is told that
// nobody knows may have been counted.
func TestCreateOrUpdateTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := contactsv5test.New(contactsv5test.WithRecord(100_000))
		srv.Inject(
			contactsv5test.Fault{Kind: contactsv5test.Drop, Times: -1, Chance: 0.05}, contactsv5test.Fault{Kind: contactsv5test.Drop, Applied: true,
				Times: -1, Chance: 0.05},
			contactsv5test.Fault{Kind: contactsv5test.Fail, Times: -1, Chance: 0.05}, contactsv5test.Fault{Kind: contactsv5test.Late, Times: -1,
				Chance: 0.02},
			contactsv5test.Fault{Kind: contactsv5test.Throttle, Times: -1, Chance: 0.02},
		)
		var succeeded, unknown atomic.Int32
		var group sync.WaitGroup
		for range 4 {
			client, err := contactsv5.NewClient(contactsv5.WithHTTPClient(&http.Client{Transport: srv.Transport()}), contactsv5.WithAPIKey("key"),
				contactsv5.WithSiteID("site"))
			if err != nil {
				t.Fatal(err)
			}
			for range 25 {
				group.Go(func() {
					_, err := client.Contacts.CreateOrUpdate(ctx, one(), oneMore, contactsv5.WithMaxAttempts(60))
					switch {
					case err == nil:
						succeeded.Add(1)
					case errors.Is(err, contactsv5.ErrAmbiguousWrite):
						unknown.Add(1)
					case !errors.Is(err, contactsv5.ErrBudget) && !errors.Is(err, contactsv5.ErrConflict):
						t.Logf("failed: %v", err)
					}
				})
			}
		}
		group.Wait()
		srv.Heal()
		client, _ := contactsv5.NewClient(contactsv5.WithHTTPClient(&http.Client{Transport: srv.Transport()}), contactsv5.WithAPIKey("key"),
			contactsv5.WithSiteID("site"))
		have := numbers(t, client)
		var n int32
		if len(have) != 1 {
			t.Fatalf("%d contacts", len(have))
		}
		if _, err := fmt.Sscan(have[0], &n); err != nil || n < succeeded.Load() || n > succeeded.Load()+unknown.Load() {
			t.Errorf("the number is %d after %d successes and %d calls of which nobody knows", n, succeeded.Load(), unknown.Load())
		}
		t.Logf("%d successes, %d of which nobody knows", succeeded.Load(), unknown.Load())
	})
}

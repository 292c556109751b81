package contacts_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/contactsgen/contactsgen/generated/contacts"
)

// book is a service with two contacts, one of which can be merged into the other.
type book struct {
	mu       sync.Mutex
	revision int
	merged   bool
	// What happens to the next merges, in order: "stale" and "stale 409" answer as another writer's change would,
	// "lost" applies and loses the answer, "dropped" loses the request, "refused" answers with another error.
	script []string
}

func (b *book) contact() string {
	return fmt.Sprintf(`{"id":"%s","revision":%d,"info":{"name":{"first":"Ada"}}}`, contactID, b.revision)
}

func (b *book) handle(r *http.Request, body string) *http.Response {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case r.Method == "GET" && strings.HasSuffix(r.URL.Path, contactID):
		return reply(200, `{"contact":`+b.contact()+`,"responseType":"REGULAR"}`)
	case r.Method == "GET" && b.merged:
		return reply(200, `{"contact":`+b.contact()+`,"responseType":"MERGED"}`)
	case r.Method == "GET":
		return reply(200, `{"contact":{"id":"`+otherID+`","revision":1},"responseType":"REGULAR"}`)
	}
	next := ""
	if len(b.script) > 0 {
		next, b.script = b.script[0], b.script[1:]
	}
	switch next {
	case "stale", "stale 409":
		b.revision++ // another writer was faster
		if next == "stale" {
			return reply(428, `{"details":{"applicationError":{"code":"FAILED_PRECONDITION"}}}`)
		}
		return reply(409, `{"message":"Contact has been updated since the requested revision."}`)
	case "dropped":
		return nil
	case "refused":
		return reply(400, `{"details":{"applicationError":{"code":"ILLEGAL_MERGE"}}}`)
	case "fixed":
		return reply(428, `{"details":{"applicationError":{"code":"FAILED_PRECONDITION"}}}`)
	}
	if want := fmt.Sprintf(`{"targetContactRevision":%d,"sourceContactIds":["%s"]}`, b.revision, otherID); body != want {
		return reply(500, "sent "+body)
	}
	b.revision, b.merged = b.revision+1, true
	if next == "lost" {
		return nil
	}
	return reply(200, `{"contact":`+b.contact()+`}`)
}

// A merge is decided on fresh state each time, carries the revision of the target, and takes place once at most, whatever gets lost.
func TestMergeWithRetry(t *testing.T) {
	for name, tt := range map[string]struct {
		script        []string
		err           error
		builds        []int32 // revisions that the decision was made on
		writes, reads int
		outcome       contacts.Outcome
		merged        bool
	}{
		"at once":               {nil, nil, []int32{7}, 1, 1, contacts.Updated, true},
		"stale":                 {[]string{"stale"}, nil, []int32{7, 8}, 2, 2, contacts.Updated, true},
		"stale by 409":          {[]string{"stale 409", "stale"}, nil, []int32{7, 8, 9}, 3, 3, contacts.Updated, true},
		"answer lost":           {[]string{"lost"}, nil, []int32{7}, 1, 4, contacts.Recovered, true},
		"request lost":          {[]string{"dropped"}, nil, []int32{7}, 2, 3, contacts.Updated, true},
		"request lost, twice":   {[]string{"dropped", "dropped"}, nil, []int32{7}, 3, 5, contacts.Updated, true},
		"both lost":             {[]string{"dropped", "lost"}, nil, []int32{7}, 2, 6, contacts.Recovered, true},
		"refused":               {[]string{"refused"}, contacts.CodeIllegalMerge, []int32{7}, 1, 1, "", false},
		"not about the token":   {[]string{"fixed", "fixed", "fixed", "fixed"}, contacts.ErrStalledConflict, []int32{7}, 1, 4, "", false},
		"stale again and again": {[]string{"stale", "stale", "stale", "stale"}, contacts.ErrConflict, []int32{7, 8, 9}, 3, 3, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &book{revision: 7, script: tt.script}
				client, s := clientOf(t, b.handle)
				var report contacts.Report
				var builds []int32
				got, err := client.Contacts.MergeWithRetry(background(), contactID, func(c *contacts.Contact) (contacts.MergeContactsRequest, error) {
					builds = append(builds, c.Revision)
					return contacts.MergeContactsRequest{SourceContactIDs: []string{otherID}}, nil
				}, contacts.WithReport(&report), contacts.WithMaxAttempts(3))
				if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
					t.Fatalf("got %v, want %v", err, tt.err)
				}
				if err == nil && got.Revision != 8+int32(len(builds)-1) {
					t.Errorf("the result has revision %d", got.Revision)
				}
				if !slices.Equal(builds, tt.builds) || report.Writes != tt.writes || report.Outcome != tt.outcome || b.merged != tt.merged {
					t.Errorf("decided on %v, %+v, merged %v", builds, report, b.merged)
				}
				if report.Reads != tt.reads || len(s.requests()) != tt.reads+tt.writes {
					t.Errorf("%+v after %d requests", report, len(s.requests()))
				}
			})
		})
	}
}

// What cannot be found out is said, and nothing is sent again.
func TestMergeThatMayHaveHappened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &book{revision: 7, script: []string{"lost"}}
		client, s := clientOf(t, func(r *http.Request, body string) *http.Response {
			if strings.HasSuffix(r.URL.Path, otherID) {
				return reply(403, "")
			}
			return b.handle(r, body)
		})
		_, err := client.Contacts.MergeWithRetry(background(), contactID, func(*contacts.Contact) (contacts.MergeContactsRequest, error) {
			return contacts.MergeContactsRequest{SourceContactIDs: []string{otherID}}, nil
		})
		var failed *contacts.UpdateError
		if !errors.Is(err, contacts.ErrAmbiguousWrite) || !errors.As(err, &failed) || failed.Writes != 1 {
			t.Errorf("%v", err)
		}
		for _, r := range s.requests()[2:] {
			if r.method != "GET" {
				t.Errorf("%s was sent", r.line())
			}
		}
	})
}

func TestMergeCallback(t *testing.T) {
	client, s := clientOf(t, (&book{revision: 7}).handle)
	own := errors.New("own reasons")
	for _, tt := range []struct{ given, want error }{{contacts.ErrSkip, nil}, {own, own}} {
		var report contacts.Report
		_, err := client.Contacts.MergeWithRetry(background(), contactID, func(*contacts.Contact) (contacts.MergeContactsRequest, error) {
			return contacts.MergeContactsRequest{}, tt.given
		}, contacts.WithReport(&report))
		if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) || report.Writes != 0 || errors.Is(err, contacts.ErrMutate) != (tt.want != nil) {
			t.Errorf("%v: got %v, %+v", tt.given, err, report)
		}
	}
	for _, r := range s.requests() {
		if r.method != "GET" {
			t.Errorf("%s was sent", r.line())
		}
	}
}

// The id of a contact that was merged away answers with another contact, which is not changed by mistake.
func TestIdentity(t *testing.T) {
	b := &book{revision: 7, merged: true}
	client, s := clientOf(t, func(r *http.Request, body string) *http.Response {
		if r.Method == "PATCH" {
			return reply(200, `{"contact":`+strings.Replace(b.contact(), `"revision":7`, `"revision":8`, 1)+`}`)
		}
		return b.handle(r, body)
	})
	rename := func(c *contacts.Contact) error { c.Info.Name.First = ptr("Grace"); return nil }
	calls := map[string]func() error{
		"UpdateWithRetry": func() error {
			_, err := client.Contacts.UpdateWithRetry(background(), otherID, rename)
			return err
		},
		"ForceUpdate": func() error {
			_, err := client.Contacts.ForceUpdate(background(), otherID, contacts.ContactInfo{Company: ptr("x")})
			return err
		},
		"MergeWithRetry": func() error {
			_, err := client.Contacts.MergeWithRetry(background(), otherID, func(*contacts.Contact) (contacts.MergeContactsRequest, error) {
				return contacts.MergeContactsRequest{}, nil
			})
			return err
		},
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, contacts.ErrIdentity) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, r := range s.requests() {
		if r.method != "GET" {
			t.Errorf("%s was sent", r.line())
		}
	}
	before := len(s.requests())
	got, err := client.Contacts.UpdateWithRetry(background(), otherID, rename, contacts.FollowMerged())
	if err != nil || got.ID != contactID || got.Revision != 8 {
		t.Fatalf("%v: %+v", err, got)
	}
	if r := s.requests()[before+1]; r.line() != "PATCH "+path+"contacts/"+contactID {
		t.Errorf("%s was sent", r.line())
	}
}

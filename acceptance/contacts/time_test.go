package contacts_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// What was throttled was not done, so a plain write is tried again, and the minute that the description names passes for the whole client.
func TestThrottledCreate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := contactstest.NewServer(t)
		client := clientFor(t, srv)
		srv.Inject(contactstest.Fault{Kind: contactstest.Throttle, Operation: contacts.OperationCreateContact})
		begin := time.Now()
		other := make(chan time.Duration)
		go func() {
			time.Sleep(time.Second)
			_, err := client.Contacts.List(background())
			if err != nil {
				t.Error(err)
			}
			other <- time.Since(begin)
		}()
		named := contacts.ContactInfo{Name: contacts.ContactName{First: ptr("Ada")}}
		_, err := client.Contacts.Create(background(), contacts.CreateContactRequest{Info: named})
		if took := time.Since(begin); err != nil || took < time.Minute || srv.Count(contacts.OperationCreateContact) != 2 {
			t.Errorf("%d requests, %v: %v", srv.Count(contacts.OperationCreateContact), took, err)
		}
		if took := <-other; took < time.Minute || srv.Count(contacts.OperationListContacts) != 1 {
			t.Errorf("another call was through after %v", took)
		}
	})
}

// A server that takes a request and never answers holds a helper no longer than it may take, and the call behind it learns
// why it had no turn.
func TestServerThatNeverAnswers(t *testing.T) {
	for method, ambiguous := range map[string]bool{http.MethodGet: false, http.MethodPatch: true} {
		synctest.Test(t, func(t *testing.T) {
			srv := contactstest.NewServer(t)
			client, err := clientThrough(roundTripper(func(r *http.Request) (*http.Response, error) {
				if r.Method == method {
					<-r.Context().Done()
					return nil, r.Context().Err()
				}
				return srv.Transport().RoundTrip(r)
			}))
			if err != nil {
				t.Fatal(err)
			}
			id := seedCounter(srv)
			begin := time.Now()
			behind := make(chan error)
			go func() {
				time.Sleep(time.Second)
				_, err := client.Contacts.UpdateWithRetry(background(), id, increment, contacts.WithMaxElapsed(2*time.Second))
				behind <- err
			}()
			go func() {
				err := <-behind
				took := time.Since(begin)
				if !errors.Is(err, contacts.ErrBusy) || strings.Contains(err.Error(), "callback") || took != 3*time.Second {
					t.Errorf("%s: behind, after %v: %v", method, took, err)
				}
			}()
			_, err = client.Contacts.UpdateWithRetry(background(), id, increment)
			var e *contacts.UpdateError
			if took := time.Since(begin); took != 30*time.Second || !errors.As(err, &e) || e.Cause != contacts.CauseElapsed {
				t.Errorf("%s: after %v: %v", method, took, err)
			}
			if errors.Is(err, contacts.ErrAmbiguousWrite) != ambiguous || errors.Is(err, contacts.ErrConflict) {
				t.Errorf("%s: %v", method, err)
			}
		})
	}
}

// A callback that calls the client for its own contact waits for itself, and is told so.
func TestCallbackThatWaitsForItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := contactstest.NewServer(t)
		client, id := clientFor(t, srv), seedCounter(srv)
		var inner error
		_, err := client.Contacts.UpdateWithRetry(background(), id, func(*contacts.Contact) error {
			_, inner = client.Contacts.UpdateWithRetry(background(), id, increment, contacts.WithMaxElapsed(time.Second))
			return contacts.ErrSkip
		})
		if err != nil || !errors.Is(inner, contacts.ErrBusy) || !strings.Contains(inner.Error(), "waits for itself") {
			t.Errorf("%v; %v", inner, err)
		}
	})
}

// Five minutes before the end of a token nobody minds that there is no new one.
func TestTokenServerThatIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, down, asked := &app{}, false, 0
		client, _ := appClient(t, func(r *http.Request, body string) *http.Response {
			if r.URL.Path == tokenPath && down {
				asked++
				return reply(503, "")
			}
			return a.handle(r, body)
		})
		if err := get(client); err != nil {
			t.Fatal(err)
		}
		<-time.After(4*time.Hour - 290*time.Second)
		down = true
		for range 200 {
			if err := get(client); err != nil {
				t.Fatal(err)
			}
			<-time.After(time.Second)
		}
		if asked == 0 || asked > 10 {
			t.Errorf("asked %d times in 200 s", asked)
		}
	})
}

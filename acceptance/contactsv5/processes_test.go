package contactsv5_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contactsv5"
	"github.com/contactsgen/contactsgen/generated/contactsv5/contactsv5test"
)

// How a process learns that it is a writer: the address of the server.
const writerURL = "CONTACTSV5_TEST_WRITER_URL"

// written is what the writers of a process came to: how often each contact was counted, and perhaps counted.
type written struct {
	Counted, Perhaps map[string]int
	PerhapsAdded     int // addresses of which nobody can tell
	Addresses        int
	Others           []string
}

// Four processes of 25 writers each count on two contacts, one by one and both in one request, and add addresses, on a server that loses
// requests and answers. Nothing is lost, and nothing is there twice.
func TestProcesses(t *testing.T) {
	srv := contactsv5test.NewServer(t, contactsv5test.WithRecord(100_000))
	for _, id := range []string{ada, augusta} {
		srv.Seed("Contact", `{"id":"`+id+`","name":{"first":"Ada"},`+fmt.Sprintf(counted, 0)+`}`)
	}
	for _, f := range []contactsv5test.Fault{
		{Kind: contactsv5test.Drop}, {Kind: contactsv5test.Drop, Applied: true}, {Kind: contactsv5test.Fail}, {Kind: contactsv5test.Truncate}, {Kind: contactsv5test.Conflict},
	} {
		f.Times, f.Chance, f.RetryAfter = -1, 0.01, "0" // without it, the description has callers wait for a minute
		srv.Inject(f)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	all := make([]written, 4)
	var group sync.WaitGroup
	for i := range all {
		group.Go(func() {
			cmd := exec.CommandContext(t.Context(), self)
			cmd.Env, cmd.Stderr = append(os.Environ(), writerURL+"="+srv.URL()), os.Stderr
			out, err := cmd.Output()
			if err := errors.Join(err, json.Unmarshal(out, &all[i])); err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
		})
	}
	group.Wait()
	addresses := 0
	for _, id := range []string{ada, augusta} {
		certain, perhaps := 0, 0
		for _, w := range all {
			certain, perhaps = certain+w.Counted[id], perhaps+w.Perhaps[id]
		}
		var got contact
		srv.Get("Contact", id, &got)
		n, err := strconv.Atoi(fmt.Sprint(got.ExtendedFields.Namespaces["_user_fields"]["n"]))
		if err != nil {
			t.Error(err)
		}
		if n < certain || n > certain+perhaps || certain == 0 {
			t.Errorf("the number of %s is %d, counted %d times and perhaps %d times more", id, n, certain, perhaps)
		}
		t.Logf("%d: counted %d times, perhaps %d more", n, certain, perhaps)
		addresses += len(got.Addresses)
	}
	perhaps := 0
	for _, w := range all {
		addresses, perhaps = addresses-w.Addresses, perhaps+w.PerhapsAdded
		for _, other := range w.Others {
			t.Error(other)
		}
	}
	if addresses < 0 || addresses > perhaps {
		t.Errorf("%d addresses too many, and %d of which nobody can tell", addresses, perhaps)
	}
}

// TestMain runs the tests, or one of the programs of TestProcesses.
func TestMain(m *testing.M) {
	if os.Getenv(writerURL) == "" {
		m.Run()
		return
	}
	if err := write(os.Getenv(writerURL)); err != nil {
		panic(err)
	}
}

// write has the writers of a process write, and prints what they came to.
func write(url string) error {
	client, err := contactsv5.NewClient(contactsv5.WithBaseURL(url), contactsv5.WithAPIKey("key"), contactsv5.WithSiteID("site"))
	if err != nil {
		return err
	}
	got := written{Counted: map[string]int{}, Perhaps: map[string]int{}}
	var mu sync.Mutex
	note := func(id string, err error) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err == nil:
			got.Counted[id]++
		case errors.Is(err, contactsv5.ErrAmbiguousWrite):
			got.Perhaps[id]++
		case !errors.Is(err, contactsv5.ErrConflict) && !errors.Is(err, contactsv5.ErrBudget):
			got.Others = append(got.Others, err.Error())
		}
	}
	patient := contactsv5.WithMaxAttempts(200)
	var group sync.WaitGroup
	for i := range 25 {
		group.Go(func() {
			if i%5 == 0 {
				for item, err := range client.Contacts.BulkUpdateWithRetry(ctx, slices.Values([]string{ada, augusta}), oneMore, patient) {
					note(item.Key, err)
				}
				return
			}
			_, err := client.Contacts.UpdateWithRetry(ctx, ada, oneMore, patient)
			note(ada, err)
			if i%5 == 1 { // an address that is there by name is not added again, so that a lost answer can be resolved
				line := fmt.Sprintf("%d-%d Example Street", os.Getpid(), i)
				_, err := client.Contacts.AddAddressWithRetry(ctx, augusta, func(c *contact) (contactsv5.AddContactAddressRequest, error) {
					if slices.ContainsFunc(c.Addresses, func(a contactsv5.ContactAddress) bool { return value(a.Address.AddressLine) == line }) {
						return contactsv5.AddContactAddressRequest{}, contactsv5.ErrSkip
					}
					return contactsv5.AddContactAddressRequest{Address: contactsv5.ContactAddress{Address: contactsv5.Address{AddressLine: &line}}}, nil
				}, patient)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					got.Addresses++
				case errors.Is(err, contactsv5.ErrAmbiguousWrite): // it is not there yet, and may still be on its way
					got.PerhapsAdded++
				default:
					got.Others = append(got.Others, err.Error())
				}
			}
		})
	}
	group.Wait()
	return json.NewEncoder(os.Stdout).Encode(got)
}

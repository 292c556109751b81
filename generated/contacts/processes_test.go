package contacts_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// writersOf names the address and the contact that a process of writers is given.
const writersOf = "CONTACTS_TEST_WRITERS_OF"

// TestMain turns the test binary into a process of writers when it is told to be one.
func TestMain(m *testing.M) {
	if where := os.Getenv(writersOf); where != "" {
		fmt.Fprintln(os.Stdout, write(where))
		return
	}
	m.Run()
}

// write has sixteen writers raise the number of a contact, each once, and says how many succeeded, how many failed with a conflict, and
// how many otherwise. Each has a client of its own, so that no lane helps.
func write(where string) string {
	base, id, _ := strings.Cut(where, " ")
	var mu sync.Mutex
	var succeeded, conflicts, others int
	var done sync.WaitGroup
	for range 16 {
		done.Add(1)
		go func() {
			defer done.Done()
			client, err := contacts.NewClient(contacts.WithBaseURL(base), contacts.WithAPIKey("test"), contacts.WithSiteID("test"))
			if err == nil {
				_, err = client.Contacts.UpdateWithRetry(context.Background(), id, increment)
			}
			mu.Lock()
			defer mu.Unlock()
			var typed *contacts.UpdateError
			switch {
			case err == nil:
				succeeded++
			case errors.As(err, &typed) && errors.Is(err, contacts.ErrConflict):
				conflicts++
			default:
				others++
			}
		}()
	}
	done.Wait()
	return fmt.Sprintln(succeeded, conflicts, others)
}

// Four processes of sixteen writers each raise one number. Nothing but the server knows of all of them.
func TestProcessesLoseNoUpdate(t *testing.T) {
	srv := contactstest.NewServer(t)
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}, "jobTitle": "0"}}`)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var outputs [4]strings.Builder
	var processes [4]*exec.Cmd
	for i := range processes {
		cmd := exec.CommandContext(t.Context(), self)
		cmd.Env = append(os.Environ(), writersOf+"="+srv.URL()+" "+id)
		cmd.Stdout, cmd.Stderr = &outputs[i], os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		processes[i] = cmd
	}
	var succeeded, failed int
	for i, cmd := range processes {
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
		var ok, conflicts, others int
		if _, err := fmt.Sscan(outputs[i].String(), &ok, &conflicts, &others); err != nil {
			t.Fatalf("process %d said %q: %v", i, outputs[i].String(), err)
		}
		if others != 0 {
			t.Errorf("process %d: %d failures are no conflicts", i, others)
		}
		succeeded, failed = succeeded+ok, failed+conflicts
	}
	seen := 0
	for _, x := range srv.Requests("updateContact") {
		if x.Status == 409 {
			seen++
		}
	}
	var got contacts.Contact
	srv.Get("Contact", id, &got)
	t.Logf("64 writers in 4 processes: %d successes, %d gave up, %d conflicts seen by the server", succeeded, failed, seen)
	if *got.Info.JobTitle != strconv.Itoa(succeeded) || succeeded+failed != 64 || seen == 0 {
		t.Errorf("the number is %s after %d successes, %d failures and %d conflicts", *got.Info.JobTitle, succeeded, failed, seen)
	}
}

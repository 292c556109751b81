package contacts_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// How a process learns that it is a writer: the URL of the server, and the contact.
const (
	writerURL     = "CONTACTS_TEST_WRITER_URL"
	writerContact = "CONTACTS_TEST_WRITER_CONTACT"
	writerLane    = "CONTACTS_TEST_WRITER_LANE"
)

const processWriters = 16

// tally is what the writers of a process came to.
type tally struct {
	Succeeded, Conflicts int
	Others               []string // failures that are none of the kinds a caller can expect here
}

// TestProcesses keeps the promise about counting across processes: four programs of sixteen writers each raise one number once,
// against a server that enforces revisions. The number is that of the successes, and every failure says what it is.
func TestProcesses(t *testing.T) {
	for _, lane := range []string{"off", "on"} {
		t.Run("lane "+lane, func(t *testing.T) {
			srv := contactstest.NewServer(t, contactstest.WithRecord(10_000))
			id := seedCounter(srv)
			sum := tally{}
			for _, got := range runWriters(t, 4, srv.URL(), id, lane) {
				sum.Succeeded += got.Succeeded
				sum.Conflicts += got.Conflicts
				sum.Others = append(sum.Others, got.Others...)
			}
			seen := conflictsIn(srv)
			if got := counted(srv, id); got != strconv.Itoa(sum.Succeeded) || sum.Succeeded == 0 {
				t.Errorf("the number is %s after %d successes", got, sum.Succeeded)
			}
			if n := sum.Succeeded + sum.Conflicts; n != 4*processWriters || len(sum.Others) != 0 {
				t.Errorf("%d of %d calls ended as they may; others: %q", n, 4*processWriters, sum.Others)
			}
			if seen < 3 {
				t.Errorf("the server saw %d conflicts, and four wrote to the revision that all had read", seen)
			}
			t.Logf("%d successes, %d calls gave up on conflicts; the server saw %d writes, %d of them stale",
				sum.Succeeded, sum.Conflicts, srv.Count(contacts.OperationUpdateContact), seen)
		})
	}
}

// runWriters runs this test binary n times at once, as writers. They go on together when each has read the contact, so that they
// do meet.
func runWriters(t *testing.T, n int, url, contact, lane string) []tally {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tallies := make([]tally, n)
	var met, all sync.WaitGroup
	met.Add(n)
	for i := range n {
		cmd := exec.CommandContext(t.Context(), self)
		cmd.Env = append(os.Environ(), writerURL+"="+url, writerContact+"="+contact, writerLane+"="+lane)
		cmd.Stderr = os.Stderr
		all.Go(func() {
			if err := follow(cmd, &met, &tallies[i]); err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
		})
	}
	all.Wait()
	return tallies
}

// follow runs a writer and reads what it came to.
func follow(cmd *exec.Cmd, met *sync.WaitGroup, into *tally) error {
	here := sync.OnceFunc(met.Done)
	defer here() // the others do not wait for one that is gone
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewReader(out)
	_, err = lines.ReadString('\n')
	here()
	met.Wait()
	return errors.Join(err, in.Close(), json.NewDecoder(lines).Decode(into), cmd.Wait())
}

// TestMain runs the tests, or one of the programs of TestProcesses.
func TestMain(m *testing.M) {
	if os.Getenv(writerURL) == "" {
		m.Run()
		return
	}
	if err := write(context.Background(), os.Getenv(writerURL), os.Getenv(writerContact)); err != nil {
		panic(err)
	}
}

// write has the writers of a process write once each, after it has said that it read the contact, and was told to go on by the
// end of its input. It prints what they came to.
func write(ctx context.Context, url, id string) error {
	client, err := contacts.NewClient(contacts.WithBaseURL(url), contacts.WithAPIKey(theKey), contacts.WithSiteID(theSite))
	if err != nil {
		return err
	}
	var opts []contacts.CallOption
	if os.Getenv(writerLane) == "off" {
		opts = append(opts, contacts.WithoutLane())
	}
	read := sync.OnceFunc(func() {
		_, wrote := fmt.Fprintln(os.Stdout, "read")
		if _, err := io.Copy(io.Discard, os.Stdin); err != nil || wrote != nil {
			panic(errors.Join(err, wrote))
		}
	})
	var got tally
	var mu sync.Mutex
	var all sync.WaitGroup
	for range processWriters {
		all.Go(func() {
			_, err := client.Contacts.UpdateWithRetry(ctx, id, func(c *contacts.Contact) error {
				read()
				return increment(c)
			}, opts...)
			mu.Lock()
			defer mu.Unlock()
			var e *contacts.UpdateError
			switch {
			case err == nil:
				got.Succeeded++
			case errors.As(err, &e) && errors.Is(err, contacts.ErrConflict) && e.Cause == contacts.CauseAttempts:
				got.Conflicts++
			default:
				got.Others = append(got.Others, err.Error())
			}
		})
	}
	all.Wait()
	return json.NewEncoder(os.Stdout).Encode(got)
}

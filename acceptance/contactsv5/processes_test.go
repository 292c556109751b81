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

// written is what the writers of a process came to: how often each contact was counted, and perhaps counted, and what was added.
type written struct {
	Counted, Perhaps    map[string]int
	Added, PerhapsAdded []string // emails, phones and lines of addresses; each is another
	Others              []string
}

// Four processes of 25 writers each count on two contacts, one by one and both in one request, and add addresses, emails and phones, change
// addresses and take them off, on a server that loses requests and answers. Nothing is lost, and nothing is there twice.
func TestProcesses(t *testing.T) {
	srv := contactsv5test.NewServer(t, contactsv5test.WithRecord(100_000))
	for _, id := range []string{ada, augusta} {
		srv.Seed("Contact", `{"id":"`+id+`","name":{"first":"Ada"},"email":{"email":"`+id+`@example.com"},"phone":{"phone":"+12075550100"},`+
			fmt.Sprintf(counted, 0)+`}`)
	}
	for _, f := range []contactsv5test.Fault{
		{Kind: contactsv5test.Drop}, {Kind: contactsv5test.Drop, Applied: true}, {Kind: contactsv5test.Fail}, {Kind: contactsv5test.Truncate},
		{Kind: contactsv5test.Conflict},
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
	there := map[string]int{}
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
		for _, part := range partsOf(&got) {
			there[part]++
		}
	}
	added := 0
	for _, w := range all {
		for _, part := range w.Added {
			added++
			if there[part] != 1 {
				t.Errorf("%s is there %d times, and was added", part, there[part])
			}
			delete(there, part)
		}
		for _, part := range w.PerhapsAdded {
			if there[part] > 1 {
				t.Errorf("%s is there %d times", part, there[part])
			}
			delete(there, part)
		}
		for _, other := range w.Others {
			t.Error(other)
		}
	}
	t.Logf("%d parts added", added)
	if len(there) > 0 {
		t.Errorf("%v are there, and nobody added them", there)
	}
}

// partsOf lists what writers have added to a contact.
func partsOf(c *contact) (parts []string) {
	for _, x := range c.AdditionalEmails {
		parts = append(parts, x.Email)
	}
	for _, x := range c.AdditionalPhones {
		parts = append(parts, x.Phone)
	}
	for _, x := range c.Addresses {
		parts = append(parts, value(x.Address.AddressLine))
	}
	return parts
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
			if i%5 != 1 && i != 2 && i != 3 {
				return
			}
			part, err := addPart(client, i)
			mu.Lock()
			defer mu.Unlock()
			got.Added, got.PerhapsAdded = append(got.Added, part.certain...), append(got.PerhapsAdded, part.perhaps...)
			if err != nil {
				got.Others = append(got.Others, err.Error())
			}
		})
	}
	group.Wait()
	return json.NewEncoder(os.Stdout).Encode(got)
}

var patient = contactsv5.WithMaxAttempts(200)

// parts are what is there after a call, and what may be.
type parts struct{ certain, perhaps []string }

// after says what is there after a call that added something, in the place of something else or of nothing.
func after(err error, added string, instead ...string) (parts, error) {
	switch {
	case err == nil:
		return parts{certain: []string{added}}, nil
	case errors.Is(err, contactsv5.ErrAmbiguousWrite): // it is not there yet, and may still be on its way
		return parts{perhaps: append(instead, added)}, nil
	}
	return parts{}, err
}

// addPart adds one email, phone or address to a contact. What is there by name is not added again, so that a lost answer can be resolved.
func addPart(client *contactsv5.Client, i int) (parts, error) {
	switch i {
	case 2:
		email := fmt.Sprintf("%d@example.com", os.Getpid())
		_, err := client.Contacts.AddAdditionalEmailWithRetry(ctx, augusta, func(c *contact) (contactsv5.AddContactAdditionalEmailRequest,
			error) {
			return contactsv5.AddContactAdditionalEmailRequest{Email: contactsv5.AdditionalEmail{Email: email}}, skipIf(c, email)
		}, patient)
		return after(err, email)
	case 3:
		phone := fmt.Sprintf("+1207%07d", os.Getpid())
		_, err := client.Contacts.AddAdditionalPhoneWithRetry(ctx, augusta, func(c *contact) (contactsv5.AddContactAdditionalPhoneRequest,
			error) {
			return contactsv5.AddContactAdditionalPhoneRequest{Phone: contactsv5.AdditionalPhone{Tag: contactsv5.PhoneTagWork, Phone: phone}},
				skipIf(c, phone)
		}, patient)
		return after(err, phone)
	}
	line := fmt.Sprintf("%d-%d Example Street", os.Getpid(), i)
	c, err := client.Contacts.AddAddressWithRetry(ctx, augusta, func(c *contact) (contactsv5.AddContactAddressRequest, error) {
		return contactsv5.AddContactAddressRequest{Address: contactsv5.ContactAddress{Address: contactsv5.Address{AddressLine: &line}}},
			skipIf(c, line)
	}, patient)
	if err != nil || i > 6 {
		return after(err, line)
	}
	at := slices.IndexFunc(c.Addresses, func(a contactsv5.ContactAddress) bool { return value(a.Address.AddressLine) == line })
	if at < 0 {
		return parts{}, fmt.Errorf("%s is not in what was answered, and was added", line)
	}
	return changePart(client, i, line, value(c.Addresses[at].ID))
}

// changePart gives an address another line, or takes it off.
func changePart(client *contactsv5.Client, i int, line, id string) (parts, error) {
	if i == 6 {
		_, err := client.Contacts.DeleteAddressWithRetry(ctx, augusta, id, func(c *contact) error {
			return skipUnless(slices.Contains(partsOf(c), line))
		}, patient)
		if err == nil {
			return parts{}, nil
		}
		return after(err, line)
	}
	moved := line + " 2"
	_, err := client.Contacts.UpdateAddressWithRetry(ctx, augusta, id, func(c *contact) (contactsv5.UpdateContactAddressRequest, error) {
		return contactsv5.UpdateContactAddressRequest{Address: contactsv5.ContactAddress{Address: contactsv5.Address{AddressLine: &moved}}},
			skipIf(c, moved)
	}, patient)
	return after(err, moved, line)
}

// skipIf leaves a contact as it is when it has something.
func skipIf(c *contact, part string) error { return skipUnless(!slices.Contains(partsOf(c), part)) }

func skipUnless(wanted bool) error {
	if wanted {
		return nil
	}
	return contactsv5.ErrSkip
}

package contacts_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// couple is a fake with two contacts: the one that the merges of these tests are into, at revision 7, and the other.
func couple(options ...contactstest.Option) *contactstest.Server {
	srv := contactstest.New(options...)
	srv.Seed("Contact", `{"id":"`+contactID+`","revision":7,"info":{"name":{"first":"Ada"}}}`)
	srv.Seed("Contact", `{"id":"`+otherID+`","info":{"name":{"first":"Augusta"}}}`)
	return srv
}

// Who asks for a contact that was merged away gets the target, and can read in the answer that it is another than the one asked for.
func TestMergedAnswer(t *testing.T) {
	srv := couple()
	client := clientFor(t, srv)
	if _, err := client.Contacts.Merge(background(), contactID, contacts.MergeContactsRequest{TargetContactRevision: 7,
		SourceContactIDs: []string{otherID}}); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]contacts.GetContactResponseType{
		contactID: contacts.GetContactResponseTypeRegular, otherID: contacts.GetContactResponseTypeMerged,
	} {
		var response contacts.Response
		var whole contacts.GetContactResponse
		got, err := client.Contacts.Get(background(), id, contacts.WithResponse(&response))
		if err != nil || got.ID != contactID {
			t.Fatal(got, err)
		}
		if err := json.Unmarshal(response.Body, &whole); err != nil || whole.ResponseType == nil || *whole.ResponseType != want ||
			whole.Contact.ID != contactID {
			t.Errorf("%s: %s, %v", id, response.Body, err)
		}
	}
}

// A merge is decided on fresh state each time, carries the revision of the target, and takes place once at most, whatever gets lost.
func TestMergeWithRetry(t *testing.T) {
	const conflict, refuse, drop, fail = contactstest.Conflict, contactstest.Refuse, contactstest.Drop, contactstest.Fail
	for name, tt := range map[string]struct {
		faults        []contactstest.Fault
		status        int // of a stale merge
		err           error
		builds        []int32 // revisions that the decision was made on
		writes, reads int
		outcome       contacts.Outcome
		merged        bool
	}{
		"at once":             {nil, 409, nil, []int32{7}, 1, 1, contacts.Updated, true},
		"stale":               {[]contactstest.Fault{{Kind: conflict}}, 409, nil, []int32{7, 8}, 2, 2, contacts.Updated, true},
		"stale twice":         {[]contactstest.Fault{{Kind: conflict, Times: 2}}, 409, nil, []int32{7, 8, 9}, 3, 3, contacts.Updated, true},
		"state forbids it":    {[]contactstest.Fault{{Kind: conflict}}, 428, contacts.ErrPrecondition, []int32{7}, 1, 1, "", false},
		"answer lost":         {[]contactstest.Fault{{Kind: drop, Applied: true}}, 409, nil, []int32{7}, 1, 4, contacts.Recovered, true},
		"request lost":        {[]contactstest.Fault{{Kind: drop}}, 409, nil, []int32{7}, 2, 3, contacts.Updated, true},
		"request lost, twice": {[]contactstest.Fault{{Kind: drop, Times: 2}}, 409, nil, []int32{7}, 3, 5, contacts.Updated, true},
		"both lost": {[]contactstest.Fault{{Kind: drop}, {Kind: drop, Applied: true}}, 409, nil, []int32{7}, 2, 6, contacts.Recovered,
			true},
		"refused":               {[]contactstest.Fault{{Kind: fail, Status: 403}}, 409, contacts.ErrPermission, []int32{7}, 1, 1, "", false},
		"not about the token":   {[]contactstest.Fault{{Kind: refuse, Times: 4}}, 409, contacts.ErrStalledConflict, []int32{7}, 1, 4, "", false},
		"stale again and again": {[]contactstest.Fault{{Kind: conflict, Times: 4}}, 409, contacts.ErrConflict, []int32{7, 8, 9}, 3, 3, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				srv := couple(contactstest.WithContacts(contactstest.ContactsSettings{StaleMerge: tt.status}))
				for _, f := range tt.faults {
					f.Operation = "mergeContacts"
					srv.Inject(f)
				}
				var report contacts.Report
				var builds []int32
				got, err := clientFor(
					t,
					srv,
				).Contacts.MergeWithRetry(
					background(),
					contactID,
					func(c *contacts.Contact) (contacts.MergeContactsRequest, error) {
						builds = append(builds, c.Revision)
						return contacts.MergeContactsRequest{SourceContactIDs: []string{otherID}}, nil
					},
					contacts.WithReport(&report),
					contacts.WithMaxAttempts(3),
				)
				if tt.status == 428 && errors.Is(err, contacts.ErrConflict) {
					t.Errorf("%v is a conflict", err)
				}
				if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
					t.Fatalf("got %v, want %v", err, tt.err)
				}
				if err == nil && got.Revision != 8+int32(len(builds)-1) {
					t.Errorf("the result has revision %d", got.Revision)
				}
				if !slices.Equal(builds, tt.builds) || report.Writes != tt.writes || report.Outcome != tt.outcome ||
					srv.Get("Contact", otherID, nil) == tt.merged {
					t.Errorf("decided on %v, %+v, want merged %v", builds, report, tt.merged)
				}
				if report.Reads != tt.reads || srv.Count() != tt.reads+tt.writes {
					t.Errorf("%+v after %d requests", report, srv.Count())
				}
			})
		})
	}
}

// A source that is not there says nothing of the target, which is still as it was; a target that went away is gone.
func TestMergeOfWhatIsNotThere(t *testing.T) {
	nobody := func(*contacts.Contact) (contacts.MergeContactsRequest, error) {
		return contacts.MergeContactsRequest{SourceContactIDs: []string{"00000000-0000-4000-8000-00000000dead"}}, nil
	}
	srv := couple()
	_, err := clientFor(t, srv).Contacts.MergeWithRetry(background(), contactID, nobody)
	if !errors.Is(err, contacts.ErrNotFound) || errors.Is(err, contacts.ErrGone) || !srv.Get("Contact", contactID, nil) {
		t.Errorf("a source is missing: %v", err)
	}
	if reads, writes := srv.Count(contacts.OperationGetContact), srv.Count(contacts.OperationMergeContacts); reads != 2 || writes != 1 {
		t.Errorf("%d reads and %d writes", reads, writes)
	}
	srv = couple()
	client := clientFor(t, srv)
	_, err = client.Contacts.MergeWithRetry(background(), contactID, func(c *contacts.Contact) (contacts.MergeContactsRequest, error) {
		if err := client.Contacts.Delete(background(), contactID); err != nil {
			return contacts.MergeContactsRequest{}, err
		}
		return nobody(c)
	})
	if !errors.Is(err, contacts.ErrGone) {
		t.Errorf("the target is missing: %v", err)
	}
}

// What cannot be found out is said, and nothing is sent again.
func TestMergeThatMayHaveHappened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := couple()
		srv.Inject(
			contactstest.Fault{Kind: contactstest.Drop, Operation: contacts.OperationMergeContacts, Applied: true},
			contactstest.Fault{Kind: contactstest.Fail, Operation: contacts.OperationGetContact, Key: otherID, Status: 403, Times: -1},
		)
		_, err := clientFor(
			t,
			srv,
		).Contacts.MergeWithRetry(
			background(),
			contactID,
			func(*contacts.Contact) (contacts.MergeContactsRequest, error) {
				return contacts.MergeContactsRequest{SourceContactIDs: []string{otherID}}, nil
			},
		)
		var failed *contacts.UpdateError
		if !errors.Is(err, contacts.ErrAmbiguousWrite) || !errors.As(err, &failed) || failed.Writes != 1 {
			t.Errorf("%v", err)
		}
		if n := srv.Count(contacts.OperationMergeContacts); n != 1 {
			t.Errorf("%d merges were sent", n)
		}
	})
}

func TestMergeCallback(t *testing.T) {
	srv := couple()
	client := clientFor(t, srv)
	own := errors.New("own reasons")
	for _, tt := range []struct{ given, want error }{{contacts.ErrSkip, nil}, {own, own}} {
		var report contacts.Report
		_, err := client.Contacts.MergeWithRetry(background(), contactID, func(*contacts.Contact) (contacts.MergeContactsRequest, error) {
			return contacts.MergeContactsRequest{}, tt.given
		}, contacts.WithReport(&report))
		if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) || report.Writes != 0 ||
			errors.Is(err, contacts.ErrMutate) != (tt.want != nil) {
			t.Errorf("%v: got %v, %+v", tt.given, err, report)
		}
	}
	if n := srv.Count() - srv.Count(contacts.OperationGetContact); n != 0 {
		t.Errorf("%d requests but reads were sent", n)
	}
}

// The id of a contact that was merged away answers with another contact, which is not changed by mistake.
func TestIdentity(t *testing.T) {
	srv := couple()
	client := clientFor(t, srv)
	if _, err := client.Contacts.Merge(background(), contactID, contacts.MergeContactsRequest{TargetContactRevision: 7,
		SourceContactIDs: []string{otherID}}); err != nil {
		t.Fatal(err)
	}
	srv.Forget()
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
	if n := srv.Count() - srv.Count(contacts.OperationGetContact); n != 0 {
		t.Errorf("%d requests but reads were sent", n)
	}
	got, err := client.Contacts.UpdateWithRetry(background(), otherID, rename, contacts.FollowMerged())
	if err != nil || got.ID != contactID || got.Revision != 9 {
		t.Fatalf("%v: %+v", err, got)
	}
	if sent := srv.Requests("updateContact"); len(sent) != 1 || sent[0].Path != path+"contacts/"+contactID {
		t.Errorf("%+v was sent", sent)
	}
}

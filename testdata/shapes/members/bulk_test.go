package members_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"shapes/members"
	"shapes/members/memberstest"
	"shapes/script"
)

// site is a client of the fake, with members m0 to m(n-1) who have no nickname.
func site(t *testing.T, n int) (*members.Client, *memberstest.Server, []string) {
	t.Helper()
	srv := memberstest.NewServer(t)
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprint("m", i))
		srv.Seed("Member", fmt.Sprintf(`{"id":"m%d"}`, i))
	}
	c, err := members.NewClient(members.WithAPIKey("x"), members.WithBaseURL(srv.URL()), members.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c, srv, ids
}

func nickname(m *members.Member) error {
	m.Nickname = members.Ptr("n-" + m.ID)
	return nil
}

// Item by item, a bulk write sends token, payload and mask as the request for one does, with the key; only who lost is read and
// sent again, and who comes twice comes in a request of its own. This is the case 40 of the law.
func TestBulkUpdateWithRetry(t *testing.T) {
	read := func(id, revision string) string {
		return `
		> GET /members/v5/members/` + id + `
		< 200
		< {"member":{"id":"` + id + `","revision":"` + revision + `","nickname":"old"}}`
	}
	c := client(t, read("a", "1")+read("b", "2")+read("c", "3")+read("d", "4")+`
		> POST /members/v5/bulk/members/update
		> {"members":[{"member":{"nickname":"old!","id":"a","revision":"1"},"fieldMask":"nickname"},{"member":{"nickname":"old!","id":"b","revision":"2"},"fieldMask":"nickname"},{"member":{"nickname":"old!","id":"c","revision":"3"},"fieldMask":"nickname"},{"member":{"nickname":"old!","id":"d","revision":"4"},"fieldMask":"nickname"}]}
		< 200
		< {"results":[{"itemMetadata":{"id":"a","originalIndex":0,"success":true},"item":{"id":"a","revision":"2","nickname":"old!"}},{"itemMetadata":{"id":"b","originalIndex":1,"success":false,"error":{"code":"REVISION_MISMATCH"}}},{"itemMetadata":{"id":"c","originalIndex":2,"success":false,"error":{"code":"MEMBER_NOT_FOUND"}}},{"itemMetadata":{"id":"d","originalIndex":3,"success":true}}]}`+read("b", "7")+`
		> POST /members/v5/bulk/members/update
		> {"members":[{"member":{"nickname":"old!","id":"b","revision":"7"},"fieldMask":"nickname"}]}
		< 200
		< {"results":[{"itemMetadata":{"id":"b","originalIndex":0,"success":true},"item":{"id":"b","revision":"8","nickname":"old!"}}]}
		> POST /members/v5/bulk/members/update
		> {"members":[{"member":{"nickname":"old!!","id":"b","revision":"8"},"fieldMask":"nickname"}]}
		< 200
		< {"results":[{"itemMetadata":{"id":"b","originalIndex":0,"success":true},"item":{"id":"b","revision":"9","nickname":"old!!"}}]}
	`)
	keys := []string{"a", "b", "c", "d", "b"}
	revisions := []string{"2", "8", "", "", "9"}
	louder := func(m *members.Member) error { m.Nickname = members.Ptr(*m.Nickname + "!"); return nil }
	var seen []string
	for item, err := range c.Members.BulkUpdateWithRetry(t.Context(), slices.Values(keys), louder, members.WithConcurrency(1)) {
		seen = append(seen, item.Key)
		script.Want(t, item.Key+"'s revision", item.Report.Revision, revisions[item.Index])
		if item.Key == "c" {
			script.WantError(t, err, members.ErrGone)
			script.WantError(t, err, members.CodeMemberNotFound)
		} else if err != nil {
			t.Errorf("%s: %v", item.Key, err)
		}
	}
	script.Want(t, "order", fmt.Sprint(seen), fmt.Sprint(keys))
}

// The generated fake does to each item what it would do to it alone: it is strict about revisions, and faults are for items.
func TestBulkAgainstTheFake(t *testing.T) {
	c, srv, ids := site(t, 250)
	srv.Inject(
		memberstest.Fault{Kind: memberstest.Conflict, Operation: "bulkUpdateMembers", Key: "m7"},
		memberstest.Fault{Kind: memberstest.Drop, Operation: "bulkUpdateMembers", Applied: true, Skip: 2},
	)
	var total members.Report
	var last members.Progress
	count := 0
	ids = append(ids, "nobody")
	for item, err := range c.Members.BulkUpdateWithRetry(t.Context(), slices.Values(ids), nickname,
		members.WithReport(&total), members.WithProgress(func(p members.Progress) { last = p })) {
		script.Want(t, "place", item.Index, count)
		count++
		if item.Key == "nobody" {
			script.WantError(t, err, members.ErrNotFound)
		} else if err != nil {
			t.Errorf("%s: %v", item.Key, err)
		}
	}
	script.Want(t, "items", count, 251)
	script.Want(t, "progress", last, members.Progress{Total: 251, Succeeded: 250, Failed: 1})
	// Three requests for 251 items, and one more for the one that lost; the answer of one was lost, and reads settled it.
	script.Want(t, "requests", srv.Count("bulkUpdateMembers"), 4)
	script.Want(t, "conflicts", total.Conflicts, 1)
	script.Want(t, "reads", srv.Count("getMember"), 251+1+100)
	for _, id := range ids[:250] {
		var got members.Member
		srv.Get("Member", id, &got)
		script.Want(t, id, *got.Nickname, "n-"+id)
	}
}

// Updates one by one, several at the same time, come in the order of their keys as well.
func TestUpdateEachAgainstTheFake(t *testing.T) {
	c, srv, ids := site(t, 50)
	srv.Inject(memberstest.Fault{Kind: memberstest.Conflict, Operation: "updateMember", Key: "m7"})
	count := 0
	for item, err := range c.Members.UpdateEach(t.Context(), slices.Values(ids), nickname, members.WithConcurrency(8)) {
		script.Want(t, "key", item.Key, ids[count])
		if count++; err != nil {
			t.Errorf("%s: %v", item.Key, err)
		}
	}
	script.Want(t, "items", count, 50)
	script.Want(t, "writes", srv.Count("updateMember"), 51)
}

// A callback that fails is its item's matter; one that panics is the caller's.
func TestBulkCallbacks(t *testing.T) {
	c, srv, ids := site(t, 3)
	own := errors.New("not this one")
	for item, err := range c.Members.BulkUpdateWithRetry(t.Context(), slices.Values(ids), func(m *members.Member) error {
		if m.ID == "m1" {
			return own
		}
		return nickname(m)
	}) {
		if item.Key == "m1" {
			script.WantError(t, err, own)
		} else if err != nil {
			t.Errorf("%s: %v", item.Key, err)
		}
	}
	script.Want(t, "requests", srv.Count("bulkUpdateMembers"), 1)
	var panicked any
	func() {
		defer func() { panicked = recover() }()
		for range c.Members.BulkUpdateWithRetry(t.Context(), slices.Values(ids), func(m *members.Member) error { panic("mine") }) {
			t.Error("an item")
		}
	}()
	script.Want(t, "panic", panicked, any("mine"))
	if _, err := c.Members.UpdateWithRetry(t.Context(), "m0", nickname); err != nil {
		t.Error(err) // the turn with the resource was given back
	}
}

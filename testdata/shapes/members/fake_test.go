package members_test

import (
	"testing"

	"shapes/members"
	"shapes/members/memberstest"
	"shapes/script"
)

// The generated fake refuses stale tokens as the API does, and the helpers get past it.
func TestAgainstTheFake(t *testing.T) {
	srv := memberstest.NewServer(t)
	srv.Seed("Member", `{"id":"m1","nickname":"a"}`)
	c, err := members.NewClient(members.WithAPIKey("x"), members.WithBaseURL(srv.URL()), members.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("UpdateWithRetry", func(t *testing.T) {
		srv.Inject(memberstest.Fault{Kind: memberstest.Conflict, Operation: "updateMember"})
		var report members.Report
		_, err := c.Members.UpdateWithRetry(t.Context(), "m1", func(m *members.Member) error {
			m.Nickname = members.Ptr("b")
			return nil
		}, members.WithReport(&report))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "conflicts", report.Conflicts, 1)
		script.Want(t, "writes", srv.Count("updateMember"), 2)
	})
	t.Run("ForceUpdate", func(t *testing.T) {
		srv.Inject(memberstest.Fault{Kind: memberstest.Conflict, Operation: "updateMember"})
		var report members.Report
		if _, err := c.Members.ForceUpdate(t.Context(), "m1", members.Member{Nickname: members.Ptr("c")},
			members.WithReport(&report)); err != nil {
			t.Fatal(err)
		}
		script.Want(t, "forced writes", report.Writes, 2)
	})
}

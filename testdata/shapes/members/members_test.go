package members_test

import (
	"testing"

	"shapes/members"
	"shapes/script"
)

func client(t *testing.T, text string) *members.Client {
	t.Helper()
	c, err := members.NewClient(members.WithAPIKey("secret"), members.WithBaseURL(script.Serve(t, text)), members.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Digits stay text, at any length; the mask is a member of the body, and the rest of the request is given as parameters.
func TestUpdateWithRetry(t *testing.T) {
	c := client(t, `
		> GET /members/v5/members/m1
		< 200
		< {"member":{"id":"m1","revision":"99999999999999999999","nickname":"a","tags":{"x":1}}}
		> PATCH /members/v5/members/m1
		> {"member":{"nickname":null,"roles":["admin"],"revision":"99999999999999999999"},"returnEntity":true,"fieldMask":"nickname,roles"}
		< 409
		< {"message":"","details":{"applicationError":{"code":"REVISION_MISMATCH"}}}
		> GET /members/v5/members/m1
		< 200
		< {"member":{"id":"m1","revision":"100000000000000000000","nickname":"b","roles":[]}}
		> PATCH /members/v5/members/m1
		> {"member":{"nickname":null,"roles":["admin"],"revision":"100000000000000000000"},"returnEntity":true,"fieldMask":"nickname,roles"}
		< 200
		< {"member":{"id":"m1","revision":"100000000000000000001","roles":["admin"]}}
	`)
	var report members.Report
	_, err := c.Members.UpdateWithRetry(t.Context(), "m1", func(m *members.Member) error {
		m.Nickname, m.Roles = nil, []string{"admin"}
		return nil
	}, members.UpdateMemberParams{ReturnEntity: members.Ptr(true)}, members.WithReport(&report))
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "revision", report.Revision, "100000000000000000001")
}

// A taken address has the status of a conflict, and is none.
func TestUpdateWithRetryReadsTheCode(t *testing.T) {
	c := client(t, `
		> GET /members/v5/members/m1
		< 200
		< {"member":{"id":"m1","revision":"1"}}
		> PATCH /members/v5/members/m1
		> {"member":{"email":"ada@example.com","revision":"1"},"fieldMask":"email"}
		< 409
		< {"details":{"applicationError":{"code":"EMAIL_TAKEN"}}}
	`)
	_, err := c.Members.UpdateWithRetry(t.Context(), "m1", func(m *members.Member) error {
		m.Email = members.Ptr("ada@example.com")
		return nil
	})
	script.WantNotError(t, err, members.ErrConflict)
	script.WantError(t, err, members.CodeEmailTaken)
}

func TestForceUpdate(t *testing.T) {
	c := client(t, `
		> GET /members/v5/members/m1
		< 200
		< {"member":{"id":"m1","revision":"1"}}
		> PATCH /members/v5/members/m1
		> {"member":{"email":"ada@example.com","revision":"1"},"fieldMask":"email"}
		< 409
		< {"details":{"applicationError":{"code":"REVISION_MISMATCH"}}}
		> GET /members/v5/members/m1
		< 200
		< {"member":{"id":"m1","revision":"2"}}
		> PATCH /members/v5/members/m1
		> {"member":{"email":"ada@example.com","revision":"2"},"fieldMask":"email"}
		< 200
		< {"member":{"id":"m1","revision":"3","email":"ada@example.com"}}
	`)
	m, err := c.Members.ForceUpdate(t.Context(), "m1", members.Member{Email: members.Ptr("ada@example.com")})
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "revision", m.Revision, "3")
}

func TestDeleteWithRetry(t *testing.T) {
	c := client(t, `
		> GET /members/v5/members/m1
		< 200
		< {"member":{"id":"m1","revision":"1"}}
		> DELETE /members/v5/members/m1?revision=1
		< 409
		< {"details":{"applicationError":{"code":"REVISION_MISMATCH"}}}
		> GET /members/v5/members/m1
		< 200
		< {"member":{"id":"m1","revision":"2"}}
		> DELETE /members/v5/members/m1?revision=2
		< 200
		< {}
	`)
	if _, err := c.Members.DeleteWithRetry(t.Context(), "m1", nil); err != nil {
		t.Fatal(err)
	}
}

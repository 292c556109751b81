package ipsets_test

import (
	"slices"
	"testing"

	"shapes/ipsets"
	"shapes/script"
)

func client(t *testing.T, text string) *ipsets.Client {
	t.Helper()
	c, err := ipsets.NewClient(ipsets.WithAPIKey("secret"), ipsets.WithBaseURL(script.Serve(t, text)), ipsets.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func block(s *ipsets.IPSet) error {
	if !slices.Contains(s.Addresses, "192.0.2.1/32") {
		s.Addresses = append(s.Addresses, "192.0.2.1/32")
	}
	return nil
}

// The key goes into both bodies, and the lock comes from beside the set.
func TestUpdateWithRetry(t *testing.T) {
	c := client(t, `
		> POST /GetIPSet
		> {"Name":"bad","Scope":"REGIONAL","Id":"i1"}
		< 200
		< {"IPSet":{"Name":"bad","Id":"i1","ARN":"arn","Addresses":[]},"LockToken":"l1"}
		> POST /UpdateIPSet
		> {"Name":"bad","Id":"i1","Addresses":["192.0.2.1/32"],"Scope":"REGIONAL","LockToken":"l1"}
		< 400
		< {"__type":"WAFOptimisticLockException","message":"stale"}
		> POST /GetIPSet
		> {"Name":"bad","Scope":"REGIONAL","Id":"i1"}
		< 200
		< {"IPSet":{"Name":"bad","Id":"i1","ARN":"arn","Addresses":["198.51.100.0/24"]},"LockToken":"l2"}
		> POST /UpdateIPSet
		> {"Name":"bad","Id":"i1","Addresses":["198.51.100.0/24","192.0.2.1/32"],"Scope":"REGIONAL","LockToken":"l2"}
		< 200
		< {"NextLockToken":"l3"}
	`)
	var report ipsets.Report
	s, err := c.IPSets.UpdateWithRetry(t.Context(), "bad", ipsets.ScopeRegional, "i1", block, ipsets.WithReport(&report))
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "addresses", len(s.Addresses), 2)
	script.Want(t, "lock", report.Revision, "l3")
}

// Another set in the answer is never written to.
func TestUpdateWithRetryChecksTheKey(t *testing.T) {
	c := client(t, `
		> POST /GetIPSet
		> {"Name":"bad","Scope":"REGIONAL","Id":"i1"}
		< 200
		< {"IPSet":{"Name":"bad","Id":"i2","Addresses":[]},"LockToken":"l1"}
	`)
	_, err := c.IPSets.UpdateWithRetry(t.Context(), "bad", ipsets.ScopeRegional, "i1", block)
	script.WantError(t, err, ipsets.ErrIdentity)
}

// Another 400 is no conflict.
func TestForceUpdate(t *testing.T) {
	c := client(t, `
		> POST /GetIPSet
		> {"Name":"bad","Scope":"REGIONAL","Id":"i1"}
		< 200
		< {"IPSet":{"Name":"bad","Id":"i1","Addresses":[]},"LockToken":"l1"}
		> POST /UpdateIPSet
		> {"Name":"bad","Scope":"REGIONAL","Id":"i1","Addresses":["192.0.2.0/24"],"LockToken":"l1"}
		< 400
		< {"__type":"WAFOptimisticLockException"}
		> POST /GetIPSet
		> {"Name":"bad","Scope":"REGIONAL","Id":"i1"}
		< 200
		< {"IPSet":{"Name":"bad","Id":"i1","Addresses":[]},"LockToken":"l2"}
		> POST /UpdateIPSet
		> {"Name":"bad","Scope":"REGIONAL","Id":"i1","Addresses":["192.0.2.0/24"],"LockToken":"l2"}
		< 400
		< {"__type":"WAFInvalidParameterException"}
	`)
	_, err := c.IPSets.ForceUpdate(t.Context(), "bad", ipsets.ScopeRegional, "i1",
		ipsets.UpdateIPSetRequest{Addresses: []string{"192.0.2.0/24"}})
	script.WantError(t, err, ipsets.ErrInvalid)
}

package ipsets_test

import (
	"testing"

	"shapes/ipsets"
	"shapes/ipsets/ipsetstest"
	"shapes/script"
)

// The generated fake refuses stale tokens as the API does, and the helpers get past it.
func TestAgainstTheFake(t *testing.T) {
	srv := ipsetstest.NewServer(t)
	srv.Seed("IPSet", `{"Name":"bad","Id":"i1","ARN":"arn","Addresses":["198.51.100.0/24"]}`)
	c, err := ipsets.NewClient(ipsets.WithAPIKey("x"), ipsets.WithBaseURL(srv.URL()), ipsets.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("UpdateWithRetry", func(t *testing.T) {
		srv.Inject(ipsetstest.Fault{Kind: ipsetstest.Conflict, Operation: "UpdateIPSet"})
		var report ipsets.Report
		s, err := c.IPSets.UpdateWithRetry(t.Context(), "bad", ipsets.ScopeRegional, "i1", block, ipsets.WithReport(&report))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "addresses", len(s.Addresses), 2)
		script.Want(t, "conflicts", report.Conflicts, 1)
		script.Want(t, "writes", srv.Count("UpdateIPSet"), 2)
		script.Want(t, "lock", report.Revision, srv.Revision("IPSet", "i1"))
	})
	t.Run("ForceUpdate", func(t *testing.T) {
		srv.Inject(ipsetstest.Fault{Kind: ipsetstest.Conflict, Operation: "UpdateIPSet"})
		var report ipsets.Report
		if _, err := c.IPSets.ForceUpdate(t.Context(), "bad", ipsets.ScopeRegional, "i1",
			ipsets.UpdateIPSetRequest{Addresses: []string{"192.0.2.0/24"}}, ipsets.WithReport(&report)); err != nil {
			t.Fatal(err)
		}
		script.Want(t, "forced writes", report.Writes, 2)
		var stored ipsets.IPSet
		srv.Get("IPSet", "i1", &stored)
		script.Want(t, "stored addresses", len(stored.Addresses), 1)
	})
}

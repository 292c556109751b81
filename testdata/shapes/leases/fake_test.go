package leases_test

import (
	"testing"

	"shapes/leases"
	"shapes/leases/leasestest"
	"shapes/script"
)

// The generated fake refuses stale tokens as the API does, and the helpers get past it.
func TestAgainstTheFake(t *testing.T) {
	srv := leasestest.NewServer(t)
	srv.Seed("Lease", `{"metadata":{"namespace":"system","name":"scheduler"},"spec":{}}`)
	c, err := leases.NewClient(leases.WithBearerToken("x"), leases.WithBaseURL(srv.URL()), leases.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("ReplaceWithRetry", func(t *testing.T) {
		srv.Inject(leasestest.Fault{Kind: leasestest.Conflict, Operation: "replaceLease"})
		var report leases.Report
		_, err := c.Leases.ReplaceWithRetry(t.Context(), "system", "scheduler", func(l *leases.Lease) error {
			l.Spec.HolderIdentity = leases.Ptr("b")
			return nil
		}, leases.WithReport(&report))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "conflicts", report.Conflicts, 1)
		script.Want(t, "writes", srv.Count("replaceLease"), 2)
	})
	t.Run("ForceReplace by the escape", func(t *testing.T) {
		srv.Inject(leasestest.Fault{Kind: leasestest.Conflict, Operation: "replaceLease"})
		var report leases.Report
		if _, err := c.Leases.ForceReplace(t.Context(), "system", "scheduler",
			leases.Lease{Metadata: &leases.ObjectMeta{Name: "scheduler", Namespace: leases.Ptr("system")}}, leases.WithReport(&report)); err != nil {
			t.Fatal(err)
		}
		script.Want(t, "forced writes", report.Writes, 1)
		script.Want(t, "reads", report.Reads, 0)
	})
}

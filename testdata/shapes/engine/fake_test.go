package engine_test

import (
	"testing"

	"shapes/engine"
	"shapes/engine/enginetest"
	"shapes/script"
)

// The generated fake refuses stale tokens as the API does, and the helpers get past it.
func TestAgainstTheFake(t *testing.T) {
	srv := enginetest.NewServer(t)
	srv.Seed("Service", `{"ID":"web","Spec":{"Name":"web"}}`, "web")
	c, err := engine.NewClient(engine.WithBaseURL(srv.URL()), engine.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("UpdateWithRetry", func(t *testing.T) {
		srv.Inject(enginetest.Fault{Kind: enginetest.Conflict, Operation: "ServiceUpdate"})
		var report engine.Report
		_, err := c.Services.UpdateWithRetry(t.Context(), "web", func(s *engine.Service) error {
			s.Spec.Name = engine.Ptr("b")
			return nil
		}, engine.WithReport(&report))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "conflicts", report.Conflicts, 1)
		script.Want(t, "writes", srv.Count("ServiceUpdate"), 2)
	})
	t.Run("ForceUpdate", func(t *testing.T) {
		srv.Inject(enginetest.Fault{Kind: enginetest.Conflict, Operation: "ServiceUpdate"})
		var report engine.Report
		if _, err := c.Services.ForceUpdate(t.Context(), "web", engine.ServiceSpec{Name: engine.Ptr("c")},
			engine.WithReport(&report)); err != nil {
			t.Fatal(err)
		}
		script.Want(t, "forced writes", report.Writes, 2)
	})
}

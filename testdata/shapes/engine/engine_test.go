package engine_test

import (
	"testing"

	"shapes/engine"
	"shapes/script"
)

func client(t *testing.T, text string) *engine.Client {
	t.Helper()
	c, err := engine.NewClient(engine.WithBaseURL(script.Serve(t, text)+"/v1.50"), engine.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The specification goes back whole, and verbatim but for the change; the number comes from beside it.
func TestUpdateWithRetry(t *testing.T) {
	c := client(t, `
		> GET /v1.50/services/web
		< 200
		< {"ID":"x","Version":{"Index":11},"Spec":{"Name":"web","Mode":{"Replicated":{"Replicas":1}},"EndpointSpec":{"Mode":"vip"}},"Endpoint":{}}
		> POST /v1.50/services/web/update?registryAuthFrom=previous-spec&version=11
		> {"Name":"web","Mode":{"Replicated":{"Replicas":2}},"EndpointSpec":{"Mode":"vip"}}
		< 500
		< {"message":"rpc error: code = Unknown desc = update out of sequence"}
		> GET /v1.50/services/web
		< 200
		< {"ID":"x","Version":{"Index":9223372036854775807},"Spec":{"Name":"web","Mode":{"Replicated":{"Replicas":5}}}}
		> POST /v1.50/services/web/update?registryAuthFrom=previous-spec&version=9223372036854775807
		> {"Name":"web","Mode":{"Replicated":{"Replicas":6}}}
		< 200
		< {"Warnings":[]}
	`)
	var report engine.Report
	from := engine.ServiceUpdateParams{RegistryAuthFrom: engine.Ptr(engine.ServiceUpdateRegistryAuthFromPreviousSpec)}
	s, err := c.Services.UpdateWithRetry(t.Context(), "web", func(s *engine.Service) error {
		*s.Spec.Mode.Replicated.Replicas++
		return nil
	}, from, engine.WithReport(&report))
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "replicas", *s.Spec.Mode.Replicated.Replicas, 6)
	script.Want(t, "revision known", report.RevisionKnown, false)
}

// The same status with another text is a failure that may have been applied.
func TestUpdateWithRetryReadsTheText(t *testing.T) {
	c := client(t, `
		> GET /v1.50/services/web
		< 200
		< {"ID":"x","Version":{"Index":11},"Spec":{"Labels":{"a":"1"}}}
		> POST /v1.50/services/web/update?version=11
		> {"Labels":{"a":"1","b":"2"}}
		< 500
		< {"message":"rpc error: code = DeadlineExceeded"}
		> GET /v1.50/services/web
		< 200
		< {"ID":"x","Version":{"Index":12},"Spec":{"Labels":{"a":"1","b":"2"}}}
	`)
	var report engine.Report
	_, err := c.Services.UpdateWithRetry(t.Context(), "web", func(s *engine.Service) error {
		s.Spec.Labels["b"] = "2"
		return nil
	}, engine.WithReport(&report))
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "outcome", report.Outcome, engine.Recovered)
	script.Want(t, "conflicts", report.Conflicts, 0)
}

// What lies outside of the specification cannot be changed, and nothing is sent.
func TestUpdateWithRetryKeepsToTheSpec(t *testing.T) {
	c := client(t, `
		> GET /v1.50/services/web
		< 200
		< {"ID":"x","Version":{"Index":11},"Spec":{"Name":"web"}}
	`)
	_, err := c.Services.UpdateWithRetry(t.Context(), "web", func(s *engine.Service) error {
		*s.Version.Index++
		return nil
	})
	script.WantError(t, err, engine.ErrContract)
}

// There is no escape here: the newest number is read, and read again.
func TestForceUpdate(t *testing.T) {
	c := client(t, `
		> GET /v1.50/services/web
		< 200
		< {"ID":"x","Version":{"Index":11},"Spec":{"Name":"web"}}
		> POST /v1.50/services/web/update?version=11
		> {"Name":"web"}
		< 500
		< {"message":"update out of sequence"}
		> GET /v1.50/services/web
		< 200
		< {"ID":"x","Version":{"Index":12},"Spec":{"Name":"other"}}
		> POST /v1.50/services/web/update?version=12
		> {"Name":"web"}
		< 200
		< {}
	`)
	if _, err := c.Services.ForceUpdate(t.Context(), "web", engine.ServiceSpec{Name: engine.Ptr("web")}); err != nil {
		t.Fatal(err)
	}
}

package leases_test

import (
	"testing"

	"shapes/leases"
	"shapes/script"
)

func client(t *testing.T, text string) *leases.Client {
	t.Helper()
	c, err := leases.NewClient(leases.WithBearerToken("secret"), leases.WithBaseURL(script.Serve(t, text)), leases.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What the description does not know goes back as it was written, whatever the order and the numbers.
func TestReplaceWithRetry(t *testing.T) {
	c := client(t, `
		> GET /apis/coordination/v1/namespaces/system/leases/scheduler
		> Authorization: Bearer secret
		< 200
		< {"kind":"Lease","metadata":{"managedFields":[{"x":1.0}],"name":"scheduler","namespace":"system","resourceVersion":"9007199254740993"},"spec":{"holderIdentity":"a","strategy":{"b":1e2,"a":null}}}
		> PUT /apis/coordination/v1/namespaces/system/leases/scheduler
		> {"kind":"Lease","metadata":{"managedFields":[{"x":1.0}],"name":"scheduler","namespace":"system","resourceVersion":"9007199254740993"},"spec":{"holderIdentity":"b","strategy":{"b":1e2,"a":null}}}
		< 409
		< {"kind":"Status","reason":"Conflict","message":"the object has been modified","code":409}
		> GET /apis/coordination/v1/namespaces/system/leases/scheduler
		< 200
		< {"kind":"Lease","metadata":{"managedFields":[{"x":1.0}],"name":"scheduler","namespace":"system","resourceVersion":"9007199254740994"},"spec":{"holderIdentity":"c","leaseTransitions":3}}
		> PUT /apis/coordination/v1/namespaces/system/leases/scheduler
		> {"kind":"Lease","metadata":{"managedFields":[{"x":1.0}],"name":"scheduler","namespace":"system","resourceVersion":"9007199254740994"},"spec":{"holderIdentity":"b","leaseTransitions":3}}
		< 200
		< {"kind":"Lease","metadata":{"managedFields":[{"x":1.0}],"name":"scheduler","namespace":"system","resourceVersion":"9007199254740995"},"spec":{"holderIdentity":"b","leaseTransitions":3}}
	`)
	var report leases.Report
	lease, err := c.Leases.ReplaceWithRetry(t.Context(), "system", "scheduler", func(l *leases.Lease) error {
		l.Spec.HolderIdentity = leases.Ptr("b")
		return nil
	}, leases.WithReport(&report))
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "version", *lease.Metadata.ResourceVersion, "9007199254740995")
	script.Want(t, "conflicts", report.Conflicts, 1)
	script.Want(t, "revision", report.Revision, "9007199254740995")
}

// The same status without the reason is no conflict.
func TestReplaceWithRetryIsNotFooledByAnotherReason(t *testing.T) {
	c := client(t, `
		> GET /apis/coordination/v1/namespaces/system/leases/scheduler
		< 200
		< {"metadata":{"name":"scheduler","namespace":"system","resourceVersion":"1"},"spec":{}}
		> PUT /apis/coordination/v1/namespaces/system/leases/scheduler
		> {"metadata":{"name":"scheduler","namespace":"system","resourceVersion":"1"},"spec":{"holderIdentity":"b"}}
		< 409
		< {"reason":"AlreadyExists","code":409}
	`)
	_, err := c.Leases.ReplaceWithRetry(t.Context(), "system", "scheduler", func(l *leases.Lease) error {
		l.Spec.HolderIdentity = leases.Ptr("b")
		return nil
	})
	script.WantError(t, err, leases.ErrAlreadyExists)
	script.WantNotError(t, err, leases.ErrConflict)
}

// Another resource in the answer is never written to.
func TestReplaceWithRetryChecksEveryPartOfTheKey(t *testing.T) {
	c := client(t, `
		> GET /apis/coordination/v1/namespaces/system/leases/scheduler
		< 200
		< {"metadata":{"name":"scheduler","namespace":"other","resourceVersion":"1"},"spec":{}}
	`)
	_, err := c.Leases.ReplaceWithRetry(t.Context(), "system", "scheduler", func(*leases.Lease) error { return nil })
	script.WantError(t, err, leases.ErrIdentity)
}

// A copy that is current needs one request.
func TestReplaceFrom(t *testing.T) {
	c := client(t, `
		> GET /apis/coordination/v1/namespaces/system/leases/scheduler
		< 200
		< {"metadata":{"name":"scheduler","namespace":"system","resourceVersion":"1","ownerReferences":[]},"spec":{}}
		> PUT /apis/coordination/v1/namespaces/system/leases/scheduler
		> {"metadata":{"name":"scheduler","namespace":"system","resourceVersion":"1","ownerReferences":[]},"spec":{"holderIdentity":"b"}}
		< 200
		< {"metadata":{"name":"scheduler","namespace":"system","resourceVersion":"2"},"spec":{"holderIdentity":"b"}}
	`)
	read, err := c.Leases.Read(t.Context(), "system", "scheduler")
	if err != nil {
		t.Fatal(err)
	}
	written, err := c.Leases.ReplaceFrom(t.Context(), read, func(l *leases.Lease) error {
		l.Spec.HolderIdentity = leases.Ptr("b")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "version", *written.Metadata.ResourceVersion, "2")
	script.Want(t, "version of the copy", *read.Metadata.ResourceVersion, "1")
}

// The escape is a request without a version, even when the payload has one.
func TestForceReplace(t *testing.T) {
	c := client(t, `
		> PUT /apis/coordination/v1/namespaces/system/leases/scheduler
		> {"metadata":{"name":"scheduler"},"spec":{"holderIdentity":"b"}}
		< 200
		< {"metadata":{"name":"scheduler","namespace":"system","resourceVersion":"7"},"spec":{"holderIdentity":"b"}}
	`)
	lease, err := c.Leases.ForceReplace(t.Context(), "system", "scheduler", leases.Lease{
		Metadata: &leases.ObjectMeta{Name: "scheduler", ResourceVersion: leases.Ptr("3")},
		Spec:     &leases.LeaseSpec{HolderIdentity: leases.Ptr("b")},
	})
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "version", *lease.Metadata.ResourceVersion, "7")
}

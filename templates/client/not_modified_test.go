package client

import (
	"errors"
	"net/http"
	"testing"
)

// What has not changed is an error of its own, and its response is there to be read: the server may have renewed a header.
func TestNotModified(t *testing.T) {
	const tag = `W/"7"`
	requests := 0
	c := newTestCore(t, "https://api.example.com", through(func(r *http.Request) (*http.Response, error) {
		requests++
		if r.Header.Get("If-None-Match") == tag {
			return reply(http.StatusNotModified, "", "ETag: "+tag, "Expires: later"), nil
		}
		return reply(http.StatusOK, `{"thing":{"id":"a"}}`, "ETag: "+tag), nil
	}))
	get := func(opts ...CallOption) error {
		_, err := call[thing](t.Context(), c, &opGet, []string{"a"}, requestBody{}, opts)
		return err
	}
	var r Response
	if err := get(WithResponse(&r)); err != nil || r.Header.Get("ETag") != tag {
		t.Fatal(err, r)
	}
	err := get(WithIfNoneMatch(r.Header.Get("ETag")), WithResponse(&r))
	if !errors.Is(err, ErrNotModified) || errors.Is(err, ErrPrecondition) || r.Status != http.StatusNotModified ||
		r.Header.Get("Expires") != "later" || requests != 2 {
		t.Errorf("%v after %d requests, %+v", err, requests, r)
	}
	if err := get(WithIfNoneMatch(`"8"`), WithResponse(&r)); err != nil || r.Status != http.StatusOK {
		t.Error(err, r)
	}
	if err := do(t.Context(), c, http.MethodGet, "/v4/things/a", nil, &thing{}, []CallOption{WithIfNoneMatch(tag)}); !errors.Is(err,
		ErrNotModified) {
		t.Error(err)
	}
	if body, err := callRaw(t.Context(), c, &opGet, []string{"a"}, requestBody{},
		[]CallOption{WithIfNoneMatch(tag), WithResponse(&r)}); !errors.Is(err, ErrNotModified) || r.Status != http.StatusNotModified {
		t.Error(body, err, r)
	}

	before := requests
	for _, bad := range []string{"", "7", "*", `"7", "8"`, `"7`, `"`, `W/7`, "\"\n\""} {
		if err := get(WithIfNoneMatch(bad)); err == nil {
			t.Errorf("%q is taken for an entity tag", bad)
		}
	}
	// To a write it would mean something else.
	if err := callNothing(t.Context(), c, &opDelete, []string{"a"}, requestBody{}, []CallOption{WithIfNoneMatch(tag)}); err == nil {
		t.Error("a write is conditional")
	}
	if requests != before {
		t.Errorf("%d requests were sent all the same", requests-before)
	}
}

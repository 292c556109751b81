package failures

import (
	"context"
	"errors"
	"strings"
	"testing"

	"shapes/script"
)

func fail(t *testing.T, answer string) *APIError {
	t.Helper()
	c, err := NewClient(WithBaseURL(script.Serve(t, "> GET /things/1\n< "+answer)), WithRetryPolicy(RetryPolicy{MaxAttempts: 1}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Things.Get(context.Background(), "1")
	var e *APIError
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	if strings.Contains(e.Error(), "secret") {
		t.Errorf("the error shows what the server says: %v", e)
	}
	return e
}

// An error has the type that the description declares for its status, and no other.
func TestDeclaredErrors(t *testing.T) {
	var problem ErrorOf[Problem]
	var failure ErrorOf[Failure]
	var broken ErrorOf[GetThingError]
	e := fail(t, `422`+"\n< "+`{"title":"No","detail":"secret","status":422}`)
	if !errors.As(e, &problem) || *problem.Value.Detail != "secret" || problem.Status != 422 || errors.As(e, &failure) {
		t.Errorf("%+v", problem)
	}
	e = fail(t, `404`+"\n< "+`{"error":{"code":"GONE","message":"secret"}}`)
	if !errors.As(e, &failure) || *failure.Value.Error.Message != "secret" || errors.As(e, &problem) {
		t.Errorf("%+v", failure)
	}
	e = fail(t, `500`+"\n< "+`{"trace":"secret"}`)
	if !errors.As(e, &broken) || *broken.Value.Trace != "secret" || errors.As(e, &failure) {
		t.Errorf("%+v", broken)
	}
	if e = fail(t, "422\n< Content-Type: text/html\n< <p>secret</p>"); errors.As(e, &problem) {
		t.Errorf("%+v", problem)
	}
}

// What errors usually carry is found where the description does not say where it is.
func TestUsualErrors(t *testing.T) {
	for _, tt := range []struct{ body, code, message, description, violations string }{
		{`{"type":"about:blank","title":"No","detail":"secret","errors":[{"pointer":"#/text","detail":"too long"}]}`, "", "No", "secret",
			"#/text too long"},
		{`{"message":"secret","code":"C-1"}`, "C-1", "secret", "", ""},
		{`{"error":{"code":404,"message":"secret"}}`, "404", "secret", "", ""},
		{`{"errors":[{"code":"c","message":"secret","field":"f"}]}`, "c", "secret", "", "f secret"},
		{`{"errors":["secret words"]}`, "", "secret words", "", " secret words"},
		{`{"error":"invalid_grant","error_description":"secret"}`, "invalid_grant", "invalid_grant", "secret", ""},
		{`["secret"]`, "", "", "", ""},
		{`<html>`, "", "", "", ""},
	} {
		e := fail(t, "400\n< "+tt.body)
		violations := ""
		for _, v := range e.Violations {
			violations += v.Field + " " + v.Description
		}
		if string(e.Code) != tt.code || e.Message != tt.message || e.Description != tt.description || violations != tt.violations {
			t.Errorf("%s: %q, %q, %q, %q", tt.body, e.Code, e.Message, e.Description, violations)
		}
	}
}

// A 409 that is no stale revision has a class.
func TestConflictsOfOtherKinds(t *testing.T) {
	e := fail(t, "409\n< {}")
	script.WantError(t, e, ErrPrecondition)
	script.WantNotError(t, e, ErrConflict)
}

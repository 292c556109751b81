package client

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const codeDuplicate ErrorCode = "DUPLICATE"

// classes are all that errors.Is can be asked for.
var allClasses = map[string]error{
	"conflict": ErrConflict, "exists": ErrAlreadyExists, "not found": ErrNotFound, "unauthenticated": ErrUnauthenticated,
	"permission": ErrPermission, "limited": ErrRateLimited, "precondition": ErrPrecondition, "invalid": ErrInvalid,
	"ambiguous": ErrAmbiguousWrite,
}

// classesOf lists what an error matches.
func classesOf(err error) string {
	var names []string
	for name, class := range allClasses {
		if errors.Is(err, class) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func application(code string) string {
	return `{"message":"m","details":{"applicationError":{"code":"` + code + `","description":"d","data":{}}}}`
}

// The class of an answer comes from the operation's rules, its codes and the status, in this order.
func TestClasses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"stale", 409, application("ALREADY_CHANGED"), "conflict"},
		{"duplicate", 409, application("DUPLICATE"), "exists"},
		{"409 without a rule", 409, application("OTHER"), "precondition"},
		{"409 without a body", 409, "", "precondition"},
		{"conflict code with another status", 400, application("ALREADY_CHANGED"), "invalid"},
		{"conflict by text", 500, `{"message":"update out of sequence"}`, "conflict"},
		{"500 with another text", 500, `{"message":"oops"}`, "ambiguous"},
		{"conflict in a success", 200, " false\n", "conflict"},
		{"code with a class", 428, application("LOCKED"), "precondition"},
		{"code with a class and an odd status", 400, application("LOCKED"), "precondition"},
		{"400 without details", 400, `{"message":"Expected an object"}`, "invalid"},
		{"400 with empty details", 400, `{"message":"","details":{}}`, "invalid"},
		{"401, not JSON", 401, "Unauthorized", "unauthenticated"},
		{"403", 403, "", "permission"},
		{"404", 404, "{}", "not found"},
		{"410", 410, "{}", "not found"},
		{"412", 412, "{}", "precondition"},
		{"422", 422, "null", "invalid"},
		{"429", 429, "[]", "limited"},
		{"502, HTML", 502, "<html><h1>Bad Gateway", "ambiguous"},
		{"503", 503, "", "ambiguous"},
		{"501", 501, "", ""},
		{"details of a wrong type", 400, `{"details":[1]}`, "invalid"},
		{"conflict cut off", 409, `{"details":{"applicationError":{"code":"ALREADY_CHANGED","data":"` + strings.Repeat("x", maxErrorBytes),
			"conflict"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) {
				return reply(tt.status, tt.body), nil
			}))
			_, err := saveThing(context.Background(), c, "1", thing{})
			if got := classesOf(err); got != tt.want {
				t.Errorf("have %q, want %q: %v", got, tt.want, err)
			}
			if e := apiError(t, err); e.Status != tt.status || len(e.Body) > maxErrorBytes {
				t.Errorf("status %d, %d bytes", e.Status, len(e.Body))
			}
		})
	}
}

// A read that fails leaves no doubt behind.
func TestReadsAreNeverAmbiguous(t *testing.T) {
	c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) { return reply(500, ""), nil }))
	if _, err := getThing(context.Background(), c, "1"); classesOf(err) != "" {
		t.Error(err)
	}
}

func TestAPIErrorCarriesWhatTheServerSaid(t *testing.T) {
	body := `{"message":"Contact ` + secretEmail + ` exists","details":{"applicationError":{"code":"DUPLICATE","description":"phone ` +
		secretPhone +
		`","data":{"duplicateId":"7","quota":"9007199254740993"}}}}`
	c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) {
		return reply(409, body, "X-Request-Id: 1700.abc-1", "Retry-After: 3"), nil
	}))
	_, err := saveThing(context.Background(), c, secretEmail, thing{})
	e := apiError(t, err)
	if e.Code != codeDuplicate || !errors.Is(err, codeDuplicate) || errors.Is(err, ErrorCode("OTHER")) || errors.Is(err, ErrorCode("")) {
		t.Errorf("code %q", e.Code)
	}
	if want := "things: saveThing: PATCH /v4/things/{id}: 409 DUPLICATE (request 1700.abc-1)"; e.Error() != want {
		t.Errorf("have %q, want %q", e, want)
	}
	if e.Message != "Contact "+secretEmail+" exists" || e.Description != "phone "+secretPhone ||
		string(e.Data) != `{"duplicateId":"7","quota":"9007199254740993"}` {
		t.Errorf("message %q, description %q, data %s", e.Message, e.Description, e.Data)
	}
	if e.RequestID != "1700.abc-1" || e.Header.Get("X-Request-Id") != e.RequestID || string(e.Body) != body || e.RetryAfter != 3*time.Second {
		t.Errorf("%#v", e)
	}
}

func TestViolations(t *testing.T) {
	const body = `{"message":"","details":{"validationError":{"fieldViolations":[
		{"field":"info.name.first","description":"too long","violatedRule":"MAX","data":{"threshold":100}},
		{"field":"x","description":null,"violatedRule":"CUSTOM","ruleName":"INVALID_NOTE"}]}}}`
	c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) { return reply(400, body), nil }))
	_, err := saveThing(context.Background(), c, "1", thing{})
	want := []Violation{{"info.name.first", "too long", "MAX", ""}, {"x", "", "CUSTOM", "INVALID_NOTE"}}
	if e := apiError(t, err); !slices.Equal(e.Violations, want) {
		t.Errorf("%+v", e.Violations)
	}
}

// What is no code or request id is not printed as one.
func TestErrorTextTrustsNobody(t *testing.T) {
	c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) {
		return reply(400, application(secretEmail), "X-Request-Id: sent "+secretKey), nil
	}))
	_, err := saveThing(context.Background(), c, "1", thing{})
	if want := "things: saveThing: PATCH /v4/things/{id}: 400"; textOf(err) != want {
		t.Errorf("have %q, want %q", err, want)
	}
}

// A success that cannot be used is an error that keeps all there was, and shows none of it. Of a write it says that it may have been
// applied.
func TestUndecodableSuccess(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"broken", `{"thing":{"id":`, "unexpected EOF"},
		{"empty", ``, "the body is empty"},
		{"no result", `{}`, "the result is missing"},
		{"null result", `{"thing":null}`, "the result is missing"},
		{"trailing", `{"thing":{}} {"a":1}`, "something follows the JSON value"},
		{"wrong type", `{"thing":{"email":["5557654321"]}}`, `"email" is not what the description says`},
		{"number too large", `{"thing":{"count":15557654321}}`, `"count" is not what the description says`},
		{"HTML", `<html>` + secretEmail, "invalid character '<' looking for beginning of value"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) {
				return reply(200, tt.body, "X-Request-Id: r1"), nil
			}))
			_, err := saveThing(context.Background(), c, "1", thing{})
			e := apiError(t, err)
			if e.Status != 200 || e.RequestID != "r1" || string(e.Body) != tt.body || e.Err == nil || classesOf(err) != "ambiguous" {
				t.Errorf("%#v", e)
			}
			if want := "things: saveThing: PATCH /v4/things/{id}: 200, " + tt.want + " (request r1)"; e.Error() != want {
				t.Errorf("have %q, want %q", e, want)
			}
		})
	}
}

package security

import (
	"context"
	"strings"
	"testing"

	"shapes/script"
)

// Each call carries what its own operation asks for, and nothing else.
func TestEachCallCarriesItsOwn(t *testing.T) {
	ctx := context.Background()
	url := script.Serve(t, `
		> GET /me
		> Authorization: Bearer token
		> -Cookie
		< 204
		> POST /login
		> Authorization: Basic bWU6c2VjcmV0
		< 204
		> GET /status
		> -Authorization
		> -Cookie
		< 204
		> GET /news
		> Authorization: Bearer token
		< 204
		> GET /report?key=k
		> -Authorization
		> Cookie: sid=s
		< 204
		> GET /vault?key=k
		> -Cookie
		< 204
		> GET /elsewhere
		> Authorization: Bearer token
		< 204
	`)
	c, err := NewClient(WithBaseURL(url), WithBearer("token"), WithBasic("me", "secret"), WithKey("k"), WithSid("s"))
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range []func(context.Context, ...CallOption) error{
		c.Accounts.GetMe, c.Accounts.Login, c.Accounts.GetStatus, c.Accounts.GetNews, c.Accounts.GetReport, c.Accounts.GetVault,
	} {
		if err := call(ctx); err != nil {
			t.Error(err)
		}
	}
	if err := c.Do(ctx, "GET", "/elsewhere", nil, nil); err != nil {
		t.Error(err)
	}
}

// A call whose credentials the client lacks is not sent; what needs none is.
func TestCallsWithoutTheirCredentials(t *testing.T) {
	ctx := context.Background()
	url := script.Serve(t, `
		> GET /status
		< 204
		> GET /news
		> -Authorization
		< 204
	`)
	c, err := NewClient(WithBaseURL(url))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Accounts.GetStatus(ctx); err != nil {
		t.Error(err)
	}
	if err := c.Accounts.GetNews(ctx); err != nil {
		t.Error(err)
	}
	err = c.Accounts.Login(ctx)
	script.WantError(t, err, ErrUnauthenticated)
	script.Want(t, "the error", err.Error(), "security: login: POST /login: credentials: want WithBasic; have nothing")
}

// What would never be sent is refused where the client is made.
func TestCredentialsOfNoUse(t *testing.T) {
	if _, err := NewClient(WithSid("s")); err == nil || !strings.Contains(err.Error(), "have WithSid") {
		t.Error(err)
	}
}

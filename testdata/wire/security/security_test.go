package security

import (
	"context"
	"errors"
	"strconv"
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

// user is whom a call is for.
type user struct{}

// Credentials of every kind can come from a function of the call's context, which is asked for each request, and once more after a 401.
func TestCredentialsOfTheContext(t *testing.T) {
	url := script.Serve(t, `
		> GET /me
		> Authorization: Bearer ada-bearer-1
		< 401
		> GET /me
		> Authorization: Bearer ada-bearer-2
		< 204
		> GET /me
		> Authorization: Bearer bob-bearer-3
		< 204
		> POST /login
		> Authorization: Basic YWRhOmJhc2ljLTE=
		< 204
		> GET /report?key=ada-key-1
		> Cookie: sid=ada-sid-1
		< 204
		> GET /admin
		> X-Secret: ada-secret-1
		< 204
		> GET /machine
		> Authorization: Bearer ada-machine-1
		< 204
		> GET /status
		> -Authorization
		< 204
	`)
	opts, asked := []ClientOption{WithBaseURL(url)}, map[string]int{}
	for _, scheme := range []string{"bearer", "basic", "key", "sid", "secret", "machine"} {
		opts = append(opts, WithCredentialFunc(scheme, func(ctx context.Context) (string, error) {
			asked[scheme]++
			between := "-"
			if scheme == "basic" {
				between = ":"
			}
			return ctx.Value(user{}).(string) + between + scheme + "-" + strconv.Itoa(asked[scheme]), nil
		}))
	}
	c, err := NewClient(opts...)
	if err != nil {
		t.Fatal(err)
	}
	ada, bob := context.WithValue(t.Context(), user{}, "ada"), context.WithValue(t.Context(), user{}, "bob")
	for i, call := range []func(context.Context, ...CallOption) error{
		c.Accounts.GetMe, c.Accounts.GetMe, c.Accounts.Login, c.Accounts.GetReport, c.Accounts.GetAdmin, c.Accounts.GetMachine,
		c.Accounts.GetStatus,
	} {
		ctx := ada
		if i == 1 {
			ctx = bob
		}
		if err := call(ctx); err != nil {
			t.Error(err)
		}
	}
}

// A function that has no credential, or one that cannot be sent, ends the call before anything goes out.
func TestNoCredentialOfTheContext(t *testing.T) {
	url := script.Serve(t, ``)
	absent := errors.New("the vault is closed")
	for _, scheme := range []string{"bearer", "basic", "key", "sid", "secret", "machine"} {
		for value, kind := range map[string]error{"": absent, "two\r\nlines:": ErrUnauthenticated} {
			c, err := NewClient(WithBaseURL(url), WithCredentialFunc("bearer", func(context.Context) (string, error) { return "b", nil }),
				WithCredentialFunc("key", func(context.Context) (string, error) { return "k", nil }),
				WithCredentialFunc(scheme, func(context.Context) (string, error) {
					if value == "" {
						return "", absent
					}
					return value, nil
				}))
			if err != nil {
				t.Fatal(err)
			}
			call := map[string]func(context.Context, ...CallOption) error{"bearer": c.Accounts.GetMe, "basic": c.Accounts.Login,
				"key": c.Accounts.GetVault, "sid": c.Accounts.GetReport, "secret": c.Accounts.GetAdmin, "machine": c.Accounts.GetMachine}[scheme]
			err = call(t.Context())
			if scheme == "basic" && value != "" {
				continue // it is encoded
			}
			script.WantError(t, err, kind)
			script.WantError(t, err, ErrUnauthenticated)
		}
	}
}

// What would never be sent is refused where the client is made.
func TestCredentialsOfNoUse(t *testing.T) {
	if _, err := NewClient(WithSid("s")); err == nil || !strings.Contains(err.Error(), "have WithSid") {
		t.Error(err)
	}
}

package client

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// verbs are all that package fmt knows, and some that it does not.
var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%t", "%c", "%U", "%e", "%p", "%10v", "%T", "%!", "%w"}

// Nothing prints a credential: neither a client, nor what holds one, nor an option, whatever the verb.
func TestNothingPrintsACredential(t *testing.T) {
	d := testDescription("https://api.example.com")
	d.credentials = append(d.credentials, credentialScheme{name: "app", option: "WithApp", in: inHeader, param: "X-App", token: &tokenRequest{
		url: "https://api.example.com/token", constants: map[string]string{"grant_type": "x"},
	}})
	d.alternatives = append(d.alternatives, []string{"app"})
	for _, options := range [][]ClientOption{
		{withCredential("apiKey", secretKey), withCredential("siteId", secretSite), WithHeader("X-Phone", secretPhone)},
		{withTokenRequest("app", map[string]string{"client_secret": secretKey, "instance": secretSite})},
	} {
		c, err := newCore(d, options)
		if err != nil {
			t.Fatal(err)
		}
		type client struct {
			Things *struct{ handle }
			handle
		}
		made := &client{&struct{ handle }{handle{c}}, handle{c}}
		values := map[string]any{"*client": made, "client": *made, "service": made.Things, "inside": struct{ C *client }{made},
			"list": []any{made, *made}, "map": map[string]any{"a": made}}
		for i, o := range options {
			values[fmt.Sprint("option ", i)] = o
		}
		hidden := map[string]any{"unexported": struct{ c *client }{made}, "unexported, by value": struct{ c client }{*made}, "core": c,
			"keys": c.keys}
		for name, v := range values {
			wantUnseen(t, name, v, secrets)
		}
		for name, v := range hidden { // no method of ours is asked here
			wantUnseen(t, name, v, []string{secretKey, secretSite})
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("a", "client", made, "value", *made, "service", made.Things)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("a", "client", made, "value", *made, "service", made.Things)
		wantSealed(t, log.String())
		if n := strings.Count(log.String(), "things client of https://api.example.com"); n != 6 {
			t.Errorf("the client is named %d times in %s", n, log.String())
		}
		if got := fmt.Sprintf("%s %+v", made, *made); got != "things client of https://api.example.com things client of https://api.example.com" {
			t.Error(got)
		}
	}
	if got := fmt.Sprintf("%v", handle{}); got != "client without a server" {
		t.Error(got)
	}
}

// wantUnseen fails when a verb shows what must not be seen, as it is or in hexadecimal digits.
func wantUnseen(t *testing.T, name string, v any, unseen []string) {
	t.Helper()
	for _, verb := range verbs {
		got := fmt.Sprintf(verb, v)
		plain := strings.ToLower(strings.ReplaceAll(got, " ", ""))
		for _, secret := range unseen {
			if strings.Contains(got, secret) || strings.Contains(plain, fmt.Sprintf("%x", secret)) {
				t.Errorf("%s of %s shows %s", verb, name, secret)
			}
		}
	}
}

// A transport that quotes the URL in its own way does not put a credential, or a value, into our errors.
func TestTransportThatQuotesTheURL(t *testing.T) {
	d := testDescription("https://api.example.com")
	d.credentials[0].in, d.credentials[0].param = inQuery, "key"
	for name, quote := range map[string]func(u *url.URL) error{
		"whole":      func(u *url.URL) error { return fmt.Errorf("cannot reach %s now", u) },
		"quoted":     func(u *url.URL) error { return fmt.Errorf("cannot reach %q now", u.String()) },
		"apostrophe": func(u *url.URL) error { return fmt.Errorf("cannot reach '%s', now", u) },
		"brackets":   func(u *url.URL) error { return fmt.Errorf("(%s): down", u) },
		"no host":    func(u *url.URL) error { return fmt.Errorf("GET %s failed", u.RequestURI()) },
		"query":      func(u *url.URL) error { return fmt.Errorf("bad query: ?%s", u.RawQuery) },
		"key, value": func(u *url.URL) error { return errors.New("query=" + u.RawQuery) },
		"escaped":    func(u *url.URL) error { return errors.New("no proxy for " + url.QueryEscape(u.String())) },
		"lines":      func(u *url.URL) error { return errors.New("failed:\n" + u.String() + "\nbye") },
		"wrapped":    func(u *url.URL) error { return &url.Error{Op: "Get", URL: u.String(), Err: fmt.Errorf("dial %s", u)} },
	} {
		c, err := newCore(d, []ClientOption{
			withCredential("apiKey", secretKey), withCredential("siteId", secretSite), WithRetryPolicy(RetryPolicy{MaxAttempts: 1}),
			through(func(r *http.Request) (*http.Response, error) { return nil, quote(r.URL) }),
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = getThing(t.Context(), c, secretEmail)
		t.Run(name, func(t *testing.T) {
			wantSealed(t, fmt.Sprintf("%v %+v %q", err, err, err))
			if err == nil || strings.Contains(err.Error(), "key=") {
				t.Error(err)
			}
		})
	}
}

package contacts_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts"
)

// A client is made with one complete set of credentials and nothing else.
func TestCredentialsAreChecked(t *testing.T) {
	key, site, account := contacts.WithAPIKey(theKey), contacts.WithSiteID(theSite), contacts.WithAccountID(theAccount)
	app := contacts.WithAppCredentials("id", "secret", "instance")
	for name, tt := range map[string]struct {
		options []contacts.ClientOption
		ok      bool
	}{
		"key and site":            {[]contacts.ClientOption{key, site}, true},
		"key and account":         {[]contacts.ClientOption{account, key}, true},
		"app":                     {[]contacts.ClientOption{app}, true},
		"nothing":                 {nil, false},
		"key alone":               {[]contacts.ClientOption{key}, false},
		"site alone":              {[]contacts.ClientOption{site}, false},
		"key, site and account":   {[]contacts.ClientOption{key, site, account}, false},
		"app and site":            {[]contacts.ClientOption{app, site}, false},
		"app and key":             {[]contacts.ClientOption{app, key, site}, false},
		"empty key":               {[]contacts.ClientOption{contacts.WithAPIKey(""), site}, false},
		"key with a line feed":    {[]contacts.ClientOption{contacts.WithAPIKey(theKey + "\nX: y"), site}, false},
		"key with a space behind": {[]contacts.ClientOption{contacts.WithAPIKey(theKey + " "), site}, false},
		"app without secret":      {[]contacts.ClientOption{contacts.WithAppCredentials("id", "", "instance")}, false},
		"nil option":              {[]contacts.ClientOption{key, site, nil}, false},
	} {
		client, err := contacts.NewClient(tt.options...)
		if (err == nil) != tt.ok || (client != nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), theKey) {
			t.Errorf("%s: the key is in the error", name)
		}
	}
}

// site is a server of its own, which keeps what it was sent.
type site struct {
	*httptest.Server
	mu   sync.Mutex
	seen []request
}

func newSite(t *testing.T, tls bool, handle http.HandlerFunc) *site {
	t.Helper()
	s := &site{}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.seen = append(s.seen, request{r.Method, r.Host, r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Clone(), string(b)})
		s.mu.Unlock()
		handle(w, r)
	})
	if tls {
		s.Server = httptest.NewTLSServer(h)
	} else {
		s.Server = httptest.NewServer(h)
	}
	t.Cleanup(s.Close)
	return s
}

func (s *site) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seen)
}

// A redirect shows neither credentials nor bodies to anybody else, and writes follow none at all.
func TestRedirects(t *testing.T) {
	for _, tt := range []struct {
		name     string
		location func(here, there *site) string
		follows  bool // when it is a read, by GET
	}{
		{"cross-host", func(_, _ *site) string { return "https://evil.example.com/x" }, false},
		{"other port", func(_, there *site) string { return there.URL + "/x" }, false},
		{"other name of the same machine", func(here, _ *site) string {
			return strings.Replace(here.URL, "127.0.0.1", "localhost", 1) + "/x"
		}, false},
		{"subdomain", func(here, _ *site) string {
			return strings.Replace(here.URL, "127.0.0.1", "api.127.0.0.1.example.com", 1) + "/x"
		}, false},
		{"https to http", func(here, _ *site) string { return strings.Replace(here.URL, "https:", "http:", 1) + "/x" }, false},
		{"user in the URL", func(here, _ *site) string { return strings.Replace(here.URL, "https://", "https://evil:pw@", 1) + "/x" }, true},
		{"same place", func(here, _ *site) string { return here.URL + "/x" }, true},
		{"relative", func(_, _ *site) string { return "/x" }, true},
		{"nowhere", func(_, _ *site) string { return "" }, false},
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			var here, there *site
			there = newSite(t, true, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{}`) })
			here = newSite(t, true, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/x" {
					_, _ = io.WriteString(w, `{"contact":{"id":"c1","revision":1},"contacts":[]}`)
					return
				}
				w.Header().Set("Location", tt.location(here, there))
				w.WriteHeader(status)
			})
			client := clientOfSite(t, here)
			calls := map[string]func() error{
				"get": func() error { _, err := client.Contacts.Get(background(), contactID); return err },
				"update": func() error {
					_, err := client.Contacts.Update(background(), contactID, contacts.UpdateContactRequest{Revision: 1, Info: ada})
					return err
				},
				"create": func() error {
					_, err := client.Contacts.Create(background(), contacts.CreateContactRequest{Info: ada})
					return err
				},
				"delete": func() error { return client.Contacts.Delete(background(), contactID) },
				"do":     func() error { return client.Do(background(), "POST", "/y", ada, nil) },
			}
			for name, call := range calls {
				before := here.requests()
				err := call()
				sent := here.requests() - before
				if name == "get" && tt.follows {
					if err != nil || sent != 2 {
						t.Errorf("%s %d: %s: %v after %d requests", tt.name, status, name, err, sent)
					}
					continue
				}
				var e *contacts.APIError
				if !errors.As(err, &e) || e.Status != status || sent != 1 {
					t.Errorf("%s %d: %s: %v after %d requests", tt.name, status, name, err, sent)
				}
			}
			// A query by POST is a read whose body must not travel on elsewhere, nor become a GET.
			before := here.requests()
			_, err := client.Contacts.Query(background(), contacts.QueryContactsRequest{Search: ptr(theEmail)})
			if follows := tt.follows && (status == 307 || status == 308); (err == nil) != follows ||
				here.requests()-before != map[bool]int{true: 2, false: 1}[follows] {
				t.Errorf("%s %d: query: %v", tt.name, status, err)
			}
			if there.requests() != 0 {
				t.Errorf("%s %d: the other server was sent %+v", tt.name, status, there.seen)
			}
		}
	}
}

func clientOfSite(t *testing.T, s *site) *contacts.Client {
	t.Helper()
	hc := s.Client()
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return nil } // which the client does not follow
	c, err := contacts.NewClient(contacts.WithAPIKey(theKey), contacts.WithSiteID(theSite), contacts.WithBaseURL(s.URL),
		contacts.WithHTTPClient(hc), once)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Credentials cannot be replaced by a header of the caller's, and are not sent in the clear.
func TestCredentialsStayTheirOwn(t *testing.T) {
	client, s := clientOf(t, always(200, `{"contact":{"id":"c","revision":1}}`), contacts.WithHeader("Authorization", "other"))
	if _, err := client.Contacts.Get(background(), contactID, contacts.WithHeader("wix-site-id", "other")); err != nil {
		t.Fatal(err)
	}
	if h := s.requests()[0].header; len(h.Values("Authorization")) != 1 || h.Get("Authorization") != theKey ||
		h.Get("wix-site-id") != theSite {
		t.Errorf("sent %v", h)
	}
	credentials := []contacts.ClientOption{contacts.WithAPIKey(theKey), contacts.WithSiteID(theSite)}
	for base, ok := range map[string]bool{
		"http://api.example.com": false, "http://127.0.0.1.example.com": false, "http://127.0.0.1:1": true, "http://localhost:1": true,
		"http://[::1]:1":                  true,
		"https://user:pw@api.example.com": false, "https://api.example.com?x=1": false, "ftp://api.example.com": false, "api.example.com": false,
		"https://api.example.com/v1/": true,
	} {
		if _, err := contacts.NewClient(append(credentials, contacts.WithBaseURL(base))...); (err == nil) != ok {
			t.Errorf("%s: %v", base, err)
		}
	}
	if _, err := contacts.NewClient(append(credentials, contacts.WithBaseURL("http://api.example.com"),
		contacts.WithInsecureHTTP())...); err != nil {
		t.Error(err)
	}
}

const (
	theSecret = "app-secret-4712"
	theToken  = "OAUTH.token-"
	tokenPath = "/oauth2/token"
)

// app is a service that gives tokens, which run out after four hours, and takes the newest one only.
type app struct {
	mu      sync.Mutex
	tokens  int
	expires map[string]time.Time
	revoked bool // the newest token is refused once
	delay   time.Duration
}

func (a *app) handle(r *http.Request, body string) *http.Response {
	if r.URL.Path == tokenPath {
		<-time.After(a.delay) // in a bubble: it takes no time
		a.mu.Lock()
		defer a.mu.Unlock()
		if r.Method != "POST" || r.URL.Host != "www.wixapis.com" || r.Header.Get("Authorization") != "" ||
			r.Header.Get("Content-Type") != "application/json" {
			return reply(400, `{"error":"invalid_request"}`)
		}
		if body != `{"client_id":"app","client_secret":"`+theSecret+`","grant_type":"client_credentials","instance_id":"instance"}` {
			return reply(401, `{"error":"invalid_client","error_description":"`+theSecret+`"}`)
		}
		a.tokens++
		token := theToken + string(rune('0'+a.tokens))
		a.expires = map[string]time.Time{token: time.Now().Add(4 * time.Hour)}
		return reply(200, `{"access_token":"`+token+`","token_type":"Bearer","expires_in":14400}`)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	until, known := a.expires[r.Header.Get("Authorization")]
	if !known || !time.Now().Before(until) || a.revoked {
		a.revoked = false
		a.expires = nil
		return reply(401, "<html>no</html>")
	}
	return reply(200, `{"contact":{"id":"c1","revision":1}}`)
}

func appClient(t *testing.T, handle handler, opts ...contacts.ClientOption) (*contacts.Client, *server) {
	t.Helper()
	s := &server{handle: handle}
	given := []contacts.ClientOption{contacts.WithAppCredentials("app", theSecret, "instance"),
		contacts.WithHTTPClient(&http.Client{Transport: s})}
	c, err := contacts.NewClient(append(given, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

func get(c *contacts.Client) error {
	_, err := c.Contacts.Get(background(), contactID)
	return err
}

// A token is asked for once, used until shortly before it runs out, and then asked for again.
func TestTokenIsRefreshedEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &app{}
		client, s := appClient(t, a.handle)
		if len(s.requests()) != 0 {
			t.Error("making a client asked for something")
		}
		for range 3 {
			if err := get(client); err != nil {
				t.Fatal(err)
			}
		}
		<-time.After(4*time.Hour - 6*time.Minute)
		if err := get(client); err != nil || a.tokens != 1 {
			t.Errorf("%v after %d tokens", err, a.tokens)
		}
		<-time.After(2 * time.Minute) // four minutes before the end
		if err := get(client); err != nil || a.tokens != 2 {
			t.Errorf("%v after %d tokens", err, a.tokens)
		}
		for _, r := range s.requests() {
			if r.path != tokenPath && (!strings.HasPrefix(r.header.Get("Authorization"), theToken) || r.header.Get("wix-site-id") != "") {
				t.Errorf("sent %v", r.header)
			}
		}
	})
}

// Callers who need a token at the same time share one request for it.
func TestConcurrentCallersShareOneToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &app{delay: time.Second}
		client, _ := appClient(t, a.handle)
		var group sync.WaitGroup
		for range 20 {
			group.Add(1)
			go func() {
				defer group.Done()
				if err := get(client); err != nil {
					t.Error(err)
				}
			}()
		}
		group.Wait()
		if a.tokens != 1 {
			t.Errorf("%d tokens were asked for", a.tokens)
		}
	})
}

// A token that is refused is replaced once, for a write too: a 401 says that nothing was done. A second 401 is the answer.
func TestRefusedTokenIsReplacedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &app{}
		client, _ := appClient(t, a.handle)
		if err := get(client); err != nil {
			t.Fatal(err)
		}
		a.revoked = true
		if err := get(client); err != nil || a.tokens != 2 {
			t.Errorf("%v after %d tokens", err, a.tokens)
		}
		a.revoked = true
		if _, err := client.Contacts.Update(background(), contactID, contacts.UpdateContactRequest{Revision: 1, Info: ada}); err != nil ||
			a.tokens != 3 {
			t.Errorf("%v after %d tokens", err, a.tokens)
		}
		tokens, calls := 0, 0
		client, _ = appClient(t, func(r *http.Request, _ string) *http.Response {
			if r.URL.Path == tokenPath {
				tokens++
				return reply(200, `{"access_token":"t","expires_in":14400}`)
			}
			calls++
			return reply(401, "")
		})
		if err := get(client); !errors.Is(err, contacts.ErrUnauthenticated) || tokens != 2 || calls != 2 {
			t.Errorf("%v after %d tokens and %d calls", err, tokens, calls)
		}
	})
}

// What goes wrong with a token is an error without the secret, and no write was sent.
func TestTokenErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			status int
			body   string
			class  error
		}{
			{401, `{"error":"invalid_client","error_description":"` + theSecret + `"}`, contacts.ErrUnauthenticated},
			{400, `{"error":"invalid_grant"}`, contacts.ErrUnauthenticated},
			{500, "oops " + theSecret, nil},
			{302, "", nil},
			{200, `{"token":"` + theSecret + `"}`, nil},
			{200, theSecret, nil},
			{200, `{"access_token":"a\nb"}`, nil},
		} {
			calls := 0
			client, s := appClient(t, func(r *http.Request, _ string) *http.Response {
				if r.URL.Path != tokenPath {
					calls++
				}
				return reply(tt.status, tt.body, "Location: https://evil.example.com/")
			})
			err := client.Contacts.Delete(background(), contactID)
			if err == nil || strings.Contains(err.Error(), theSecret) || errors.Is(err, contacts.ErrAmbiguousWrite) || calls != 0 {
				t.Errorf("%d %s: %v after %d calls", tt.status, tt.body, err, calls)
			}
			if tt.class != nil && !errors.Is(err, tt.class) {
				t.Errorf("%d: %v is not %v", tt.status, err, tt.class)
			}
			for _, r := range s.requests() {
				if r.host != "www.wixapis.com" {
					t.Errorf("%d: asked %s", tt.status, r.host)
				}
			}
		}
	})
}

// A client of another server does not show the app's secret to the first.
func TestOtherServerNeedsItsOwnTokens(t *testing.T) {
	app := contacts.WithAppCredentials("app", theSecret, "instance")
	base := contacts.WithBaseURL("https://proxy.example.com/wix")
	if _, err := contacts.NewClient(app, base); err == nil || !strings.Contains(err.Error(), "WithTokenURL") ||
		strings.Contains(err.Error(), theSecret) {
		t.Errorf("%v", err)
	}
	if _, err := contacts.NewClient(app, base, contacts.WithTokenURL("http://proxy.example.com/token")); err == nil {
		t.Error("a secret would go out in the clear")
	}
	client, s := appClient(t, func(r *http.Request, _ string) *http.Response {
		if r.URL.Path == "/token" {
			return reply(200, `{"access_token":"t"}`)
		}
		return reply(200, `{"contact":{"id":"c1","revision":1}}`)
	}, base, contacts.WithTokenURL("https://proxy.example.com/token"))
	if err := get(client); err != nil {
		t.Fatal(err)
	}
	for _, r := range s.requests() {
		if r.host != "proxy.example.com" {
			t.Errorf("%s was asked", r.host)
		}
	}
	if got := s.requests()[1].path; got != "/wix/contacts/v4/contacts/"+contactID {
		t.Errorf("sent to %s", got)
	}
}

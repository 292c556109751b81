package client

import (
	"context"
	"net/http"
	"strconv"
	"testing"
)

// A client is made with exactly one alternative of the credentials, or not at all.
func TestCredentials(t *testing.T) {
	key, site, account := withCredential("apiKey", secretKey), withCredential("siteId", secretSite), withCredential("accountId", "a1")
	const want = "things: credentials: want WithAPIKey with exactly one of WithSiteID and WithAccountID; have "
	for _, tt := range []struct {
		name string
		opts []ClientOption
		want string
	}{
		{"key and site", []ClientOption{key, site}, ""},
		{"key and account", []ClientOption{account, key}, ""},
		{"nothing", nil, want + "nothing"},
		{"key", []ClientOption{key}, want + "WithAPIKey"},
		{"site", []ClientOption{site}, want + "WithSiteID"},
		{"all", []ClientOption{key, site, account}, want + "WithAPIKey, WithSiteID and WithAccountID"},
		{"empty", []ClientOption{withCredential("apiKey", ""), site},
			"things: WithAPIKey: the value is empty, or has spaces around it or control characters"},
		{"line break", []ClientOption{withCredential("apiKey", secretKey+"\r\nX: y"), site},
			"things: WithAPIKey: the value is empty, or has spaces around it or control characters"},
		{"trailing line feed", []ClientOption{withCredential("apiKey", secretKey+"\n"), site},
			"things: WithAPIKey: the value is empty, or has spaces around it or control characters"},
		{"nil option", []ClientOption{key, site, nil}, "things: option 3 is nil"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newCore(testDescription("https://api.example.com"), tt.opts)
			if textOf(err) != tt.want {
				t.Errorf("have %q\nwant %q", textOf(err), tt.want)
			}
			wantSealed(t, textOf(err))
		})
	}
}

func TestAlternativesInWords(t *testing.T) {
	d := testDescription("")
	d.credentials = append(d.credentials, credentialScheme{name: "app", option: "WithApp"})
	for _, tt := range []struct {
		alternatives [][]string
		want         string
	}{
		{[][]string{{"apiKey"}}, "WithAPIKey"},
		{[][]string{{"apiKey", "siteId"}}, "WithAPIKey with WithSiteID"},
		{[][]string{{"apiKey"}, {"app"}}, "WithAPIKey, or WithApp"},
		{[][]string{{"apiKey", "siteId"}, {"apiKey", "accountId"}, {"app"}},
			"WithAPIKey with exactly one of WithSiteID and WithAccountID, or WithApp"},
		{[][]string{{}, {"apiKey"}}, "none, or WithAPIKey"},
	} {
		if got := d.wanted(tt.alternatives); got != tt.want {
			t.Errorf("have %q, want %q", got, tt.want)
		}
	}
}

// Operations with requirements of their own let a client be made that only some of them can be called with.
func TestRequirements(t *testing.T) {
	d := testDescription("https://api.example.com")
	d.alternatives = requirement{{"apiKey"}}
	d.requirements = []requirement{{{"siteId"}}, {{}}, {{"apiKey", "accountId"}}}
	key, site, account := withCredential("apiKey", secretKey), withCredential("siteId", secretSite), withCredential("accountId", "a1")
	for _, tt := range []struct {
		opts []ClientOption
		met  string // the number of credentials that each requirement is met with; - where it is not
		want string
	}{
		{nil, "--0-", ""},
		{[]ClientOption{key}, "1-0-", ""},
		{[]ClientOption{key, site, account}, "1102", ""},
		{[]ClientOption{account}, "", "things: credentials: want WithAPIKey with WithAccountID, or WithSiteID, or none; have WithAccountID"},
	} {
		c, err := newCore(d, tt.opts)
		if textOf(err) != tt.want {
			t.Errorf("have %q, want %q", textOf(err), tt.want)
		}
		if err != nil {
			continue
		}
		met := ""
		for _, grants := range c.keys.met {
			if grants == nil {
				met += "-"
				continue
			}
			met += strconv.Itoa(len(grants))
		}
		if met != tt.met {
			t.Errorf("have %s, want %s", met, tt.met)
		}
	}
}

// A credential travels where its scheme says, and cannot be replaced by a header option.
func TestCredentialPlaces(t *testing.T) {
	d := testDescription("https://api.example.com/v1")
	d.credentials = []credentialScheme{
		{name: "h", option: "WithH", in: inHeader, param: "Authorization", prefix: "Bearer "},
		{name: "q", option: "WithQ", in: inQuery, param: "key"},
		{name: "c", option: "WithC", in: inCookie, param: "sid"},
	}
	d.alternatives = [][]string{{"h", "q", "c"}}
	var got *http.Request
	c, err := newCore(d, []ClientOption{
		withCredential("h", "1"), withCredential("q", "a b&c"), withCredential("c", "3"), WithHeader("Authorization", "other"),
		WithUserAgent("me/1"),
		through(func(r *http.Request) (*http.Response, error) {
			got = r
			return reply(200, "{}"), nil
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := callNothing(context.Background(), c, &opList, nil, requestBody{},
		[]CallOption{requiredParam{&opList, param{in: inQuery, name: "p"}, 1}}); err != nil {
		t.Fatal(err)
	}
	if h := got.Header; h.Get("Authorization") != "Bearer 1" || h.Get("Cookie") != "sid=3" || h.Get("User-Agent") != "me/1" {
		t.Error(h)
	}
	if want := "https://api.example.com/v1/v4/things?p=1&key=a+b%26c"; got.URL.String() != want {
		t.Errorf("have %s, want %s", got.URL, want)
	}
}

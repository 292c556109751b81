package client

import (
	"strings"
	"testing"
)

// The variables of a server's address have the values that are given, those of the description otherwise, and none that it excludes.
func TestServerVariables(t *testing.T) {
	with := func(region, base string) ClientOption {
		return withServer("WithServer", "https://{region}.example.com/{base}",
			serverVariable{"region", region, "eu", []string{"eu", "us"}}, serverVariable{"base", base, "v1", nil})
	}
	for _, tt := range []struct{ region, base, want, failure string }{
		{"", "", "https://eu.example.com/v1", ""},
		{"us", "v2/beta", "https://us.example.com/v2/beta", ""},
		{"asia", "", "", "WithServer: region is none of eu, us"},
		{"us", "v1?x", "", "WithServer: base has characters that cannot be in the address of a server"},
		{"us", "{region}", "", "WithServer: base has characters that cannot be in the address of a server"},
	} {
		var o clientOptions
		err := with(tt.region, tt.base).applyClient(&o)
		switch {
		case err != nil && err.Error() != tt.failure, err == nil && tt.failure != "":
			t.Errorf("%q %q: %v, want %q", tt.region, tt.base, err, tt.failure)
		case o.baseURL != tt.want:
			t.Errorf("%q %q: %s, want %s", tt.region, tt.base, o.baseURL, tt.want)
		}
	}
	o := clientOptions{}
	for _, option := range []ClientOption{WithBaseURL("https://other.example.com"), with("us", "")} {
		if err := option.applyClient(&o); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(o.baseURL, "other") {
		t.Error("the base URL that was given gave way to", o.baseURL)
	}
}

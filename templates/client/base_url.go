//contactsgen:feature core
//contactsgen:part client

package client

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// parseBaseURL checks the URL of a server. Its errors don't print it: there could be a password in it.
func parseBaseURL(s string, insecure bool) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, errors.New("it is malformed")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("the scheme is neither https nor http")
	case u.Hostname() == "":
		return nil, errors.New("the host is missing")
	case u.User != nil:
		return nil, errors.New("it has user information")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, errors.New("it has a query or a fragment")
	case u.Scheme == "http" && !insecure && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf("http beyond loopback (%s) needs WithInsecureHTTP", u.Hostname())
	}
	return u, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// below is the URL of an escaped path below base.
func below(base *url.URL, escaped string) (*url.URL, error) {
	raw := strings.TrimSuffix(base.EscapedPath(), "/") + escaped
	plain, err := url.PathUnescape(raw)
	if err != nil {
		return nil, err
	}
	u := *base
	u.Path, u.RawPath = plain, raw
	return &u, nil
}

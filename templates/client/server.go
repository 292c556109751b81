//contactsgen:feature core
//contactsgen:part client

package client

import (
	"fmt"
	"net/url"
	"strings"
)

// ownServer is the base URL of operations that the description has at a server of their own.
type ownServer string

// base is the URL while the client is where the description has it. A client that was pointed elsewhere sends everything there, and credentials
// with it: whoever chose a server has not agreed to any other. Only what the description has on the same host, at another path, is at that
// path of the other host, too.
func (s ownServer) base(c *core) (*url.URL, error) {
	own, err := url.Parse(string(s))
	if err == nil && !c.elsewhere {
		own, err = parseBaseURL(string(s), c.insecure)
	}
	if err != nil {
		return nil, fmt.Errorf("the operation's own server: %w", withoutURL(err))
	}
	if !c.elsewhere {
		return own, nil
	}
	return c.beside(own), nil
}

// beside is the base URL with the path of another server of the description's host in the place of its own.
func (c *core) beside(own *url.URL) *url.URL {
	described, err := url.Parse(c.d.baseURL)
	if err != nil || own.Scheme != described.Scheme || own.Host != described.Host {
		return c.base
	}
	before, found := strings.CutSuffix(strings.TrimSuffix(c.base.EscapedPath(), "/"), strings.TrimSuffix(described.EscapedPath(), "/"))
	if !found {
		return c.base
	}
	root := *c.base
	root.Path, root.RawPath = "", ""
	u, err := below(&root, before+strings.TrimSuffix(own.EscapedPath(), "/"))
	if err != nil {
		return c.base
	}
	return u
}

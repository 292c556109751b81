//contactsgen:feature token
//contactsgen:part client

package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// tokenRequest is how an app token is asked for.
type tokenRequest struct {
	url              string
	constants        map[string]string // members of the JSON body that never change
	token, expiresIn pointer           // in the answer
}

// tokenURL is what WithTokenURL was given.
type tokenURL string

// WithTokenURL asks another server for tokens than the description's. It belongs to WithBaseURL: a client of another
// server must not show its secret to the first.
func WithTokenURL(url string) ClientOption {
	return clientOption(func(o *clientOptions) error {
		if url == "" {
			return errors.New("WithTokenURL: the URL is empty")
		}
		adjust(&o.calls, func(v *tokenURL) { *v = tokenURL(url) })
		return nil
	})
}

// check refuses to send the secret to the description's server when everything else goes elsewhere.
func (t *tokenRequest) check(o *clientOptions) error {
	url := t.urlFor(o)
	if o.baseURLGiven && url == t.url {
		return errors.New("WithBaseURL needs WithTokenURL")
	}
	if _, err := parseBaseURL(url, o.insecure); err != nil {
		return fmt.Errorf("token URL: %w", err)
	}
	return nil
}

func (t *tokenRequest) urlFor(o *clientOptions) string {
	if given := setting[tokenURL](&o.calls); given != "" {
		return string(given)
	}
	return t.url
}

// withTokenRequest makes the client ask for the tokens of a scheme, with members that the user gave.
func withTokenRequest(scheme string, members map[string]string) ClientOption {
	return clientOption(func(o *clientOptions) error {
		o.setCredential(scheme, &appToken{members: members, turn: make(chan struct{}, 1)})
		return nil
	})
}

// appToken is a token that the client asks for, and asks for again before it runs out.
type appToken struct {
	members map[string]string // of the request's body
	request *tokenRequest
	op      *operation // for the texts of errors and logs
	url     string
	turn    chan struct{} // held by the one caller who asks

	mu      sync.Mutex
	current string
	renewal time.Time // when to ask again; zero: not before the server refuses
}

const (
	maxTokenBytes  = 64 << 10
	tokenTimeout   = 30 * time.Second
	renewalDivisor = 10 // a token is renewed with a tenth of its time left, but
	maxRenewal     = 5 * time.Minute
)

// A token's errors say nothing of what was sent or came back.
var (
	errTokenRefused = errors.New("no token was given")
	errTokenAnswer  = errors.New("the answer has no token")
)

func (t *appToken) check(s *credentialScheme, o *clientOptions) error {
	request, ok := s.token.(*tokenRequest)
	if !ok {
		return errors.New("the scheme has no token request")
	}
	for _, name := range slices.Sorted(maps.Keys(t.members)) {
		if err := constant(t.members[name]).check(s, o); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	body := maps.Clone(request.constants)
	maps.Copy(body, t.members)
	t.members, t.request, t.url = body, request, request.urlFor(o)
	t.op = &operation{id: "token of " + s.name, method: http.MethodPost, path: "/(token URL)", safe: true}
	return nil
}

// value returns the token. One caller asks for it, the others wait for that one, each as long as its context lasts.
func (t *appToken) value(ctx context.Context, c *core) (string, error) {
	if v := t.fresh(c.clock.Now()); v != "" {
		return v, nil
	}
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if v := t.fresh(c.clock.Now()); v != "" {
		return v, nil
	}
	return t.ask(ctx, c)
}

func (t *appToken) fresh(now time.Time) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.renewal.IsZero() && !now.Before(t.renewal) {
		return ""
	}
	return t.current
}

// renew forgets a token that was refused, unless another caller has replaced it already.
func (t *appToken) renew(refused string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == refused {
		t.current = ""
	}
	return true
}

func (t *appToken) ask(ctx context.Context, c *core) (string, error) {
	asked := c.clock.Now()
	doc, err := t.fetch(ctx, c)
	if err != nil {
		return "", err
	}
	token := text(valueAt(t.request.token, doc))
	if token == "" || !validHeaderValue(token) {
		return "", errTokenAnswer
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.current, t.renewal = token, time.Time{}
	if life := time.Duration(wholeNumber(valueAt(t.request.expiresIn, doc), 0)) * time.Second; life > 0 {
		t.renewal = asked.Add(life - min(life/renewalDivisor, maxRenewal))
	}
	return token, nil
}

// fetch asks once. A redirect is not followed: it would show the secret to whoever it names.
func (t *appToken) fetch(ctx context.Context, c *core) ([]byte, error) {
	sent, err := encode(t.members)
	if err != nil {
		return nil, err
	}
	try, done := withTryTimeout(ctx, tokenTimeout)
	defer done()
	req, err := http.NewRequestWithContext(withOperation(try, t.op), http.MethodPost, t.url, strings.NewReader(string(sent)))
	if err != nil {
		return nil, withoutURL(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)
	started := c.clock.Now()
	resp, err := c.writes.Do(req)
	if err != nil {
		err = fmt.Errorf("token: %w", cause(ctx, try, err))
		c.logTry(ctx, t.op, started, nil, err)
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // nothing more is wanted of it
	c.logTry(ctx, t.op, started, resp, nil)
	if resp.StatusCode != http.StatusOK {
		return nil, &tokenError{status: resp.StatusCode}
	}
	return io.ReadAll(io.LimitReader(resp.Body, maxTokenBytes))
}

// tokenError is a refused token request. Its class is the caller's: the credentials are wrong.
type tokenError struct{ status int }

func (e *tokenError) Error() string { return fmt.Sprintf("token: %d, %s", e.status, errTokenRefused) }

// Is matches ErrUnauthenticated when the server refused the app's own credentials.
func (e *tokenError) Is(target error) bool {
	return target == ErrUnauthenticated && 400 <= e.status && e.status <= 403
}

func (e *tokenError) Unwrap() error { return errTokenRefused }

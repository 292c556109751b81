//contactsgen:feature token
//contactsgen:part client

// App tokens: asked for, shared by all calls, and renewed before they end.

package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// tokenRequest is how an app token is asked for.
type tokenRequest struct {
	url              string            // maybe relative to the base URL; "": callers have to give it
	constants        map[string]string // members of the body that never change
	token, expiresIn pointer           // in the answer
	form             bool              // the body is a form, and says who asks only if HTTP's Basic scheme does not
}

// clientCredentials is OAuth's own request of that name (RFC 6749, section 4.4).
func clientCredentials(url string) *tokenRequest {
	return &tokenRequest{url: url, constants: map[string]string{"grant_type": "client_credentials"}, token: "/access_token",
		expiresIn: "/expires_in", form: true}
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

// urlFor is where tokens are asked for. The description's server is not shown the secret when everything else goes elsewhere.
func (t *tokenRequest) urlFor(o *clientOptions) (string, error) {
	asked := string(optionValue[tokenURL](&o.calls))
	if asked == "" {
		own, err := url.Parse(t.url)
		switch {
		case err != nil || t.url == "":
			return "", errors.New("the description has no token URL that can be asked: give one with WithTokenURL")
		case own.Host != "" && o.baseURLGiven:
			return "", errors.New("WithBaseURL needs WithTokenURL")
		}
		base, err := url.Parse(o.baseURL)
		if err != nil {
			return "", errors.New("token URL: the base URL is malformed")
		}
		asked = base.ResolveReference(own).String()
	}
	address, _, _ := strings.Cut(asked, "?") // OAuth allows a query there
	if _, err := parseBaseURL(address, o.insecure); err != nil {
		return "", fmt.Errorf("token URL: %w", err)
	}
	return asked, nil
}

// withTokenRequest makes the client ask for the tokens of a scheme, with members that the user gave.
func withTokenRequest(scheme string, members map[string]string) ClientOption {
	return clientOption(func(o *clientOptions) error {
		o.setCredential(scheme, &appToken{members: members})
		return nil
	})
}

// withClientCredentials makes the client ask for the tokens of a scheme as OAuth has it.
func withClientCredentials(scheme, id, secret string, scopes []string) ClientOption {
	members := map[string]string{idMember: id, secretMember: secret}
	if len(scopes) > 0 {
		members[scopeMember] = strings.Join(scopes, " ")
	}
	return withTokenRequest(scheme, members)
}

// Members of OAuth's forms.
const (
	idMember     = "client_id"
	secretMember = "client_secret"
	scopeMember  = "scope"
)

// appToken is a token that the client asks for, and asks for again before it runs out. As long as the old one is good,
// nobody has to wait for the new one, and nobody minds when there is none.
type appToken struct {
	members map[string]string // of the request's body
	request *tokenRequest
	op      *operation // for the texts of errors and logs
	url     string

	mu               sync.Mutex
	current          string
	renewal, expires time.Time    // when to ask again, and from when it is of no use; zero: not before the server refuses it
	asking           *tokenAsking // the request that is under way; nil: none
	failures         int          // requests in a row that failed
	failed           *tokenFailed // the last of them; nil after a success
	inForm, settled  bool         // whether the form says who asks, and whether that is known to be what the server wants
}

// tokenAsking is a request for a token that is under way. All calls that need a token meanwhile share it.
type tokenAsking struct {
	cancel  context.CancelFunc
	early   bool          // the old token was still good
	waiting int           // callers; guarded by the token
	done    chan struct{} // closed when the rest is set
	token   string
	err     error
}

const (
	maxTokenBytes  = 64 << 10
	tokenTimeout   = 30 * time.Second
	renewalDivisor = 10 // a token is renewed with a tenth of its time left, but
	maxRenewal     = 5 * time.Minute
	longestLife    = 10 * 365 * 24 * time.Hour // of a token, as far as anybody can believe it
	earlyWait      = time.Second               // for a new token, of the caller who asks for it while the old one is good
	minTokenWait   = time.Second               // after a failure, doubled with each, to
	maxTokenWait   = time.Minute
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
	if request.form && (strings.ContainsAny(body[scopeMember], `"\`) || strings.Contains(body[scopeMember], "  ")) {
		return errors.New("a scope is empty, or has characters that no scope has")
	}
	t.members, t.request = body, request
	t.op = &operation{id: "token of " + s.name, method: http.MethodPost, path: "/(token URL)", safe: true}
	var err error
	t.url, err = request.urlFor(o)
	return err
}

// value returns the token. One request for it is under way at a time; those who need it wait for that one, each as long
// as its context lasts.
func (t *appToken) value(ctx context.Context, c *core) (string, error) {
	good, asking, err := t.look(ctx, c)
	if asking == nil {
		return good, err
	}
	var enough <-chan time.Time
	if good != "" {
		timer := time.NewTimer(earlyWait)
		defer timer.Stop()
		enough = timer.C
	}
	select {
	case <-asking.done:
		if asking.err != nil && good != "" {
			return good, nil
		}
		return asking.token, asking.err
	case <-enough:
		return good, nil
	case <-ctx.Done():
		t.leave(asking)
		return "", fmt.Errorf("token: %w", endOf(ctx))
	}
}

// look gives a token that is good, if there is one, and the request to wait for, if that is due.
func (t *appToken) look(ctx context.Context, c *core) (good string, asking *tokenAsking, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := c.clock.Now()
	if t.current != "" && (t.expires.IsZero() || now.Before(t.expires)) {
		good = t.current
	}
	if good != "" && (t.renewal.IsZero() || now.Before(t.renewal)) {
		return good, nil, nil
	}
	if t.asking == nil {
		if t.failed != nil && now.Before(t.failed.again) {
			if good == "" {
				err = t.failed
			}
			return good, nil, err
		}
		t.begin(ctx, c, good != "")
		t.asking.waiting++
		return good, t.asking, nil
	}
	if good != "" {
		return good, nil, nil
	}
	t.asking.waiting++
	return "", t.asking, nil
}

// begin asks for a token. The end of one caller's context is not the end of the others' wait.
func (t *appToken) begin(ctx context.Context, c *core, early bool) {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	a := &tokenAsking{cancel: cancel, early: early, done: make(chan struct{}), err: errTokenRefused}
	t.asking = a
	go func() {
		defer cancel()
		defer t.end(a, c)
		a.token, a.err = t.ask(own, c, a)
	}()
}

// leave notes that a caller gave up waiting. When the last one does, the request ends, unless later calls can use its result.
func (t *appToken) leave(a *tokenAsking) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if a.waiting--; a.waiting == 0 && !a.early && t.asking == a {
		t.asking = nil
		a.cancel()
	}
}

// end takes note of what came of a request that somebody still wanted.
func (t *appToken) end(a *tokenAsking, c *core) {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer close(a.done)
	if t.asking != a {
		return
	}
	t.asking = nil
	if a.err == nil {
		t.failures, t.failed = 0, nil
		return
	}
	wait := min(minTokenWait<<min(t.failures, 10), maxTokenWait)
	if refused, ok := wrapped[*tokenError](a.err); ok {
		wait = min(max(wait, refused.retryAfter), maxTokenWait)
	}
	t.failures++
	wait += time.Duration(c.random() * float64(wait) / 2)
	t.failed = &tokenFailed{err: a.err, again: c.clock.Now().Add(wait)}
	a.err = t.failed
}

// tokenFailed is the error of all calls that need a token, until the next request for one.
type tokenFailed struct {
	err   error
	again time.Time
}

func (e *tokenFailed) Error() string { return e.err.Error() }

func (e *tokenFailed) Unwrap() error { return e.err }

func (e *tokenFailed) until() time.Time { return e.again }

// renew forgets a token that was refused, unless another caller has replaced it already.
func (t *appToken) renew(refused string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == refused {
		t.current = ""
	}
	return true
}

// ask asks for a token, and keeps it if somebody still wants it.
func (t *appToken) ask(ctx context.Context, c *core, a *tokenAsking) (string, error) {
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
	if t.asking != a {
		return token, nil
	}
	t.current, t.renewal, t.expires = token, time.Time{}, time.Time{}
	if seconds := wholeNumber(valueAt(t.request.expiresIn, doc), 0); seconds > 0 {
		life := time.Duration(min(seconds, int64(longestLife/time.Second))) * time.Second
		t.renewal, t.expires = asked.Add(life-min(life/renewalDivisor, maxRenewal)), asked.Add(life)
	}
	return token, nil
}

// fetch asks the server for a token. OAuth has two ways to say who asks, and a description does not tell which one its server knows: after
// a refusal of the first, which every server should know, the other is tried, and what was a success is kept to.
func (t *appToken) fetch(ctx context.Context, c *core) ([]byte, error) {
	t.mu.Lock()
	inForm, settled := t.inForm, t.settled || !t.request.form
	t.mu.Unlock()
	doc, err := t.send(ctx, c, inForm)
	if settled {
		return doc, err
	}
	if unknownClient(err) {
		inForm = !inForm
		var other error
		if doc, other = t.send(ctx, c, inForm); other == nil || !unknownClient(other) {
			err = other
		}
	}
	if err == nil {
		t.mu.Lock()
		t.inForm, t.settled = inForm, true
		t.mu.Unlock()
	}
	return doc, err
}

// send sends one request for a token. It follows no redirect, which would send the secret to another place.
func (t *appToken) send(ctx context.Context, c *core, inForm bool) ([]byte, error) {
	try, done := withTryTimeout(ctx, tokenTimeout)
	defer done()
	try = &tryContext{Context: try, c: c, op: t.op, number: 1}
	req, err := t.newRequest(try, inForm)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)
	started := c.clock.Now()
	resp, err := c.writes.Do(req)
	if err != nil {
		err = fmt.Errorf("token: %w", endCause(ctx, try, err))
		c.logTry(ctx, t.op, started, nil, err)
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // nothing more is wanted of it
	c.logTry(ctx, t.op, started, resp, nil)
	if resp.StatusCode != http.StatusOK {
		return nil, t.refused(c, resp)
	}
	doc, err := io.ReadAll(io.LimitReader(resp.Body, maxTokenBytes))
	if err != nil {
		return nil, fmt.Errorf("token: %w", endCause(ctx, try, err))
	}
	return doc, nil
}

// newRequest makes a request for a token.
func (t *appToken) newRequest(ctx context.Context, inForm bool) (*http.Request, error) {
	var mediaType, sent string
	if t.request.form {
		form := url.Values{}
		for name, value := range t.members {
			if inForm || name != idMember && name != secretMember {
				form.Set(name, value)
			}
		}
		mediaType, sent = "application/x-www-form-urlencoded", form.Encode()
	} else {
		doc, err := encode(t.members)
		if err != nil {
			return nil, err
		}
		mediaType, sent = "application/json", string(doc)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, strings.NewReader(sent))
	if err != nil {
		return nil, withoutURL(err)
	}
	req.Header.Set("Content-Type", mediaType)
	if t.request.form && !inForm {
		req.SetBasicAuth(url.QueryEscape(t.members[idMember]), url.QueryEscape(t.members[secretMember]))
	}
	return req, nil
}

// refused is the error of an answer without a token. Of what OAuth's answers say there is nothing in it but one of the words that they have
// for why.
func (t *appToken) refused(c *core, resp *http.Response) *tokenError {
	e := &tokenError{status: resp.StatusCode, retryAfter: c.retryAfter(&errorFormat{}, resp.StatusCode, resp.Header)}
	if !t.request.form {
		return e
	}
	doc, _ := io.ReadAll(io.LimitReader(resp.Body, maxTokenBytes)) // without it the status has to do
	if why := text(valueAt("/error", doc)); slices.Contains(tokenReasons, why) {
		e.reason = " " + why
	}
	return e
}

// tokenReasons are OAuth's words for why there is no token (RFC 6749, section 5.2).
var tokenReasons = []string{"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
	"invalid_scope"}

// unknownClient reports whether a refusal may be due to the way in which it was said who asks.
func unknownClient(err error) bool {
	e, ok := wrapped[*tokenError](err)
	return ok && (e.status == http.StatusBadRequest || e.status == http.StatusUnauthorized) &&
		slices.Contains([]string{"", " invalid_client", " invalid_request"}, e.reason)
}

// tokenError is a refused token request. Its class is the caller's: the credentials are wrong.
type tokenError struct {
	status     int
	reason     string // a word of OAuth's, with a space before it; "": none
	retryAfter time.Duration
}

func (e *tokenError) Error() string {
	return fmt.Sprintf("token: %d%s, %s", e.status, e.reason, errTokenRefused)
}

// Is matches ErrUnauthenticated when the server refused the app's own credentials.
func (e *tokenError) Is(target error) bool {
	return target == ErrUnauthenticated && 400 <= e.status && e.status <= 403
}

func (e *tokenError) Unwrap() error { return errTokenRefused }

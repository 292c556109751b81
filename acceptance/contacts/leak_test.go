package contacts_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts"
)

// notebook collects everything that anybody could read of a run.
type notebook struct {
	mu sync.Mutex
	bytes.Buffer
}

func (n *notebook) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.Buffer.Write(p)
}

// A whole run says nothing of what it was about: all operations and helpers, in success and in every kind of failure, retries and refreshed
// tokens included, with a logger at its most talkative and every request printed.
func TestNothingLeaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen notebook
		for name, answer := range hostileAnswers {
			for _, credentials := range [][]contacts.ClientOption{
				{contacts.WithAPIKey(theKey), contacts.WithSiteID(theSite)},
				{contacts.WithAppCredentials("app-4713", theSecret, "instance-4714")},
			} {
				s := &server{handle: func(r *http.Request, body string) *http.Response {
					if r.URL.Path == tokenPath && name != "token refused" {
						return reply(200, `{"access_token":"`+theToken+`1","expires_in":14400}`)
					}
					return answer(r, body)
				}}
				var base http.RoundTripper = s
				if fails := failures[name]; fails != nil {
					base = roundTripper(func(r *http.Request) (*http.Response, error) {
						if r.URL.Path == tokenPath {
							return s.RoundTrip(r)
						}
						return nil, fails(r)
					})
				}
				run(t, &seen, base, credentials)
			}
		}
		for what, secret := range map[string]string{
			"key": theKey, "site": theSite, "token": theToken, "secret": theSecret, "app": "app-4713", "instance": "instance-4714",
			"email": theEmail, "email, escaped": "ada.lovelace%40example.com", "phone": thePhone, "phone, escaped": "%2B12025550143",
			"phone's digits": "2025550143",
			"name":           "Lovelace", "id": contactID,
		} {
			if at := strings.Index(seen.String(), secret); at >= 0 {
				t.Errorf("the %s is seen in: …%s…", what, seen.String()[max(0, at-200):min(seen.Len(), at+200)])
			}
		}
		// That nothing is found proves something only if there was something to read.
		for _, kind := range []string{"curl -X PATCH", "curl -X DELETE", "getContact", "level=DEBUG", "UpdateWithRetry", "the callback failed",
			"REDACTED", "path=/contacts/v4/contacts/{contactId}", "# 502", "Do"} {
			if !strings.Contains(seen.String(), kind) {
				t.Errorf("%q is nowhere in what was seen", kind)
			}
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// gossip is an answer that repeats everything it was told, everywhere it can.
func gossip(status int) handler {
	return func(r *http.Request, body string) *http.Response {
		told := theKey + " " + theToken + "1 " + theEmail + " " + thePhone + " Lovelace " + r.URL.String()
		quoted := fmt.Sprintf("%q", told+body)
		resp := reply(status, `{"message":`+quoted+`,"details":{"applicationError":{"code":`+quoted+`,"description":`+quoted+`,"data":{"a":`+
			quoted+`}},"validationError":{"fieldViolations":[{"field":`+quoted+`,"description":`+quoted+`}]}}}`)
		resp.Header.Set("X-Wix-Request-Id", told)
		resp.Header.Set("Retry-After", told)
		resp.Header.Set("Location", "https://evil.example.com/?"+url.QueryEscape(told))
		resp.Header.Set("Content-Type", told)
		return resp
	}
}

var hostileAnswers = map[string]handler{
	"success": successes,
	"no JSON": always(200, theEmail+" "+thePhone),
	"wrong types": always(200, `{"contact":"`+theEmail+`","contacts":"`+theEmail+`","jobId":["`+theEmail+`"],"labels":{"`+theEmail+
		`":1},"label":"`+theEmail+`","fields":1,"field":"`+thePhone+`","job":"`+theEmail+`","attachment":"`+theEmail+
		`","attachments":"x","facets":"`+theEmail+`","jobs":"`+theEmail+`","uploadUrl":{"`+theEmail+`":1},"contactId":{"`+theEmail+`":1}}`),
	"unknown values": always(200, `{"contact":{"id":"`+theEmail+`","revision":"`+theEmail+`"}}`),
	"400":            gossip(400), "401": gossip(401), "403": gossip(403), "404": gossip(404), "409": gossip(409), "428": gossip(428),
	"429": gossip(429),
	"500": gossip(500), "502": gossip(502), "503": gossip(503), "302": gossip(302),
	"conflict": always(409, `{"message":"`+theEmail+`","details":{"applicationError":{"code":"CONTACT_ALREADY_CHANGED","description":"`+
		thePhone+`"}}}`),
	"token refused": gossip(401),
	"lost":          nil, "refused": nil, "certificate": nil, "timeout": nil,
}

var failures = map[string]func(*http.Request) error{
	"lost": func(r *http.Request) error {
		return &url.Error{Op: "Get", URL: r.URL.String(), Err: fmt.Errorf("read %q: %w", theEmail, io.ErrUnexpectedEOF)}
	},
	"refused": func(*http.Request) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	},
	"certificate": func(*http.Request) error { return &tls.CertificateVerificationError{Err: errors.New("no trust")} },
	"timeout":     func(r *http.Request) error { <-r.Context().Done(); return r.Context().Err() },
}

// successes answers every operation of the table as it should be.
func successes(r *http.Request, _ string) *http.Response {
	for _, o := range operations {
		method, _, _ := strings.Cut(o.line, " ")
		if method == r.Method && plainPath(&o) == r.URL.Path {
			return reply(200, o.answer, "x-wix-request-id: 17.42")
		}
	}
	return reply(404, "")
}

// run calls everything there is, and writes down what comes of it.
func run(t *testing.T, seen *notebook, transport http.RoundTripper, credentials []contacts.ClientOption) {
	t.Helper()
	log := slog.New(slog.NewTextHandler(seen, &slog.HandlerOptions{Level: slog.LevelDebug}))
	options := append([]contacts.ClientOption{
		contacts.WithLogger(log), contacts.WithTimeout(time.Second), contacts.WithMaxAttempts(2),
		contacts.WithHTTPClient(&http.Client{Transport: &contacts.DebugTransport{Base: transport, Output: seen}}),
		contacts.WithRetryPolicy(contacts.RetryPolicy{MaxAttempts: 2}),
	}, credentials...)
	client, err := contacts.NewClient(options...)
	if err != nil {
		t.Fatal(err)
	}
	note := func(name string, err error) {
		if err != nil {
			_, _ = fmt.Fprintf(seen, "%s: %v\n%s: %+v\n", name, err, name, err)
		}
	}
	for _, o := range operations {
		_, err := o.do(client)
		note(o.id, err)
	}
	ctx := context.Background()
	update := func(c *contacts.Contact) error {
		c.Info.Name = contacts.ContactName{First: ptr("Ada"), Last: ptr("Lovelace")}
		c.Info.Phones.Items = append(c.Info.Phones.Items, contacts.ContactPhone{Phone: thePhone})
		return nil
	}
	_, err = client.Contacts.UpdateWithRetry(ctx, contactID, update)
	note("UpdateWithRetry", err)
	_, err = client.Contacts.UpdateWithRetry(ctx, theEmail, update)
	note("UpdateWithRetry", err)
	_, err = client.Contacts.UpdateWithRetry(ctx, contactID, func(*contacts.Contact) error { return errors.New("own reasons") })
	note("UpdateWithRetry", err)
	_, err = client.Contacts.UpdateWithRetry(ctx, contactID, func(c *contacts.Contact) error { c.ID = theEmail; return nil })
	note("UpdateWithRetry", err)
	_, err = client.Contacts.ForceUpdate(ctx, contactID, ada)
	note("ForceUpdate", err)
	_, err = client.Contacts.MergeWithRetry(ctx, contactID, func(*contacts.Contact) (contacts.MergeContactsRequest, error) {
		return contacts.MergeContactsRequest{SourceContactIDs: []string{otherID}}, nil
	})
	note("MergeWithRetry", err)
	for _, err := range client.Contacts.QueryAll(ctx, contacts.QueryContactsRequest{Search: ptr(theEmail)}) {
		note("QueryAll", err)
	}
	for _, err := range client.Labels.ListPages(ctx, contacts.ListLabelsParams{StartsWith: ptr(theEmail)}) {
		note("ListPages", err)
	}
	wait, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	_, err = client.Contacts.BulkDeleteWait(wait, &contacts.BulkDeleteContactsResponse{JobID: jobID})
	note("BulkDeleteWait", err)
	note("Do", client.Do(ctx, "POST", "/x/"+theEmail+"?phone=%2B12025550143", ada, &struct{}{}))
	note("Do", client.Do(ctx, "GET", "/x/"+theEmail+"/..", ada, &struct{}{}))
	_, err = client.Contacts.Get(ctx, theEmail+"\n")
	note("Get", err)
	_, err = client.Contacts.Unlabel(ctx, theEmail, []string{thePhone})
	note("Unlabel", err)
}

package client

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A dry run tells what would be sent, of one update and of many, and sends no write.
func TestDryRun(t *testing.T) {
	h := newHost(t)
	var planned []PlannedWrite
	dry := DryRun(func(_ context.Context, w PlannedWrite) { planned = append(planned, w) })
	report, err := h.update(h.process(nil), increment, dry, WithCallID("order 7"))
	if err != nil || report.Outcome != Planned || report.Writes != 0 || !report.Derived || h.server.Count("updateContact") != 0 ||
		h.journal.records != 0 {
		t.Errorf("%+v, %v, %d writes", report, err, h.server.Count("updateContact"))
	}
	if len(planned) != 1 || planned[0].Revision != "1" || planned[0].Key[0] != "c" || string(planned[0].Body) != `{"info":{"jobTitle":"1"}}` {
		t.Errorf("%+v", planned)
	}
	planned = nil
	s := crowdOf(numbered(3))
	c := s.client(t)
	parts := func(k string) []string { return []string{k} }
	for item, err := range updateEach(t.Context(), c.core, c.api.trait, numbered(3), parts, increment, []CallOption{dry, WithConcurrency(1)}) {
		if err != nil || item.Report.Outcome != Planned || *item.Value.Info.JobTitle != "1" {
			t.Errorf("%+v, %v", item, err)
		}
	}
	if len(planned) != 3 || s.counter("k0") != "0" {
		t.Errorf("%d planned, the counter is %s", len(planned), s.counter("k0"))
	}
}

// A hook that returns ErrSkip leaves the resource as it is, as a callback does.
func TestHookSkipsAWrite(t *testing.T) {
	h := newHost(t)
	skip := WithHooks(Hooks{BeforeWrite: func(context.Context, json.RawMessage, json.RawMessage, json.RawMessage) error { return ErrSkip }})
	report, err := h.update(h.process(nil), increment, skip)
	if err != nil || report.Outcome != Unchanged || h.server.Count("updateContact") != 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

// Items that come as they end do not wait for a slow one, and a checkpoint is never beyond it.
func TestUnorderedAndCheckpoints(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := crowdOf(numbered(40))
		slow := through(func(q *http.Request) (*http.Response, error) {
			if q.Method == http.MethodGet && strings.HasSuffix(q.URL.Path, "/k3") {
				time.Sleep(20 * time.Second)
			}
			return s.Transport().RoundTrip(q)
		})
		c, err := newMiniClient(contactsAPI(), WithBaseURL("https://api.example.com/contacts"), slow)
		if err != nil {
			t.Fatal(err)
		}
		var order, marks []int
		opts := []CallOption{Unordered(), WithCheckpoint(func(below int) { marks = append(marks, below) })}
		for item, err := range updateEach(t.Context(), c.core, c.api.trait, numbered(40), func(k string) []string {
			return []string{k}
		}, increment, opts) {
			if err != nil {
				t.Error(err)
			}
			order = append(order, item.Index)
			if len(marks) > 0 && marks[len(marks)-1] > 3 && !slices.Contains(order, 3) {
				t.Errorf("the checkpoint %d is beyond an item that is not settled", marks[len(marks)-1])
			}
		}
		if len(order) != 40 || order[39] != 3 {
			t.Errorf("the order is %v", order)
		}
		if !slices.IsSorted(marks) || marks[len(marks)-1] != 40 {
			t.Errorf("checkpoints are %v", marks)
		}
		for k := range numbered(40) {
			if s.counter(k) != "1" {
				t.Errorf("%s is %s", k, s.counter(k))
			}
		}
	})
}

type userKey struct{}

// A credential can come from a function of the call's context, is asked for once more after a 401, and is checked like any other.
func TestCredentialFunc(t *testing.T) {
	var seen []string
	var failure error
	give := func(ctx context.Context) (string, error) {
		user, _ := ctx.Value(userKey{}).(string)
		return user, failure
	}
	c, err := newCore(testDescription("https://api.example.com"), []ClientOption{
		WithCredentialFunc("apiKey", give), withCredential("siteId", secretSite),
		through(func(q *http.Request) (*http.Response, error) {
			seen = append(seen, q.Header.Get("Authorization"))
			if len(seen) == 1 {
				return reply(401, "{}"), nil
			}
			return reply(200, `{"thing":{"id":"1"}}`), nil
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.WithValue(t.Context(), userKey{}, "ada")
	if _, err := getThing(ctx, c, "1"); err != nil || !slices.Equal(seen, []string{"ada", "ada"}) {
		t.Errorf("%v, %v", seen, err)
	}
	failure = errUser
	if _, err := getThing(ctx, c, "1"); !errors.Is(err, errUser) || !errors.Is(err, ErrUnauthenticated) || len(seen) != 2 {
		t.Errorf("%v, %v", seen, err)
	}
	failure = nil
	if _, err := getThing(context.WithValue(ctx, userKey{}, "two\r\nlines"), c, "1"); !errors.Is(err, ErrUnauthenticated) || len(seen) != 2 {
		t.Errorf("%v, %v", seen, err)
	}
	if _, err := newCore(testDescription("https://api.example.com"), []ClientOption{
		WithCredentialFunc("nobody's", give), withCredential("apiKey", secretKey), withCredential("siteId", secretSite)}); err == nil {
		t.Error("a scheme that is not there was accepted")
	}
	basic := &askedCredential{ask: func(context.Context) (string, error) {
		return "user:password", nil
	}, scheme: &credentialScheme{prefix: "Basic ", in: inHeader}}
	if v, err := basic.value(t.Context(), c); err != nil || v != base64.StdEncoding.EncodeToString([]byte("user:password")) {
		t.Errorf("%q, %v", v, err)
	}
}

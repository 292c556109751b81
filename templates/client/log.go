//contactsgen:feature core
//contactsgen:part client

// What is logged of a call, and requests as curl commands.

package client

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// logTry records one try.
func (c *core) logTry(ctx context.Context, op *operation, started time.Time, resp *http.Response, err error) {
	if c.log != nil {
		c.log.try(ctx, c, op, started, resp, err)
	}
}

// resourceValue is what is logged of a resource.
func resourceValue(told ...any) slog.Value {
	var attrs []slog.Attr
	for i := 0; i < len(told); i += 2 {
		if v := toldText(told[i+1]); v != "" {
			attrs = append(attrs, slog.String(told[i].(string), v))
		}
	}
	return slog.GroupValue(attrs...)
}

// structured records with package log/slog.
type structured struct{ *slog.Logger }

func (s structured) logger() *slog.Logger { return s.Logger }

// try records one try. Nothing in it comes from the caller, and from the server only what looks like an id.
func (s structured) try(ctx context.Context, c *core, op *operation, started time.Time, resp *http.Response, err error) {
	if !s.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{
		slog.String("operation", op.id),
		slog.String("method", op.method),
		slog.String("path", op.path),
		slog.Duration("duration", c.clock.Now().Sub(started)),
	}
	if resp != nil {
		attrs = append(attrs, slog.Int("status", resp.StatusCode))
		if id := printable(textIn(c.errorFormat(op).requestID, resp.Header, nil)); id != "" {
			attrs = append(attrs, slog.String("request", id))
		}
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	s.LogAttrs(ctx, slog.LevelDebug, c.d.name+" request", attrs...)
}

// DebugTransport is a transport that prints what it sends as lines of curl, for use in [WithHTTPClient]. Values that may be
// personal or secret are left out: of the path, the query, the body and all headers but the harmless ones.
type DebugTransport struct {
	// Base sends the requests; nil is http.DefaultTransport.
	Base http.RoundTripper
	// Output gets one line per request, and one per answer. Writes don't overlap.
	Output io.Writer

	mu sync.Mutex
}

// harmless are the headers whose values are printed.
var harmless = []string{"Accept", "Content-Type", "User-Agent"}

// RoundTrip prints the request, sends it, and prints the status of the answer.
func (t *DebugTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	base := t.Base
	if base == nil {
		base = http.DefaultTransport
	}
	t.print(curlLine(r))
	resp, err := base.RoundTrip(r)
	if err != nil {
		t.print("# " + describe(withoutURL(err)))
		return nil, err
	}
	t.print(fmt.Sprintf("# %d", resp.StatusCode))
	return resp, nil
}

func (t *DebugTransport) print(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = io.WriteString(t.Output, line+"\n") // a request is not lost because its print is
}

// curlLine is a request as a shell would run it, if it had what is left out.
func curlLine(r *http.Request) string {
	words := []string{"curl", "-X", r.Method, shellQuote(redactedURL(r))}
	for _, name := range sortedNames(r.Header) {
		value := "REDACTED"
		if slices.Contains(harmless, name) {
			value = r.Header.Get(name)
		}
		words = append(words, "-H", shellQuote(name+": "+value))
	}
	if r.Body != nil && r.Body != http.NoBody {
		words = append(words, "--data-binary", shellQuote(fmt.Sprintf("REDACTED (%d bytes)", r.ContentLength)))
	}
	return strings.Join(words, " ")
}

// redactedURL has the template of the path, and the names in the query.
func redactedURL(r *http.Request) string {
	path := "/REDACTED"
	if t := triedIn(r.Context()); t != nil {
		path = t.op.path
	}
	query := ""
	for i, name := range sortedNames(http.Header(r.URL.Query())) {
		query += string("?&"[min(i, 1)]) + name + "=REDACTED"
	}
	return r.URL.Scheme + "://" + r.URL.Host + path + query
}

func sortedNames(h http.Header) []string {
	var names []string
	for name, values := range h {
		for range values {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

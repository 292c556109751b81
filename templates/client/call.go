//contactsgen:feature core
//contactsgen:part client

// The ways to make a call: for its result, for none, for its body unread, and for a path that the description does not have.

package client

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// call sends an operation and decodes its result.
func call[T any](ctx context.Context, c *core, op *operation, path []string, b requestBody, opts []CallOption) (*T, error) {
	r, err := c.prepare(op, path, b, opts)
	if err != nil {
		return nil, err
	}
	a, err := c.send(ctx, r)
	if err != nil {
		return nil, err
	}
	r.o.keepResponse(a)
	return decodeResult[T](c, op, a)
}

// valueOf is the result of a call whose type is no struct.
func valueOf[T any](v *T, err error) (T, error) {
	if err != nil {
		var zero T
		return zero, err
	}
	return *v, nil
}

// decodeResult reads the operation's result from a success. Answers that can have no body give an empty one.
func decodeResult[T any](c *core, op *operation, a *response) (*T, error) {
	result := new(T)
	if len(a.body) == 0 && hasNoBody(a.status) || op.isBare(a.status) {
		return result, nil
	}
	err := decodeAt(a.body, op.result, result)
	if err != nil {
		return nil, c.undecodable(op, a, err)
	}
	if k, ok := any(result).(snapshotHolder); ok {
		k.keepSnapshot(snapshot{body: a.body, at: op.result, header: a.header, partial: a.partial})
	}
	return result, nil
}

// hasNoBody reports whether a response with this status never has a body.
func hasNoBody(status int) bool {
	return status == http.StatusNoContent || status == http.StatusResetContent
}

// isBare reports whether the description has no body for answers with a status.
func (op *operation) isBare(status int) bool { return slices.Contains(op.bare, status) }

// undecodable is the error of a success whose body is not what the description says. The call did succeed, so a
// write is not one that was not applied.
func (c *core) undecodable(op *operation, a *response, err error) *APIError {
	e := c.parseError(op, a)
	e.Err, e.ambiguous = err, !op.safe
	if kind, _, failed := mime.ParseMediaType(a.header.Get("Content-Type")); failed == nil && !isJSON(kind) &&
		decodeStrictly(a.body, new(json.RawMessage)) != nil {
		e.Err = &notJSON{kind, err}
	}
	return e
}

// notJSON is the error of an answer that says itself that it is something else: the page of a login or of a proxy, most likely.
type notJSON struct {
	kind string
	err  error
}

func (e *notJSON) Error() string {
	return "the answer is no JSON: it has the media type " + printableMediaType(e.kind)
}

func (e *notJSON) Unwrap() error { return e.err }

// printableMediaType is a media type as it may stand in an error.
func printableMediaType(kind string) string {
	family, name, _ := strings.Cut(kind, "/")
	return printable(family) + "/" + printable(name)
}

// callNothing sends an operation whose success says nothing more. Its body is not looked at, and may be lost.
func callNothing(ctx context.Context, c *core, op *operation, path []string, b requestBody, opts []CallOption) error {
	r, err := c.prepare(op, path, b, opts)
	if err != nil {
		return err
	}
	a, err := c.send(ctx, r)
	if successSeen(err) {
		return nil
	}
	if err != nil {
		return err
	}
	r.o.keepResponse(a)
	return nil
}

// successSeen reports whether the status line of a success was seen, although its body was lost.
func successSeen(err error) bool {
	lost, ok := wrapped[*transportError](err)
	return ok && lost.status != 0
}

// callRaw sends an operation, again where that is allowed until an answer begins, and returns the body of its success
// unread. The caller closes it.
func callRaw(ctx context.Context, c *core, op *operation, path []string, b requestBody, opts []CallOption) (io.ReadCloser, error) {
	r, err := c.prepare(op, path, b, opts)
	if err != nil {
		return nil, err
	}
	f, err := retried(ctx, c, r, c.openBody)
	if err != nil {
		return nil, err
	}
	r.o.keepResponse(&response{status: f.StatusCode, header: f.Header})
	return &stream{f, ctx}, nil
}

// openBody is exchange without the body of a success.
func (c *core) openBody(ctx context.Context, r *request) (*inflight, error) {
	f, err := c.openAgain(ctx, r)
	if err != nil || r.op.succeeds(f.StatusCode) {
		return f, err
	}
	defer f.close()
	a, err := c.read(ctx, r, f)
	if err != nil {
		return nil, err
	}
	return nil, c.classify(r.op, a)
}

// stream is the body of a success, read as it arrives. The time limit of a try covers the reading.
type stream struct {
	*inflight
	ctx context.Context
}

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.Body.Read(p)
	if err != nil && err != io.EOF {
		err = endCause(s.ctx, s.inflight.ctx, err)
	}
	return n, err
}

// Close lets go of the connection.
func (s *stream) Close() error {
	s.close()
	return nil
}

// givenPath stands for the path of a call that the description lacks: what the caller wrote may hold values, and the texts
// of errors and logs have none.
const givenPath = "/(path given to Do)"

var (
	errNoMethod   = errors.New("the method is not one of HTTP's in capital letters")
	errGivenPath  = errors.New(`the path is not one below the base URL: it begins with "/", and has neither host nor fragment`)
	errDotSegment = errors.New("the path has a dot segment or a control character, escaped or not")
	errResult     = errors.New("the result is neither nil nor a pointer to something")
	errQuery      = errors.New("the query has characters that must be escaped")
)

// do sends a request that the description lacks, and decodes its answer into result unless that is nil.
func do(ctx context.Context, c *core, method, path string, request, result any, opts []CallOption) error {
	op := &operation{id: "Do", method: method, path: givenPath, safe: readsOnly(method)}
	if !op.safe {
		op.watch = watchWire
	}
	o, err := c.options(opts, op)
	if err != nil {
		return err
	}
	r, err := c.given(op, path, request, o)
	if err == nil && !canHold(result) {
		err = errResult
	}
	if err != nil {
		return c.refused(op, err)
	}
	a, err := c.send(ctx, r)
	if result == nil && successSeen(err) {
		return nil
	}
	if err != nil {
		return err
	}
	o.keepResponse(a)
	if result == nil || len(a.body) == 0 && hasNoBody(a.status) {
		return nil
	}
	if err := decode(a.body, result); err != nil {
		return c.undecodable(op, a, err)
	}
	return nil
}

// given makes the request of a path that the caller wrote.
func (c *core) given(op *operation, path string, value any, o *callOptions) (*request, error) {
	r := &request{op: op, header: o.headers(), o: o}
	if !isMethod(op.method) {
		return nil, errNoMethod
	}
	target, err := parseGiven(path)
	if err != nil {
		return nil, err
	}
	if target.RawQuery != "" {
		r.encoded = []string{target.RawQuery}
	}
	if r.url, err = urlBelow(c.base, target.EscapedPath()); err != nil {
		return nil, errGivenPath
	}
	return r, r.marshal(jsonBody(value))
}

// canHold reports whether an answer can be decoded into result: after a write it would be too late to find out.
func canHold(result any) bool {
	v := reflect.ValueOf(result)
	return result == nil || v.Kind() == reflect.Pointer && !v.IsNil()
}

// isMethod is strict, since servers tell "get" from "GET".
func isMethod(method string) bool {
	return method != "" && !strings.ContainsFunc(method, func(c rune) bool { return c < 'A' || c > 'Z' })
}

// readsOnly reports whether HTTP itself says that a method changes nothing.
func readsOnly(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// parseGiven checks that a path stays below the base URL, whoever unescapes it on the way. Its errors don't print it.
func parseGiven(path string) (*url.URL, error) {
	u, err := url.Parse(path)
	if err != nil || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || u.IsAbs() || u.Host != "" ||
		strings.Contains(path, "#") {
		return nil, errGivenPath
	}
	plain := u.Path
	for {
		if strings.ContainsFunc(plain, unicode.IsControl) || hasDotSegment(plain) {
			return nil, errDotSegment
		}
		again, err := url.PathUnescape(plain)
		if err != nil || again == plain {
			break
		}
		plain = again
	}
	if strings.ContainsFunc(u.RawQuery, func(c rune) bool { return c <= ' ' || c >= 0x7f }) {
		return nil, errQuery
	}
	return u, nil
}

func hasDotSegment(path string) bool {
	for _, segment := range strings.FieldsFunc(path, func(c rune) bool { return c == '/' || c == '\\' }) {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"unicode"
)

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
	r := &request{op: op, header: o.header.Clone(), o: o}
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
	if r.url, err = below(c.base, target.EscapedPath()); err != nil {
		return nil, errGivenPath
	}
	return r, r.marshal(written(value))
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
	if err != nil || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || u.IsAbs() || u.Host != "" || strings.Contains(path, "#") {
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

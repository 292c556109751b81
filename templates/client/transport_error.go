//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// transportError is a request without a usable answer.
type transportError struct {
	api    string
	op     *operation
	err    error
	sent   bool // the request may have reached the server
	status int  // of the answer, when its status line was seen and its body was lost
	final  bool // trying again would end the same way
}

func (e *transportError) Error() string {
	status := ""
	if e.status != 0 {
		status = fmt.Sprintf("%d, ", e.status)
	}
	return fmt.Sprintf("%s: %s: %s %s: %s%s", e.api, e.op.id, e.op.method, e.op.path, status, describe(e.err))
}

// Is matches ErrAmbiguousWrite: the write may have arrived, and no success was announced.
func (e *transportError) Is(target error) bool {
	return target == ErrAmbiguousWrite && e.sent && !e.op.safe && !e.op.succeeds(e.status)
}

func (e *transportError) Unwrap() error { return e.err }

// describe is the text of an error without anything that came from a request or an answer.
func describe(err error) string {
	if wrongType, ok := wrapped[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("%q is not what the description says", wrongType.Field)
	}
	return withoutPlaces(withoutQuoted(err.Error()))
}

// withoutPlaces takes away the words that are a URL or a part of one: transports of others print them, and there are values in
// their paths and credentials in their queries.
func withoutPlaces(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		inner := strings.TrimLeft(word, "'`(<[{=")
		if strings.Contains(word, "://") || strings.Contains(word, "%3A%2F%2F") || strings.ContainsAny(word, "?=") || strings.HasPrefix(inner, "/") {
			words[i] = "…"
		}
	}
	return strings.Join(words, " ")
}

// withoutQuoted takes away what other packages quote in their error texts: URLs, header lines, values.
func withoutQuoted(text string) string {
	var b strings.Builder
	for {
		before, rest, opened := strings.Cut(text, `"`)
		_, after, closed := strings.Cut(rest, `"`)
		if !opened || !closed {
			return b.String() + text
		}
		b.WriteString(before + `"…"`)
		text = after
	}
}

// withoutURL takes away the wrapping that prints a whole URL.
func withoutURL(err error) error {
	if outer, ok := wrapped[*url.Error](err); ok {
		return outer.Err
	}
	return err
}

// tryTimeout is the error of a request that took longer than WithTimeout allows. It is no context error: the caller's
// context is not done.
type tryTimeout struct{}

func (tryTimeout) Error() string { return "no complete answer in time" }

// Timeout reports that it is one, as package net does.
func (tryTimeout) Timeout() bool { return true }

// callTimeout is the error of a request that the time of its call had no room for, or was over in the middle of. It is
// no context error either.
type callTimeout struct{}

func (callTimeout) Error() string { return "the time for the call is over (WithMaxElapsed)" }

// Timeout reports that it is one, as package net does.
func (callTimeout) Timeout() bool { return true }

func isCallTimeout(err error) bool { return errors.Is(err, callTimeout{}) }

// cause tells the end of one try from the end of the caller's context.
func cause(ctx, try context.Context, err error) error {
	if why := context.Cause(try); ctx.Err() == nil && isTimeLimit(why) {
		return why
	}
	return withContext(ctx, withoutURL(err))
}

// withContext is an error of a call whose context may have ended. What package net/http says then is the cause that the context was given,
// and what other packages say is that it ended: a caller may ask for either.
func withContext(ctx context.Context, err error) error {
	ended, why := ctx.Err(), context.Cause(ctx)
	if ended == nil || errors.Is(err, ended) && errors.Is(err, why) {
		return err
	}
	if errors.Is(err, ended) || errors.Is(err, why) {
		return fmt.Errorf("%w (%w)", ended, why)
	}
	return fmt.Errorf("%w (%w): %w", ended, why, err)
}

// endOf is why a try is over: it took longer than it may, its call did, or the caller's context is done.
func endOf(try context.Context) error {
	if why := context.Cause(try); isTimeLimit(why) {
		return why
	}
	return withContext(try, try.Err())
}

func isTimeLimit(err error) bool { return isCallTimeout(err) || errors.Is(err, tryTimeout{}) }

// refused is an error found before anything was sent.
func (c *core) refused(op *operation, err error) error {
	return &transportError{api: c.d.name, op: op, err: err, final: true}
}

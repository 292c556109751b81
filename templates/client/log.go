//contactsgen:feature core
//contactsgen:part client

package client

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// recorder writes records. Only [WithLogger] puts something behind it: a program that never asks for records does not carry package
// log/slog along.
type recorder interface {
	try(ctx context.Context, c *core, op *operation, started time.Time, resp *http.Response, err error)
	logger() *slog.Logger
}

// logTry records one try.
func (c *core) logTry(ctx context.Context, op *operation, started time.Time, resp *http.Response, err error) {
	if c.log != nil {
		c.log.try(ctx, c, op, started, resp, err)
	}
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

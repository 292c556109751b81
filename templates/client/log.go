package client

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// logTry records one try. Nothing in it comes from the caller, and from the server only what looks like an id.
func (c *core) logTry(ctx context.Context, op *operation, started time.Time, resp *http.Response, err error) {
	if c.log == nil || !c.log.Enabled(ctx, slog.LevelDebug) {
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
	c.log.LogAttrs(ctx, slog.LevelDebug, c.d.name+" request", attrs...)
}

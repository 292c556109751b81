//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"context"
	"io"
)

// callRaw sends an operation, again where that is allowed until an answer begins, and returns the body of its success
// unread. The caller closes it.
func callRaw(ctx context.Context, c *core, op *operation, path []string, b body, opts []CallOption) (io.ReadCloser, error) {
	r, err := c.prepare(op, path, b, opts)
	if err != nil {
		return nil, err
	}
	f, err := retried(ctx, c, r, c.openBody)
	if err != nil {
		return nil, err
	}
	r.o.keepResponse(&answer{status: f.StatusCode, header: f.Header})
	return &stream{f, ctx}, nil
}

// openBody is exchange without the body of a success.
func (c *core) openBody(ctx context.Context, r *request) (*flight, error) {
	f, err := c.openAgain(ctx, r)
	if err != nil || r.op.succeeds(f.StatusCode) {
		return f, err
	}
	defer f.land()
	a, err := c.read(ctx, r, f)
	if err != nil {
		return nil, err
	}
	return nil, c.judge(r.op, a)
}

// stream is the body of a success, read as it arrives. The time limit of a try covers the reading.
type stream struct {
	*flight
	ctx context.Context
}

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.Body.Read(p)
	if err != nil && err != io.EOF {
		err = cause(s.ctx, s.flight.ctx, err)
	}
	return n, err
}

// Close lets go of the connection.
func (s *stream) Close() error {
	s.land()
	return nil
}

//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
)

// wire watches what package net/http does with one request that writes; nil is a read's, which may be sent any number of times.
type wire struct {
	dialled, connected atomic.Bool
	written            atomic.Int32
	trace              httptrace.ClientTrace
}

// watch returns a context whose request is watched.
func watch(ctx context.Context, op *operation) (*wire, context.Context) {
	if op.safe {
		return nil, ctx
	}
	w := &wire{}
	w.trace = httptrace.ClientTrace{
		GetConn: func(string) { w.dialled.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { w.connected.Store(true) },
		WroteRequest: func(i httptrace.WroteRequestInfo) {
			if i.Err == nil {
				w.written.Add(1)
			}
		},
	}
	return w, httptrace.WithClientTrace(ctx, &w.trace)
}

// sent reports whether the request may have reached the server. Only a transport that was seen to look for a connection
// and to find none proves that it did not.
func (w *wire) sent() bool { return w == nil || w.connected.Load() || !w.dialled.Load() }

// resent reports whether the request was written more than once: package net/http repeats some by itself.
func (w *wire) resent() bool { return w != nil && w.written.Load() > 1 }

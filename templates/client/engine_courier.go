//contactsgen:feature helpers
//contactsgen:part update

package client

import "context"

// courier carries what a call sends. Calls that belong together share one, and with it their requests.
type courier interface {
	// read reads the resource of a call, as fetch does.
	read(ctx context.Context, r *run, cheap bool) (*baseState, error)
	// write sends the call's shipment once.
	write(ctx context.Context, r *run) (*answer, error)
	// attempts is how many writes count against the call's limit.
	attempts(r *run) int
	// withdraw takes what sending again costs from the client's budget; refund gives back after a success.
	withdraw(r *run) bool
	refund(r *run)
}

// alone is the courier of a call that sends for itself.
type alone struct{}

func (alone) read(ctx context.Context, r *run, cheap bool) (*baseState, error) {
	return r.fetch(ctx, cheap)
}

func (alone) write(ctx context.Context, r *run) (*answer, error) {
	return r.w.c.exchange(ctx, r.sent.request)
}

func (alone) attempts(r *run) int  { return r.attempts }
func (alone) withdraw(r *run) bool { return r.w.c.budget.withdraw(retryCost) }
func (alone) refund(r *run)        { r.w.c.budget.refund(successfulCost) }

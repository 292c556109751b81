//contactsgen:feature core
//contactsgen:part transport

package client

import "sync"

// What retries cost. A server in trouble is not loaded further: with the budget spent only one retry per fourteen
// successes is left. Throttled requests are cheap for a server, and told us when to come back.
const (
	budgetSize     = 500
	retryCost      = 14
	throttledCost  = 5
	successfulCost = 1 // what a success without a retry gives back
)

// budget limits the retries of a client over all its calls.
type budget struct {
	mu   sync.Mutex
	left int
}

func newBudget() *budget { return &budget{left: budgetSize} }

// withdraw takes what a retry costs, and reports whether there was enough.
func (b *budget) withdraw(cost int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < cost {
		return false
	}
	b.left -= cost
	return true
}

// refund gives back after a success.
func (b *budget) refund(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = min(b.left+n, budgetSize)
}

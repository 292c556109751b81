// Package parallel does several things at once whose results do not depend on each other. What it gives is the same as if they had been done one
// after the other. It knows nothing of what is done.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Map gives f of every element, in order, or the first error in that order.
func Map[A, B any](in []A, f func(A) (B, error)) ([]B, error) {
	out, errs := make([]B, len(in)), make([]error, len(in))
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(len(in), runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(in); i = int(next.Add(1)) - 1 {
				out[i], errs[i] = f(in[i])
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

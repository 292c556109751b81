//contactsgen:feature core
//contactsgen:part client

package client

import (
	"context"
	"time"
)

// Clock is the time that waits and deadlines are measured in. The default is the machine's.
type Clock interface {
	// Now is the present instant.
	Now() time.Time
	// Sleep returns nil after d, or the error of ctx as soon as that is done.
	Sleep(ctx context.Context, d time.Duration) error
}

// systemClock is the Clock of the machine; inside a testing/synctest bubble it is virtual like all of package time.
type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

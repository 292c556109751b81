// Package temporal has a guarded update in a workflow: make engines-client && go -C testdata/examples/engines test -v ./temporal
//
// Pick Temporal when updating a contact is one step of many that take hours or days, wait for people or for other systems, and have to be
// undone when a later one fails. It runs an activity again whenever it has not heard of its end, so every activity needs a name by which
// what was done is known: here the workflow's id, which is the key of the call in the client's journal. What Temporal does not know,
// whether a write whose worker died was applied, the journal and the contact decide. It is a service to run, or to rent.
package temporal

import (
	"context"
	"errors"
	"strconv"
	"time"

	"go.temporal.io/sdk/activity"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	contacts "github.com/contactsgen/contactsgen/testdata/examples/engines/client"
)

// Order is what a customer is given points for.
type Order struct {
	Contact string
	Points  int
}

// Activities are what the workflow does outside of itself. The client has a journal (WithJournal) that all workers share.
type Activities struct{ Client *contacts.Client }

// AddPoints adds the points of an order to those of its contact, once for each workflow, however often it is run. The contact bears the
// workflow whose points came last (here as its company), which tells of a write that nobody heard the end of.
func (a *Activities) AddPoints(ctx context.Context, o Order) (total int, err error) {
	name := activity.GetInfo(ctx).WorkflowExecution.ID
	c, err := a.Client.Contacts.UpdateWithRetry(ctx, o.Contact, func(c *contacts.Contact) error {
		if c.Info.Company != nil && *c.Info.Company == name {
			return nil // they are in it
		}
		had, err := strconv.Atoi(*c.Info.JobTitle)
		c.Info.JobTitle, c.Info.Company = contacts.Ptr(strconv.Itoa(had+o.Points)), &name
		return err
	}, contacts.WithCallID(name))
	switch {
	case errors.Is(err, contacts.ErrAmbiguousWrite), errors.Is(err, contacts.ErrNotFound), errors.Is(err, contacts.ErrInvalid):
		return 0, sdk.NewNonRetryableApplicationError("somebody has to look at it", "undecided", err)
	case err != nil:
		return 0, err // Temporal runs it again
	}
	return strconv.Atoi(*c.Info.JobTitle)
}

// Thank is the workflow: it gives the points, and what else there is to do for an order goes behind it.
func Thank(ctx workflow.Context, o Order) (total int, err error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Minute,
		RetryPolicy:         &sdk.RetryPolicy{InitialInterval: time.Second, MaximumInterval: time.Minute},
	})
	var a *Activities
	err = workflow.ExecuteActivity(ctx, a.AddPoints, o).Get(ctx, &total)
	return total, err
}

// Register has a worker do both.
func Register(w worker.Worker, client *contacts.Client) {
	w.RegisterWorkflow(Thank)
	w.RegisterActivity(&Activities{client})
}

//contactsgen:feature waiters
//contactsgen:part pages

// Waiting for the jobs that operations start.

package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// jobDescriptor is how the job that an operation starts is followed.
type jobDescriptor struct {
	read         *operation
	args         []pointer // for each path parameter of read, its place in the start's answer
	status       pointer   // this and what follows: places in read's whole answer
	done, failed []string  // statuses

	total, succeeded, failures []pointer // the first that is there counts
	errors                     pointer
}

// JobError is a job that ended and did not do all that was asked.
type JobError struct {
	Operation string // that reads the job
	Progress
	Errors json.RawMessage // as the job lists them
}

// Error names the operation, the job's status and its counts.
func (e *JobError) Error() string {
	return fmt.Sprintf("%s: the job ended as %q with %d of %d failed", e.Operation, printable(e.Status), e.Failed, e.Total)
}

const (
	firstPoll = time.Second
	maxPoll   = 15 * time.Second
)

var errJobArgument = errors.New("the answer that started the job does not name it")

// waitJob follows a job from the answer that started it until it ends, and returns its last state; with a *JobError
// when not all of it was done. Waits grow, for what takes long may take a little longer to be noticed.
func waitJob[T any](ctx context.Context, c *core, t *jobDescriptor, started any, opts []CallOption) (*T, error) {
	path, err := t.arguments(started)
	if err != nil {
		return nil, c.refused(t.read, err)
	}
	r, err := c.prepare(t.read, path, requestBody{}, opts)
	if err != nil {
		return nil, err
	}
	for wait := firstPoll; ; wait = min(wait*3/2, maxPoll) {
		a, err := c.send(ctx, r)
		if err != nil {
			return nil, err
		}
		if ended, err := t.look(r, a); ended {
			return lastState[T](c, r, a, err)
		}
		if err := c.clock.Sleep(ctx, wait); err != nil {
			return nil, c.refused(t.read, err)
		}
	}
}

// arguments takes the path values of the read from the start's answer.
func (t *jobDescriptor) arguments(started any) ([]string, error) {
	doc, err := encode(started)
	if err != nil {
		return nil, err
	}
	var path []string
	for _, at := range t.args {
		v, _ := at.get(doc)
		if text(v) == "" {
			return nil, errJobArgument
		}
		path = append(path, text(v))
	}
	return path, nil
}

// look tells the caller how far the job is, and reports whether it has ended, and with which error.
func (t *jobDescriptor) look(r *request, a *response) (bool, error) {
	p := Progress{
		Status:    text(valueAt(t.status, a.body)),
		Total:     numberAt(t.total, a.body),
		Succeeded: numberAt(t.succeeded, a.body),
		Failed:    numberAt(t.failures, a.body),
	}
	if report := optionValue[progressFunc](r.o); report != nil {
		report(p)
	}
	failed := slices.Contains(t.failed, p.Status)
	if !failed && !slices.Contains(t.done, p.Status) {
		return false, nil
	}
	if !failed && p.Failed == 0 {
		return true, nil
	}
	return true, &JobError{Operation: t.read.id, Progress: p, Errors: valueAt(t.errors, a.body)}
}

// numberAt is the number at the first of places that has one, 0 where none does.
func numberAt(places []pointer, doc []byte) int64 {
	const unknown = -1
	for _, at := range places {
		if n := wholeNumber(valueAt(at, doc), unknown); n != unknown {
			return n
		}
	}
	return 0
}

func lastState[T any](c *core, r *request, a *response, failed error) (*T, error) {
	r.o.keepResponse(a)
	state, err := decodeResult[T](c, r.op, a)
	if failed != nil {
		return state, failed
	}
	return state, err
}

package contacts_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts"
)

// jobs answers with the states of a job, one after the other, the last one for ever.
func jobs(states ...string) handler {
	n := 0
	return func(r *http.Request, _ string) *http.Response {
		if r.Method != "GET" || r.URL.Path != path+"bulk/jobs/"+jobID {
			return reply(404, "")
		}
		n++
		return reply(200, `{"job":`+states[min(n, len(states))-1]+`}`)
	}
}

// waiters are the three ways to wait for a job.
var waiters = map[string]func(context.Context, *contacts.Client, string, ...contacts.CallOption) (*contacts.ContactBulkJob, error){
	"BulkDeleteWait": func(ctx context.Context, c *contacts.Client, id string, o ...contacts.CallOption) (*contacts.ContactBulkJob, error) {
		return c.Contacts.BulkDeleteWait(ctx, &contacts.BulkDeleteContactsResponse{JobID: id}, o...)
	},
	"BulkUpdateWait": func(ctx context.Context, c *contacts.Client, id string, o ...contacts.CallOption) (*contacts.ContactBulkJob, error) {
		return c.Contacts.BulkUpdateWait(ctx, &contacts.BulkUpdateContactsResponse{JobID: id}, o...)
	},
	"BulkLabelAndUnlabelWait": func(ctx context.Context, c *contacts.Client, id string, o ...contacts.CallOption) (*contacts.ContactBulkJob,
		error) {
		return c.Contacts.BulkLabelAndUnlabelWait(ctx, &contacts.BulkLabelAndUnlabelContactsResponse{JobID: id}, o...)
	},
}

const (
	newJob  = `{"status":"NEW"}`
	running = `{"status":"RUNNING","totalItems":10,"successTotal":4,"failedTotal":0}`
	done    = `{"id":"` + jobID + `","status":"COMPLETED","totalItems":10,"successTotal":10,"failedTotal":0}`
	partly  = `{"status":"COMPLETED","totalItems":10,"successTotal":8,"failedTotal":2,"errors":[{"count":2,"code":"CANNOT_DELETE_SITE_MEMBERS"}]}`
)

// A waiter asks less and less often until the job has ended, and tells how far it is.
func TestWaiters(t *testing.T) {
	for name, wait := range waiters {
		synctest.Test(t, func(t *testing.T) {
			client, s := clientOf(t, jobs(newJob, newJob, running, `{"status":"SOMETHING_NEW"}`, running, done))
			var seen []string
			var response contacts.Response
			started := time.Now()
			job, err := wait(background(), client, jobID, contacts.WithResponse(&response), contacts.WithProgress(func(p contacts.Progress) {
				seen = append(seen, fmt.Sprintf("%s %d/%d/%d", p.Status, p.Succeeded, p.Failed, p.Total))
			}))
			if err != nil || *job.ID != jobID || *job.SuccessTotal != 10 || response.Status != 200 {
				t.Fatalf("%s: %v, %+v", name, err, job)
			}
			want := []string{"NEW 0/0/0", "NEW 0/0/0", "RUNNING 4/0/10", "SOMETHING_NEW 0/0/0", "RUNNING 4/0/10", "COMPLETED 10/0/10"}
			if !slices.Equal(seen, want) || len(s.requests()) != 6 {
				t.Errorf("%s: saw %q in %d requests", name, seen, len(s.requests()))
			}
			if d := time.Since(started); d < 5*time.Second || d > time.Minute {
				t.Errorf("%s: took %v", name, d)
			}
		})
	}
}

// A job that did less than it was asked is an error with its counts and its own errors; the state comes with it.
func TestWaitersTellFailures(t *testing.T) {
	for name, wait := range waiters {
		synctest.Test(t, func(t *testing.T) {
			client, _ := clientOf(t, jobs(running, partly))
			job, err := wait(background(), client, jobID)
			var failed *contacts.JobError
			if !errors.As(err, &failed) || failed.Failed != 2 || failed.Total != 10 || failed.Succeeded != 8 || failed.Status != "COMPLETED" {
				t.Fatalf("%s: %v", name, err)
			}
			var list []contacts.BulkJobError
			decode(t, string(failed.Errors), &list)
			if len(list) != 1 || *list[0].Code != "CANNOT_DELETE_SITE_MEMBERS" || job == nil || *job.FailedTotal != 2 {
				t.Errorf("%s: %s, %+v", name, failed.Errors, job)
			}
		})
	}
}

// Waiting ends with the context, with an answer that is none, and before it begins when there is no job.
func TestWaitersEnd(t *testing.T) {
	for name, wait := range waiters {
		synctest.Test(t, func(t *testing.T) {
			client, _ := clientOf(t, jobs(running))
			ctx, cancel := context.WithTimeout(background(), 10*time.Second)
			defer cancel()
			started := time.Now()
			if _, err := wait(ctx, client, jobID); !errors.Is(err, context.DeadlineExceeded) || time.Since(started) > 10*time.Second {
				t.Errorf("%s: %v after %v", name, err, time.Since(started))
			}
			if _, err := wait(background(), client, otherID); !errors.Is(err, contacts.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
			client, s := clientOf(t, jobs(running))
			if _, err := wait(background(), client, ""); err == nil || len(s.requests()) != 0 {
				t.Errorf("%s: %v after %d requests", name, err, len(s.requests()))
			}
			if _, err := wait(background(), client, jobID, contacts.WithProgress(nil)); err == nil {
				t.Errorf("%s: no function was taken for one", name)
			}
		})
	}
}

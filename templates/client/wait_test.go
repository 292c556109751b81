package client

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

type job struct {
	Status string `json:"status"`
}

var (
	opJob    = operation{id: "getJob", method: "GET", path: "/jobs/{id}", safe: true, result: "/job"}
	jobThing = jobDescriptor{
		read: &opJob, args: []pointer{"/jobId"}, status: "/job/status", done: []string{"COMPLETED"}, failed: []string{"FAILED"},
		total: []pointer{"/job/totalItems", "/job/counts/total"}, succeeded: []pointer{"/job/successTotal", "/job/counts/success"},
		failures: []pointer{"/job/failedTotal", "/job/counts/fail"}, errors: "/job/errors",
	}
	started = &struct {
		JobID string `json:"jobId"`
	}{"j1"}
)

func jobs(states ...string) *replies {
	s := &replies{}
	for _, state := range states {
		s.answers = append(s.answers, func() (*http.Response, error) { return reply(200, `{"job":`+state+`}`), nil })
	}
	return s
}

// A job is followed with growing waits until it ends; one that did not do everything is an error that says what.
func TestWaitJob(t *testing.T) {
	const running = `{"status":"RUNNING","totalItems":"10","successTotal":4}`
	for _, tt := range []struct {
		name   string
		states []string
		last   Progress
		looks  int
		took   time.Duration
		want   string
	}{
		{"at once", []string{`{"status":"COMPLETED","totalItems":2,"successTotal":2}`}, Progress{"COMPLETED", 2, 2, 0}, 1, 0, ""},
		{
			"after a while", []string{`{}`, `{"status":"NEW"}`, running, running, `{"status":"SOMETHING_NEW"}`, running, running, running, running,
				`{"status":"COMPLETED"}`},
			Progress{"COMPLETED", 0, 0, 0}, 10, 62171875 * time.Microsecond, "",
		},
		{
			"in part", []string{running, `{"status":"COMPLETED","totalItems":10,"successTotal":9,"failedTotal":1,"errors":[{"code":"X"}]}`},
			Progress{"COMPLETED", 10, 9, 1}, 2, time.Second, `getJob: the job ended as "COMPLETED" with 1 of 10 failed`,
		},
		{
			"in part, by other names", []string{`{"status":"COMPLETED","failedTotal":null,"counts":{"total":"10","success":9,"fail":1}}`},
			Progress{"COMPLETED", 10, 9, 1}, 1, 0, `getJob: the job ended as "COMPLETED" with 1 of 10 failed`,
		},
		{"not at all", []string{`{"status":"FAILED"}`}, Progress{"FAILED", 0, 0, 0}, 1, 0,
			`getJob: the job ended as "FAILED" with 0 of 0 failed`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newTestCore(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: jobs(tt.states...)}))
				var seen []Progress
				begin := time.Now()
				last, err := waitJob[job](context.Background(), c, &jobThing, started, []CallOption{WithProgress(func(p Progress) {
					seen = append(seen, p)
				})})
				if textOf(err) != tt.want || last == nil || last.Status != tt.last.Status {
					t.Errorf("%+v, %v", last, err)
				}
				if len(seen) != tt.looks || !slices.Contains(seen[len(seen)-1:], tt.last) || time.Since(begin) != tt.took {
					t.Errorf("%d looks in %v, %+v", len(seen), time.Since(begin), seen)
				}
				var failed *JobError
				if errors.As(err, &failed) && failed.Progress != tt.last {
					t.Errorf("%+v", failed)
				}
			})
		})
	}
}

func TestWaitJobErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestCore(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: jobs(`{"status":"NEW"}`)}))
		if _, err := waitJob[job](context.Background(), c, &jobThing, &job{}, nil); !errors.Is(err, errJobArgument) {
			t.Error(err)
		}
		if _, err := waitJob[job](context.Background(), c, &jobThing, started, []CallOption{WithProgress(nil)}); err == nil {
			t.Error("no error")
		}
		ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second)
		defer cancel()
		if _, err := waitJob[job](ctx, c, &jobThing, started, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

package contention

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/contactsgen/contactsgen/testdata/bench/measure"
	"github.com/contactsgen/contactsgen/testdata/bench/report"

	api "github.com/contactsgen/contactsgen/testdata/bench/gen/whole"
)

const (
	manyKeysCount = 10_000
	goroutines    = 64
)

// manyKeys measures what the lane costs those who never meet, and whether anything of it stays.
func manyKeys(ctx context.Context, s *report.Section, rounds int) error {
	keys := make([]string, manyKeysCount)
	for i := range keys {
		keys[i] = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
	}
	c, err := api.NewClient(api.WithAPIKey("key"), api.WithSiteID("site"), api.WithHTTPClient(&http.Client{Transport: &echo{}}))
	if err != nil {
		return err
	}
	contestant := func(name string, update func(context.Context, *api.Client, string) error) measure.Contestant {
		return measure.Contestant{Name: name, Run: func() (float64, error) { return updateAll(ctx, c, keys, update) }}
	}
	if _, err := updateAll(ctx, c, keys, ours()); err != nil {
		return err
	}
	before := inUse()
	samples, err := measure.Rounds(rounds, contestant(lane, ours()), contestant(noLane, ours(api.WithoutLane())))
	if err != nil {
		return err
	}
	left := max(0, inUse()-before) / manyKeysCount
	cost := samples.Ratio(lane, noLane)
	s.Tables = append(s.Tables, report.Table{
		Title: "Writers who never meet", Head: []string{"64 goroutines, 10,000 contacts", "time for all", "lane / no lane",
			"bytes left for each contact"},
		Rows: [][]string{
			{lane, report.Seconds(samples.Of(lane).Median), report.Times(cost), fmt.Sprintf("%.1f", left)},
			{noLane, report.Seconds(samples.Of(noLane).Median), "", ""},
		},
		Note: "In memory, where the engine's own time weighs most. What is left is the growth of the heap from the end of the first round to " +
			"that of the last.",
	})
	g := report.AtMost("time of 10,000 updates that never meet, lane against none", 1.03, cost)
	s.Goals = append(s.Goals, g, report.Goal{Text: "memory left for each of 10,000 contacts", Want: "none (< 16 B)",
		Got: fmt.Sprintf("%.1f B", left), Reached: left < 16})
	return nil
}

// echo answers for contacts that nobody else writes, and keeps nothing of them but their revisions.
type echo struct{ revisions sync.Map }

func (e *echo) RoundTrip(r *http.Request) (*http.Response, error) {
	key := path.Base(r.URL.Path)
	revision := 1
	if known, ok := e.revisions.Load(key); ok {
		revision = known.(int)
	}
	if r.Method == http.MethodPatch {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return nil, err
		}
		revision++
		e.revisions.Store(key, revision)
	}
	body := fmt.Sprintf(`{"contact":{"id":%q,"revision":%d,"info":{"name":{"first":"Ada"},"jobTitle":"%d"}}}`, key, revision, revision)
	return &http.Response{StatusCode: http.StatusOK, Request: r, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// inUse is the heap after everything that can be collected was.
func inUse() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// updateAll updates every key once, by several goroutines, and gives the seconds that took.
func updateAll(ctx context.Context, c *api.Client, keys []string,
	update func(context.Context, *api.Client, string) error) (float64, error) {
	next := make(chan string)
	failed := make(chan error, goroutines)
	var all sync.WaitGroup
	started := time.Now()
	for range goroutines {
		all.Go(func() {
			for key := range next {
				if err := update(ctx, c, key); err != nil {
					failed <- err
					break
				}
			}
			for range next { // after a failure nobody else waits
			}
		})
	}
	for _, key := range keys {
		next <- key
	}
	close(next)
	all.Wait()
	select {
	case err := <-failed:
		return 0, err
	default:
		return time.Since(started).Seconds(), nil
	}
}

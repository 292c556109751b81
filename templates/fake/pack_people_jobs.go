//contactsgen:pack contacts contactsv5
//contactsgen:part pack

package fake

import (
	"cmp"
	"errors"
)

// jobsKept is how many jobs are known.
const jobsKept = 100

// jobs are what is done to many contacts one after the other. All of a job's work is done at once; what it says of itself lags behind, read
// by read.
type jobs struct {
	*collectionState
	polls map[string]int // how often a job was read
}

func newJobs(b *collectionState) jobs { return jobs{b, map[string]int{}} }

// keep makes a job known, and forgets the oldest if there are too many.
func (j jobs) keep(id string, value object) {
	j.put(joinKey(id), value, 1)
	if len(j.order) > jobsKept {
		delete(j.polls, j.order[0].key)
		j.remove(j.order[0])
	}
}

// stage is how far a job is told to be.
type stage int

const (
	jobWaits stage = iota
	jobRuns
	jobDone
)

// stage gives how far a job is told to be: it is done once it has been read a number of times, 0 for 2.
func (j jobs) stage(e *entity, polls int) stage {
	switch seen := j.polls[e.key]; {
	case seen >= cmp.Or(polls, 2):
		return jobDone
	case seen > 0:
		return jobRuns
	}
	return jobWaits
}

// work is what became of many contacts.
type work struct {
	outcomes []outcome
	failed   int
	codes    map[string]int    // how often each code came up
	messages map[string]string // of each code
}

// outcome is what became of one of many contacts.
type outcome struct {
	id      any
	failure *failure // nil if it went well
}

// workOn does something to each of some contacts.
func workOn(found []*entity, do func(*entity) error) *work {
	out := &work{codes: map[string]int{}, messages: map[string]string{}}
	for _, e := range found {
		one := outcome{id: e.value["id"]}
		if errors.As(do(e), &one.failure) {
			out.codes[one.failure.code]++
			out.messages[one.failure.code] = one.failure.message
			out.failed++
		}
		out.outcomes = append(out.outcomes, one)
	}
	return out
}

package client

import (
	"testing"
	"time"
)

// What a forced update leaves out stays as it was in what it returns unseen, unless the payload goes as a whole.
func TestForcedKeepsWhatItDoesNotSend(t *testing.T) {
	base := []byte(`{"id":"a","info":{"title":"was","phone":"1"}}`)
	for kind, want := range map[payloadKind]string{
		payloadPatch: `{"title":"is","phone":"1"}`, payloadFields: `{"title":"is","phone":"1"}`, payloadWhole: `{"title":"is"}`,
	} {
		payload, err := parseNode([]byte(`{"title":"is"}`))
		if err != nil {
			t.Fatal(err)
		}
		d := &revisionDescriptor{payload: payloadDescriptor{kind: kind, read: "/info"}}
		if got := string(d.forced(base, payload)); got != want {
			t.Errorf("kind %d: %s, want %s", kind, got, want)
		}
	}
}

// A result that nobody has seen says whose it is, whatever its key is in Go.
func TestDerivedResultsSayWhoseTheyAre(t *testing.T) {
	type numbered struct {
		ID int64 `json:"id"`
	}
	d := &revisionDescriptor{write: &operation{}, read: &operation{}, identity: []location{inBodyAt("/id"), {}}}
	w := &guardedWrite{t: d, empty: func() any { return new(numbered) }}
	r := &run{w: w, key: []string{"9007199254740993", "other"}, sent: &pendingWrite{draft: &draft{after: []byte(`{"title":"is"}`)}}}
	r.succeedUnseen(Updated, nil)
	if got := r.value.(*numbered).ID; got != 9007199254740993 {
		t.Errorf("the id is %d", got)
	}
	for in, want := range map[string]string{`{"id":"a"}`: `{"id":"a"}`, `{"id":7}`: `{"id":7}`, `{}`: `{"id":"9007199254740993"}`} {
		if got := string(r.named([]byte(in))); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
}

// The reads of a bulk call are no part of its time, and are part of the time of calls that wait for it; a wait that the server asks for is
// part of neither.
func TestExcusedTimeCountsForThoseBehind(t *testing.T) {
	holder, behind := newStopwatch(systemClock{}, time.Minute), newStopwatch(systemClock{}, time.Minute)
	q := &followers{watches: map[*stopwatch]bool{}}
	holder.lead(q)
	q.add(behind)
	over := holder.excuse()
	if holder.standing() == nil || behind.standing() != nil {
		t.Error("the holder's time goes on, or that of the call behind stands still")
	}
	holder.pause()
	if behind.standing() == nil {
		t.Error("the call behind pays for a wait that the server asks for")
	}
	holder.resume()
	if holder.standing() == nil || behind.standing() != nil {
		t.Error("the end of one wait is taken for the end of both")
	}
	over()
	if holder.standing() != nil {
		t.Error("the holder's time stands still for good")
	}
}

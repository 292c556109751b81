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

// The reads of a bulk call are no part of its time, and are part of the time of calls that wait for it; a wait that the server asks for is
// part of neither.
func TestExcusedTimeCountsForThoseBehind(t *testing.T) {
	holder, behind := newStopwatch(systemClock{}, time.Minute), newStopwatch(systemClock{}, time.Minute)
	q := &laneQueue{watches: map[*stopwatch]bool{}}
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

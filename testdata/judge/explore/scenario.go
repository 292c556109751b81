// Package explore judges clients of revision-aware APIs by going through every schedule of a small scope, instead of some that were drawn
// at random.
//
// A [Scenario] is a few callers of one helper and a few rival writers on one resource of a [law.Server]. Whenever everybody waits, the
// explorer decides what happens next: which request reaches the server and what becomes of it and of its answer ([network.Fate]), which
// rival writes, or that time passes. It does so depth first, one schedule after the other, each on a client of its own under a virtual
// clock, until there is no decision left that was not made both ways. Of every schedule it is judged what the server went through, and
// whether what the callers were told of it is true; see verdict.go.
//
// What is not covered: more than the stated number of requests with something gone wrong, and of faults in one schedule; requests of one
// client that overtake each other on the way, but for what is delayed; time that passes within a request, but for what hangs.
package explore

import (
	"context"
	"net/http"
	"reflect"

	"github.com/contactsgen/contactsgen/testdata/judge/law"
)

// Edit is what a caller wants of a resource.
type Edit string

// The edits. Each caller can be told from the others in the resource that comes of it, except for those that ensure the same.
const (
	Add    Edit = "add"    // the caller's digit of the count grows by one
	Append Edit = "append" // the caller's tag is appended
	Ensure Edit = "ensure" // one tag, the same for all, is appended unless it is there
	Set    Edit = "set"    // the caller's letter gets the caller's text
	Shape  Edit = "shape"  // the caller's letter gets the caller's text in values that are one of several types: alone, in a list and in a map
	Force  Edit = "force"  // the payload is overwritten by a constant one with the caller's letter
)

// EnsuredTag is the tag that all those who ensure something want.
const EnsuredTag = "ensured"

// Writer is one caller, as its call sees it.
type Writer struct {
	Who        int // from 0
	IDs        []string
	Edit       Edit
	Idempotent bool // the caller says that its edit may as well be made twice
	Copy       bool // the call begins with a copy, which was read before anybody else wrote
	Plain      bool // the call is sent as it is, and says of a conflict that it is one
	Whole      bool // a plain call sends all there is
	Declares   bool // what counts is how the resource is in the end, not who made it so: a three-way merge
}

// Weight is what one [Add] of a writer adds to the count: its own decimal digit.
func (w Writer) Weight() int64 { return weightOf(w.Who) }

func weightOf(who int) int64 {
	n := int64(1)
	for range who {
		n *= 10
	}
	return n
}

// Letter names the member that belongs to a writer: a, b or c.
func (w Writer) Letter() string { return string(rune('a' + w.Who)) }

// Tag is what a writer appends.
func (w Writer) Tag() string {
	if w.Edit == Ensure {
		return EnsuredTag
	}
	return "tag-" + w.Letter()
}

// Text is what a writer sets its letter to.
func (w Writer) Text() string { return "set by " + w.Letter() }

// Source is what a writer merges into others: its count is the weight of the writer.
func (w Writer) Source() string { return "source-" + w.Letter() }

// Result is what a call said of one resource.
type Result struct {
	ID        string
	Err       error
	Ambiguous bool   // the error says that the write may have been applied
	Conflict  bool   // the error says that somebody else wrote in the meantime
	Outcome   string // updated, unchanged or recovered; "" is not said
	Resource  []byte // what was returned, as JSON; nil for nothing
	JSON      error  // why it is not to be had
	Derived   bool   // it is said that nobody saw the resource like that
}

// Derived reads of a helper's report whether the result is what was known and not what was read. Reports that do not know of that say no.
func Derived(report any) bool {
	field := reflect.ValueOf(report).FieldByName("Derived")
	return field.IsValid() && field.Bool()
}

// Call makes one call and says what came of it, for each resource of the writer.
type Call func(ctx context.Context, client any, w Writer) []Result

// Caller is one call of a scenario.
type Caller struct {
	Process int // callers of one process share a client
	Writer  Writer
	Call    Call
}

// Rival is somebody else who writes once, whenever the explorer says so: in one step, on the newest state.
type Rival string

// The rivals.
const (
	RivalAdds   Rival = "rival-adds"   // a digit of its own
	RivalTags   Rival = "rival-tags"   // appends a tag of its own
	RivalSame   Rival = "rival-same"   // does what the first caller wants done
	RivalTwin   Rival = "rival-twin"   // adds what the first caller adds
	RivalRemove Rival = "rival-remove" // takes a member off that nobody else touches
	RivalUndoes Rival = "rival-undoes" // makes the state again that was before the newest
)

// Scenario is a small world.
type Scenario struct {
	Name    string
	Helper  string // under which it is counted
	API     law.API
	IDs     []string
	Callers []Caller
	Rivals  []Rival
	Client  func(transport http.RoundTripper, random func() float64) (any, error)
	// Probe makes one more call when all is over, to see that nothing is held: by a writer of its own, on the first resource.
	Probe Call
	// Reads gives the caller's copies. It is called before anything else, and nothing goes wrong with it.
	Reads     func(ctx context.Context, client any, ids []string) error
	Combining bool // a request may carry the edits of several callers of a process, and go on when one of them has left
	Forced    bool // what is sent is the same for any state, so that it may be sent again without a look
	Lanes     int  // 1: callers of one process wait for each other
	Symmetric bool // callers are alike, so that only one order of their first requests needs a look
}

// Start is the state that every resource begins with. The member keep is in no description.
const Start = `{"count":0,"tags":["first"],"keep":{"n":9007199254740993,"list":[1,2]}}`

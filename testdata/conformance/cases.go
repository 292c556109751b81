// Package conformance plays the cases of cases.yaml against a client: each is a script that a server follows on a virtual
// clock, and calls made meanwhile. It knows requests and answers, and nothing of how a client is made: every client that is
// to be proven has a driver beside its tests, the runtime as it stands in its folder as well as a generated package seen
// from outside.
package conformance

import (
	"bytes"
	_ "embed"
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed cases.yaml
var document []byte

// Case is one case of cases.yaml; the file says what its members mean.
type Case struct {
	Name   string
	API    string
	State  map[string]any
	Calls  []Call
	Script []step
	// Together starts the calls one after another without waiting for their ends.
	Together bool
	Applied  *int
	Final    map[string]any // members of the state at the end
	Budget   *int           // left in the budget for transport retries
}

// Call is one call of a case.
type Call struct {
	Helper   string
	Key      string
	Keys     []string // of a call about many resources
	Mutate   string
	Copy     string // revision of the caller's copy
	Desired  string // callback that makes of the copy what ThreeWay is to write
	Resolve  string // ours or theirs
	Handmade bool   // the copy has no raw answer
	Edited   bool   // the copy was changed by the caller
	Revision string // sent by a plain call
	Deadline time.Duration
	Options  []string
	Want     want
}

// ID is the resource that the call is about.
func (c Call) ID() string {
	if c.Key == "" {
		return "A"
	}
	return c.Key
}

type want struct {
	Outcome  string
	Revision string
	Unknown  bool // the revision is not known
	Errors   []string
	Not      []string
	Cause    string
	Path     string
	Panics   bool
	Runs     *int // of the callback
	Counts   map[string]int
	Result   map[string]any // members of info
	Paths    []string       // of a merge's conflicts
	Assumed  bool
	Derived  bool   // the result was seen by nobody
	Items    []want // of a call about many resources, one for each key
}

// step is one line of a script.
type step struct {
	do    string
	Sends map[string]any
	Keys  []string
	Same  bool
	Other bool
	Body  string
	Patch map[string]any
}

// UnmarshalYAML takes a line, or a mapping that says more about it.
func (s *step) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&s.do)
	}
	var m struct {
		Do    string
		Sends map[string]any
		Keys  []string
		Same  bool
		Other bool
		Body  string
		Patch map[string]any
	}
	if err := n.Decode(&m); err != nil {
		return err
	}
	*s = step{m.Do, m.Sends, m.Keys, m.Same, m.Other, m.Body, m.Patch}
	return nil
}

// Cases are all cases.
func Cases() ([]Case, error) {
	var file struct{ Cases []Case }
	d := yaml.NewDecoder(bytes.NewReader(document))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, c := range file.Cases {
		if seen[c.Name] {
			return nil, fmt.Errorf("%s is there twice", c.Name)
		}
		seen[c.Name] = true
	}
	return file.Cases, nil
}

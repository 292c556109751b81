//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// change is what a write sends so that the server's state becomes what the caller made of it.
type change struct {
	payload json.RawMessage // what goes to payload.send; nil when nothing changed
	paths   []string        // JSON pointers within the resource to what changed; an array is one value
	mask    []string        // payloadFields: the changed members of the payload
	gone    []string        // JSON pointers to what was removed by leaving it out of what is sent
}

// contractViolation is an edit that the write cannot express or that is not the caller's to make.
type contractViolation struct {
	path   string // JSON pointer within the resource
	reason string
}

// Error names the place; never the value, which may be personal data.
func (e *contractViolation) Error() string {
	return strings.TrimPrefix(e.path+" "+e.reason, " ")
}

// diff returns what to send. base is the resource as it was read, before what the typed model made of it, after what
// the caller made of that. Only a difference between the two typed forms is the caller's: the model may lose explicit
// nulls, empty objects and members it does not know, all of which base still has.
func (t *revisionTrait) diff(base, before, after []byte) (change, error) {
	v, err := parseStates(base, before, after)
	if err != nil {
		return change{}, err
	}
	d := &differ{trait: t}
	d.guardFixed(v)
	d.guardOutside(v)
	payload, changed := d.payload(v)
	switch {
	case d.violation != nil:
		return change{}, d.violation
	case !changed:
		return change{}, nil
	}
	return change{payload: payload.bytes(), paths: d.paths, mask: d.mask(), gone: d.gone}, nil
}

// states is one place of the resource in the three states a change is made from.
type states struct {
	base   *node // as it was read
	before *node // what the typed model made of base
	after  *node // what the caller made of before
}

func parseStates(base, before, after []byte) (states, error) {
	var v states
	for _, part := range []struct {
		name string
		doc  []byte
		to   **node
	}{{"resource", base, &v.base}, {"typed resource", before, &v.before}, {"changed resource", after, &v.after}} {
		n, err := parseNode(part.doc)
		if err != nil {
			return states{}, fmt.Errorf("%s: %w", part.name, err)
		}
		*part.to = n
	}
	return v, nil
}

// at returns the place p points at.
func (v states) at(p pointer) states {
	return states{base: p.find(v.base), before: p.find(v.before), after: p.find(v.after)}
}

// member returns the place of one member. Where the description has no null, a null of the typed form is Go's nil: a
// slice, map or pointer that is not there.
func (v states) member(name string, m role) states {
	return states{
		base:   v.base.member(name),
		before: m.settle(v.before.member(name)),
		after:  m.settle(v.after.member(name)),
	}
}

// item returns the place of one array element: element i as it was read and element j as it is now.
func (v states) item(i, j int) states {
	return states{base: v.base.items[i], before: v.before.items[i], after: v.after.items[j]}
}

// names returns the members that can end up in what is sent: those that were read in their order, then new ones.
func (v states) names() []string {
	var names []string
	if v.base.is(kindObject) {
		for _, e := range v.base.entries {
			names = append(names, e.name)
		}
	}
	for _, e := range v.after.entries {
		if v.base.position(e.name) < 0 {
			names = append(names, e.name)
		}
	}
	return names
}

// mask names the first-level members of the payload that changed, for servers that want to be told.
func (d *differ) mask() []string {
	if d.trait.payload.kind != payloadFields {
		return nil
	}
	var mask []string
	for _, path := range d.paths {
		rest := strings.TrimPrefix(path, d.root+"/")
		part, _, _ := strings.Cut(rest, "/")
		name, err := unescapeSegment(part)
		if err == nil && !slices.Contains(mask, name) {
			mask = append(mask, name)
		}
	}
	return mask
}

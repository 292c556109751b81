package model

import (
	"fmt"
	"sort"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
)

// rank is how good a claim to a name is; a lower one is served first.
type rank int

const (
	explicit  rank = iota // somebody wrote this name for us
	canonical             // the description's spelling is the name
	derived               // made from the description's spelling
)

// claim asks for a name.
type claim struct {
	forms []string // short to long; only the first when the rank is explicit
	rank  rank
	what  string // for complaints: "schema \"Foo\""
	pos   diag.Position
	taken func(name string) // told the name that was given
}

// namespace hands out identifiers, each once.
type namespace struct {
	owners   map[string]owner
	problems *diag.List
}

// owner is who holds a name; the zero position belongs to reserved ones.
type owner struct {
	what string
	pos  diag.Position
	rank rank
}

// newNamespace makes a namespace in which the reserved names are taken.
func newNamespace(problems *diag.List, reserved ...string) *namespace {
	ns := &namespace{owners: make(map[string]owner, len(reserved)), problems: problems}
	for _, name := range reserved {
		ns.owners[name] = owner{what: "the generated client itself", rank: explicit}
	}
	return ns
}

// reserve takes further names out of circulation.
func (ns *namespace) reserve(set map[string]bool) {
	for name := range set {
		ns.owners[name] = owner{what: "the generated client itself", rank: explicit}
	}
}

// give serves a batch of claims: better ranks first, equal ones in the order given.
func (ns *namespace) give(claims []claim) {
	ordered := append([]claim(nil), claims...)
	sort.SliceStable(ordered, func(i, j int) bool { return ordered[i].rank < ordered[j].rank })
	for _, c := range ordered {
		ns.giveOne(c)
	}
}

// maxName is how many bytes a name may have: more than anybody reads.
const maxName = 512

// giveOne gives the first free form, or complains.
func (ns *namespace) giveOne(c claim) {
	list := c.forms
	if c.rank == explicit {
		list = list[:1]
	}
	if long := list[0]; len(long) > maxName {
		ns.problems.Add(&diag.Problem{Pos: c.pos, Message: fmt.Sprintf("the Go name %s would be %d bytes long, and %d are the most", diag.Quote(long), len(long), maxName), Help: "choose a shorter name"})
		c.taken(long[:maxName])
		return
	}
	for _, name := range list {
		if _, held := ns.owners[name]; !held {
			ns.owners[name] = owner{what: c.what, pos: c.pos, rank: c.rank}
			c.taken(name)
			return
		}
	}
	ns.complain(c, list)
	c.taken(list[len(list)-1])
}

// complain reports a claim that could not be met, and who stands in its way.
func (ns *namespace) complain(c claim, list []string) {
	held := ns.owners[list[0]]
	at := ""
	if place := held.pos.String(); place != "" {
		at = " at " + place
	}
	ns.problems.Add(&diag.Problem{
		Pos:     c.pos,
		Message: c.what + " wants the Go name " + list[0] + ", which belongs to " + held.what + at,
		Help:    "give one of them another name",
	})
}

// rankOf tells a canonical spelling from one that had to be changed.
func rankOf(spelling, name string) rank {
	if spelling == name {
		return canonical
	}
	return derived
}

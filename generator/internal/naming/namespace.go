package naming

import (
	"fmt"
	"sort"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
)

// Rank is how good a claim to a name is; a lower one is served first.
type Rank int

// The ranks, the best first.
const (
	Explicit  Rank = iota // somebody wrote this name for us
	Canonical             // the description's spelling is the name
	Derived               // made from the description's spelling
)

// Claim asks for a name.
type Claim struct {
	Forms []string // short to long; only the first when the rank is explicit
	Rank  Rank
	What  string // for complaints: "schema \"Foo\""
	Pos   diag.Position
	Taken func(name string) // told the name that was given
}

// Namespace hands out identifiers, each once.
type Namespace struct {
	owners   map[string]owner
	problems *diag.List
}

// owner is who holds a name; the zero position belongs to reserved ones.
type owner struct {
	what string
	pos  diag.Position
	rank Rank
}

// New makes a namespace in which the reserved names are taken.
func New(problems *diag.List, reserved ...string) *Namespace {
	ns := &Namespace{owners: make(map[string]owner, len(reserved)), problems: problems}
	for _, name := range reserved {
		ns.owners[name] = owner{what: theClient, rank: Explicit}
	}
	return ns
}

// Reserve takes further names out of circulation.
func (ns *Namespace) Reserve(set map[string]bool) {
	for name := range set {
		ns.owners[name] = owner{what: theClient, rank: Explicit}
	}
}

// Give serves a batch of claims: better ranks first, equal ones in the order given.
func (ns *Namespace) Give(claims []Claim) {
	ordered := append([]Claim(nil), claims...)
	sort.SliceStable(ordered, func(i, j int) bool { return ordered[i].Rank < ordered[j].Rank })
	for _, c := range ordered {
		ns.giveOne(c)
	}
}

// HoldsMade tells whether a name belongs to something that was made of the description, rather than to the client itself.
func (ns *Namespace) HoldsMade(name string) bool {
	o, held := ns.owners[name]
	return held && o.what != theClient
}

// theClient owns what is reserved.
const theClient = "the generated client itself"

// maxName is how many bytes a name may have: more than anybody reads.
const maxName = 512

// giveOne gives the first free form, or complains.
func (ns *Namespace) giveOne(c Claim) {
	list := c.Forms
	if c.Rank == Explicit {
		list = list[:1]
	}
	if long := list[0]; len(long) > maxName {
		ns.problems.Add(&diag.Problem{Pos: c.Pos, Message: fmt.Sprintf("the Go name %s would be %d bytes long, and %d are the most",
			diag.Quote(long), len(long), maxName), Help: "choose a shorter name"})
		c.Taken(long[:maxName])
		return
	}
	for _, name := range list {
		if _, held := ns.owners[name]; !held {
			ns.owners[name] = owner{what: c.What, pos: c.Pos, rank: c.Rank}
			c.Taken(name)
			return
		}
	}
	ns.complain(c, list)
	c.Taken(list[len(list)-1])
}

// complain reports a claim that could not be met, and who stands in its way.
func (ns *Namespace) complain(c Claim, list []string) {
	held := ns.owners[list[0]]
	at := ""
	if place := held.pos.String(); place != "" {
		at = " at " + place
	}
	ns.problems.Add(&diag.Problem{
		Pos:     c.Pos,
		Message: c.What + " wants the Go name " + list[0] + ", which belongs to " + held.what + at,
		Help:    "give one of them another name",
	})
}

// RankOf tells a canonical spelling from one that had to be changed.
func RankOf(spelling, name string) Rank {
	if spelling == name {
		return Canonical
	}
	return Derived
}

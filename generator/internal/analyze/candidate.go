package analyze

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
)

// Nothing is made of what is found here. A description that lets writes carry a token seldom says so in words a program can be
// sure of, and never says how a conflict shows; so a candidate is only shown, with what speaks for it.
//
// Two patterns count: an If-Match header and something to send in it; and a member or a query parameter that is called like a
// token, is found again in the answer of a read, and is required or described as what it is. "version" alone is no evidence:
// most versions are of APIs, packages and files. One that the operation's own text names counts most: beside the token of what is
// written there may be others, of what it is made of (elements.go).

// explainUnguarded says why a write has no revision-aware helpers.
func (b *builder) explainUnguarded(o *operation) {
	sends := o.sends()
	if len(sends) == 0 || sends[0].rank == byElement {
		o.Unguarded = "no x-contactsgen-revision, and nothing in its request looks like a concurrency token"
		return
	}
	for _, read := range b.readsOf(o) {
		for _, s := range sends {
			if token, ok := s.sourceIn(read); ok && s.rank != byElement && !s.isOfAnother(o, read) {
				o.Candidate = &api.Candidate{Read: read.Operation, Token: token, Send: s.Location, Reply: s.reply(o), Reason: s.evidence, PassedOver: s.passedOver(sends)}
				o.Unguarded = fmt.Sprintf("no x-contactsgen-revision; candidate: %s (%s), read by %s as %s", s.Location, s.evidence, read.ID, token)
				for _, p := range o.Candidate.PassedOver {
					o.Unguarded += "; passed over: " + p
				}
				return
			}
		}
	}
	o.Unguarded = fmt.Sprintf("no x-contactsgen-revision; %s looks like a concurrency token (%s), but no operation was found that reads it", sends[0].Location, sends[0].evidence)
}

// sending is a place in a request that looks like a token's.
type sending struct {
	api.Location
	name     string
	evidence string
	rank     int
	write    *operation
}

// How certain it is that something is a token, the most certain first. What only an element of a list is called counts as a token of that element.
const (
	byPrecondition = iota
	byText
	byDescription
	byRequirement
	byName
	byElement
)

// evidences are the words for it.
var evidences = []string{"it makes a write conditional", "the operation's description names it", "described as a concurrency token", "required", "by its name", "by its name, in an element of a list"}

// sends lists the places in an operation's request that look like a token's, the most certain first.
func (o *operation) sends() []sending {
	var out []sending
	add := func(at api.Location, name string, rank int, ok bool) {
		if ok {
			out = append(out, sending{at, name, evidences[rank], rank, o})
		}
	}
	for _, p := range o.params {
		at := api.Location{In: p.In, Name: p.Name, Pos: p.Pos}
		switch {
		case p.In == api.InHeader && strings.EqualFold(p.Name, "If-Match"):
			add(at, "etag", byPrecondition, true)
		case p.In == api.InQuery || p.In == api.InHeader:
			rank, ok := evidence(p.Name, p.Required, p.Doc)
			add(at, p.Name, rank, ok)
		}
	}
	visit(o.bodyType(), nil, o.element, func(path []api.Step, f *api.Field) {
		rank, ok := evidence(f.Name, f.Required, f.Doc)
		switch {
		case o.speaksOf(path) && endsInWord(f.Name, tokenWords):
			rank, ok = byText, true
		case rank == byName && slices.ContainsFunc(path, func(s api.Step) bool { return s.Filter }):
			rank = byElement
		}
		add(api.Location{In: api.InBody, At: api.Pointer(path), Pos: f.Pos}, f.Name, rank, ok && isPlain(f.Type))
	})
	slices.SortStableFunc(out, func(x, y sending) int { return x.rank - y.rank })
	return out
}

// passedOver says of other places that look like a token's why they are not it.
func (s sending) passedOver(all []sending) []string {
	var out []string
	for _, other := range all {
		if other.Location != s.Location {
			out = append(out, fmt.Sprintf("%s (%s): %s speaks for the other", other.Location, other.evidence, why[s.rank]))
		}
	}
	return out
}

// why words what speaks for a candidate against others.
var why = []string{"the header that makes the write conditional", "the text of the operation", "its description", "that it is required", "that it stands nearer to the top"}

// tokenWords end the names of concurrency tokens; weakWords end those of many other things as well.
var (
	tokenWords = naming.Set("revision", "etag", "fingerprint", "locktoken", "changetoken", "conflicttoken", "concurrencytoken",
		"resourceversion", "rowversion", "lockversion", "revisionid", "revisionnumber")
	weakWords = naming.Set("version", "versionnumber", "generation", "timestamp", "sha")
	speaks    = regexp.MustCompile(`(?i)concurren|conflict|optimistic|stale|overwrit|lost update|since (it was|the) (last )?read|has(n't| not)? (been )?(changed|modified)`)
)

// evidence says how much speaks for a member being a token; false when nothing does.
func evidence(name string, required bool, doc string) (rank int, ok bool) {
	strong := endsInWord(name, tokenWords)
	said := speaks.MatchString(doc)
	switch {
	case !strong && !endsInWord(name, weakWords):
		return 0, false
	case said:
		return byDescription, true
	case strong && required:
		return byRequirement, true
	case strong && strings.EqualFold(name, "etag"):
		return byName, true
	}
	return 0, false
}

// endsInWord tells whether the last word of a name, or the last two together, are in a set.
func endsInWord(name string, set map[string]bool) bool {
	list := naming.Words(name)
	if len(list) == 0 {
		return false
	}
	last := strings.ToLower(list[len(list)-1])
	if len(list) > 1 && set[strings.ToLower(list[len(list)-2])+last] { // "lockToken", "eTag"
		return true
	}
	return set[last]
}

// readsOf lists the operations that may read what a write writes, the nearest path first.
func (b *builder) readsOf(o *operation) []*operation {
	var out []*operation
	for _, r := range b.operations {
		if r.Method == "GET" && r.Result.Kind == api.ResultJSON && o.nearness(r) > 0 {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(x, y *operation) int { return o.nearness(y) - o.nearness(x) })
	return out
}

// nearness says how likely a read is of what a write writes: one of the same path (but a list of what a POST adds to is none, nor is
// the read of what it adds), one of a path above it, or one beside it, below the same thing.
func (o *operation) nearness(r *operation) int {
	const same, near = 1000, 1
	if r.Path == o.Path {
		adds := o.Method == "POST" && !strings.HasSuffix(o.Path, "}")
		if adds && (o.Result.Type == nil || o.Result.Type.Underlying() != r.Result.Type.Underlying()) {
			return 0
		}
		return same
	}
	mine, its := segments(o.Path), segments(r.Path)
	if o.Method == "POST" && len(its) == len(mine)+1 && slices.Equal(mine, its[:len(mine)]) && strings.HasPrefix(its[len(mine)], "{") {
		return 0 // it makes one of those that are read
	}
	shared := 0
	for shared < min(len(mine), len(its)) && mine[shared] == its[shared] {
		shared++
	}
	thing := 0
	for i, s := range mine {
		if strings.Contains(s, "{") {
			thing = i + 1
		}
	}
	switch {
	case shared == len(its) && len(its) >= max(thing, 2):
		return near + shared*2
	case thing > 0 && shared >= thing:
		return near + shared
	}
	return 0
}

// segments splits a path; a verb behind a parameter ("{name}:undelete") is a segment of its own.
func segments(path string) []string {
	return strings.Split(strings.ReplaceAll(path, "}:", "}/:"), "/")
}

// isOfAnother tells whether a write answers with a token too, and with another kind of thing than a read: then they are not
// about the same.
func (s sending) isOfAnother(write, read *operation) bool {
	return s.In == api.InBody && s.reply(write).In != api.Nowhere && write.answer.Underlying() != read.answer.Underlying() &&
		write.Result.Type.Underlying() != read.Result.Type.Underlying()
}

// sourceIn finds where a read's answer has what is sent: in an ETag header, at the same place, or under the same name.
func (s sending) sourceIn(read *operation) (api.Location, bool) {
	if s.In == api.InHeader {
		for _, h := range read.answerHeaders {
			if strings.EqualFold(h.Name, "ETag") {
				return api.Location{In: api.InHeader, Name: h.Name, Pos: read.Pos}, true
			}
		}
	}
	var found []api.Location
	visit(read.answer, nil, s.write.element, func(path []api.Step, f *api.Field) {
		if s.reads(path, f) {
			found = append(found, api.Location{In: api.InBody, At: api.Pointer(path), Pos: f.Pos})
		}
	})
	for _, at := range found {
		if at.At == s.At || at.At == read.Result.At+s.At {
			return at, true
		}
	}
	if len(found) == 0 {
		return api.Location{}, false
	}
	return found[0], true
}

// reads tells whether a member of an answer is what is sent.
func (s sending) reads(path []api.Step, f *api.Field) bool {
	if !isPlain(f.Type) {
		return false
	}
	name := strings.ToLower(f.Name)
	switch {
	case s.In == api.InHeader && s.name == "etag":
		return endsInWord(f.Name, tokenWords)
	case strings.EqualFold(s.name, f.Name):
		return true
	case len(path) > 1 && strings.EqualFold(path[len(path)-2].Name, s.name):
		return name == "index" || name == "number" || name == "value" // a version that is an object
	}
	return strings.HasSuffix(strings.ToLower(s.name), name) && endsInWord(f.Name, tokenWords) // targetThingRevision <- revision
}

// reply finds the token in the write's answer.
func (s sending) reply(o *operation) api.Location {
	at, _ := s.sourceIn(o)
	return at
}

// isPlain tells whether a token can be of a type.
func isPlain(t *api.Type) bool {
	t = t.Underlying()
	return t.Kind == api.KindScalar && t.Go != "bool" && t.Go != "float64"
}

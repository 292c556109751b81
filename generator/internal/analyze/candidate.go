package analyze

import (
	"fmt"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// Nothing is made of what is found here. A description that lets writes carry a token seldom says so in words a program can be
// sure of, and hardly ever how a conflict shows; so a candidate is only shown, with what speaks for it.
//
// A place in a request is a candidate when a read answers what is sent there, when what is read is what is written (candidate_reads.go),
// and when enough speaks for it (candidate_names.go). One that the operation's own text names counts most: beside the token of what is
// written there may be others, of what it is made of (candidate_elements.go).

// suggestRevisions finds the tokens that writes seem to carry. What was found for one speaks for another that sends the same, and against
// one that sends something else; so those are found first for which much speaks by itself.
func (b *builder) suggestRevisions() {
	known := tokensOf{}
	for _, enough := range []int{threshold + 1, threshold} {
		for _, o := range b.operations {
			if o.Candidate == nil && o.Bulk == nil && o.Revision == nil && o.isWrite() && !b.has(o.node, "x-revision") && !b.has(o.node, "x-bulk") {
				b.explainUnguarded(o, known, enough)
			}
		}
	}
}

// explainUnguarded says why a write has no revision-aware helpers.
func (b *builder) explainUnguarded(o *operation, known tokensOf, enough int) {
	sends := o.sends()
	for _, read := range b.readsOf(o) {
		for _, s := range sends {
			source, ok := s.sourceIn(read)
			if !ok || !s.isOf(read, b) || source.undeclared && !b.mayTag(o, read, source.Name) {
				continue
			}
			if clues := s.clues(source, known); sum(clues) >= enough {
				known[read] = append(known[read], source.Location)
				b.candidate(o, read, s, source, clues, sends)
				return
			}
		}
	}
	o.Unguarded = "no x-contactsgen-revision, and nothing in its request looks like a concurrency token"
	for _, s := range sends {
		if clues := s.clues(tokenSource{}, nil); sum(clues) >= threshold {
			o.Unguarded = fmt.Sprintf("no x-contactsgen-revision; %s looks like a concurrency token (%s), but %s",
				s.Location, reasonOf(clues), b.whyNot(o, s, known))
			return
		}
	}
}

// whyNot says why a place that looks like a token's is no candidate.
func (b *builder) whyNot(o *operation, s sending, known tokensOf) string {
	for _, read := range b.readsOf(o) {
		if source, ok := s.sourceIn(read); ok && len(known[read]) > 0 && !slices.Contains(known[read], source.Location) {
			return fmt.Sprintf("another write of what %s reads sends back %s", read.ID, known[read][0])
		}
	}
	return "no operation was found that reads it"
}

// mayTag tells whether a header that is not declared may come with what a read answers: no read of the description declares it, and none
// has what the write wants of it in its body; and the write does not answer with something else.
func (b *builder) mayTag(o, read *operation, header string) bool {
	if o.Path != read.Path && o.answer != nil && !alike(o.resource(), read.resource()) {
		return false
	}
	return !slices.ContainsFunc(b.operations, func(r *operation) bool {
		if r.Method != "GET" || r.answer == nil {
			return false
		}
		_, declared := r.headerNamed(header)
		return declared || header == "ETag" && r.resource() != read.resource() && r.resource().FieldNamed("etag") != nil
	})
}

// candidate notes what was found.
func (b *builder) candidate(o, read *operation, s sending, source tokenSource, clues []clue, all []sending) {
	c := &api.Candidate{Read: read.Operation, Next: s.isNext(), Reason: reasonOf(clues), PassedOver: s.passedOver(all)}
	for _, part := range append([]sending{s}, s.companions(all, read, source)...) {
		from, _ := part.sourceIn(read)
		c.Tokens = append(c.Tokens, api.TokenPart{Read: from.Location, Send: part.Location, Reply: part.reply(o)})
		if from.undeclared {
			c.Undeclared = append(c.Undeclared, api.Undeclared{Header: from.Name, Answer: read.answerNode.JSONPath()})
		}
	}
	c.Payload = o.payloadFor(read, c)
	c.Conflict, c.Refusals = o.refusals(s)
	o.Candidate = c
	o.Unguarded = fmt.Sprintf("no x-contactsgen-revision; candidate: %s (%s), read by %s as %s", s.Location, c.Reason, read.ID,
		source.Location)
	for _, p := range c.PassedOver {
		o.Unguarded += "; passed over: " + p
	}
}

// tokensOf are the tokens that were found, by what reads them.
type tokensOf map[*operation][]api.Location

// sending is a place in a request that may be a token's.
type sending struct {
	api.Location
	name  tokenName
	rank  int
	doc   string
	said  []clue // what the request says for it
	write *operation
}

// How a place shows that it is a token's, the most certain first.
const (
	byPrecondition = iota
	byText
	byDescription
	byRequirement
	byName
	byElement
)

// why words what speaks for a candidate against others.
var why = []string{"the header that makes the write conditional", "the text of the operation", "its description", "that it is required",
	"that it stands nearer to the top", ""}

// passedOver says of other places that look like a token's why they are not it.
func (s sending) passedOver(all []sending) []string {
	var out []string
	for _, other := range all {
		if other.Location != s.Location && other.name.kind == tokenOnly && !s.accompanies(other) {
			out = append(out, fmt.Sprintf("%s (%s): %s speaks for the other", other.Location, reasonOf(other.said), why[s.rank]))
		}
	}
	return out
}

// sends lists the places in an operation's request that may be a token's, the most certain first.
func (o *operation) sends() []sending {
	var out []sending
	for _, p := range o.params {
		if p.In == api.InQuery || p.In == api.InHeader {
			s := sending{Location: api.Location{In: p.In, Name: p.Name, Pos: p.Pos}, name: readTokenName(p.Name, "", o), doc: p.Doc, write: o}
			out = s.add(out, p.Required, p.Type)
		}
	}
	visit(o.bodyType(), nil, o.element, func(path []api.Step, f *api.Field) {
		s := sending{Location: api.Location{In: api.InBody, At: api.Pointer(path), Pos: f.Pos}, name: readTokenName(f.Name, outer(path), o),
			doc: f.Doc, write: o}
		switch {
		case !isPlain(f.Type):
			return
		case o.speaksOf(path) && s.name.kind == tokenOnly:
			s.rank, s.said = byText, []clue{{certain, "the operation's description names it"}}
		case slices.ContainsFunc(path, func(s api.Step) bool { return s.Filter }):
			s.rank = byElement // it may be the token of that element
		}
		if f.ReadOnly && s.rank != byText && !speaks.MatchString(f.Doc) {
			s.said = append(s.said, clue{-certain, ""})
		}
		out = s.add(out, f.Required, f.Type)
	})
	slices.SortStableFunc(out, func(x, y sending) int {
		if x.rank != y.rank {
			return x.rank - y.rank
		}
		return sum(y.said) - sum(x.said)
	})
	return out
}

// outer gives the name of the member that holds the last one of a path.
func outer(path []api.Step) string {
	if list := memberNames(path); len(list) > 1 {
		return list[len(list)-2]
	}
	return ""
}

// companions are the other parts of a token: what is conditional in the same way, and is read beside it.
func (s sending) companions(all []sending, read *operation, source tokenSource) []sending {
	var out []sending
	for _, other := range all {
		from, ok := other.sourceIn(read)
		if ok && other.Location != s.Location && other.accompanies(s) && parentOf(from.At) == parentOf(source.At) &&
			from.Location != source.Location {
			out = append(out, other)
		}
	}
	return out
}

// accompanies tells whether two places are parts of one token: "if_seq_no" and "if_primary_term".
func (s sending) accompanies(other sending) bool {
	return s.In == other.In && s.In != api.InHeader && s.name.condition != "" && s.name.condition == other.name.condition &&
		s.name.kind != anyName && other.name.kind != anyName
}

func parentOf(pointer string) string { return pointer[:max(strings.LastIndexByte(pointer, '/'), 0)] }

// isPlain tells whether a token can be of a type.
func isPlain(t *api.Type) bool {
	t = t.Underlying()
	return t.Kind == api.KindScalar && t.Go != "bool"
}

// reply finds the token in the write's answer.
func (s sending) reply(o *operation) api.Location {
	at, _ := s.sourceIn(o)
	if at.undeclared {
		return api.Location{}
	}
	return at.Location
}

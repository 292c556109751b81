package analyze

import (
	"slices"
	"strconv"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
)

// readsOf lists the operations that may read what a write writes, the nearest path first.
func (b *builder) readsOf(o *operation) []*operation {
	var out []*operation
	for _, r := range b.operations {
		isThing := r.Result.Kind == api.ResultJSON && r.Result.Type.Underlying().HasFields() && r.Paging == nil && r.PagingCandidate == nil &&
			r.Body == nil
		if many, _ := r.listing(); many {
			isThing = false // its token would be that of the list
		}
		if r.Method == "GET" && isThing && len(r.PathParams) <= len(o.PathParams) && o.nearness(r) > 0 {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(x, y *operation) int {
		if nearer := o.nearness(y) - o.nearness(x); nearer != 0 {
			return nearer
		}
		return len(x.Required) - len(y.Required) // one that is told less answers more
	})
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
	switch {
	case shared == len(its) && len(its) >= 2:
		return near + shared*2
	case shared > 2 && strings.Contains(mine[shared-1], "{") && len(its) == shared+1 && len(mine) == shared+1 &&
		!strings.Contains(its[shared], "{"):
		return near + shared
	}
	return 0
}

// segments splits a path; a verb behind a parameter ("{name}:undelete") is a segment of its own.
func segments(path string) []string {
	return strings.Split(strings.ReplaceAll(path, "}:", "}/:"), "/")
}

// isOf tells whether what a read answers is what is written, so that its token is that of the write and no other's.
func (s sending) isOf(read *operation, b *builder) bool {
	o := s.write
	if s.In == api.InBody && s.reply(o).In != api.Nowhere && o.answer != nil && !alike(o.resource(), read.resource()) {
		return false // it answers with the token of another kind of thing
	}
	if s.isOfPart(read, b) {
		return false
	}
	if o.Path == read.Path {
		return true
	}
	if o.adds(b) {
		return false
	}
	if o.answer != nil && o.resource().HasFields() && alike(o.resource(), read.resource()) || s.names(read) {
		return true
	}
	mine, its := segments(o.Path), segments(read.Path)
	if len(its) > len(mine) || !slices.Equal(mine[:len(its)], its) {
		return alike(o.sentThing(s), read.resource())
	}
	// An action, or a part, of the one thing that the read answers: no part that is one of many, nor one of what is read by itself.
	rest := mine[len(its):]
	return !slices.ContainsFunc(rest, func(p string) bool { return strings.Contains(p, "{") }) && strings.HasSuffix(read.Path, "}") &&
		!slices.ContainsFunc(b.operations, func(r *operation) bool {
			if _, tagged := r.headerNamed("ETag"); r.Path == o.Path {
				return r.Method == "GET" && (s.rank != byPrecondition || tagged) && o.Method != "POST"
			}
			return r.Method == "GET" && strings.HasPrefix(r.Path, read.Path+"/") && strings.HasPrefix(o.Path, r.Path+"/")
		}) &&
		!(o.Method == "POST" && slices.ContainsFunc(b.operations, func(r *operation) bool { return strings.HasPrefix(r.Path, o.Path+"/{") }))
}

// isOfPart tells whether a place in a body is within a part that is read by itself, below what the read answers.
func (s sending) isOfPart(read *operation, b *builder) bool {
	holder := strings.Join(lowerWords(parentOf(s.At)[strings.LastIndexByte(parentOf(s.At), '/')+1:]), "")
	return holder != "" && slices.ContainsFunc(b.operations, func(r *operation) bool {
		part, below := strings.CutPrefix(r.Path, read.Path+"/")
		return below && r.Method == "GET" && strings.HasSuffix(read.Path, "}") && strings.Join(lowerWords(part), "") == holder
	})
}

// adds tells whether an operation adds to what is listed or read below its path.
func (o *operation) adds(b *builder) bool {
	return o.Method == "POST" && !strings.HasSuffix(o.Path, "}") && slices.ContainsFunc(b.operations, func(r *operation) bool {
		many, _ := r.listing()
		return r.Method == "GET" && (r.Path == o.Path && (many || r.Paging != nil || r.PagingCandidate != nil) ||
			strings.HasPrefix(r.Path, o.Path+"/{"))
	})
}

// names tells whether the name or the description of what is sent names what the read answers: "the version of the cart", "cartVersion".
func (s sending) names(read *operation) bool {
	nouns := read.nouns()
	if s.name.extra != "" && slices.Contains(nouns, s.name.extra) {
		return true
	}
	said := lowerWords(s.doc)
	return slices.ContainsFunc(nouns, func(noun string) bool { return len(noun) > 2 && slices.Contains(said, noun) })
}

// nouns are the words for what an operation is about: its resource's type, and the last fixed part of its path in the singular.
func (o *operation) nouns() []string {
	var out []string
	if t := o.resource(); t != nil && t.Name != "" {
		out = append(out, strings.ToLower(t.Name))
	}
	list := segments(o.Path)
	for i := len(list) - 1; i >= 0; i-- {
		if words := lowerWords(list[i]); !strings.Contains(list[i], "{") && len(words) > 0 {
			words[len(words)-1] = naming.Singular(words[len(words)-1])
			return append(out, strings.Join(words, ""))
		}
	}
	return out
}

// resource gives the type of what an operation answers about: its result, or what an envelope holds. It is nil when it answers no JSON.
func (o *operation) resource() *api.Type {
	if o.answer == nil || o.Result.Type == nil {
		return nil
	}
	if o.Result.At == "" {
		if f := envelope(o.answer.Underlying()); f != nil {
			return f.Type.Underlying()
		}
	}
	return o.Result.Type.Underlying()
}

// sentThing gives the type of the object that a place in the body is a member of.
func (o *operation) sentThing(s sending) *api.Type {
	if s.In != api.InBody || o.bodyType() == nil {
		if t := o.bodyType(); t != nil {
			return t.Underlying()
		}
		return nil
	}
	return o.bodyType().At(parentOf(s.At))
}

// furniture is what answers have beside what they are about.
var furniture = naming.Set("errors", "error", "warnings", "warning", "meta", "metadata", "links", "status", "success", "message",
	"messages", "request_id", "requestid", "code", "ok", "debug",
	"trace_id", "traceid", "pagination", "paging", "jsonapi", "included", "timestamp")

// envelope gives the only member of an answer that is an object, if the others are furniture; nil if it is no envelope.
func envelope(t *api.Type) *api.Field {
	var found *api.Field
	for _, f := range t.Fields {
		switch {
		case furniture[strings.ToLower(strings.TrimLeft(f.Name, "_"))]:
		case found == nil && f.Type.Underlying().Kind == api.KindStruct && f.Type.Underlying().Values == nil:
			found = f
		default:
			return nil
		}
	}
	return found
}

// alike tells whether two objects are of the same kind: of one type, or with three quarters of the members of the smaller.
func alike(x, y *api.Type) bool {
	if x == nil || y == nil {
		return false
	}
	if x, y = x.Underlying(), y.Underlying(); x == y {
		return true
	}
	if len(x.Fields) > len(y.Fields) {
		x, y = y, x
	}
	shared := 0
	for _, f := range x.Fields {
		if y.FieldNamed(f.Name) != nil {
			shared++
		}
	}
	return shared >= 2 && 4*shared >= 3*len(x.Fields)
}

// tokenSource is where a read answers a token.
type tokenSource struct {
	api.Location
	read       *operation
	doc        string
	undeclared bool // it is a header that HTTP lets it have, and that its description leaves out
}

// sourceIn finds where an answer has what is sent: in a header, at the same place, or under the same name.
func (s sending) sourceIn(read *operation) (tokenSource, bool) {
	header := map[string]string{"if-match": "ETag", "if-unmodified-since": "Last-Modified"}[strings.ToLower(s.Name)]
	if s.In != api.InHeader {
		header = ""
	}
	if at, ok := read.headerNamed(header); ok && header != "" {
		return at, true
	}
	var found []tokenSource
	visit(read.answer, nil, s.write.element, func(path []api.Step, f *api.Field) {
		if s.reads(path, f, read) {
			found = append(found, tokenSource{Location: api.Location{In: api.InBody, At: api.Pointer(path), Pos: f.Pos}, doc: f.Doc, read: read})
		}
	})
	for _, at := range found {
		if at.At == s.At || at.At == read.Result.At+s.At {
			return at, true
		}
	}
	if len(found) > 0 {
		return found[0], true
	}
	if s.In == api.InHeader && header == "" {
		return read.headerNamed(s.Name)
	}
	if header == "" || !read.isWhole() {
		return tokenSource{}, false
	}
	return tokenSource{Location: api.Location{In: api.InHeader, Name: header, Pos: read.Pos}, read: read, undeclared: true}, true
}

// headerNamed finds a header that an answer declares.
func (o *operation) headerNamed(name string) (tokenSource, bool) {
	for _, h := range o.answerHeaders {
		if strings.EqualFold(h.Name, name) || strings.EqualFold("X-"+h.Name, name) {
			return tokenSource{Location: api.Location{In: api.InHeader, Name: h.Name, Pos: o.Pos}, read: o}, true
		}
	}
	return tokenSource{}, false
}

// isWhole tells whether an answer is that of one thing, so that its header would be about it.
func (o *operation) isWhole() bool {
	return o.answerNode.JSONPath() != "" && o.Method == "GET"
}

// reads tells whether a member of an answer is what is sent.
func (s sending) reads(path []api.Step, f *api.Field, read *operation) bool {
	if !isPlain(f.Type) || f.WriteOnly {
		return false
	}
	its := readTokenName(f.Name, outer(path), read)
	switch {
	case s.rank == byPrecondition && s.name.base == "etag":
		return its.kind == tokenOnly && its.base != "seqno" && its.base != "primaryterm" || its.kind != anyName && namesIn(s.doc, f.Name)
	case s.rank == byPrecondition:
		return false
	case s.In == api.InBody && api.Pointer(path) == s.At, strings.EqualFold(s.Name, f.Name):
		return true
	case its.kind == anyName && its.base == s.name.base:
		return s.name.base != ""
	case its.kind == anyName:
		return false
	case its.base == s.name.base, its.base == s.name.base+"number", its.base == s.name.base+"index", its.base+"number" == s.name.base:
		return true
	case s.name.extra != "" && its.extra == "" && s.name.base == s.name.extra+its.base:
		return harmlessOrOf(s.name.extra, read)
	case s.name.extra == "" && its.extra != "" && its.base == its.extra+s.name.base:
		return harmlessOrOf(its.extra, read)
	}
	return s.name.base == "cas" && namesIn(s.doc, f.Name)
}

// harmlessOrOf tells whether a word before a token's says no more than which resource it is of: the one that is read.
func harmlessOrOf(extra string, read *operation) bool {
	for w := range harmlessWords {
		if rest, ok := strings.CutPrefix(extra, w); ok && (rest == "" || slices.Contains(read.nouns(), rest)) {
			return true
		}
	}
	return slices.Contains(read.nouns(), extra)
}

// namesIn tells whether a text has a name as a word.
func namesIn(text, name string) bool {
	fields := strings.FieldsFunc(text, func(r rune) bool { return !naming.IsAlnum(r) && r != '_' })
	return slices.ContainsFunc(fields, func(w string) bool { return strings.EqualFold(w, name) })
}

func statusText(status int) string { return strconv.Itoa(status) }

// firstLine gives the first line of a text, in quotes; "" of none.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	if line == "" {
		return ""
	}
	return strconv.Quote(line)
}

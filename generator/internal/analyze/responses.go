package analyze

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// readBody reads the request body. JSON is preferred, then forms (form.go); anything else is a stream that is sent as it is.
func (b *builder) readBody(o *operation, hint string) {
	if !o.node.Has("requestBody") {
		return
	}
	n, err := o.node.Get("requestBody").Follow()
	if err != nil {
		o.problems.Merge(err)
		return
	}
	media := n.Get("content").Members()
	if len(media) == 0 {
		return
	}
	best := media[0]
	for _, m := range media[1:] {
		if preference(m.Key) < preference(best.Key) {
			best = m
		}
	}
	if key, ok := strings.CutPrefix(n.Pointer(), "/components/requestBodies/"); ok {
		hint = naming.Exported(jsonpointer.Unescape(key))
	}
	if !strings.HasSuffix(hint, "Request") {
		hint += "Request"
	}
	if base, _, _ := mime.ParseMediaType(best.Key); strings.HasPrefix(base, "multipart/") && base != "multipart/form-data" {
		o.problems.Add(&diag.Problem{Pos: best.KeyPos, Message: "the request body is " + diag.Quote(best.Key) +
			", whose parts the client cannot write",
			Help: "of the multipart types there is multipart/form-data"})
		return
	}
	for _, m := range media {
		if m.Key != best.Key {
			b.api.Notes = append(b.api.Notes, &diag.Problem{Pos: m.KeyPos, Message: fmt.Sprintf("%s sends its body as %s, and never as %s", o.ID,
				best.Key, m.Key),
				Help: "leave out the one that is not wanted with an overlay"})
		}
	}
	o.Body = &api.Body{ContentType: best.Key, Encoding: encodings[preference(best.Key)], GoName: "request", Doc: docOf(n)}
	o.Body.Required, _ = n.Get("required").Bool()
	if o.Body.Encoding == api.BodyJSON && b.isFile(best.Value.Get("schema"), "") {
		o.Body.Encoding = api.BodyStream
	}
	switch o.Body.Encoding {
	case api.BodyStream:
	case api.BodyMultipart:
		o.Body.Form = b.readForm(o, best.Value, hint)
	case api.BodyForm:
		o.Body.Styles = b.readStyles(best.Value)
		fallthrough
	default:
		u := b.schema(best.Value.Get("schema"), hint)
		o.Body.Type, o.Body.Nullable = u.Type, u.Nullable
	}
	if strings.HasSuffix(o.Body.ContentType, "/*") {
		o.Body.ContentType = "application/json"
		if o.Body.Encoding == api.BodyStream {
			o.Body.ContentType = "application/octet-stream"
		}
	}
}

// encodings gives how a body is written, by its preference.
var encodings = []api.BodyEncoding{api.BodyJSON, api.BodyJSON, api.BodyJSON, api.BodyForm, api.BodyMultipart, api.BodyStream}

// preference says how well a media type suits a typed client; lower is better.
func preference(mediaType string) int {
	base, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		base = strings.ToLower(strings.TrimSpace(mediaType))
	}
	switch {
	case base == "application/json":
		return 0
	case strings.HasSuffix(base, "+json") || base == "text/json":
		return 1
	case base == "*/*" || base == "application/*":
		return 2
	case base == "application/x-www-form-urlencoded":
		return 3
	case base == "multipart/form-data":
		return 4
	}
	return 5
}

// isJSON tells whether a media type is one we decode.
func isJSON(mediaType string) bool { return preference(mediaType) <= 2 }

// answered is one declared successful answer.
type answered struct {
	status  string
	node    source.Node
	media   string
	schema  source.Node
	example source.Node
	hasBody bool
}

// readAnswers reads the declared answers and decides what the operation's method returns.
func (b *builder) readAnswers(o *operation, hint string) {
	var successes, others []answered
	var fallback *answered
	for _, m := range o.node.Get("responses").Members() {
		if strings.HasPrefix(m.Key, "x-") {
			continue
		}
		n, err := m.Value.Follow()
		if err != nil {
			o.problems.Merge(err)
			continue
		}
		one := readAnswer(m.Key, n)
		switch {
		case strings.HasPrefix(m.Key, "2"):
			successes = append(successes, one)
			continue
		case m.Key == "default":
			fallback = &one
		}
		others = append(others, one)
	}
	if len(successes) == 0 && fallback != nil && !hasStatus(o.node, "3") {
		successes = []answered{*fallback}
	}
	answers := redirects(others)
	if len(successes) > 0 {
		answers = b.besideSuccess(o, answers, successes)
	}
	successes = append(successes, answers...)
	others = slices.DeleteFunc(others, func(one answered) bool {
		return slices.ContainsFunc(answers, func(s answered) bool { return s.status == one.status })
	})
	slices.SortStableFunc(successes, func(x, y answered) int { return strings.Compare(x.status, y.status) })
	o.Success = statusRanges(successes)
	b.decideResult(o, successes, hint)
	for _, one := range others {
		b.readFailure(o, one)
	}
}

// besideSuccess gives the redirects that are answers of an operation which has others, too. Their bodies are for people. Where a stream is
// the result an empty one would pass for a file, and what a helper sends must not be taken for applied.
func (b *builder) besideSuccess(o *operation, redirects, successes []answered) []answered {
	isStream := func(s answered) bool { return s.hasBody && !isJSON(s.media) }
	if b.has(o.node, "x-revision") || b.has(o.node, "x-bulk") || slices.ContainsFunc(successes, isStream) {
		return nil
	}
	var out []answered
	for _, one := range redirects {
		// Of a write 302 and 303 say that it was done, and the others that it was not done here.
		if o.Safe || one.status == "302" || one.status == "303" {
			one.hasBody = false
			out = append(out, one)
		}
	}
	return out
}

// redirects gives those among some answers.
func redirects(others []answered) []answered {
	var out []answered
	for _, one := range others {
		if code, err := strconv.Atoi(one.status); err == nil && code >= 300 && code < 400 && code != http.StatusNotModified {
			out = append(out, one)
		}
	}
	return out
}

// hasStatus tells whether an operation declares an answer whose status begins so.
func hasStatus(n source.Node, prefix string) bool {
	return slices.ContainsFunc(keys(n.Get("responses")), func(k string) bool { return strings.HasPrefix(k, prefix) })
}

// readAnswer picks the media type of an answer.
func readAnswer(status string, n source.Node) answered {
	one := answered{status: status, node: n}
	if status == "204" || status == "205" || status == "304" {
		return one // HTTP: they have no body, whatever is declared
	}
	for _, m := range n.Get("content").Members() {
		if !one.hasBody || preference(m.Key) < preference(one.media) {
			one.media, one.schema, one.example, one.hasBody = m.Key, m.Value.Get("schema"), exampleOf(m.Value), true
		}
	}
	return one
}

// exampleOf gives the example of a media type, or the first of several; the zero Node when there is none.
func exampleOf(media source.Node) source.Node {
	if n := media.Get("example"); !n.IsZero() {
		return n
	}
	for _, m := range media.Get("examples").Members() {
		if n, err := m.Value.Follow(); err == nil && n.Has("value") {
			return n.Get("value")
		}
	}
	return source.Node{}
}

// readFailure reads an error answer: its type only serves to check what the extensions say about it.
func (b *builder) readFailure(o *operation, one answered) {
	f := failure{node: one.node, headers: b.readHeaders(o, one.node)}
	f.status, _ = strconv.Atoi(one.status)
	o.NotModified = o.NotModified || f.status == http.StatusNotModified
	if one.hasBody && isJSON(one.media) && !one.schema.IsZero() {
		f.body = b.schema(one.schema, o.label+answerWord(one.status)).Type
	}
	o.failures = append(o.failures, f)
	if t := f.body; t != nil && t.Name != "" && t.Underlying().Kind != api.KindAny && !b.has(b.root, "x-errors") &&
		!b.has(o.node, "x-errors") {
		o.Failures = append(o.Failures, api.Failure{Statuses: statusesOf(one.status), Type: t})
	}
}

// statusesOf gives the statuses that a key of responses stands for: one, a hundred (4XX), or those that are left (default).
func statusesOf(key string) api.StatusRange {
	if code, err := strconv.Atoi(key); err == nil {
		return api.StatusRange{From: code, To: code}
	}
	if hundred, err := strconv.Atoi(key[:1]); err == nil {
		return api.StatusRange{From: 100 * hundred, To: 100*hundred + 99}
	}
	return api.StatusRange{}
}

// answerWord names an answer by its status: "NotFound", "Error".
func answerWord(status string) string {
	if code, err := strconv.Atoi(status); err == nil && http.StatusText(code) != "" {
		return naming.Exported(http.StatusText(code))
	}
	return "Error"
}

// readHeaders reads the headers that an answer declares.
func (b *builder) readHeaders(o *operation, n source.Node) []header {
	var out []header
	for _, m := range n.Get("headers").Members() {
		h, err := m.Value.Follow()
		if err != nil {
			o.problems.Merge(err)
			continue
		}
		t := &api.Type{Kind: api.KindScalar, Go: "string", Pos: h.Pos(), Pointer: h.Pointer()}
		out = append(out, header{m.Key, t})
	}
	return out
}

// statusRanges joins the declared statuses; nil is any success.
func statusRanges(successes []answered) []api.StatusRange {
	var out []api.StatusRange
	for _, s := range successes {
		r := api.StatusRange{From: 200, To: 299}
		if code, err := strconv.Atoi(s.status); err == nil {
			r = api.StatusRange{From: code, To: code}
		}
		if last := len(out) - 1; last >= 0 && r.From <= out[last].To+1 {
			out[last].To = max(out[last].To, r.To)
			continue
		}
		out = append(out, r)
	}
	return out
}

// decideResult decides what a method returns: JSON if a success has it, else a stream if one has a body, else nothing. Where
// successes differ in their JSON the result is a union of what they have. A file is a stream, whatever its media type: JSON cannot hold
// one, and descriptions that say it mean a document's own produces.
func (b *builder) decideResult(o *operation, successes []answered, hint string) {
	var stream []string
	for _, s := range successes {
		for _, h := range b.readHeaders(o, s.node) {
			o.answerHeaders, o.Headers = append(o.answerHeaders, h), append(o.Headers, h.Name)
		}
		switch {
		case !s.hasBody || o.Method == "HEAD":
		case isJSON(s.media) && b.isFile(s.schema, ""):
			stream = append(stream, "*/*") // the type of what is within the file
		case isJSON(s.media):
			b.addResult(o, s, hint)
		default:
			for _, media := range keys(s.node.Get("content")) {
				if !isJSON(media) && !slices.Contains(stream, media) {
					stream = append(stream, media)
				}
			}
		}
	}
	switch {
	case o.answer != nil && b.isEmptyObject(o.answer):
	case o.answer != nil:
		o.Result.Kind, o.Result.Type, o.Bare = api.ResultJSON, o.answer, bare(successes)
		o.Accept = acceptOf(successes)
	case len(stream) > 0:
		o.Result.Kind, o.Accept = api.ResultStream, strings.Join(stream, ", ")
	}
	b.narrowResult(o)
}

// acceptOf names the media types of JSON that successes can have, the likeliest of each first; "" is application/json alone.
func acceptOf(successes []answered) string {
	var out []string
	for _, s := range successes {
		declared := slices.DeleteFunc(keys(s.node.Get("content")), func(media string) bool {
			return !isJSON(media) || strings.Contains(media, "*")
		})
		slices.SortStableFunc(declared, func(x, y string) int { return preference(x) - preference(y) })
		for _, media := range declared {
			if !slices.Contains(out, media) {
				out = append(out, media)
			}
		}
	}
	if slices.Equal(out, []string{"application/json"}) {
		return ""
	}
	return strings.Join(out, ", ")
}

// bare lists the statuses of successes without a body. HTTP knows those of 204 and 205.
func bare(successes []answered) []int {
	var out []int
	for _, s := range successes {
		if code, err := strconv.Atoi(s.status); err == nil && !s.hasBody && code != http.StatusNoContent && code != http.StatusResetContent {
			out = append(out, code)
		}
	}
	return out
}

// joinResults makes the result of an operation with several successes a union of what their bodies are; free-form where one can be
// anything.
func (b *builder) joinResults(o *operation, s answered, t *api.Type, hint string) {
	union := o.answer
	if !o.joined {
		union = &api.Type{Kind: api.KindUnion, Union: &api.Union{}, Pos: s.node.Pos(), Pointer: s.node.Pointer(),
			Doc: "is one of the answers of " + o.ID + "."}
		o.joined = true
		b.hoist(union, o.label+"Result")
		b.join(union, o.answer, o.label+"Response")
	}
	b.join(union, t, hint)
	o.answer, o.Result.Nullable = union, false
}

// join adds a member to a union that is made of several answers.
func (b *builder) join(union, t *api.Type, hint string) {
	switch {
	case union.Kind != api.KindUnion:
		return
	case t.Kind == api.KindAny:
		union.Kind, union.Union = api.KindRef, nil
		union.Elem = t
		return
	case t.Name == "":
		b.hoist(t, hint)
	}
	joinVariant(union.Union, t, api.Alternative{})
}

// addResult adds one JSON answer to what the operation returns.
func (b *builder) addResult(o *operation, s answered, hint string) {
	if key, ok := strings.CutPrefix(s.node.Pointer(), "/components/responses/"); ok {
		hint = naming.Exported(jsonpointer.Unescape(key))
	}
	if !strings.HasSuffix(hint, "Response") {
		hint += "Response"
	}
	if o.answer != nil {
		hint = o.label + answerWord(s.status) + "Response"
	}
	u := b.schema(s.schema, hint)
	t := u.Type
	switch {
	case o.answer == nil:
		o.answer, o.Result.Nullable, o.Result.Doc = t, u.Nullable, docOf(s.node)
		o.answerNode = s.node
		if data, err := s.example.JSON(); err == nil && !s.example.IsZero() {
			o.Result.Example = string(data)
		}
	case o.answer != t:
		b.joinResults(o, s, t, hint)
	}
}

// isEmptyObject tells whether a type is an object that declares to have no members: an answer of it says nothing.
func (b *builder) isEmptyObject(t *api.Type) bool {
	t = t.Underlying()
	return b.empty[t] && len(b.faults[t]) == 0
}

// narrowResult applies x-result: the member of the answer that the method returns.
func (b *builder) narrowResult(o *operation) {
	n, ok := b.extension(o.node, "x-result")
	if !ok {
		return
	}
	at, ok := b.answerAt(o, n)
	if !ok {
		return
	}
	if at.In != api.InBody {
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "x-contactsgen-result must name a place in the answer's body",
			Help: "begin it with $response.body#/"})
		return
	}
	o.Result.Kind, o.Result.At, o.Result.Type, o.resultPath = api.ResultJSON, at.At, at.Type, at.path
	o.Result.Nullable = o.Result.Nullable && at.At == ""
}

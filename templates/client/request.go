//contactsgen:feature core
//contactsgen:part transport

// From a call to its request: path, query, headers, body.

package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// excused waits for something that others ask for.
func (r *request) excused(wait func() error) error {
	if r.time != nil {
		r.time.pause()
		defer r.time.resume()
	}
	return wait()
}

// limited is the context of one try. It ends when the try has taken as long as it may, or its call has.
func (r *request) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if r.time != nil {
		if left, ok := r.time.left(); ok && (r.o.timeout <= 0 || left < r.o.timeout) {
			return context.WithTimeoutCause(ctx, left, callTimeout{})
		}
	}
	return withTryTimeout(ctx, r.o.timeout)
}

// prepare makes the request of a call: options added up, path values checked, the body marshalled.
func (c *core) prepare(op *operation, path []string, b requestBody, opts []CallOption) (*request, error) {
	o, err := c.options(opts, op)
	if err != nil {
		return nil, err
	}
	r, err := c.request(op, path, b, o)
	if err != nil {
		return nil, err
	}
	r.completes = op.token != nil
	if err := r.write(); err != nil {
		return nil, c.refused(op, err)
	}
	return r, nil
}

// request is prepare with options that are added up already, by a helper that sends several operations. Its body is JSON until it is
// written.
func (c *core) request(op *operation, path []string, b requestBody, o *callOptions) (*request, error) {
	r := &request{op: op, path: path, header: o.headers(), o: o}
	base, err := c.base, error(nil)
	if op.server != nil {
		base, err = op.server.base(c)
	}
	if err == nil {
		err = errors.Join(r.locate(base), r.marshal(b))
	}
	if err != nil {
		return nil, c.refused(op, err)
	}
	if a := o.given(op); a != nil {
		if err := r.fill(a); err != nil {
			return nil, c.refused(op, err)
		}
	}
	return r, nil
}

func (r *request) locate(base *url.URL) error {
	escaped, err := expandPath(r.op.path, r.path, r.op.escaped...)
	if err != nil {
		return err
	}
	r.url, err = urlBelow(base, escaped)
	return err
}

// urlBelow is the URL of an escaped path below base.
func urlBelow(base *url.URL, escaped string) (*url.URL, error) {
	raw := strings.TrimSuffix(base.EscapedPath(), "/") + escaped
	plain, err := url.PathUnescape(raw)
	if err != nil {
		return nil, err
	}
	u := *base
	u.Path, u.RawPath = plain, raw
	return &u, nil
}

func (r *request) marshal(b requestBody) (err error) {
	switch {
	case b.raw != nil:
		r.body = b.raw
	case b.upload != nil:
		r.upload, err = b.upload, b.upload.check()
	case b.value != nil:
		r.body, err = b.value.marshal()
	}
	return err
}

// write gives the body, which is JSON so far, the form of the operation's media type.
func (r *request) write() (err error) {
	if r.body != nil {
		r.body, err = encodeBody(r.op, r.body)
	}
	return err
}

// repeatable reports whether the request may be sent again without knowing what became of it.
func (r *request) repeatable() bool { return r.op.safe && r.replayable() }

// replayable reports whether the body can be sent again.
func (r *request) replayable() bool { return r.upload == nil || r.upload.replayable() }

// fill adds the parameters of the operation's own options.
func (r *request) fill(a *arguments) (err error) {
	for _, p := range a.query {
		if r.query == nil {
			r.query = url.Values{}
		}
		r.query.Add(p.name, p.value)
	}
	r.encoded = a.encoded
	for _, p := range a.header {
		r.setHeader(p.name, p.value)
	}
	r.cookies = a.cookies
	return r.edit(a)
}

func (r *request) setHeader(name, value string) {
	if r.header == nil {
		r.header = http.Header{}
	}
	r.header.Set(name, value)
}

func (r *request) setQuery(name, value string) {
	if r.query == nil {
		r.query = url.Values{}
	}
	r.query.Set(name, value)
}

// edit adds to the body what the options of the operation say.
func (r *request) edit(a *arguments) (err error) {
	for _, edit := range a.edits {
		if r.body, err = edit(r.body); err != nil {
			return err
		}
	}
	return nil
}

// build makes the HTTP request of one try.
func (r *request) build(ctx context.Context, userAgent string) *http.Request {
	u := *r.url
	u.RawQuery = r.rawQuery()
	header := r.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	req := (&http.Request{Method: r.op.method, URL: &u, Host: u.Host, Header: header}).WithContext(ctx)
	if host := header.Get("Host"); host != "" { // a parameter of the operation; package net/http takes it from here
		req.Host = host
		header.Del("Host")
	}
	setDefault(req.Header, "Accept", r.op.accept, "application/json")
	setDefault(req.Header, "User-Agent", userAgent, "")
	if r.op.tagged {
		// Package net/http would ask for gzip, and what compresses an answer on the way gives it another tag, or a weak one.
		setDefault(req.Header, "Accept-Encoding", "identity", "")
	}
	for _, c := range r.cookies {
		req.AddCookie(&http.Cookie{Name: c.name, Value: c.value})
	}
	if r.upload != nil && r.upload.mediaType() != "" {
		req.Header.Set("Content-Type", r.upload.mediaType())
	}
	if r.body != nil || r.upload != nil {
		setDefault(req.Header, "Content-Type", r.op.content, "application/json")
	}
	r.attach(req)
	return req
}

// attach gives the HTTP request its body, and a way to get it again for redirects and new connections.
func (r *request) attach(req *http.Request) {
	if u := r.upload; u != nil {
		req.Body, req.ContentLength = u.open(), u.size()
		if u.replayable() {
			req.GetBody = func() (io.ReadCloser, error) { return u.open(), nil }
		}
	}
	if sent := r.body; sent != nil {
		open := func() io.ReadCloser { return io.NopCloser(bytes.NewReader(sent)) }
		req.Body, req.ContentLength = open(), int64(len(sent))
		req.GetBody = func() (io.ReadCloser, error) { return open(), nil }
	}
}

// readsWhole reports whether the answer can be the whole resource, as far as is known: that of a read that neither a
// parameter nor a body makes narrower.
func (r *request) readsWhole() bool {
	a := r.o.given(r.op)
	return r.op.safe && r.body == nil && (a == nil || a.narrowed == "")
}

// setDefault sets a header that the caller did not set. The name is written as HTTP writes it.
func setDefault(h http.Header, name, value, otherwise string) {
	if value == "" {
		value = otherwise
	}
	if given := h[name]; len(given) == 0 || given[0] == "" {
		h[name] = []string{value}
	}
}

func (r *request) rawQuery() string {
	pairs := slices.Clone(r.encoded)
	if len(r.query) > 0 {
		// Encode sorts, which keeps requests the same from run to run, and writes spaces as "+".
		pairs = append([]string{strings.ReplaceAll(r.query.Encode(), "+", "%20")}, pairs...)
	}
	if r.op.query != "" {
		pairs = append([]string{r.op.query}, pairs...)
	}
	return strings.Join(pairs, "&")
}

// maxPathValue is more than any id needs, and less than servers refuse with an answer of their own.
const maxPathValue = 1024

// expandPath fills the values into the template, in its order. Each stays within its segment or is refused. Those of the parameters
// named last come escaped.
func expandPath(template string, values []string, escaped ...string) (string, error) {
	var b strings.Builder
	b.Grow(2 * len(template))
	rest := template
	for _, value := range values {
		before, after, found := strings.Cut(rest, "{")
		name, after, closed := strings.Cut(after, "}")
		if !found || !closed {
			return "", fmt.Errorf("%d path values are too many", len(values))
		}
		if err := checkPathValue(value); err != nil {
			return "", fmt.Errorf("path parameter %s %w", name, err)
		}
		if !slices.Contains(escaped, name) {
			// PathEscape turns "%" into "%25": what looks escaped already cannot become "/" or "." on the way.
			value = url.PathEscape(value)
		} else if !isEscaped(value) {
			return "", fmt.Errorf("path parameter %s is not written in the style that it has", name)
		}
		b.WriteString(before)
		b.WriteString(value)
		rest = after
	}
	if strings.Contains(rest, "{") {
		return "", fmt.Errorf("%d path values are too few", len(values))
	}
	b.WriteString(rest)
	return b.String(), nil
}

// checkPathValue refuses what can be no id, and what servers and proxies on the way treat in ways of their own.
func checkPathValue(v string) error {
	switch {
	case v == "":
		return errors.New("is empty")
	case v == "." || v == "..":
		return errors.New("is a dot segment")
	case len(v) > maxPathValue:
		return fmt.Errorf("is longer than %d bytes", maxPathValue)
	case !utf8.ValidString(v):
		return errors.New("is not UTF-8")
	case strings.ContainsFunc(v, unicode.IsControl):
		return errors.New("has control characters")
	}
	return nil
}

// isEscaped reports whether a value cannot leave its segment as it is.
func isEscaped(v string) bool {
	plain, err := url.PathUnescape(v)
	return err == nil && plain != "." && plain != ".." && !strings.ContainsAny(v, "/\\?# \"<>")
}

// pathText writes the value of a path parameter that is more than a text: a list, an object, or one whose style has punctuation of
// its own. It is escaped but for that. What cannot be written is empty, and is refused as such.
func pathText(p param, value any) string {
	tree, err := p.tree(value)
	if err != nil {
		return ""
	}
	var texts []string
	switch tree.kind {
	case kindNull:
	case kindObject:
		texts = escapedMembers(tree.entries, p.explode)
	case kindArray:
		texts = escapedElements(tree.items)
	default:
		texts = []string{pathEscape(scalar(tree))}
	}
	if texts == nil {
		return ""
	}
	switch p.style {
	case "label":
		return label(p, texts, tree.kind == kindArray || tree.kind == kindObject)
	case "matrix":
		return matrix(p, texts, tree.kind == kindObject)
	}
	return strings.Join(texts, ",")
}

// label writes .a,b or, exploded, .a.b: then no element can have a full stop, which nothing escapes.
func label(p param, texts []string, several bool) string {
	if !p.explode {
		return "." + strings.Join(texts, ",")
	}
	if several && slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, ".") }) {
		return ""
	}
	return "." + strings.Join(texts, ".")
}

// matrix writes ;name=a,b or, exploded, ;name=a;name=b and ;member=a;other=b.
func matrix(p param, texts []string, isObject bool) string {
	name := ";" + pathEscape(p.name) + "="
	switch {
	case !p.explode:
		return name + strings.Join(texts, ",")
	case isObject:
		return ";" + strings.Join(texts, ";")
	}
	return name + strings.Join(texts, name)
}

func escapedElements(list []*node) []string {
	out := itemTexts(list)
	for i, v := range out {
		out[i] = pathEscape(v)
	}
	return out
}

// escapedMembers lists an object as name, value, name, value; joined: as name=value.
func escapedMembers(o []entry, joined bool) []string {
	pairs := memberTexts(o, false)
	var out []string
	for i := 0; i+1 < len(pairs); i += 2 {
		name, value := pathEscape(pairs[i]), pathEscape(pairs[i+1])
		if joined {
			out = append(out, name+"="+value)
			continue
		}
		out = append(out, name, value)
	}
	return out
}

// pathEscape escapes what a style could take for its own punctuation, too.
func pathEscape(s string) string { return strings.ReplaceAll(url.PathEscape(s), "=", "%3D") }

// addParam adds one parameter of op. Values that are absent (null, or an array or object without elements) add nothing.
func (o *callOptions) addParam(op *operation, p param, value any) error {
	tree, err := p.tree(value)
	if err != nil {
		return p.named(err)
	}
	a := o.argumentsOf(op)
	before := len(a.query) + len(a.encoded)
	err = a.addStyled(p, tree)
	if len(a.query)+len(a.encoded) > before && !p.whole {
		a.narrowed = p.name
	}
	return p.named(err)
}

// setMember adds to the body of op what a helper that builds the rest of it does not know: a flag of the request beside
// the resource.
func (o *callOptions) setMember(op *operation, at pointer, value any) error {
	doc, err := encode(value)
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	if string(doc) == "null" {
		return nil
	}
	a := o.argumentsOf(op)
	a.edits = append(a.edits, func(body []byte) ([]byte, error) { return at.set(body, doc) })
	return nil
}

// requiredParam is a parameter that the generated method takes as an argument.
type requiredParam struct {
	op    *operation
	param param
	value any
}

func (p requiredParam) applyCall(o *callOptions) error {
	tree, err := p.param.tree(p.value)
	if err == nil && tree.isEmpty() {
		err = errors.New("it is required, and has no value")
	}
	if err == nil {
		err = o.argumentsOf(p.op).addStyled(p.param, tree)
	}
	return p.param.named(err)
}

// named says which parameter an error is about.
func (p param) named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("parameter %s: %w", p.name, err)
}

// tree parses the JSON of a value that is to be written; objects keep their order. If the parameter has a media type, its JSON is written
// as one text.
func (p param) tree(value any) (*node, error) {
	doc, err := encode(value)
	if err != nil {
		return nil, err
	}
	tree, err := parseNode(doc)
	if err == nil && p.style == "json" && tree.kind != kindNull {
		tree = &node{kind: kindString, raw: quote(string(doc))}
	}
	return tree, err
}

// addStyled adds a parameter in the style that it has.
func (a *arguments) addStyled(p param, v *node) error {
	switch p.in {
	case inHeader:
		return a.addHeader(p, v)
	case inCookie:
		return a.addCookie(p, v)
	}
	return a.addQuery(p, v)
}

func (a *arguments) addQuery(p param, v *node) error {
	switch v.kind {
	case kindNull:
	case kindArray:
		return a.addArray(p, v.items)
	case kindObject:
		return a.addObject(p, v.entries)
	default:
		a.addText(p, scalar(v))
	}
	return nil
}

// addText adds a name with its value. What is part of an object stays in its order, and what may hold reserved characters is not escaped
// again; other pairs are sorted.
func (a *arguments) addText(p param, text string) {
	if p.reserved || p.style == "deepObject" {
		a.encoded = append(a.encoded, queryEscape(p.name)+"="+p.escape(text))
		return
	}
	a.query = append(a.query, pair{p.name, text})
}

// addArray writes an array into the query: the name repeated, or once with delimited elements. OpenAPI does not say how an array looks as a
// deep object; servers that know the style take empty brackets for the next element, and numbers within an object, or where elements are
// objects.
func (a *arguments) addArray(p param, items []*node) error {
	switch {
	case p.style == "deepObject":
		for i, item := range items {
			if err := a.addQuery(p.element(i, item), item); err != nil {
				return err
			}
		}
	case p.explode:
		for _, text := range itemTexts(items) {
			a.addText(p, text)
		}
	default:
		return a.addDelimited(p, itemTexts(items))
	}
	return nil
}

// element is the parameter that an element of an array is, as a part of a deep object.
func (p param) element(i int, item *node) param {
	switch {
	case p.nested || item.kind == kindObject || item.kind == kindArray:
		p.name += "[" + strconv.Itoa(i) + "]"
	case !strings.HasSuffix(p.name, "[]"):
		p.name += "[]"
	}
	p.nested = true
	return p
}

// addDelimited escapes the elements but not what stands between them: the server splits before it unescapes. A delimiter that no query can
// hold unescaped cannot be in an element: the server would take it for two.
func (a *arguments) addDelimited(p param, elements []string) error {
	if len(elements) == 0 {
		return nil
	}
	delimiter := ","
	switch p.style {
	case "spaceDelimited":
		delimiter = "%20"
	case "pipeDelimited":
		delimiter = "%7C"
	case "tabDelimited":
		delimiter = "%09"
	}
	escaped := make([]string, len(elements))
	for i, e := range elements {
		escaped[i] = strings.ReplaceAll(p.escape(e), ",", "%2C")
		if delimiter != "," && strings.Contains(escaped[i], delimiter) {
			return errors.New("an element has the delimiter in it, which its style cannot tell from one between elements")
		}
	}
	a.encoded = append(a.encoded, queryEscape(p.name)+"="+strings.Join(escaped, delimiter))
	return nil
}

// addObject writes an object into the query, its members in the order that they have.
func (a *arguments) addObject(p param, entries []entry) error {
	switch {
	case p.style == "deepObject":
		for _, e := range entries {
			member := p
			member.name += "[" + e.name + "]"
			member.nested = true
			if err := a.addQuery(member, e.value); err != nil {
				return err
			}
		}
	case p.explode:
		for _, e := range entries {
			for _, text := range itemTexts([]*node{e.value}) {
				a.encoded = append(a.encoded, queryEscape(e.name)+"="+p.escape(text))
			}
		}
	default:
		return a.addDelimited(p, memberTexts(entries, false))
	}
	return nil
}

func (a *arguments) addHeader(p param, v *node) error {
	value := simple(p, v)
	if !validHeaderValue(value) {
		return errors.New("the value has control characters")
	}
	if value != "" {
		a.header = append(a.header, pair{p.name, value})
	}
	return nil
}

func (a *arguments) addCookie(p param, v *node) error {
	value := simple(p, v)
	if !validCookieValue(value) {
		return errors.New("the value cannot be in a cookie")
	}
	if value != "" {
		a.cookies = append(a.cookies, pair{p.name, value})
	}
	return nil
}

// simple writes a value in the style of that name: with commas.
func simple(p param, v *node) string {
	switch v.kind {
	case kindNull:
		return ""
	case kindArray:
		return strings.Join(itemTexts(v.items), ",")
	case kindObject:
		return strings.Join(memberTexts(v.entries, p.explode), ",")
	default:
		return scalar(v)
	}
}

// memberTexts lists an object as name, value, name, value; joined: as name=value.
func memberTexts(entries []entry, joined bool) []string {
	var list []string
	for _, e := range entries {
		switch {
		case e.value.kind == kindNull:
		case joined:
			list = append(list, e.name+"="+scalar(e.value))
		default:
			list = append(list, e.name, scalar(e.value))
		}
	}
	return list
}

func itemTexts(items []*node) []string {
	var out []string
	for _, v := range items {
		if v.kind != kindNull {
			out = append(out, scalar(v))
		}
	}
	return out
}

// queryEscape escapes like package url, but for the space: "+" means one only to servers that take the query for a form.
func queryEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// escape escapes a value for the query. With allowReserved, reserved characters (RFC 3986) stay as they are, unless they have a meaning in
// the query (to some servers a semicolon separates pairs, others refuse it), and so does what is escaped already.
func (p param) escape(s string) string {
	if !p.reserved {
		return queryEscape(s)
	}
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case strings.IndexByte(":/?@!$'()*,=", c) >= 0, c == '%' && isTriple(s[i:]):
			b.WriteByte(c)
		default:
			b.WriteString(queryEscape(s[i : i+1]))
		}
	}
	return b.String()
}

// isTriple reports whether a text begins with an escaped byte.
func isTriple(s string) bool {
	_, err := url.PathUnescape(s[:min(3, len(s))])
	return err == nil && len(s) >= 3
}

// document is a value that is sent as JSON.
type document struct{ value any }

// jsonBody is a body with a value.
func jsonBody(v any) requestBody { return requestBody{value: document{v}} }

func (d document) marshal() ([]byte, error) {
	doc, err := encode(d.value)
	if err != nil || string(doc) == "null" {
		return nil, err
	}
	return doc, nil
}

// needed is a body with a value that the operation cannot do without. A nil one is sent as what stands for it, and refused where nothing
// does.
func needed(v any, empty string) requestBody {
	return requestBody{value: neededDocument{document{v}, empty}}
}

type neededDocument struct {
	document
	empty string
}

var errNoBody = errors.New("the request is missing")

func (d neededDocument) marshal() ([]byte, error) {
	doc, err := d.document.marshal()
	switch {
	case err != nil || doc != nil:
		return doc, err
	case d.empty == "":
		return nil, errNoBody
	}
	return []byte(d.empty), nil
}

// encodeBody writes a body that is JSON in the media type of its operation.
func encodeBody(op *operation, doc []byte) ([]byte, error) {
	if op.form != nil {
		return op.form.write(doc)
	}
	kind, _, err := mime.ParseMediaType(op.content)
	if op.content == "" || err == nil && isJSON(kind) {
		return doc, nil
	}
	return nil, fmt.Errorf("a body of type %q cannot be written", op.content)
}

func isJSON(kind string) bool { return kind == "application/json" || strings.HasSuffix(kind, "+json") }

// formStyles writes an object as a form: a member per property, in the style that the description gives it, or else as OpenAPI's defaults
// have it, with arrays repeated.
type formStyles []param

func (styles formStyles) write(doc []byte) ([]byte, error) {
	tree, err := parseNode(doc)
	if err != nil {
		return nil, err
	}
	if tree.kind != kindObject && tree.kind != kindNull {
		return nil, errors.New("a form has to be an object")
	}
	a := &arguments{}
	for _, e := range tree.entries {
		p := param{name: e.name, explode: true}
		if i := slices.IndexFunc(styles, func(p param) bool { return p.name == e.name }); i >= 0 {
			p = styles[i]
		}
		v, err := p.tree(json.RawMessage(e.value.bytes()))
		if err != nil {
			return nil, err
		}
		if err := a.addQuery(p, v); err != nil {
			return nil, p.named(err)
		}
	}
	form := url.Values{}
	for _, p := range a.query {
		form.Add(p.name, p.value)
	}
	pairs := a.encoded
	if len(form) > 0 {
		pairs = append([]string{form.Encode()}, pairs...)
	}
	return []byte(strings.Join(pairs, "&")), nil
}

// validHeaderName reports whether a header may be set by the caller: HTTP's own framing may not.
func validHeaderName(name string) bool {
	for _, c := range []byte(name) {
		if !isAlphanumeric(c) && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	switch strings.ToLower(name) {
	case "", "host", "connection", "content-length", "transfer-encoding", "trailer", "upgrade":
		return false
	}
	return true
}

// validHeaderValue reports whether a value stays within its line.
func validHeaderValue(value string) bool {
	return !strings.ContainsFunc(value, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f })
}

// validCookieValue reports whether a value can be in a cookie as it is.
func validCookieValue(value string) bool {
	return !strings.ContainsFunc(value, func(c rune) bool { return c <= ' ' || c >= 0x7f || strings.ContainsRune("\";\\", c) })
}

// setCookie puts a cookie into a request, in the place of one that the caller gave it.
func setCookie(req *http.Request, name, value string) {
	if strings.Contains(value, ",") {
		value = `"` + value + `"`
	}
	var cookies []string
	for _, line := range req.Header["Cookie"] {
		for _, given := range strings.Split(line, ";") {
			given = strings.TrimSpace(given)
			if other, _, _ := strings.Cut(given, "="); given != "" && other != name {
				cookies = append(cookies, given)
			}
		}
	}
	req.Header["Cookie"] = []string{strings.Join(append(cookies, name+"="+value), "; ")}
}

var errReadAgain = errors.New("this try of the request is over")

// readers is a body that is read as it is sent: it need not fit into memory.
type readers struct {
	media  string // "" is the operation's
	pieces []uploadPiece
	length int64 // of all pieces; -1 is not known
	again  bool  // every piece can be read again

	mu   sync.Mutex
	last *uploadReading
}

// streamed is the body that a caller's reader holds; nil when there is none.
func streamed(r io.Reader) uploadBody {
	if r == nil {
		return nil
	}
	return newReaders("", r)
}

// uploadPiece is a part of an upload. One that can seek is read from where it stood, as far as it went then.
type uploadPiece struct {
	io.Reader
	seeker io.Seeker // nil: it is read once
	from   int64
	size   int64
	sized  bool // the size is known
}

// newReaders makes a body of readers, one after the other.
func newReaders(media string, list ...io.Reader) *readers {
	u := &readers{media: media, again: true}
	sized := true
	for _, r := range list {
		p := pieceOf(r)
		u.pieces = append(u.pieces, p)
		u.length += p.size
		u.again = u.again && p.seeker != nil
		sized = sized && p.sized
	}
	if !sized {
		u.length = -1
	}
	return u
}

// pieceOf finds out whether a reader can be read again: a file can, a pipe that is called one cannot.
func pieceOf(r io.Reader) uploadPiece {
	if b, ok := r.(*bytes.Buffer); ok {
		return uploadPiece{Reader: r, size: int64(b.Len()), sized: true}
	}
	s, ok := r.(io.Seeker)
	if !ok {
		return uploadPiece{Reader: r}
	}
	from, err := s.Seek(0, io.SeekCurrent)
	if err != nil {
		return uploadPiece{Reader: r}
	}
	end, err := s.Seek(0, io.SeekEnd)
	if err != nil || end < from {
		return uploadPiece{Reader: r}
	}
	if _, err := s.Seek(from, io.SeekStart); err != nil {
		return uploadPiece{Reader: r}
	}
	return uploadPiece{Reader: r, seeker: s, from: from, size: end - from, sized: true}
}

func (*readers) check() error { return nil }

func (u *readers) mediaType() string { return u.media }

func (u *readers) size() int64 { return u.length }

func (u *readers) replayable() bool { return u.again }

// open begins to read, for one try. What an earlier one still reads ends there: two readers of one file would mix it up.
func (u *readers) open() io.ReadCloser {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.last != nil {
		_ = u.last.Close() // it cannot fail
	}
	u.last = &uploadReading{}
	list := make([]io.Reader, len(u.pieces))
	for i, p := range u.pieces {
		list[i] = p.Reader
		if p.seeker == nil {
			continue
		}
		list[i] = io.LimitReader(p.Reader, p.size)
		if _, err := p.seeker.Seek(p.from, io.SeekStart); err != nil {
			u.last.err = err
		}
	}
	u.last.r = io.MultiReader(list...)
	return u.last
}

// uploadReading is an upload on its way in one try. The readers in it are the caller's, who closes them.
type uploadReading struct {
	mu  sync.Mutex
	r   io.Reader
	err error
}

func (r *uploadReading) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return 0, r.err
	}
	return r.r.Read(p)
}

// Close ends the reading.
func (r *uploadReading) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = errReadAgain
	return nil
}

package generator_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/contactsgen/contactsgen/generator"
)

const (
	randomDir    = "../testdata/random"
	randomModule = "module random\n\ngo 1.24\n"

	// operationsEach is how many operations a document that is made up has: as many as make one program that compiles in seconds.
	operationsEach = 150
)

// TestRandom keeps the promise that any description compiles and is right on the wire. It makes descriptions up of every keyword, style
// and media type, many operations to each, generates their clients, and has these make one call of each operation. What was sent has
// to be accepted by a reader of OpenAPI that shares no code with the generator, and to hold the values that were given; the answer has to
// be what comes out.
//
// RANDOM_SCHEMAS says how many schemas are made up, RANDOM_SEED which document is the first.
func TestRandom(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command over a module of its own")
	}
	want, seed := number(t, "RANDOM_SCHEMAS", 10_000), number(t, "RANDOM_SEED", 1)
	schemas, calls, judged := 0, 0, 0
	for ; schemas < want && !t.Failed(); seed++ {
		r := newRandom(t, uint64(seed), operationsEach)
		schemas += countSchemas(r.spec)
		calls += len(r.calls)
		judged += r.play()
	}
	if judged < calls*9/10 {
		t.Errorf("only %d of %d calls were judged by the other reader", judged, calls)
	}
	t.Logf("%d schemas; %d calls, of which %d were judged by the other reader", schemas, calls, judged)
}

// FuzzRandom: whatever is made up, its client compiles. Generating type-checks what it gives.
func FuzzRandom(f *testing.F) {
	for seed := range uint64(4) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		if _, err := newRandom(t, seed, 5).generate(); err != nil {
			t.Fatal(err)
		}
	})
}

func number(t *testing.T, name string, preset int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return preset
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// random is one document that was made up.
type random struct {
	t     *testing.T
	seed  uint64
	spec  map[string]any
	calls []*call
}

func newRandom(t *testing.T, seed uint64, operations int) *random {
	t.Helper()
	r := &random{t: t, seed: seed}
	r.spec, r.calls = inventionsOf(seed, operations)
	return r
}

func (r *random) generate() ([]generator.File, error) {
	return generator.Generate(context.Background(), generator.Options{
		Spec: generator.Input{Name: fmt.Sprintf("seed %d", r.seed), Data: marshal(r.t, r.spec)}, Package: "invented",
		Features: []generator.Feature{"client", "helpers", "codec"},
	})
}

// play makes the calls and judges them. It gives how many the other reader has judged.
func (r *random) play() int {
	files, err := r.generate()
	if err != nil {
		r.t.Errorf("seed %d: %v", r.seed, err)
		return 0
	}
	dir := r.t.TempDir()
	write(r.t, filepath.Join(dir, "go.mod"), []byte(randomModule))
	for _, f := range files {
		write(r.t, filepath.Join(dir, "invented", f.Path), f.Data)
	}
	copyDir(r.t, randomDir, dir)
	write(r.t, filepath.Join(dir, "params.go"), r.paramsTable())
	write(r.t, filepath.Join(dir, "calls.json"), marshal(r.t, r.calls))
	run := exec.CommandContext(r.t.Context(), "go", "run", ".", "calls.json")
	run.Dir = dir
	run.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local")
	var out, complaints bytes.Buffer
	run.Stdout, run.Stderr = &out, &complaints
	if err := run.Run(); err != nil {
		r.t.Errorf("seed %d: %v\n%s", r.seed, err, complaints.Bytes()[:min(complaints.Len(), 5_000)])
		return 0
	}
	return r.judge(&out)
}

// paramsTable prints which type holds the optional parameters of which method.
func (r *random) paramsTable() []byte {
	var b bytes.Buffer
	b.WriteString("package main\n\nimport (\n\t\"reflect\"\n\n\t\"random/invented\"\n)\n\nvar params = map[string]reflect.Type{\n")
	for _, c := range r.calls {
		if c.Params != nil {
			fmt.Fprintf(&b, "\t%q: reflect.TypeFor[invented.%sParams](),\n", c.Method, c.Method)
		}
	}
	b.WriteString("}\n\nvar _ = invented.NewClient\n")
	return b.Bytes()
}

// judge holds what became of each call against what it was to be.
func (r *random) judge(out io.Reader) (judged int) {
	doc, err := openapi3.NewLoader().LoadFromData(marshal(r.t, r.spec))
	if err != nil {
		r.t.Fatalf("seed %d: %v", r.seed, err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		r.t.Fatalf("seed %d: %v", r.seed, err)
	}
	outcomes := json.NewDecoder(out)
	for _, c := range r.calls {
		var o struct {
			Request       []byte
			Result, Error string
		}
		if err := outcomes.Decode(&o); err != nil {
			r.t.Fatal(err)
		}
		fail := func(format string, args ...any) {
			r.t.Errorf("seed %d, %s: %s\ncall %s\nsent %s", r.seed, c.Method, fmt.Sprintf(format, args...), marshal(r.t, c), o.Request)
		}
		if o.Error != "" {
			fail("%s", o.Error)
			continue
		}
		switch err := accepts(router, o.Request); {
		case err != nil && (beyond(err) || strings.Contains(err.Error(), "in path has an error") && c.hasDocumentInPath()):
		case err != nil:
			fail("the other reader: %v", err)
		default:
			judged++
		}
		if problem := c.arrived(o.Request); problem != "" {
			fail("%s", problem)
		}
		if problem := c.returned(o.Result); problem != "" {
			fail("%s", problem)
		}
	}
	return judged
}

// beyond tells whether the other reader refuses what OpenAPI allows: discriminators that are numbers, an escaped comma within a list
// that commas separate, of which it undoes the escape too early, and members of forms that are JSON.
func beyond(err error) bool {
	return strings.Contains(err.Error(), "unsupported schema of request body's property") ||
		strings.Contains(err.Error(), `value of discriminator property "kind" is not a string`) ||
		strings.Contains(err.Error(), `doesn't match any schema from "anyOf"`) || // which does not say why: such a discriminator within, for one
		strings.Contains(err.Error(), "a value must be a list of object's properties")
}

// hasDocumentInPath tells whether a parameter of the path is JSON, of which the other reader does not undo the escapes.
func (c *call) hasDocumentInPath() bool {
	return slices.ContainsFunc(c.sent, func(p param) bool { return p.in == "path" && p.style == "json" })
}

// accepts has kin-openapi hold a request against the description.
func accepts(router routers.Router, dump []byte) error {
	request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(dump)))
	if err != nil {
		return err
	}
	request.URL.Scheme, request.URL.Host = "https", request.Host
	route, params, err := router.FindRoute(request)
	if err != nil {
		return err
	}
	input := &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route,
		Options: &openapi3filter.Options{MultiError: true}}
	return openapi3filter.ValidateRequest(context.Background(), input)
}

// returned says how the result differs from what was answered; "" when it doesn't.
func (c *call) returned(result string) string {
	switch {
	case (c.Answer == "{}" || c.Answer == "null") && result == "": // of a schema that can hold nothing else, a method returns an error alone
	case c.Type == "application/json" && !alike(parsed(c.Answer), parsed(result)):
		return fmt.Sprintf("the answer %s was read as %s", c.Answer, result)
	case c.Type != "application/json" && c.Answer != result:
		return fmt.Sprintf("the answer %q was read as %q", c.Answer, result)
	}
	return ""
}

// arrived says how a request differs from what was given to be sent; "" when it doesn't.
func (c *call) arrived(dump []byte) string {
	request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(dump)))
	if err != nil {
		return err.Error()
	}
	place := 1 // of the path's segments, after the operation's own
	for _, p := range c.sent {
		text := ""
		if p.in == "path" {
			place++
			text = strings.Split(request.URL.EscapedPath(), "/")[place]
		}
		want, got := p.wire(), p.read(request, text)
		if !reflect.DeepEqual(want, got) {
			return fmt.Sprintf("%s parameter %s (%s, explode %t) arrived as %q, want %q", p.in, p.name, p.style, p.explode, got, want)
		}
	}
	if c.Body == nil {
		return ""
	}
	return c.bodyArrived(request)
}

// bodyArrived says how the body differs from the one that was given; "" when it doesn't.
func (c *call) bodyArrived(request *http.Request) string {
	media, options, _ := mime.ParseMediaType(request.Header.Get("Content-Type"))
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return err.Error()
	}
	if media != c.Body.Type {
		return "the body is of type " + media
	}
	want := parsed(string(c.Body.Value))
	switch {
	case strings.HasSuffix(media, "json"):
		if alike(want, parsed(string(body))) {
			return ""
		}
	case media == "application/x-www-form-urlencoded":
		if got, err := url.ParseQuery(string(body)); err == nil && c.Body.sameFields(want, got) {
			return ""
		}
	case media == "multipart/form-data":
		form, err := multipart.NewReader(bytes.NewReader(body), options["boundary"]).ReadForm(1 << 20)
		if err != nil {
			return err.Error()
		}
		if c.Body.sameFields(want, parts(form)) {
			return ""
		}
	default:
		if want == string(body) {
			return ""
		}
	}
	return fmt.Sprintf("the body %s arrived as %s", c.Body.Value, body)
}

// sameFields tells whether the fields of a form are those that were given.
func (b *callBody) sameFields(form any, got map[string][]string) bool {
	want := map[string][]string{}
	for name, v := range form.(map[string]any) {
		list, isList := v.([]any)
		if !isList || b.how[name] == "json" && b.Type != "multipart/form-data" {
			list = []any{v}
		}
		switch how := b.how[name]; how {
		case "deepObject":
			deepFields(name, v, want)
			continue
		case "json":
			if len(list) != len(got[name]) {
				return false
			}
			for i, e := range list {
				if !alike(e, parsed(got[name][i])) {
					return false
				}
			}
			want[name] = got[name]
			continue
		case "":
			for _, e := range list {
				want[name] = append(want[name], word(e))
			}
		default:
			var words []string
			for _, e := range list {
				words = append(words, word(e))
			}
			want[name] = []string{strings.Join(words, how)}
		}
	}
	return reflect.DeepEqual(want, got)
}

// parts gives the parts of a form as texts.
func parts(form *multipart.Form) map[string][]string {
	out := form.Value
	for name, files := range form.File {
		for _, f := range files {
			r, err := f.Open()
			if err != nil {
				continue
			}
			text, _ := io.ReadAll(r)
			out[name] = append(out[name], string(text))
		}
	}
	return out
}

// word is a scalar as text.
func word(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return fmt.Sprint(v)
}

// wire gives the words of a parameter's value: in order, or by name.
func (p param) wire() any {
	if p.style == "deepObject" {
		fields := map[string][]string{}
		deepFields(p.name, p.value, fields)
		return fields
	}
	text, err := json.Marshal(p.value)
	if err != nil {
		panic(err)
	}
	switch v := parsed(string(text)).(type) {
	case []any:
		var words []string
		for _, e := range v {
			words = append(words, word(e))
		}
		return words
	case map[string]any:
		words := map[string]string{}
		for name, e := range v {
			words[name] = word(e)
		}
		return words
	default:
		return word(v)
	}
}

// read gives the words of a parameter in a request, as the table of styles in OpenAPI has it.
func (p param) read(r *http.Request, segment string) any {
	switch p.in {
	case "path":
		return p.readPath(segment)
	case "header":
		if p.style == "json" {
			return param{value: parsed(r.Header.Get(p.name))}.wire()
		}
		return p.split(r.Header.Get(p.name), ",", p.explode, func(s string) string { return s })
	case "cookie":
		cookie, err := r.Cookie(p.name)
		if err != nil {
			return err
		}
		return p.split(cookie.Value, ",", p.explode, unescaped)
	}
	return p.readQuery(r.URL.RawQuery)
}

func unescaped(s string) string {
	text, err := url.PathUnescape(s)
	if err != nil {
		return err.Error()
	}
	return text
}

// readPath reads simple ones, labels and matrices.
func (p param) readPath(segment string) any {
	switch {
	case p.style == "json":
		return param{value: parsed(unescaped(segment))}.wire()
	case p.style == "label" && p.explode:
		return p.split(strings.TrimPrefix(segment, "."), ".", true, unescaped)
	case p.style == "label":
		return p.split(strings.TrimPrefix(segment, "."), ",", false, unescaped)
	case p.style == "matrix" && p.explode && kindOf(p.value) != reflect.String:
		text := strings.TrimPrefix(segment, ";")
		if kindOf(p.value) == reflect.Slice {
			text = strings.ReplaceAll(";"+text, ";"+p.name+"=", ";")[1:]
		}
		return p.split(text, ";", true, unescaped)
	case p.style == "matrix":
		return p.split(strings.TrimPrefix(segment, ";"+p.name+"="), ",", false, unescaped)
	}
	return p.split(segment, ",", p.explode, unescaped)
}

// kindOf tells lists, objects and scalars, which are String, apart.
func kindOf(v any) reflect.Kind {
	switch k := reflect.TypeOf(v).Kind(); k {
	case reflect.Slice, reflect.Map:
		return k
	}
	return reflect.String
}

// split takes a text apart into what the value of a parameter is: of pairs when it is exploded.
func (p param) split(text, separator string, pairs bool, decode func(string) string) any {
	if kindOf(p.value) == reflect.String {
		return decode(text)
	}
	elements := strings.Split(text, separator)
	if kindOf(p.value) == reflect.Slice {
		for i, e := range elements {
			elements[i] = decode(e)
		}
		return elements
	}
	words := map[string]string{}
	if pairs {
		for _, e := range elements {
			name, value, _ := strings.Cut(e, "=")
			words[decode(name)] = decode(value)
		}
		return words
	}
	for i := 0; i+1 < len(elements); i += 2 {
		words[decode(elements[i])] = decode(elements[i+1])
	}
	return words
}

// readQuery reads what a query has of a parameter.
func (p param) readQuery(query string) any {
	var own []string
	members, deep := map[string]string{}, map[string][]string{}
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name = unescaped(name)
		switch {
		case p.style == "deepObject" && strings.HasPrefix(name, p.name+"["):
			deep[name] = append(deep[name], unescaped(strings.ReplaceAll(value, "+", " ")))
		case name == p.name:
			own = append(own, strings.ReplaceAll(value, "+", " "))
		case p.style == "form" && p.explode && kindOf(p.value) == reflect.Map && slices.Contains(keysOf(p.value), name):
			members[name] = unescaped(strings.ReplaceAll(value, "+", " "))
		}
	}
	separator := map[string]string{"form": ",", "spaceDelimited": "%20", "pipeDelimited": "|"}[p.style]
	switch {
	case p.style == "deepObject":
		return deep
	case len(members) > 0:
		return members
	case p.style == "json":
		text := unescaped(strings.Join(own, "&"))
		return param{value: parsed(text)}.wire()
	case p.explode && kindOf(p.value) == reflect.Slice:
		for i, e := range own {
			own[i] = unescaped(e)
		}
		return own
	case p.style == "pipeDelimited":
		return p.split(strings.ReplaceAll(strings.Join(own, "&"), "%7C", "|"), separator, false, unescaped)
	}
	return p.split(strings.ReplaceAll(strings.Join(own, "&"), " ", "%20"), separator, false, unescaped)
}

func keysOf(v any) (keys []string) {
	for _, k := range reflect.ValueOf(v).MapKeys() {
		keys = append(keys, k.String())
	}
	return keys
}

func parsed(text string) any {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return err
	}
	return v
}

// alike compares what was given with what came of it. Numbers are equal by their value. Null can be left out where a member is optional:
// those are called p and a number. So can a zero where a member is required and perhaps only read: those are called r and a number, and
// what was read is compared as it would be sent.
func alike(want, got any) bool {
	switch w := want.(type) {
	case map[string]any:
		g, is := got.(map[string]any)
		if !is {
			return false
		}
		for name := range g {
			if _, there := w[name]; !there {
				return false
			}
		}
		for name, v := range w {
			if _, there := g[name]; !there && !canBeLeftOut(name, v) || there && !alike(v, g[name]) {
				return false
			}
		}
		return true
	case []any:
		g, is := got.([]any)
		return is && len(g) == len(w) && allAlike(w, g)
	case json.Number:
		g, is := got.(json.Number)
		a, aOK := new(big.Rat).SetString(w.String())
		b, bOK := new(big.Rat).SetString(g.String())
		return is && aOK && bOK && a.Cmp(b) == 0
	}
	return reflect.DeepEqual(want, got)
}

func canBeLeftOut(name string, v any) bool {
	zeros := []string{"null", "false", "0", `""`, "[]", "{}"}
	return v == nil && strings.HasPrefix(name, "p") || strings.HasPrefix(name, "r") && slices.Contains(zeros, text(v))
}

// text is a value as JSON.
func text(v any) string {
	doc, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(doc)
}

func allAlike(want, got []any) bool {
	for i := range want {
		if !alike(want[i], got[i]) {
			return false
		}
	}
	return true
}

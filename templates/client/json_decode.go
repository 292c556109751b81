//contactsgen:feature core
//contactsgen:part json

// Decoding that forgives what a server spells differently, and keeps what was read beside the value.

package client

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

var (
	errEmptyBody = errors.New("the body is empty")
	errNoResult  = errors.New("the result is missing")
	errTrailing  = errors.New("something follows the JSON value")
)

// selfReader is a type that reads itself from the value at a place in a document, where the package was made with the feature codec. False
// leaves the document to encoding/json, which accepts more and knows what is wrong.
type selfReader interface {
	readDocument(doc []byte, at pointer) bool
}

// decode reads one JSON value and nothing after it. Free-form numbers keep their digits as json.Number, and a number may be
// written as a string, or the other way round.
func decode(doc []byte, into any) error { return decodeAt(doc, "", into) }

// decodeAt is decode for the value at a place in a document.
func decodeAt(doc []byte, at pointer, into any) error {
	if readsItself(doc, at, into) {
		return nil
	}
	if at != "" {
		part, ok := at.get(doc)
		if !ok || string(part) == "null" {
			return noResult(doc)
		}
		doc = part
	}
	doc = spelled(doc, reflect.TypeOf(into), false)
	err := decodeStrictly(doc, into)
	if _, ok := wrapped[base64.CorruptInputError](err); ok {
		return placeOfBytes(doc, reflect.TypeOf(into).Elem(), err)
	}
	if _, ok := wrapped[*json.UnmarshalTypeError](err); !ok {
		return err
	}
	fitting, failed := relax(doc, into)
	if failed != nil || decodeStrictly(fitting, into) != nil {
		return err
	}
	return nil
}

// placeOfBytes adds to the error of bytes that are no base64 which member has them: encoding/json does not say.
func placeOfBytes(doc []byte, t reflect.Type, err error) error {
	var members map[string]json.RawMessage
	if t.Kind() != reflect.Struct || decodeStrictly(doc, &members) != nil {
		return err
	}
	for _, name := range memberNames(t) {
		one, failed := encodeOrdinarily(map[string]json.RawMessage{name: members[name]})
		if _, is := wrapped[base64.CorruptInputError](decodeStrictly(one, reflect.New(t).Interface())); is && failed == nil {
			return errors.Join(&json.UnmarshalTypeError{Value: "string", Type: t, Field: name}, err)
		}
	}
	return err
}

// readsItself has a value read itself if it can. What is no new value is not for it: encoding/json adds to what is there.
func readsItself(doc []byte, at pointer, into any) bool {
	r, ok := into.(selfReader)
	if !ok || !reflect.ValueOf(into).Elem().IsZero() {
		return false
	}
	if r.readDocument(doc, at) {
		return true
	}
	reflect.ValueOf(into).Elem().SetZero()
	return false
}

// noResult is the error of a document without a value at the place where one has to be.
func noResult(doc []byte) error {
	var whole json.RawMessage
	if err := decodeStrictly(doc, &whole); err != nil {
		return err
	}
	return errNoResult
}

// decodeStrictly has encoding/json read a document of one value; numbers stay as they are written.
func decodeStrictly(doc []byte, into any) error {
	doc = bytes.TrimRight(doc, " \t\r\n")
	d, _ := decoders.Get().(*decoder)
	d.source.Reset(doc)
	start := d.InputOffset()
	switch err := d.Decode(into); {
	case errors.Is(err, io.EOF):
		return errEmptyBody
	case err != nil:
		if s, ok := wrapped[*json.SyntaxError](err); ok {
			s.Offset -= start
		}
		return err
	case d.InputOffset()-start < int64(len(doc)):
		return errTrailing
	}
	decoders.Put(d)
	return nil
}

// decoder reads one document after the other.
type decoder struct {
	*json.Decoder
	source *bytes.Reader
}

// decoders keeps decoders for reuse, since their buffers have grown to the size of documents already. A decoder that failed, or has input
// left, is not put back.
var decoders = sync.Pool{New: func() any {
	d := &decoder{source: bytes.NewReader(nil)}
	d.Decoder = json.NewDecoder(d.source)
	d.UseNumber()
	return d
}}

// readable gives the text of an answer in UTF-8, without the mark that some servers put in front. Where the answer says that it is in
// another character set it may be wrong: what is UTF-8 is taken for that.
func readable(body []byte, contentType string) []byte {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if utf8.Valid(body) {
		return body
	}
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return body
	}
	switch strings.ToLower(params["charset"]) {
	case "iso-8859-1", "latin1":
		runes := make([]rune, len(body))
		for i, c := range body {
			runes[i] = rune(c)
		}
		return []byte(string(runes))
	}
	return body
}

// relax makes a document fit a type that it would fit if its numbers were strings, or its strings numbers: servers write
// long numbers as strings, some change their mind, and descriptions say one or the other.
func relax(doc []byte, into any) ([]byte, error) {
	var tree any
	if err := decodeStrictly(doc, &tree); err != nil {
		return nil, err
	}
	return encodeOrdinarily(relaxed(tree, reflect.TypeOf(into)))
}

// relaxed is a JSON value with the scalars that a type wants. What does not fit stays as it is.
func relaxed(v any, t reflect.Type) any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return v
	}
	switch t.Kind() {
	case reflect.Struct:
		relaxMembers(v, t)
	case reflect.Map:
		if o, ok := v.(map[string]any); ok {
			for name, member := range o {
				o[name] = relaxed(member, t.Elem())
			}
		}
	case reflect.Slice:
		if list, ok := v.([]any); ok {
			for i, element := range list {
				list[i] = relaxed(element, t.Elem())
			}
		}
	case reflect.String:
		if n, ok := v.(json.Number); ok && t != reflect.TypeFor[json.Number]() {
			return n.String()
		}
	case reflect.Int32, reflect.Int64, reflect.Uint64:
		switch v := v.(type) {
		case string:
			if isWhole(v) {
				return json.Number(v)
			}
		case json.Number:
			return integral(v)
		}
	}
	return v
}

func relaxMembers(v any, t reflect.Type) {
	o, ok := v.(map[string]any)
	if !ok {
		return
	}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if member, ok := o[name]; ok {
			o[name] = relaxed(member, t.Field(i).Type)
		}
	}
}

func isWhole(s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	if err == nil {
		return strconv.FormatInt(n, 10) == s
	}
	u, err := strconv.ParseUint(s, 10, 64)
	return err == nil && strconv.FormatUint(u, 10) == s
}

// integral writes a whole number without the fraction or exponent that it may be written with: 1.0 and 1e3 are integers in JSON Schema.
func integral(n json.Number) json.Number {
	const exact = 1 << 53
	if f, err := n.Float64(); err == nil && f == math.Trunc(f) && math.Abs(f) <= exact && strings.ContainsAny(n.String(), ".eE") {
		return json.Number(strconv.FormatInt(int64(f), 10))
	}
	return n
}

// Timestamp is an instant as the API wrote it. It goes back byte for byte as it came, so that a value that was only
// read is never changed by being parsed.
type Timestamp string

// Time parses the timestamp as RFC 3339, with all that it allows and package time does not: a lower-case t or z, and the second 60, which
// is the first one of the next minute.
func (t Timestamp) Time() (time.Time, error) {
	at, err := time.Parse(time.RFC3339Nano, string(t))
	if err == nil {
		return at, nil
	}
	const seconds = len("2006-01-02T15:04")
	s, leap := strings.ToUpper(string(t)), time.Duration(0)
	if len(s) > seconds && strings.HasPrefix(s[seconds:], ":60") {
		s, leap = s[:seconds]+":59"+s[seconds+3:], time.Second
	}
	if usual, failed := time.Parse(time.RFC3339Nano, s); failed == nil {
		return usual.Add(leap), nil
	}
	return at, err
}

// readOpen reads an object of a type that names some of its members. The others are kept beside them.
func readOpen[D, V any](doc []byte, declared *D, rest *map[string]V) error {
	var members map[string]json.RawMessage
	if err := decodeStrictly(doc, &members); err != nil {
		return err
	}
	known := map[string]json.RawMessage{} // by its very name: to encoding/json "ID" is "id" as well
	for _, name := range memberNames(reflect.TypeFor[D]()) {
		if member, ok := members[name]; ok {
			known[name] = member
			delete(members, name)
		}
	}
	named, err := encodeOrdinarily(known)
	if err != nil {
		return err
	}
	if err := decode(named, declared); err != nil {
		return err
	}
	if len(members) == 0 {
		return nil
	}
	*rest = make(map[string]V, len(members))
	for name, member := range members {
		var v V
		if err := decode(member, &v); err != nil {
			return ofAdditional(err)
		}
		(*rest)[name] = v
	}
	return nil
}

// ofAdditional says of an error that it is about a member which the description does not name. Nor does the error: a name can be anybody's.
func ofAdditional(err error) error {
	wrongType, ok := wrapped[*json.UnmarshalTypeError](err)
	if !ok {
		return fmt.Errorf("an additional property: %w", err)
	}
	at := *wrongType
	at.Field = strings.TrimSuffix("additionalProperties."+at.Field, ".")
	return &at
}

// memberNames gives the names that the fields of a struct have in JSON.
func memberNames(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		name, _, more := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" && (name != "-" || more) {
			names = append(names, name)
		}
	}
	return names
}

// Names of members are compared exactly (RFC 8259), and otherwise only where no exact one came: package encoding/json compares them without
// regard to capital letters, and of two that are equal then takes the later one.

// spelled is a document whose members are called as a type calls them. What is called like a declared member but for capital letters is
// that member where there is no other; beside one of its exact name it is none of the type's, and is kept only on demand. A document that
// has none of these is returned as it is.
func spelled(doc []byte, t reflect.Type, keep bool) []byte {
	if !namesOf(t).misspelled(doc) {
		return doc
	}
	root, err := parseNode(doc)
	if err != nil {
		return doc
	}
	return root.spelled(t, keep).bytes()
}

func (n *node) spelled(t reflect.Type, keep bool) *node {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case n == nil || readsByItself(t):
		return n
	case n.kind == kindArray && t.Kind() == reflect.Slice:
		items := make([]*node, len(n.items))
		for i, item := range n.items {
			items[i] = item.spelled(t.Elem(), keep)
		}
		return newArray(items)
	case n.kind == kindObject && t.Kind() == reflect.Map:
		var entries []entry
		for _, e := range n.entries {
			e.value = e.value.spelled(t.Elem(), keep)
			entries = append(entries, e)
		}
		return newObject(entries)
	case n.kind == kindObject && t.Kind() == reflect.Struct:
		return n.spelledMembers(t, keep)
	}
	return n
}

func (n *node) spelledMembers(t reflect.Type, keep bool) *node {
	declared := map[string]reflect.Type{}
	byFold := map[string]string{}
	for i := range t.NumField() {
		if name := memberName(t.Field(i)); name != "" {
			declared[name], byFold[folded(name)] = t.Field(i).Type, name
		}
	}
	var entries []entry
	last := map[string]int{} // place of a member that was renamed
	for _, e := range n.entries {
		name := e.name
		if declared[name] == nil {
			name = byFold[folded(name)]
		}
		switch i, twice := last[name]; {
		case name == "":
		case name != e.name && n.position(name) >= 0 && !keep:
			continue
		case name != e.name && n.position(name) < 0:
			e = entry{name: name, value: e.value.spelled(declared[name], keep)}
			if twice {
				entries[i] = e
				continue
			}
			last[name] = len(entries)
		case name == e.name:
			e.value = e.value.spelled(declared[name], keep)
		}
		entries = append(entries, e)
	}
	return newObject(entries)
}

// readsByItself reports whether a type has its own way to read members, which compares names exactly.
func readsByItself(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())
}

// memberName is the name of a field's member; "" when it has none.
func memberName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "-" || !f.IsExported() {
		return ""
	}
	return name
}

// folded is the same for names that differ in capital letters only.
func folded(name string) string { return strings.ToLower(strings.ToUpper(name)) }

// nameSet is the names of all members in a type, at any depth.
type nameSet struct{ exact, folded map[string]bool }

var allNames sync.Map // by type

func namesOf(t reflect.Type) nameSet {
	if known, ok := allNames.Load(t); ok {
		return known.(nameSet)
	}
	found := nameSet{map[string]bool{}, map[string]bool{}}
	found.collect(t, map[reflect.Type]bool{})
	allNames.Store(t, found)
	return found
}

func (s nameSet) collect(t reflect.Type, seen map[reflect.Type]bool) {
	if seen[t] || readsByItself(t) {
		return
	}
	seen[t] = true // lists and maps, too: one may be made of nothing but itself
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		s.collect(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if name := memberName(t.Field(i)); name != "" {
				s.exact[name], s.folded[folded(name)] = true, true
				s.collect(t.Field(i).Type, seen)
			}
		}
	}
}

// misspelled reports whether a document may have a name that is another but for capital letters. One pass over it is enough nearly always.
func (s nameSet) misspelled(doc []byte) bool {
	for len(s.exact) > 0 {
		start := bytes.IndexByte(doc, '"')
		if start < 0 {
			return false
		}
		doc = doc[start+1:]
		end := 0
		for end < len(doc) && doc[end] != '"' {
			if doc[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(doc) {
			return false
		}
		name := doc[:end]
		doc = bytes.TrimLeft(doc[end+1:], " \t\r\n")
		if len(doc) == 0 || doc[0] != ':' || s.exact[string(name)] {
			continue
		}
		if bytes.IndexByte(name, '\\') >= 0 || s.folds(name) {
			return true
		}
	}
	return false
}

// folds reports whether a name is one of these but for capital letters. Keys of free-form maps come here often: names that are ASCII, as
// nearly all are, need no room of their own.
func (s nameSet) folds(name []byte) bool {
	var room [64]byte
	low := room[:0]
	for _, c := range name {
		if c >= utf8.RuneSelf || len(low) == len(room) {
			return s.folded[folded(string(name))]
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		low = append(low, c)
	}
	return s.folded[string(low)]
}

// snapshot is the raw answer that a resource was decoded from. A write sends back what was not changed as it came.
type snapshot struct {
	body   []byte
	at     pointer // place of the resource in body
	header http.Header
	// partial says that more may be known of the resource than this: it is the answer to a write, or to a read with
	// parameters. Nothing is written back from it.
	partial bool
}

// snapshotHolder is a resource that remembers what it was decoded from.
type snapshotHolder interface {
	keepSnapshot(s snapshot)
	lastSnapshot() snapshot
}

// resourceText is what is printed of a resource: its type, and what tells it apart.
func resourceText(typ string, told ...any) string {
	text, separator := typ+"{", ""
	for i := 0; i < len(told); i += 2 {
		if v := toldText(told[i+1]); v != "" {
			text, separator = text+separator+told[i].(string)+": "+v, ", "
		}
	}
	return text + "}"
}

// toldText is the text of an id or a revision, or of a pointer to one; "" when it is not set, or does not look like one.
func toldText(v any) string {
	r := reflect.Indirect(reflect.ValueOf(v))
	if !r.IsValid() || r.IsZero() {
		return ""
	}
	return printable(strings.Trim(strings.TrimPrefix(fmt.Sprint(r), "W/"), `"`))
}

// sameMembers reports whether two resources are the same JSON.
func sameMembers(a, b any) bool {
	var nodes [2]*node
	for i, v := range []any{a, b} {
		doc, err := encode(v)
		if err != nil {
			return false
		}
		if nodes[i], err = parseNode(doc); err != nil {
			return false
		}
	}
	return equal(nodes[0], nodes[1])
}

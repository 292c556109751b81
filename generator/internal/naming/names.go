// Package naming makes Go names of the spellings in a description, and hands each out once.
//
// A generated name is a promise: user code is written against it, so it must say what the description says, be Go, and
// stay when the description grows. Three rules follow.
//
// 1. The description's own spelling is kept wherever it is Go already. A schema key that is UpperCamel ASCII is the
// type's name, letter by letter; we do not "correct" HttpHeader to HTTPHeader, because its author chose it. Only
// spellings that are not Go (snake, kebab, lower case) are turned into Go, and only then are initialisms applied.
//
// 2. A clash is settled by saying more, never by counting. Every name is asked for with a list of forms, short to long:
// the plain one, the plain one with the kind it names (Schema, Operation, Param, …), the one in which punctuation is
// spelled out, and one that no other spelling can have. Whoever has the better claim keeps the shorter form: reserved
// names, then names somebody wrote for us (x-method, x-service, x-option), then spellings that are Go already, then the
// rest in the order of the description. A number after a name would move when an endpoint is added before it; a longer
// form does not, and what is added at the end of a description never takes a form that is taken.
//
// 3. Nothing exported is named elsewhere. Package-level identifiers of every kind (types, enum constants, options,
// codes, services, and the unexported variables) share one namespace, as they do in the package; methods of a service,
// fields of a struct and arguments of a method each have their own.
//
// Only a clash of two names that somebody wrote for us is an error: each of them was meant.
package naming

import (
	"encoding/hex"
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// initialisms are the words that Go writes in one case.
var initialisms = Set("ACL", "API", "ASCII", "CPU", "CSS", "CSV", "DNS", "EOF", "GUID", "HTML", "HTTP", "HTTPS", "ID", "IP",
	"JSON", "JWT", "MIME", "PDF", "QPS", "RAM", "RPC", "SDK", "SKU", "SLA", "SMS", "SMTP", "SQL", "SSH", "SSL", "TCP", "TLS", "TTL",
	"UDP", "UI", "UID", "URI", "URL", "UTC", "UTF8", "UUID", "VM", "XML", "XSRF", "XSS", "YAML")

// punctuation gives the words by which characters outside names are spelled out.
var punctuation = map[rune]string{
	'-': "Dash", '_': "Underscore", '.': "Dot", ',': "Comma", ':': "Colon", ';': "Semicolon", '/': "Slash", '\\': "Backslash",
	'+': "Plus", '*': "Star", '=': "Equal", '<': "Less", '>': "Greater", '!': "Not", '?': "Question", '@': "At", '#': "Hash",
	'$': "Dollar", '%': "Percent", '&': "And", '|': "Or", '^': "Caret", '~': "Tilde", '\'': "Quote", '"': "DoubleQuote", '`': "Backtick",
	'(': "Open", ')': "Close", '[': "OpenBracket", ']': "CloseBracket", '{': "OpenBrace", '}': "CloseBrace", ' ': "Space",
}

// Words splits a spelling into its words: at everything that is neither letter nor digit, and where the case says so
// ("contactIds" is contact Ids, "HTTPServer" is HTTP Server). Digits stay with the word before them. Latin letters lose their accents;
// letters of other scripts stay what they are, since Go has them in names.
func Words(s string) []string {
	out := make([]string, 0, usualWords)
	text, start := plain(s), -1
	for i, r := range text {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r)
		if inside && start < 0 {
			start = i
		}
		if !inside && start >= 0 {
			out, start = appendWords(out, text[start:i]), -1
		}
	}
	if start >= 0 {
		out = appendWords(out, text[start:])
	}
	return out
}

// usualWords is how many words a spelling has at most, most of the time.
const usualWords = 6

// appendWords adds the words of a run of letters and digits, which its case tells apart.
func appendWords(out []string, run string) []string {
	start := 0
	before, at := utf8.DecodeRuneInString(run)
	for at < len(run) {
		r, size := utf8.DecodeRuneInString(run[at:])
		if unicode.IsUpper(r) && (!unicode.IsUpper(before) || beginsWord(run[at+size:])) {
			out = append(out, run[start:at])
			start = at
		}
		before, at = r, at+size
	}
	return append(out, run[start:])
}

// beginsWord tells whether the capital before rest, which follows another, begins a word: a small letter follows, and it does not end an
// initialism in the plural, as the D of "IDs" does.
func beginsWord(rest string) bool {
	next, size := utf8.DecodeRuneInString(rest)
	if !unicode.IsLower(next) {
		return false
	}
	after, _ := utf8.DecodeRuneInString(rest[size:])
	return next != 's' || len(rest) > size && !unicode.IsUpper(after)
}

// plain writes a spelling without accents on its Latin letters, and in the letters and digits alone that Go has in names.
func plain(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= unicode.MaxASCII }) {
		return s
	}
	var b strings.Builder
	for _, r := range norm.NFKC.String(s) {
		base := []rune(norm.NFKD.String(string(r)))[0]
		switch {
		case r < unicode.MaxASCII:
			b.WriteRune(r)
		case base < unicode.MaxASCII && IsAlnum(base):
			b.WriteRune(base)
		case unicode.IsMark(r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// Camel joins the words of a spelling into UpperCamel, initialisms in one case. It may begin with a digit or be empty. Capitals
// that a spelling in mixed case uses ("hostOS") are meant; those of one that has nothing else ("HOST_OS") are not.
func Camel(s string) string {
	shouts := !strings.ContainsFunc(s, unicode.IsLower)
	var b strings.Builder
	for _, w := range Words(s) {
		if shouts {
			w = strings.ToLower(w)
		}
		b.WriteString(Title(w))
	}
	return b.String()
}

// Title writes one word as a part of an UpperCamel name.
func Title(w string) string {
	upper := strings.ToUpper(w)
	stem, plural := strings.CutSuffix(upper, "S")
	switch {
	case initialisms[upper]:
		return upper
	case plural && initialisms[stem] && len(stem) > 1:
		return stem + "s"
	}
	_, first := utf8.DecodeRuneInString(w)
	return strings.ToUpper(w[:first]) + w[first:]
}

// Exported gives an UpperCamel identifier for any spelling.
func Exported(s string) string {
	name := Camel(s)
	if name == "" {
		name = Camel(Spelled(s))
	}
	if name == "" {
		return "Empty"
	}
	if first, _ := utf8.DecodeRuneInString(name); !unicode.IsUpper(first) {
		return "N" + name // a digit, or a letter of a script that has no capitals
	}
	return name
}

// Unexported gives a lowerCamel identifier for any spelling: "id", "contactID", "urlPath".
func Unexported(s string) string {
	if name := Camel(s); startsWithoutCase(name) {
		return name
	}
	name := Exported(s)
	first := appendWords(nil, name)[0]
	if w := Words(s); len(w) > 0 && strings.HasPrefix(name, Title(w[0])) {
		first = Title(w[0])
	}
	return strings.ToLower(first) + name[len(first):]
}

// startsWithoutCase tells whether a name begins with a letter of a script that has no capitals.
func startsWithoutCase(name string) bool {
	first, _ := utf8.DecodeRuneInString(name)
	return unicode.IsLetter(first) && !unicode.IsUpper(first) && !unicode.IsLower(first)
}

// TypeName keeps a spelling that is a Go name already, and makes one of any other.
func TypeName(key string) string {
	if isGoForm(key) {
		return key
	}
	return Exported(key)
}

// isGoForm tells whether a spelling is UpperCamel ASCII as it stands.
func isGoForm(s string) bool {
	if s == "" || !isUpper(s[0]) {
		return false
	}
	for i := range len(s) {
		if !IsAlnum(rune(s[i])) {
			return false
		}
	}
	return true
}

// Spelled writes out the punctuation of a spelling in words, and says of which case it is where that is all that is left.
func Spelled(s string) string {
	var b strings.Builder
	for _, r := range s {
		if word, ok := punctuation[r]; ok {
			b.WriteString(" " + word + " ")
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// cased names the case of a spelling's letters.
func cased(s string) string {
	switch s {
	case strings.ToLower(s):
		return "Lower"
	case strings.ToUpper(s):
		return "Upper"
	}
	return "Mixed"
}

// Forms lists the names a spelling may get, short to long: plain, with its kind, punctuation spelled out, with its case,
// and one that no other spelling has. The prefix (the type of an enum constant, "op" of a variable) stands before each.
func Forms(prefix, raw, kind string) []string {
	plain := camelAfter(prefix, raw)
	spelled := Spelled(raw)
	spell := plain
	if spelled != raw {
		spell = camelAfter(prefix, spelled)
	}
	return WithoutRepeats([]string{
		plain,
		plain + kind,
		spell,
		spell + kind,
		prefix + cased(raw) + Camel(spelled) + kind,
		plain + kind + "X" + hex.EncodeToString([]byte(raw)),
	})
}

// camelAfter gives the UpperCamel form of a spelling behind a prefix, where it may begin with a digit.
func camelAfter(prefix, raw string) string {
	if prefix == "" {
		return Exported(raw)
	}
	if name := Camel(raw); name != "" {
		return prefix + name
	}
	return prefix + Exported(raw)
}

// TypeForms lists the names of a component schema.
func TypeForms(key string) []string {
	list := Forms("", key, "Schema")
	if isGoForm(key) {
		list = WithoutRepeats(append([]string{key, key + "Schema"}, list...))
	}
	return list
}

// FieldForms lists the names of a struct's field. Initialisms are applied even to a spelling that is Go ("Id"), unless it is all
// capitals: fields are read far from the description, beside other Go code.
func FieldForms(name string) []string {
	list := Forms("", name, "Field")
	if isGoForm(name) && name == strings.ToUpper(name) {
		list = WithoutRepeats(append([]string{name}, list...))
	}
	return list
}

// ValueForms lists the names of an enum's constant. A leading sign is part of what the value says ("-created" sorts the
// other way round), so it is always spelled out.
func ValueForms(typ, value string) []string {
	raw := value
	if len(value) > 1 && (value[0] == '-' || value[0] == '+') {
		raw = map[byte]string{'-': "minus ", '+': "plus "}[value[0]] + value[1:]
	}
	if value == "" {
		raw = "empty"
	}
	list := Forms(typ, raw, "Value")
	return append(list[:len(list)-1], typ+"ValueX"+hex.EncodeToString([]byte(value)))
}

// startsWith tells whether list begins with the words of noun, the last of them in the singular or the plural.
func startsWith(list, noun []string) bool {
	if len(list) < len(noun) {
		return false
	}
	for i, w := range noun {
		a, b := strings.ToLower(list[i]), strings.ToLower(w)
		if a != b && (i+1 < len(noun) || Singular(a) != Singular(b)) {
			return false
		}
	}
	return true
}

// Singular takes the plural ending off an English word, well enough to compare two words.
func Singular(w string) string {
	switch {
	case strings.HasSuffix(w, "ies") && len(w) > 4:
		return w[:len(w)-3] + "y"
	case hasAnySuffix(w, "sses", "shes", "ches", "xes", "zes"):
		return w[:len(w)-2]
	case strings.HasSuffix(w, "s") && !hasAnySuffix(w, "ss", "us", "is"):
		return w[:len(w)-1]
	}
	return w
}

// hasAnySuffix tells whether w ends in one of the suffixes.
func hasAnySuffix(w string, suffixes ...string) bool {
	for _, s := range suffixes {
		if strings.HasSuffix(w, s) {
			return true
		}
	}
	return false
}

// IsUsableArgument tells whether an identifier can name an argument without hiding what the method's body needs.
func IsUsableArgument(name string) bool {
	return token.IsIdentifier(name) && !predeclared[name] && !hidden[name] && !called[name]
}

// predeclared are Go's own identifiers: legal as arguments, and a trap in each case.
var predeclared = Set("any", "append", "bool", "byte", "cap", "clear", "close", "comparable", "complex", "complex128", "complex64",
	"copy", "delete", "error", "false", "float32", "float64", "imag", "int", "int16", "int32", "int64", "int8", "iota", "len", "make",
	"max", "min", "new", "nil", "panic", "print", "println", "real", "recover", "rune", "string", "true", "uint", "uint16", "uint32",
	"uint64", "uint8", "uintptr")

// hidden are the other arguments of generated methods and the packages their bodies may name.
var hidden = Set("body", "build", "bytes", "context", "ctx", "c", "errors", "err", "fmt", "http", "io", "iter", "json", "keys", "mutate",
	"opts", "payload", "request", "s", "strconv", "strings", "sync", "time", "url", "v", "yield")

// called is what generated methods use of the runtime.
var called = Set("actWithRetry", "appliedCheck", "argument", "bulkUpdate", "call", "callNothing", "callRaw", "checkWithRetry",
	"createOrUpdate",
	"eachItem", "eachPage", "forceAction", "forceUpdate", "formStyles", "inBody", "inCookie", "inHeader", "inPath", "inQuery", "jsonBody",
	"multipartForm", "needed", "param", "pathText", "pointer", "requestBody", "requiredParam", "streamed", "updateEach", "updateEachFrom",
	"updateFrom", "updateThreeWay", "updateWithRetry", "upload", "valueOf", "waitJob")

// ClientNames are the names that every client has beside those of its runtime.
var ClientNames = Set("Client", "NewClient", "NewWebhooks", "clientOf", "api", "webhooks")

// ClientMembers are the members that every client has, so no service can be called so.
var ClientMembers = Set("Do", "With", "BaseURL", "Close")

// StructMethods are the methods of printed structs that a field cannot be called like.
var StructMethods = Set("MarshalJSON", "UnmarshalJSON")

// ResourceMethods are the further methods of resources that keep what they were read from.
var ResourceMethods = Set("String", "LogValue", "Equal")

// MapStructMembers are the further members of structs that take additional properties.
var MapStructMembers = Set("AdditionalProperties", "Get", "Set")

// Set makes a set of strings.
func Set(list ...string) map[string]bool {
	set := make(map[string]bool, len(list))
	for _, s := range list {
		set[s] = true
	}
	return set
}

// WithoutRepeats drops later repeats.
func WithoutRepeats(list []string) []string {
	seen := make(map[string]bool, len(list))
	out := list[:0]
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isLetter(c byte) bool { return isUpper(c) || isLower(c) }

// IsAlnum tells whether a rune is an ASCII letter or digit.
func IsAlnum(r rune) bool {
	return r < unicode.MaxASCII && (isLetter(byte(r)) || '0' <= r && r <= '9')
}

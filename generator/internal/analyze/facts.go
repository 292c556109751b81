package analyze

import (
	"regexp"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// withFacts adds to the text of a value what its schemas say of it in numbers, and the text does not: default and limits.
func withFacts(doc string, schemas ...source.Node) string {
	var facts []string
	for _, n := range schemas {
		facts = append(facts, defaultOf(n, doc), rangeOf(n, "minLength", "maxLength", "character", doc),
			rangeOf(n, "minItems", "maxItems", "item", doc),
			rangeOf(n, "minimum", "maximum", "", doc))
	}
	said := map[string]bool{"": true}
	for _, f := range facts {
		if !said[f] {
			said[f] = true
			doc = joined(doc, f)
		}
	}
	return doc
}

// heard gives schemas and what they refer to. Up to OpenAPI 3.0 what stands beside a reference is to be ignored.
func (b *builder) heard(schemas ...source.Node) []source.Node {
	var out []source.Node
	for _, n := range schemas {
		target, err := n.Follow()
		if err != nil || target == n || !b.ignoresBesides() {
			out = append(out, n)
		}
		if err == nil && target != n {
			out = append(out, target)
		}
	}
	return out
}

// ignoresBesides tells whether what stands beside the reference of a schema is to be ignored.
func (b *builder) ignoresBesides() bool {
	version := b.root.Get("openapi").Text()
	return version == "" || strings.HasPrefix(version, "3.0")
}

// joined puts a sentence behind a text.
func joined(doc, sentence string) string {
	switch {
	case sentence == "":
		return doc
	case doc == "":
		return strings.Replace(sentence, "The default is ", "Default: ", 1) // it follows the name
	case strings.HasSuffix(doc, "\n") || !strings.ContainsAny(doc[len(doc)-1:], ".!?"):
		return strings.TrimRight(doc, "\n") + ". " + sentence
	}
	return doc + " " + sentence
}

// longestDefault is how long a default may be to stand in a comment.
const longestDefault = 60

// defaultOf says which default a value has that is not what one expects.
func defaultOf(n source.Node, doc string) string {
	d := n.Get("default")
	text := cleanText(d.Text())
	switch {
	case d.Kind() != source.Scalar || text == "" || len(text) > longestDefault || strings.Contains(text, "\n") || mentions(doc, text):
		return ""
	case d.IsString():
		return "The default is " + diag.Quote(text) + "."
	case text == "false":
		return ""
	}
	return "The default is " + text + "."
}

// rangeOf says in words between which limits something is.
func rangeOf(n source.Node, low, high, unit, doc string) string {
	from, to := limit(n, low, doc), limit(n, high, doc)
	if from == "0" || from == "1" && unit == "character" && to != "" {
		from = ""
	}
	last := to
	if to == "" {
		last = from
	}
	if unit != "" {
		unit = " " + unit
		if last != "1" {
			unit += "s"
		}
	}
	switch {
	case from == "" && to == "":
		return ""
	case from == to:
		return "Exactly " + to + unit + "."
	case from == "":
		return "At most " + to + unit + "."
	case to == "":
		return "At least " + from + unit + "."
	}
	return "From " + from + " to " + to + unit + "."
}

// limit gives a limit that includes itself, and that the text does not name. Those of whole machine words are no news.
func limit(n source.Node, key, doc string) string {
	l := n.Get(key)
	text := l.Text()
	exclusive, _ := n.Get("exclusive" + naming.Exported(key)).Bool()
	if exclusive || !plainNumber.MatchString(text) || mentions(doc, text) {
		return ""
	}
	return text
}

// plainNumber is a number that reads well: neither that of a machine's word nor one with an exponent.
var plainNumber = regexp.MustCompile(`^-?[0-9]{1,9}(\.[0-9]{1,6})?$`)

// mentions tells whether a text has a word already, in whatever spelling of thousands.
func mentions(doc, word string) bool {
	if doc == "" {
		return false
	}
	plain := doc
	if len(word) > 3 { // or it has no thousands
		plain = thousands.ReplaceAllString(doc, "$1$2")
	}
	for at := 0; ; {
		i := strings.Index(plain[at:], word)
		if i < 0 {
			return false
		}
		start, end := at+i, at+i+len(word)
		if !inWord(plain, start-1) && !inWord(plain, end) {
			return true
		}
		at = end
	}
}

var thousands = regexp.MustCompile(`(\d)[,' ](\d{3})\b`)

// inWord tells whether the byte at a place is part of a word or number.
func inWord(s string, at int) bool {
	if at < 0 || at >= len(s) {
		return false
	}
	c := s[at]
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

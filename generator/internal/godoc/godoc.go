// Package godoc turns the texts of a description into the words of Go doc comments.
//
// Go's convention is that a doc comment is a sentence which begins with the name. Descriptions are written as noun phrases
// ("A person the site knows") or as commands ("Delete a contact"), so the first words are rewritten and the rest is kept. Texts
// are untrusted: what comes out of here is always safe inside a line comment.
package godoc

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Noun begins the doc comment of a thing: Noun("Contact", "A person.") is "Contact is a person.". The second result is false
// when the text is empty.
func Noun(name, text string) (string, bool) {
	text = Clean(text)
	if text == "" {
		return "", false
	}
	first, rest, _ := strings.Cut(text, " ")
	switch strings.ToLower(first) {
	case "a", "an", "one":
		return name + " is " + strings.ToLower(first) + " " + rest, true
	case "which":
		return name + " " + says(name) + " which " + rest, true
	case "the", "how", "what", "where", "when", "who", "why":
		return name + " " + be(name) + " " + strings.ToLower(first) + " " + rest, true
	case "whether", "if":
		return name + " tells whether " + rest, true
	}
	return name + " — " + text, true
}

// says is "says", or "say" of several things.
func says(name string) string {
	if be(name) == "are" {
		return "say"
	}
	return "says"
}

// be is the verb that fits a name: things whose name is a plural are several.
func be(name string) string {
	for _, singular := range []string{"ss", "us", "is", "As"} {
		if strings.HasSuffix(name, singular) {
			return "is"
		}
	}
	if strings.HasSuffix(name, "s") && len(name) > 2 {
		return "are"
	}
	return "is"
}

// Verb begins the doc comment of a function: Verb("Delete", "Remove a person.") is "Delete removes a person.". The second
// result is false when the text is empty.
func Verb(name, text string) (string, bool) {
	text = Clean(text)
	if text == "" {
		return "", false
	}
	first, rest, more := strings.Cut(text, " ")
	word := strings.ToLower(first[:1]) + first[1:]
	if !plainWord(word) {
		return name + " — " + text, true
	}
	switch word {
	case "a", "an", "the":
		return name + " answers with " + word + " " + rest, true
	}
	word = thirdPerson(word)
	if more {
		word += " " + secondVerb(rest)
	}
	return name + " " + word, true
}

// secondVerb rewrites the verb of "or create a label", which follows one that was rewritten.
func secondVerb(text string) string {
	words := strings.SplitN(text, " ", 3)
	if len(words) >= 2 && (words[0] == "or" || words[0] == "and") && plainWord(words[1]) {
		words[1] = thirdPerson(words[1])
	}
	return strings.Join(words, " ")
}

// Reason says why something is deprecated, or who says so.
func Reason(text string) string {
	if text = strings.Join(strings.Fields(Clean(text)), " "); text == "" {
		return "the description marks it so."
	}
	return Sentence(text)
}

// Sentence ends a text with a period when it has no end of its own.
func Sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") ||
		strings.HasSuffix(text, ":") {
		return text
	}
	return text + "."
}

func plainWord(s string) bool {
	for _, r := range s {
		if r < 'a' || r > 'z' {
			return false
		}
	}
	return s != ""
}

func thirdPerson(verb string) string {
	switch {
	case strings.HasSuffix(verb, "ss"), strings.HasSuffix(verb, "sh"), strings.HasSuffix(verb, "ch"), strings.HasSuffix(verb, "x"),
		strings.HasSuffix(verb, "o"):
		return verb + "es"
	case strings.HasSuffix(verb, "s"):
		return verb
	case strings.HasSuffix(verb, "y") && len(verb) > 1 && !strings.ContainsRune("aeiou", rune(verb[len(verb)-2])):
		return verb[:len(verb)-1] + "ies"
	}
	return verb + "s"
}

// Clean makes a text of a description safe in a line comment: control and direction-changing characters go, lines that Go tools would
// take for a directive lose their force, and runs of blank lines become one paragraph break.
func Clean(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	var out []string
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(strings.Map(visible, line), " \t")
		if directive(line) {
			line = " " + line
		}
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

func visible(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case r == utf8.RuneError, unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs), r == '\u2028', r == '\u2029':
		return -1
	}
	return r
}

// directive tells whether a comment line would mean something to the Go tools.
func directive(line string) bool {
	for _, p := range []string{"go:", "line ", "+build", "export ", "extern ", "lint:", "nolint", "Deprecated:"} {
		if strings.HasPrefix(line, p) {
			return true
		}
	}
	return false
}

// width is where comment lines are wrapped.
const width = 110

// Wrap breaks the paragraphs of a text into lines. Lines that begin with white space or a list mark are kept as they are.
func Wrap(text string) []string {
	var out []string
	for _, para := range strings.Split(text, "\n\n") {
		if len(out) > 0 {
			out = append(out, "")
		}
		out = append(out, wrapParagraph(para)...)
	}
	return out
}

func wrapParagraph(para string) []string {
	var out []string
	line := ""
	flush := func() {
		if line != "" {
			out = append(out, line)
			line = ""
		}
	}
	for _, l := range strings.Split(para, "\n") {
		if listed(l) {
			flush()
		}
		for _, word := range strings.Fields(l) {
			switch {
			case line == "":
				line = word
			case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width:
				flush()
				line = word
			default:
				line += " " + word
			}
		}
	}
	flush()
	return out
}

func listed(line string) bool {
	t := strings.TrimSpace(line)
	return strings.HasPrefix(t, "- ") || strings.HasPrefix(t, "* ")
}

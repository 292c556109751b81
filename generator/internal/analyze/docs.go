package analyze

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// Text of a description ends up in comments. It is made safe here, once, so that no printer has to think of it: the Doc of
// anything in the model is plain text in lines, without the Go name (printers put it first, as oapi-codegen does), which can be
// wrapped anywhere and put behind "// ".

// docOf gives the description of the first node that has one, or else a title.
func docOf(nodes ...source.Node) string {
	for _, key := range []string{"description", "title"} {
		for _, n := range nodes {
			if text := cleanText(n.Get(key).Text()); text != "" {
				return text
			}
		}
	}
	return ""
}

// directives are words that some tool takes for an order when a comment line begins with them, or that a wrapped line could
// begin with.
var directives = regexp.MustCompile(`(^|\s)(go:|\+build\b|line\s+\S*:\d)`)

// lineEnds makes one kind of white space of many.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ", "\u2028", "\n", "\u2029", "\n")

// cleanText makes text safe in a comment: nothing in it ends the comment, orders a tool about, moves the cursor or changes the
// direction of what is around it.
func cleanText(s string) string {
	if s == "" {
		return ""
	}
	s = lineEnds.Replace(strings.ToValidUTF8(s, "\ufffd"))
	s = strings.Map(func(r rune) rune {
		if r != '\n' && isUnprintable(r) {
			return -1
		}
		return r
	}, s)
	for strings.Contains(s, "*/") {
		s = strings.ReplaceAll(s, "*/", "* /")
	}
	if strings.Contains(s, "go:") || strings.Contains(s, "+build") || strings.Contains(s, "line") {
		s = directives.ReplaceAllString(s, "$1'$2")
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n ")
}

// isUnprintable tells whether a rune is a control character, or formats what is around it (bidirectional marks, zero-width
// joiners, tags), or is for private use.
func isUnprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs)
}

//contactsgen:feature core
//contactsgen:part server

package fake

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// example gives text when the expression matches it, else the shortest text that the expression obviously matches.
func example(expression, text string) string {
	re, err := regexp.Compile(expression)
	if err != nil || re.MatchString(text) {
		return text
	}
	tree, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return text
	}
	var b strings.Builder
	writeExample(&b, tree.Simplify())
	return b.String()
}

func writeExample(b *strings.Builder, re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		if len(re.Rune) > 0 {
			b.WriteRune(re.Rune[0])
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('x')
	case syntax.OpAlternate, syntax.OpPlus:
		writeExample(b, re.Sub[0])
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range re.Sub {
			writeExample(b, sub)
		}
	}
}

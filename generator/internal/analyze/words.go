package analyze

import (
	"regexp"
	"sync"
)

// wordPattern finds words in descriptions. It is compiled when it is first asked, as only who inspects a description asks: compiling all of
// them takes longer than reading most descriptions.
type wordPattern struct{ compiled func() *regexp.Regexp }

// words makes a pattern of an expression.
func words(expression string) wordPattern {
	return wordPattern{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })}
}

// MatchString tells whether a text has the words.
func (p wordPattern) MatchString(text string) bool { return p.compiled().MatchString(text) }

package source

import (
	"strconv"

	"github.com/speakeasy-api/jsonpath/pkg/jsonpath/token"
)

// Paths without filters and slices, which most are, are followed here, on the tree itself: each segment looks at a node once, however many
// ways lead to it. The evaluator that knows all of JSONPath looks at it again for each, and needs a copy of the description in a form of
// its own.

// pathStep is one segment of a path: what it selects from a node, or also from everything in that.
type pathStep struct {
	deep      bool
	selectors []selector
}

// selector selects children of a node.
type selector struct {
	kind  token.Token // of a name, an index or a wildcard
	name  string
	index int
}

// plainSteps gives the segments of a path that is well-formed; ok is false when it has a filter or a slice in it.
func plainSteps(tokens []token.TokenInfo) (steps []pathStep, ok bool) {
	var s pathStep
	for i := 1; i < len(tokens); i++ { // the first is the $
		end := false // of the segment
		switch t := tokens[i]; t.Token {
		case token.CHILD, token.BRACKET_LEFT, token.COMMA:
		case token.RECURSIVE:
			s.deep = true
		case token.STRING, token.STRING_LITERAL:
			s.selectors = append(s.selectors, selector{kind: token.STRING, name: t.Literal})
			end = t.Token == token.STRING
		case token.WILDCARD:
			s.selectors = append(s.selectors, selector{kind: t.Token})
			end = tokens[i-1].Token == token.CHILD || tokens[i-1].Token == token.RECURSIVE
		case token.INTEGER:
			index, err := strconv.Atoi(t.Literal)
			if err != nil {
				return nil, false
			}
			s.selectors = append(s.selectors, selector{kind: t.Token, index: index})
		case token.BRACKET_RIGHT:
			end = true
		default:
			return nil, false
		}
		if end {
			steps, s = append(steps, s), pathStep{}
		}
	}
	return steps, true
}

// many tells whether the segment can select more than one node.
func (s pathStep) many() bool {
	return s.deep || len(s.selectors) != 1 || s.selectors[0].kind == token.WILDCARD
}

// search goes through trees. All that is done to one tree is one search, since it leaves marks there.
type search struct {
	epoch int32 // of the segment, so that marks of others mean nothing
}

// follow gives what segments select from a node, each once, in the order in which a reader meets it.
func (w *search) follow(top *tree, steps []pathStep) []*tree {
	found := []*tree{top}
	for _, s := range steps {
		w.epoch++
		var next []*tree
		for _, t := range found {
			next = w.step(t, s, next)
		}
		found = next
	}
	return found
}

func (w *search) step(t *tree, s pathStep, found []*tree) []*tree {
	if s.deep {
		if t.descended == w.epoch {
			return found // with everything in it
		}
		t.descended = w.epoch
	}
	for _, sel := range s.selectors {
		switch sel.kind {
		case token.WILDCARD:
			for _, c := range t.children {
				found = w.add(found, c)
			}
		case token.INTEGER:
			i := sel.index
			if i < 0 {
				i += len(t.children)
			}
			if t.kind == Sequence && i >= 0 && i < len(t.children) {
				found = w.add(found, t.children[i])
			}
		default:
			if c := t.get(sel.name); c != nil {
				found = w.add(found, c)
			}
		}
	}
	if s.deep {
		for _, c := range t.children {
			found = w.step(c, s, found)
		}
	}
	return found
}

func (w *search) add(found []*tree, t *tree) []*tree {
	if t.selected == w.epoch {
		return found
	}
	t.selected = w.epoch
	return append(found, t)
}

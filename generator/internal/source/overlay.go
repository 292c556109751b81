package source

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/speakeasy-api/jsonpath/pkg/jsonpath"
	"github.com/speakeasy-api/jsonpath/pkg/jsonpath/token"
	"gopkg.in/yaml.v3"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
)

// overlay applies an OpenAPI Overlay (1.0) to a description. What it adds keeps the place it has in the overlay.
//
// Every action sees what those before it did. An action that is wrong is complained about, and the others are still tried.
func (b *builder) overlay(root, overlay *tree) {
	actions := b.actions(overlay)
	if len(actions) == 0 {
		return
	}
	m := newMirror(root)
	for _, a := range actions {
		if b.full {
			return
		}
		targets, err := m.find(a.target)
		switch {
		case err != nil:
			b.complain(a.target.at.position(), "the target "+diag.Quote(a.target.text)+" "+err.message, err.help)
		case len(targets) == 0:
			b.complain(a.target.at.position(), "the target "+diag.Quote(a.target.text)+" matches nothing", "compare it with the description, or remove the action")
		}
		if a.remove {
			b.remove(m, a, targets)
			continue
		}
		_, depth := a.update.measure()
		for _, t := range targets {
			if t.depth()+depth > b.limits.Depth {
				b.tooDeep(a.update.at)
				break
			}
			b.update(m, a, t)
		}
		m.refreshAll(targets)
	}
}

// action is one action of an overlay. Exactly one of update and remove is asked for.
type action struct {
	target *tree
	update *tree
	remove bool
}

// actions checks an overlay and gives what it asks for.
func (b *builder) actions(overlay *tree) []action {
	const help = "an overlay starts with overlay: 1.0.0 and has info and actions"
	if overlay.kind != Mapping {
		b.complain(overlay.at.position(), "an overlay is a mapping, and this is "+overlay.kind.article(), help)
		return nil
	}
	version := overlay.get("overlay")
	if version == nil {
		b.complain(overlay.at.position(), "this is not an overlay", help)
		return nil
	}
	if version.text != "1.0" && !strings.HasPrefix(version.text, "1.0.") {
		b.complain(version.at.position(), "the overlay version is "+version.describe()+", which is not known", "overlays of version 1.0 are understood: write overlay: 1.0.0")
		return nil
	}
	b.known(overlay, "overlay", "info", "extends", "actions")
	list := overlay.get("actions")
	if list == nil || list.kind != Sequence || len(list.children) == 0 {
		at := overlay.at
		if list != nil {
			at = list.at
		}
		b.complain(at.position(), "the overlay has no list of actions", help)
		return nil
	}
	var actions []action
	for _, item := range list.children {
		if a, ok := b.action(item); ok {
			actions = append(actions, a)
		}
	}
	return actions
}

// action checks one action.
func (b *builder) action(item *tree) (a action, ok bool) {
	if item.kind != Mapping {
		b.complain(item.at.position(), "an action is a mapping, and this is "+item.kind.article(), "an action has a target, and update or remove")
		return a, false
	}
	b.known(item, "target", "description", "update", "remove")
	a.target, a.update = item.get("target"), item.get("update")
	if a.target == nil || a.target.kind != Scalar || a.target.form != text {
		at := item.at
		if a.target != nil {
			at = a.target.at
		}
		b.complain(at.position(), "the action has no target", pathHelp)
		return a, false
	}
	if remove := item.get("remove"); remove != nil {
		if remove.kind != Scalar || remove.form != boolean {
			b.complain(remove.at.position(), "remove must be true or false, and this is "+remove.describe(), "")
			return a, false
		}
		a.remove = strings.EqualFold(remove.text, "true")
	}
	if !a.remove && a.update == nil {
		b.complain(item.at.position(), "the action changes nothing", "give it an update, or remove: true")
		return a, false
	}
	return a, true
}

// known complains about members that nobody defined: a mistyped one would be passed over in silence.
func (b *builder) known(t *tree, keys ...string) {
	for _, c := range t.children {
		found := strings.HasPrefix(c.key, "x-")
		for _, k := range keys {
			found = found || c.key == k
		}
		if found {
			continue
		}
		help := "there are " + strings.Join(keys, ", ") + " and extensions"
		if near := diag.Nearest(c.key, keys); near != "" {
			help = "did you mean " + near + "?"
		}
		b.complain(c.keyAt.position(), "overlays have no "+diag.Quote(c.key)+" here", help)
	}
}

// remove cuts off what an action selects.
func (b *builder) remove(m *mirror, a action, targets []*tree) {
	which := make(map[*tree]bool, len(targets))
	for _, t := range targets {
		which[t] = true
	}
	for _, t := range targets {
		switch parent := t.parent; {
		case t == m.top:
			b.complain(a.target.at.position(), "the target "+diag.Quote(a.target.text)+" is the description itself, which cannot be removed", "")
		case parent != nil: // else a brother was removed before it, and all of them with it
			parent.drop(which)
			m.relist(parent)
		}
	}
}

// update changes one node.
func (b *builder) update(m *mirror, a action, t *tree) {
	if t.root() != m.top {
		return // The action replaced what it was in.
	}
	switch {
	case t.kind == Sequence:
		t.add(b.copy(a.update))
	case t.kind == Mapping && a.update.kind != Mapping:
		b.complain(a.update.at.position(), "the target "+diag.Quote(a.target.text)+" matches the mapping at "+t.at.position().String()+", and the update is "+a.update.kind.article(),
			"update a mapping with a mapping")
	case t.kind == Mapping:
		b.merge(t, a.update)
	default: // The specification leaves scalars open; there is one thing that can be meant.
		t.become(b.copy(a.update))
	}
}

// merge merges an overlay's mapping into a description's: mappings merge, lists are appended, everything else is replaced.
func (b *builder) merge(t, update *tree) {
	keys := newKeys(b)
	for _, u := range update.children {
		old := keys.find(t, u.key)
		switch {
		case b.full:
			return
		case old == nil:
			c := b.copy(u)
			c.key, c.keyAt = u.key, u.keyAt
			keys.append(t, c)
		case old.kind == Mapping && u.kind == Mapping:
			b.merge(old, u)
		case old.kind == Sequence && u.kind == Sequence:
			for _, item := range u.children {
				old.add(b.copy(item))
			}
		default:
			old.become(b.copy(u))
			old.keyAt = u.keyAt
		}
	}
}

// mirror is a copy of a description that the JSONPath evaluator understands, and the way back.
type mirror struct {
	top   *tree
	to    map[*tree]*yaml.Node
	back  map[*yaml.Node]*tree
	spent float64 // on searches
}

func newMirror(top *tree) *mirror {
	m := &mirror{top: top, to: map[*tree]*yaml.Node{}, back: map[*yaml.Node]*tree{}}
	m.refresh(top)
	return m
}

// refresh copies a node again, after it was changed.
func (m *mirror) refresh(t *tree) {
	n := m.to[t]
	if n == nil {
		n = new(yaml.Node)
		m.to[t], m.back[n] = n, t
	}
	*n = yaml.Node{Value: t.text}
	switch t.kind {
	case Mapping:
		n.Kind, n.Tag = yaml.MappingNode, "!!map"
	case Sequence:
		n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
	case Null:
		n.Kind, n.Tag, n.Value = yaml.ScalarNode, "!!null", "null"
	default:
		n.Kind, n.Tag = yaml.ScalarNode, [...]string{text: "!!str", integer: "!!int", decimal: "!!float", boolean: "!!bool"}[t.form]
	}
	for _, c := range t.children {
		m.refresh(c)
	}
	m.relist(t)
}

// refreshAll copies nodes again that an action has changed, each once: those that are in another one are copied with it.
func (m *mirror) refreshAll(changed []*tree) {
	set := make(map[*tree]bool, len(changed))
	for _, t := range changed {
		set[t] = true
	}
	for _, t := range changed {
		within := false
		at := t.parent
		for ; at != nil && !within; at = at.parent {
			within = set[at]
		}
		if !within && t.root() == m.top {
			m.refresh(t)
		}
	}
}

// relist lists the children of a node again, after some were cut off.
func (m *mirror) relist(t *tree) {
	n := m.to[t]
	n.Content = nil
	for _, c := range t.children {
		if t.kind == Mapping {
			n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: c.key})
		}
		n.Content = append(n.Content, m.to[c])
	}
}

// How many steps searches may take, roughly: one, and all of an overlay together.
const (
	longSearch  = 50_000_000
	allSearches = 4 * longSearch
)

// pathError says why a target cannot be looked for.
type pathError struct{ message, help string }

const pathHelp = "a target is a JSONPath (RFC 9535), for instance $.paths['/pets'].get; names with more than letters, digits and _ stand in quotes and brackets"

var pathMessage = regexp.MustCompile(`^Error at line \d+, column (\d+): (.*)`)

// find gives the nodes that a JSONPath selects, each once, in their order.
func (m *mirror) find(target *tree) (found []*tree, err *pathError) {
	defer func() {
		// The evaluator is made for paths of friends. What it cannot take must not end the program.
		if recover() != nil {
			found, err = nil, &pathError{"cannot be evaluated", pathHelp}
		}
	}()
	cost := m.cost(target.text)
	if cost > longSearch || m.spent+cost > allSearches {
		return nil, &pathError{"would search for too long", "use fewer .. and lists, no filter in a filter, and no $ inside a filter"}
	}
	m.spent += cost
	path, wrong := jsonpath.NewPath(target.text)
	if wrong != nil {
		if parts := pathMessage.FindStringSubmatch(wrong.Error()); parts != nil {
			return nil, &pathError{fmt.Sprintf("is not a JSONPath: %s at column %s", parts[2], parts[1]), pathHelp}
		}
		return nil, &pathError{"is not a JSONPath", pathHelp}
	}
	seen := map[*tree]bool{}
	for _, n := range path.Query(m.to[m.top]) {
		if t := m.back[n]; t != nil && !seen[t] {
			seen[t] = true
			found = append(found, t)
		}
	}
	return found, nil
}

// perNesting is how many times as long a filter takes that is in another one, to parse and to evaluate.
const perNesting = 4

// cost estimates how many steps a search takes. The evaluator looks at nodes again for every way that leads to them.
func (m *mirror) cost(path string) float64 {
	tokens := token.NewTokenizer(path).Tokenize()
	var descents, roots, filters, nesting int
	open := make([]bool, 0, len(tokens)) // for each bracket, whether it is a filter's
	list, lists, many := 1.0, 1.0, false
	for _, t := range tokens {
		switch t.Token {
		case token.RECURSIVE:
			descents++
		case token.BRACKET_LEFT:
			open = append(open, false)
		case token.FILTER:
			many = true
			if last := len(open) - 1; last >= 0 && !open[last] {
				open[last] = true
				filters++
				nesting = max(nesting, filters-1)
			}
		case token.WILDCARD, token.ARRAY_SLICE:
			many = true
		case token.ROOT:
			roots++
		case token.COMMA:
			list++
		case token.BRACKET_RIGHT:
			lists *= list
			list = 1
			if last := len(open) - 1; last >= 0 {
				if open[last] {
					filters--
				}
				open = open[:last]
			}
		}
	}
	if descents == 0 && !many && lists == 1 {
		return float64(len(tokens))
	}
	nodes, depth := m.top.measure()
	ways := math.Pow(float64(depth), float64(max(descents-1, 0))) * math.Pow(float64(nodes), float64(max(roots-1, 0)))
	return float64(nodes) * ways * lists * math.Pow(perNesting, float64(nesting))
}

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
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
)

// overlay applies an OpenAPI Overlay (1.0 to 1.2) to a description. What it adds keeps the place it has in the overlay, and what it copies
// that in the description.
//
// Every action sees what those before it did. An action that is wrong is complained about, and the others are still tried. So is one that
// does nothing, although Overlay lets it pass: it is mistyped, or the description is another one than was thought of.
func (b *builder) overlay(root, overlay *tree) {
	actions := b.actions(overlay)
	if len(actions) == 0 {
		return
	}
	m := &mirror{top: root, search: &b.search}
	for _, a := range actions {
		if b.full {
			return
		}
		targets := b.targets(m, &a)
		if a.remove {
			b.remove(m, a, targets)
			continue
		}
		if a.update == nil {
			continue // what was to be copied was complained about
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

// targets finds what an action changes, and what it copies to there.
func (b *builder) targets(m *mirror, a *action) []*tree {
	found, err := m.find(a.target)
	if err != nil {
		b.complain(a.target.at.position(), "the target "+diag.Quote(a.target.text)+" "+err.message, err.help)
	}
	if a.copied != nil {
		switch from, wrong := m.find(a.copied); {
		case wrong != nil:
			b.complain(a.copied.at.position(), "the path to copy "+diag.Quote(a.copied.text)+" "+wrong.message, wrong.help)
		case len(from) != 1:
			b.complain(a.copied.at.position(), fmt.Sprintf("the path to copy %s matches %d nodes, and one can be copied", diag.Quote(a.copied.text),
				len(from)),
				"compare it with the description")
		default:
			a.update = b.copy(from[0]) // a target may be in what is copied
			if len(found) == 0 && err == nil {
				found = m.member(a.target)
			}
		}
	}
	if len(found) == 0 && err == nil {
		b.complain(a.target.at.position(), "the target "+diag.Quote(a.target.text)+" matches nothing",
			"compare it with the description, or remove the action")
	}
	return found
}

// action is one action of an overlay. Exactly one of update, copied and remove is asked for.
type action struct {
	target *tree
	update *tree // what is copied, once that was found
	copied *tree // a path
	remove bool
	joins  bool // a list is added to another item by item, and not as one item: since 1.1
}

// actions checks an overlay and gives what it asks for.
func (b *builder) actions(overlay *tree) []action {
	const help = "an overlay starts with overlay: 1.0.0, 1.1.0 or 1.2.0, and has info and actions"
	if overlay.kind != Mapping {
		b.complain(overlay.at.position(), "an overlay is a mapping, and this is "+overlay.kind.article(), help)
		return nil
	}
	version := overlay.get("overlay")
	if version == nil {
		b.complain(overlay.at.position(), "this is not an overlay", help)
		return nil
	}
	minor, known := overlayVersions[generationOf(version.text)]
	if !known {
		b.complain(version.at.position(), "the overlay version is "+version.describe()+", which is not known",
			"overlays of version 1.0, 1.1 and 1.2 are understood: write overlay: 1.0.0")
		return nil
	}
	b.known(overlay, [][]string{{"overlay", "info", "extends", "actions"}, {"overlay", "info", "extends", "actions"},
		{"overlay", "info", "extends", "actions", "$self", "components"}}[minor]...)
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
		if a, ok := b.action(overlay, item, minor); ok {
			actions = append(actions, a)
		}
	}
	return actions
}

// overlayVersions are the minor versions that are understood.
var overlayVersions = map[string]int{"1.0": 0, "1.1": 1, "1.2": 2}

// generationOf is a version without its last number.
func generationOf(version string) string {
	if parts := strings.SplitN(version, ".", 3); len(parts) == 3 {
		return parts[0] + "." + parts[1]
	}
	return version
}

// action checks one action.
func (b *builder) action(overlay, item *tree, minor int) (a action, ok bool) {
	if item.kind != Mapping {
		b.complain(item.at.position(), "an action is a mapping, and this is "+item.kind.article(), "an action has a target, and update or remove")
		return a, false
	}
	a.target = item.get("target")
	says := item
	if ref := item.reference(); ref != nil && minor >= 2 {
		b.known(item, "$ref", "target", "description")
		if says = b.reusable(overlay, ref); says == nil {
			return a, false
		}
		b.known(says, "description", "update", "copy", "remove")
	} else {
		keys := []string{"target", "description", "update", "remove", "copy"}
		b.known(item, keys[:min(len(keys), 4+minor)]...)
	}
	if a.target == nil || a.target.kind != Scalar || a.target.form != text {
		at := item.at
		if a.target != nil {
			at = a.target.at
		}
		b.complain(at.position(), "the action has no target", pathHelp)
		return a, false
	}
	return a, b.changes(says, &a, minor)
}

// changes reads what an action does.
func (b *builder) changes(says *tree, a *action, minor int) bool {
	a.update, a.joins = says.get("update"), minor >= 1
	if remove := says.get("remove"); remove != nil {
		if remove.kind != Scalar || remove.form != boolean {
			b.complain(remove.at.position(), "remove must be true or false, and this is "+remove.describe(), "")
			return false
		}
		a.remove = strings.EqualFold(remove.text, "true")
	}
	if c := says.get("copy"); c != nil && minor >= 1 && !a.remove {
		if c.kind != Scalar || c.form != text || a.update != nil {
			b.complain(c.at.position(), "copy is the path of one node, in an action that has no update", pathHelp)
			return false
		}
		a.copied = c
	}
	if !a.remove && a.update == nil && a.copied == nil {
		b.complain(says.at.position(), "the action changes nothing", "give it an update, or remove: true")
		return false
	}
	return true
}

// reusable gives what an action of the overlay's components does.
func (b *builder) reusable(overlay, ref *tree) *tree {
	at := overlay
	if segments, ok := jsonpointer.Split(strings.TrimPrefix(ref.text, "#")); ok && strings.HasPrefix(ref.text, "#/components/actions/") {
		for _, s := range append(segments, "fields") {
			if at = at.get(s); at == nil {
				break
			}
		}
		if at != nil && at.kind == Mapping {
			return at
		}
	}
	b.complain(ref.at.position(), "the reference "+ref.describe()+" leads to no action",
		"write #/components/actions/ and the name of one that has fields")
	return nil
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
	case t.kind == Sequence && a.update.kind == Sequence && a.joins:
		for _, item := range a.update.children {
			t.add(b.copy(item))
		}
	case t.kind == Sequence:
		t.add(b.copy(a.update))
	case t.kind == Mapping && a.update.kind != Mapping:
		b.complain(a.update.at.position(), "the target "+diag.Quote(a.target.text)+" matches the mapping at "+t.at.position().String()+
			", and the update is "+a.update.kind.article(),
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

// mirror is a copy of a description that the JSONPath evaluator understands, and the way back. It is made for the first path that needs it.
type mirror struct {
	top    *tree
	to     map[*tree]*yaml.Node
	back   map[*yaml.Node]*tree
	spent  float64 // on searches
	search *search
}

// make copies the description, unless that was done.
func (m *mirror) make() {
	if m.to == nil {
		m.to, m.back = map[*tree]*yaml.Node{}, map[*yaml.Node]*tree{}
		m.refresh(m.top)
	}
}

// refresh copies a node again, after it was changed.
func (m *mirror) refresh(t *tree) {
	if m.to == nil {
		return
	}
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
	if m.to == nil {
		return
	}
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
	if m.to == nil {
		return
	}
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

const pathHelp = "a target is a JSONPath (RFC 9535), for instance $.paths['/pets'].get; names with more than letters, digits and _ stand " +
	"in quotes and brackets"

var pathMessage = regexp.MustCompile(`^Error at line \d+, column (\d+): (.*)`)

// find gives the nodes that a JSONPath selects, each once, in their order.
func (m *mirror) find(target *tree) (found []*tree, err *pathError) {
	defer func() {
		// The evaluator is made for paths of friends. What it cannot take must not end the program.
		if recover() != nil {
			found, err = nil, &pathError{"cannot be evaluated", pathHelp}
		}
	}()
	tokens := token.NewTokenizer(target.text).Tokenize()
	steps, plain := plainSteps(tokens)
	cost := m.plainCost(steps)
	if !plain {
		cost = m.cost(tokens)
	}
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
	if plain {
		return m.search.follow(m.top, steps), nil
	}
	m.make()
	seen := map[*tree]bool{}
	for _, n := range path.Query(m.to[m.top]) {
		if t := m.back[n]; t != nil && !seen[t] {
			seen[t] = true
			found = append(found, t)
		}
	}
	return found, nil
}

// simplePath finds the last name of a path that has names alone.
var simplePath = regexp.MustCompile(
	`^(\$(?:\.[A-Za-z_][A-Za-z0-9_]*|\['[^'\\]*'\]|\["[^"\\]*"\])*)(?:\.([A-Za-z_][A-Za-z0-9_]*)|\['([^'\\]*)'\]|\["([^"\\]*)"\])$`,
)

// member adds the empty member of a mapping that a path names, so that something can be copied there. It does nothing when the path may
// mean several, or there is no such mapping.
func (m *mirror) member(target *tree) []*tree {
	parts := simplePath.FindStringSubmatch(target.text)
	if parts == nil {
		return nil
	}
	parents, err := m.find(&tree{text: parts[1]})
	if err != nil || len(parents) != 1 || parents[0].kind != Mapping {
		return nil
	}
	made := &tree{kind: Null, at: target.at, key: parts[2] + parts[3] + parts[4], keyAt: target.at}
	parents[0].add(made)
	m.refresh(parents[0])
	return []*tree{made}
}

// perNesting is how many times as long a filter takes that is in another one, to parse and to evaluate.
const perNesting = 4

// perEvaluation is how many times as long the evaluator takes for a node as [search] does.
const perEvaluation = 8

// plainCost is how many steps a search takes that looks at each node once for each segment.
func (m *mirror) plainCost(steps []pathStep) float64 {
	many := 0
	for _, s := range steps {
		if s.many() {
			many++
		}
	}
	if many == 0 {
		return float64(len(steps))
	}
	nodes, _ := m.top.measure()
	return float64(nodes) * float64(many)
}

// cost estimates how many steps the evaluator's search takes. It looks at nodes again for every way that leads to them.
func (m *mirror) cost(tokens []token.TokenInfo) float64 {
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
	return perEvaluation * float64(nodes) * ways * lists * math.Pow(perNesting, float64(nesting))
}

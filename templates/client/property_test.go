package client

import (
	"math/rand/v2"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
)

const propertyRuns = 3000

// growth makes documents that look alike often enough for their differences to be interesting.
type growth struct{ *rand.Rand }

func (g growth) value(depth int) *node {
	scalars := []string{`1`, `1.50`, `9007199254740993`, `"x"`, `"y"`, `true`, `false`, `""`}
	switch n := g.IntN(6); {
	case depth > 0 && n < 2:
		return g.object(depth - 1)
	case depth > 0 && n == 2:
		items := make([]*node, g.IntN(4))
		for i := range items {
			items[i] = g.value(depth - 1)
		}
		return newArray(items)
	default:
		n, _ := parseNode([]byte(scalars[g.IntN(len(scalars))]))
		return n
	}
}

func (g growth) object(depth int) *node {
	names := []string{"a", "b/c", "~", "[d", "e=f"}
	g.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	var entries []entry
	for _, name := range names[:g.IntN(len(names))] {
		entries = append(entries, entry{name: name, value: g.value(depth)})
	}
	return newObject(entries)
}

// change returns n with parts of it replaced.
func (g growth) change(n *node) *node {
	if n.kind != kindObject || g.IntN(8) == 0 {
		return g.value(2)
	}
	var entries []entry
	for _, e := range n.entries {
		switch g.IntN(5) {
		case 0:
			e.value = g.change(e.value)
		case 1:
			continue
		}
		entries = append(entries, e)
	}
	for _, e := range g.object(1).entries {
		if n.position(e.name) < 0 && g.IntN(2) == 0 {
			entries = append(entries, e)
		}
	}
	return newObject(entries)
}

func forEachGrowth(t *testing.T, f func(t *testing.T, g growth)) {
	t.Helper()
	for seed := range uint64(propertyRuns) {
		f(t, growth{rand.New(rand.NewPCG(seed, 1))})
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func TestDiffMergesToWhatTheCallerMade(t *testing.T) {
	trait := &revisionDescriptor{payload: payloadDescriptor{kind: payloadPatch, merge: true, read: "/p"}}
	forEachGrowth(t, func(t *testing.T, g growth) {
		before := g.object(3)
		after := before
		for _, e := range g.change(before).entries { // an object stays one
			after = newObject(append(without(after, e.name), e))
		}
		wrap := func(n *node) []byte { return newObject([]entry{{name: "p", value: n}}).bytes() }
		got, err := trait.diff(wrap(before), wrap(before), wrap(after))
		if err != nil {
			t.Error(err)
			return
		}
		merged := before.bytes()
		if got.payload != nil {
			if merged, err = jsonpatch.MergePatch(merged, got.payload); err != nil {
				t.Error(err)
				return
			}
		}
		if !jsonEquals(t, merged, string(after.bytes())) {
			t.Errorf("%s with %s is %s, want %s", before.bytes(), got.payload, merged, after.bytes())
		}
		if (got.payload == nil) != equal(before, after) || (got.payload == nil) != (len(got.paths) == 0) {
			t.Errorf("sent %s, changed %q", got.payload, got.paths)
		}
	})
}

func without(n *node, name string) []entry {
	var entries []entry
	for _, e := range n.entries {
		if e.name != name {
			entries = append(entries, e)
		}
	}
	return entries
}

// Where only the paths of a change differ, setting them makes one state of the other.
func TestDiffNamesAllThatChanged(t *testing.T) {
	trait := &revisionDescriptor{payload: payloadDescriptor{kind: payloadPatch}}
	forEachGrowth(t, func(t *testing.T, g growth) {
		before, after := g.object(3), g.object(3)
		got, err := trait.diff(before.bytes(), before.bytes(), after.bytes())
		if err != nil {
			t.Error(err)
			return
		}
		doc := before.bytes()
		for _, path := range got.paths {
			p := pointer(path)
			if v, ok := p.get(after.bytes()); ok {
				doc, err = p.set(doc, v)
			} else {
				doc, err = p.remove(doc)
			}
			if err != nil {
				t.Error(err)
			}
		}
		if !jsonEquals(t, doc, string(after.bytes())) {
			t.Errorf("%s with %q of %s is %s", before.bytes(), got.paths, after.bytes(), doc)
		}
	})
}

func TestDiffIsFoundAgain(t *testing.T) {
	for _, kind := range []payloadKind{payloadPatch, payloadWhole, payloadFields} {
		trait := &revisionDescriptor{payload: payloadDescriptor{kind: kind}}
		forEachGrowth(t, func(t *testing.T, g growth) {
			before, after := g.object(3), g.object(3)
			sent, err := trait.diff(before.bytes(), before.bytes(), after.bytes())
			if err != nil || sent.payload == nil {
				return
			}
			if !trait.contains(sent, after.bytes()) {
				t.Errorf("%s with %s gone is not found in %s", sent.payload, sent.gone, after.bytes())
			}
			if trait.untouched(before.bytes(), sent, after.bytes()) {
				t.Errorf("%s is not seen in %s", sent.payload, after.bytes())
			}
			if !trait.untouched(before.bytes(), sent, before.bytes()) {
				t.Errorf("%s is seen where nothing changed: %s", sent.payload, before.bytes())
			}
		})
	}
}

func TestThreeWayLaws(t *testing.T) {
	keyed := &shape{isArray: true, itemKey: "a"}
	keyed.items = &shape{values: keyed}
	keyed.values = keyed
	forEachGrowth(t, func(t *testing.T, g growth) {
		base := g.value(4)
		x, y := g.change(base), g.change(base)
		for _, s := range []*shape{nil, keyed} {
			for name, law := range map[string]struct{ base, ours, theirs, want *node }{
				"only we changed":      {base, x, base, x},
				"only they changed":    {base, base, x, x},
				"both changed alike":   {base, x, x, x},
				"nobody changed":       {base, base, base, base},
				"both back from apart": {x, base, base, base},
			} {
				merged, conflicts, err := threeWay(law.base.bytes(), law.ours.bytes(), law.theirs.bytes(), s, nil)
				if err != nil || len(conflicts) > 0 || !jsonEquals(t, merged, string(law.want.bytes())) {
					t.Errorf("%s: %s, %v, %v", name, merged, conflicts, err)
				}
			}
			_, there, err1 := threeWay(base.bytes(), x.bytes(), y.bytes(), s, nil)
			_, back, err2 := threeWay(base.bytes(), y.bytes(), x.bytes(), s, nil)
			if err1 != nil || err2 != nil || len(there) != len(back) {
				t.Errorf("conflicts %v one way round, %v the other", there, back)
			}
		}
	})
}

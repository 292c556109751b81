package source

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
)

// builder turns bytes into trees. What it counts, it counts over all files of a description.
type builder struct {
	limits     Limits
	complaints *diag.List
	nodes      int    // made so far
	search     search // for what overlays change
	full       bool   // copying made too many, and was complained about
}

// errStop ends the reading of one file after a complaint that leaves nothing to go on with.
var errStop = errors.New("stop")

// read gives the tree of a file, nil when there is none. Complaints are added to the builder's.
func (b *builder) read(in Input) *tree {
	at := diag.Position{File: in.Name, Line: 1, Column: 1}
	if len(in.Data) > b.limits.Bytes {
		message, help := tooLarge(b.limits.Bytes)
		b.complain(at, message, help)
		return nil
	}
	data := bytes.TrimPrefix(in.Data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		b.complain(positionAt(in.Name, data, invalidUTF8(data)), "the file is not UTF-8 text", "save it as UTF-8")
		return nil
	}
	if len(bytes.TrimSpace(data)) == 0 {
		b.empty(in.Name)
		return nil
	}
	src := &file{name: in.Name}
	if looksLikeJSON(data) {
		r := &jsonReader{builder: b, file: src, src: string(data)}
		root, syntax := r.read()
		if syntax == nil {
			return root
		}
		// YAML's flow style looks like JSON until it doesn't. A file whose first key is quoted is meant to be JSON.
		if strings.EqualFold(path.Ext(in.Name), ".json") || quotedFirst(data) {
			b.complaints.Add(syntax)
			return nil
		}
	}
	return b.readYAML(src, data)
}

func (b *builder) empty(name string) {
	b.complain(diag.Position{File: name, Line: 1, Column: 1}, "the file is empty", "")
}

func (b *builder) complain(at diag.Position, message, help string) {
	b.complaints.Add(&diag.Problem{Pos: at, Message: message, Help: help})
}

// count makes room for one more node, or complains and gives false.
func (b *builder) count(at place) bool {
	if b.nodes++; b.nodes > b.limits.Nodes {
		b.tooManyNodes(at)
		return false
	}
	return true
}

func (b *builder) tooManyNodes(at place) {
	b.complain(at.position(), fmt.Sprintf("the description has more than %d nodes", b.limits.Nodes), "leave out what the client does not need")
}

func (b *builder) tooDeep(at place) {
	b.complain(at.position(), fmt.Sprintf("the description is nested more than %d levels deep", b.limits.Depth),
		"use $ref to keep deep structures apart")
}

// keys checks the keys of one mapping while it is built.
type keys struct {
	*builder
	index map[string]int // made when the mapping gets large
}

func newKeys(b *builder) *keys { return &keys{builder: b} }

// find gives the member that has a key already, nil when none has.
func (k *keys) find(t *tree, key string) *tree {
	if k.index == nil && len(t.children) >= largeMapping {
		k.index = make(map[string]int, 2*len(t.children))
		for i, c := range t.children {
			k.index[c.key] = i
		}
	}
	if k.index != nil {
		if i, ok := k.index[key]; ok {
			return t.children[i]
		}
		return nil
	}
	return t.get(key)
}

// add adds a member. It complains about a key that is there already or is too long.
func (k *keys) add(t, c *tree) {
	if len(c.key) > k.limits.NameLength {
		k.complain(c.keyAt.position(), fmt.Sprintf("the key that starts with %s is %d bytes long, and %d are the most",
			diag.Quote(c.key[:min(len(c.key), 40)]), len(c.key), k.limits.NameLength),
			"choose a shorter name")
	}
	if first := k.find(t, c.key); first != nil {
		k.complain(c.keyAt.position(), "the key "+diag.Quote(c.key)+" is there twice", "the first one is at "+first.keyAt.position().String()+
			": rename or remove one")
		return
	}
	k.append(t, c)
}

// addMissing adds a member unless there is one with its key.
func (k *keys) addMissing(t, c *tree) {
	if k.find(t, c.key) == nil {
		k.append(t, c)
	}
}

func (k *keys) append(t, c *tree) {
	c.parent = t
	if k.index != nil {
		k.index[c.key] = len(t.children)
	}
	t.children = append(t.children, c)
}

// copy makes a copy of a tree without the key that leads to it. When the description gets too large, it complains once and gives no more
// than one node.
func (b *builder) copy(t *tree) *tree {
	c := &tree{kind: t.kind, form: t.form, text: t.text, at: t.at}
	if b.full || !b.count(t.at) {
		b.full = true
		return c
	}
	for _, child := range t.children {
		cc := b.copy(child)
		cc.key, cc.keyAt = child.key, child.keyAt
		c.add(cc)
	}
	return c
}

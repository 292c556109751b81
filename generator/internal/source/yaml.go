package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
)

// readYAML gives the tree of a YAML file, nil when there is none.
func (b *builder) readYAML(src *file, data []byte) *tree {
	if at, ok := b.tooMany(data); !ok {
		b.tooManyNodes(place{src, at, 1})
		return nil
	}
	if bytes.HasPrefix(data, []byte("%YAML 1.2")) {
		// The parser reads 1.2 and refuses the directive that says so. As a comment it leaves every place as it is.
		data = append([]byte("#"), data[1:]...)
	}
	doc, consumed, err := parseYAML(data)
	if errors.Is(err, io.EOF) {
		b.empty(src.name) // There are comments in it at most.
		return nil
	}
	if err != nil {
		b.complaints.Add(yamlProblem(src.name, data[:consumed], err))
		return nil
	}
	r := &yamlReader{builder: b, file: src, inside: map[*yaml.Node]bool{}}
	root, err := r.tree(doc, 0)
	if err != nil {
		return nil // It was complained about.
	}
	return root
}

// tooMany tells whether a file cannot have too many nodes, before the parser spends memory on each, and else the line where it may.
// Every node but the first is behind a line break or one of a few characters.
func (b *builder) tooMany(data []byte) (line int32, ok bool) {
	line = 1
	marks := 0
	for _, c := range data {
		switch c {
		case '\n':
			line++
			marks++
		case ',', '[', '{', ':', '-', '?':
			marks++
		}
		if marks > 2*b.limits.Nodes {
			return line, false
		}
	}
	return 0, true
}

// parseYAML gives the one document of a file, and how much of the file it looked at.
func parseYAML(data []byte) (doc *yaml.Node, consumed int, err error) {
	rest := bytes.NewReader(data)
	defer func() {
		consumed = len(data) - rest.Len()
		// The parser is made for files of friends. What it cannot take must not end the program.
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	d := yaml.NewDecoder(rest)
	var first, second yaml.Node
	if err := d.Decode(&first); err != nil {
		return nil, 0, err
	}
	switch err := d.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		return nil, 0, err
	case second.Content[0].Tag != "!!null":
		return nil, 0, &secondDocument{second.Line, second.Column}
	}
	return first.Content[0], 0, nil
}

type secondDocument struct{ line, col int }

func (*secondDocument) Error() string { return "the file holds more than one YAML document" }

// yamlReader makes our tree of the parser's.
type yamlReader struct {
	*builder
	file    *file
	inside  map[*yaml.Node]bool // anchored nodes that are being expanded
	aliased []place             // the aliases that are being expanded
	added   int                 // nodes made in expansions
}

func (r *yamlReader) place(n *yaml.Node) place { return place{r.file, int32(n.Line), int32(n.Column)} }

// tree converts a node. An error is always errStop: what is wrong was complained about.
func (r *yamlReader) tree(n *yaml.Node, depth int) (*tree, error) {
	at := r.place(n)
	if n.Kind == yaml.AliasNode {
		return r.alias(n, depth)
	}
	if !r.count(at) {
		return nil, errStop
	}
	if len(r.aliased) > 0 {
		if r.added++; r.added > r.limits.Aliases {
			r.complain(r.aliased[0].position(), fmt.Sprintf("aliases expand to more than %d nodes", r.limits.Aliases),
				"use $ref instead of YAML aliases")
			return nil, errStop
		}
	}
	t := &tree{at: at}
	switch n.Kind {
	case yaml.MappingNode:
		t.kind = Mapping
		return t, r.members(t, n, depth)
	case yaml.SequenceNode:
		t.kind = Sequence
		if depth == r.limits.Depth {
			r.tooDeep(at)
			return nil, errStop
		}
		for _, item := range n.Content {
			c, err := r.tree(item, depth+1)
			if err != nil {
				return nil, err
			}
			c.parent = t
			t.children = append(t.children, c)
		}
	default:
		r.scalar(t, n)
	}
	return t, nil
}

// scalar sets the value. Timestamps and everything with a tag we do not know are strings.
func (r *yamlReader) scalar(t *tree, n *yaml.Node) {
	t.kind, t.text = Scalar, n.Value
	switch n.ShortTag() {
	case "!!null":
		t.kind, t.text = Null, ""
	case "!!bool":
		if s := strings.ToLower(n.Value); s == "true" || s == "false" {
			t.form = boolean
		}
	case "!!int":
		t.form = integer
	case "!!float":
		t.form = decimal
	}
	if t.form == integer || t.form == decimal {
		// A tag may claim what the text is not.
		if _, ok := canonicalNumber(t); !ok && !strings.HasPrefix(strings.TrimLeft(t.text, "+-"), ".") {
			t.form = text
		}
	}
}

// members adds the members of a mapping, those of its merge keys (<<) last unless the mapping has its own.
func (r *yamlReader) members(t *tree, n *yaml.Node, depth int) error {
	if depth == r.limits.Depth {
		r.tooDeep(t.at)
		return errStop
	}
	keys := newKeys(r.builder)
	var merges []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind == yaml.ScalarNode && k.ShortTag() == "!!merge" {
			merges = append(merges, v)
			continue
		}
		key := k
		if k.Kind == yaml.AliasNode {
			key = k.Alias
		}
		if key.Kind != yaml.ScalarNode {
			r.complain(r.place(k).position(), "a key must be text, and this is "+map[yaml.Kind]string{yaml.MappingNode: "a mapping",
				yaml.SequenceNode: "a list"}[key.Kind],
				"quote it if braces or brackets are part of the text")
			continue
		}
		c, err := r.tree(v, depth+1)
		if err != nil {
			return err
		}
		c.key, c.keyAt = key.Value, r.place(k)
		keys.add(t, c)
	}
	for _, m := range merges {
		if err := r.merge(t, keys, m, depth); err != nil {
			return err
		}
	}
	return nil
}

// merge adds what a merge key stands for.
func (r *yamlReader) merge(t *tree, keys *keys, m *yaml.Node, depth int) error {
	from, err := r.tree(m, depth)
	if err != nil {
		return err
	}
	sources := []*tree{from}
	if from.kind == Sequence {
		sources = from.children
	}
	for _, s := range sources {
		if s.kind != Mapping {
			r.complain(r.place(m).position(), "only mappings can be merged with <<, and this is "+s.kind.article(),
				`quote "<<" if it is meant as a key`)
			return nil
		}
		for _, c := range s.children {
			keys.addMissing(t, c)
		}
	}
	return nil
}

// alias makes a copy of what an alias stands for: a node has one place in the tree. Its position stays that of the text.
func (r *yamlReader) alias(n *yaml.Node, depth int) (*tree, error) {
	if r.inside[n.Alias] {
		r.complain(r.place(n).position(), "the alias "+diag.Quote(n.Value)+" stands for something that contains it", "use $ref for recursion")
		return nil, errStop
	}
	r.inside[n.Alias] = true
	r.aliased = append(r.aliased, r.place(n))
	t, err := r.tree(n.Alias, depth)
	r.aliased = r.aliased[:len(r.aliased)-1]
	delete(r.inside, n.Alias)
	return t, err
}

// yamlProblem turns what the parser says into a complaint with a place.
func yamlProblem(name string, data []byte, err error) *diag.Problem {
	var second *secondDocument
	if errors.As(err, &second) {
		return &diag.Problem{Pos: diag.Position{File: name, Line: second.line, Column: second.col}, Message: second.Error(),
			Help: "keep each description in a file of its own"}
	}
	offset := culprit(data, err)
	_, message := splitLine(err)
	p := &diag.Problem{Pos: positionAt(name, data, offset), Message: message}
	if anchor, ok := strings.CutPrefix(p.Message, "unknown anchor '"); ok {
		p.Message = "the alias " + diag.Quote(strings.TrimSuffix(anchor, "' referenced")) + " has no anchor"
	}
	for _, h := range yamlHelp {
		if strings.Contains(p.Message, h.message) {
			p.Help = h.help
			break
		}
	}
	p.Message = "YAML: " + p.Message
	return p
}

// unclosedQuote is what the parser says about text in quotes that does not end.
const unclosedQuote = "found unexpected end of stream"

// yamlHelp says what a person most probably meant when the parser gave up.
var yamlHelp = []struct{ message, help string }{
	{"mapping values are not allowed", `quote the text if the colon is part of it, else check the indentation`},
	{"cannot start any token", "indent with spaces, not tabs; quote text that starts with @, ` or %"},
	{"tab character", "indent with spaces, not tabs"},
	{"did not find expected key", "check that this line is indented like its neighbours"},
	{"did not find expected '-' indicator", "check that this line is indented like its neighbours"},
	{"could not find expected ':'", "a key is followed by a colon and a space"},
	{unclosedQuote, "close the quotation mark"},
	{"did not find expected ',' or", "close the bracket, and put commas between what is inside"},
	{"did not find expected node content", "quote the text if it starts with a character that means something in YAML"},
	{"unknown escape character", `write a backslash as \\, or use single quotation marks`},
	{"has no anchor", "define it with & before it is used, or quote text that starts with *"},
	{"control characters are not allowed", `write it escaped in double quotation marks, for instance "\x1b"`},
	{"exceeded max depth", "use $ref to keep deep structures apart"},
}

// culpritBudget bounds how many bytes are parsed to find the place of an error.
const culpritBudget = 32 << 20

// culprit gives the offset of the byte that an error is about. The parser says a line at best, often that of what it was in the middle of, or the one before.
// But it reads in one direction: the byte is the last one of the shortest beginning of the file that gives the same error.
func culprit(data []byte, failure error) int {
	line, message := splitLine(failure)
	same := func(beginning []byte) bool {
		_, _, err := parseYAML(beginning)
		if err == nil {
			return false
		}
		l, m := splitLine(err)
		return m == message && (l == line || l == "") // It gives no line for the first one.
	}
	low, high := 0, len(data) // The beginning of low bytes does not give the error, that of high bytes does.
	if first := bytes.IndexByte(data, '\n'); first > 0 && message == unclosedQuote && same(data[:first]) {
		high = first // For a quotation that opens on the first line, the line it gives is the last one.
	}
	// It is most often close to where the parser gave up, so the search starts there and takes longer and longer steps back.
	step := 256
	for budget := culpritBudget; high-low > 1 && budget > 0; {
		middle := max(low+(high-low)/2, high-step)
		budget -= middle
		if same(data[:middle]) {
			high = middle
			step *= 4
		} else {
			low = middle
		}
	}
	at := high - 1
	if strings.Contains(message, "unknown anchor") {
		at = bytes.LastIndexByte(data[:high], '*')
	}
	for at > 0 && !utf8.RuneStart(data[at]) {
		at--
	}
	return max(at, 0)
}

// splitLine takes the parser's line, if there is one, off its message.
func splitLine(err error) (line, message string) {
	message = strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(message, "line "); ok {
		if line, rest, ok := strings.Cut(rest, ": "); ok && digits(line) == len(line) {
			return line, rest
		}
	}
	return "", message
}

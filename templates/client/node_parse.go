//contactsgen:feature core
//contactsgen:part json

package client

// nodeParser splits a document that is known to be valid JSON into nodes: what is left to do is to find where each value begins and ends.
type nodeParser struct {
	doc []byte
	at  int
}

// value reads the value that begins at or after p.at and leaves p.at behind it.
func (p *nodeParser) value(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	p.space()
	n, start := &node{}, p.at
	var err error
	switch p.doc[p.at] {
	case '{':
		n.kind = kindObject
		err = p.object(n, depth)
	case '[':
		n.kind = kindArray
		err = p.array(n, depth)
	case '"':
		n.kind = kindString
		p.str()
	default:
		n.kind = p.word()
	}
	if err != nil {
		return nil, err
	}
	// The capacity is cut off so that appending to a part cannot overwrite what follows it.
	n.raw = p.doc[start:p.at:p.at]
	return n, nil
}

func (p *nodeParser) object(n *node, depth int) error {
	for p.open('}') {
		p.space()
		start := p.at
		p.str()
		quoted := p.doc[start:p.at:p.at]
		p.space()
		p.at++ // the colon
		v, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.enter(entry{name: unquote(quoted), quote: quoted, value: v})
	}
	return nil
}

// enter adds one member that was read. A name that is already there keeps its place and gets the later value.
func (n *node) enter(e entry) {
	if i := n.position(e.name); i >= 0 {
		n.entries[i] = e
		return
	}
	n.entries = append(n.entries, e)
	switch {
	case n.index != nil:
		n.index[e.name] = len(n.entries) - 1
	case len(n.entries) >= indexFrom:
		n.reindex()
	}
}

func (p *nodeParser) array(n *node, depth int) error {
	for p.open(']') {
		v, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, v)
	}
	return nil
}

// open steps over the bracket or comma before the next element and reports whether there is one; otherwise it steps
// over the closing bracket.
func (p *nodeParser) open(closing byte) bool {
	p.space()
	if p.doc[p.at] == closing {
		p.at++
		return false
	}
	p.at++ // the opening bracket, or a comma
	p.space()
	if p.doc[p.at] == closing {
		p.at++
		return false
	}
	return true
}

// str steps over a string.
func (p *nodeParser) str() {
	i := p.at + 1
	for doc := p.doc; doc[i] != '"'; i++ {
		if doc[i] == '\\' {
			i++
		}
	}
	p.at = i + 1
}

// skip steps over a value.
func (p *nodeParser) skip() {
	for depth := 0; ; {
		switch p.doc[p.at] {
		case '{', '[':
			depth++
			p.at++
		case '}', ']':
			depth--
			p.at++
		case '"':
			p.str()
		case ',', ':', ' ', '\t', '\n', '\r':
			p.at++
			continue
		default:
			p.word()
		}
		if depth == 0 {
			return
		}
	}
}

// word steps over null, a boolean or a number.
func (p *nodeParser) word() nodeKind {
	kind := kindNumber
	switch p.doc[p.at] {
	case 'n':
		kind = kindNull
	case 't', 'f':
		kind = kindBool
	}
	for p.at < len(p.doc) && !isDelimiter(p.doc[p.at]) {
		p.at++
	}
	return kind
}

func (p *nodeParser) space() {
	for p.at < len(p.doc) && isSpace(p.doc[p.at]) {
		p.at++
	}
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r'
}

func isDelimiter(c byte) bool {
	return c == ',' || c == ']' || c == '}' || isSpace(c)
}

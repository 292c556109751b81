//contactsgen:feature core
//contactsgen:part json

package client

import "encoding/json"

// several are some of the values that are looked for, a bit each: 64 at most.
type several uint64

func (s several) has(i int) bool { return s>>i&1 != 0 }

// gather reads a value that lies a number of segments down those of the paths that are asked for, and puts what they lead to in it in the
// same places of found, byte for byte as it is in the document. It takes one pass, and makes no nodes as long as the paths go through
// objects. Of members with the same name the last one counts.
func (p *nodeParser) gather(found []json.RawMessage, paths [][]segment, depth int, asked several) {
	p.space()
	start := p.at
	if asked == 0 {
		p.skip()
		return
	}
	var deeper several
	for i := range paths {
		if asked.has(i) && len(paths[i]) > depth {
			deeper |= 1 << i
		}
	}
	switch {
	case deeper == 0:
		p.skip()
	case p.doc[start] == '{':
		p.gatherMembers(found, paths, depth, deeper)
	default:
		p.gatherNodes(found, paths, depth, deeper)
	}
	for i := range found {
		if asked.has(i) && !deeper.has(i) {
			// The capacity is cut off so that appending to a part cannot overwrite what follows it.
			found[i] = json.RawMessage(p.doc[start:p.at:p.at])
		}
	}
}

func (p *nodeParser) gatherMembers(found []json.RawMessage, paths [][]segment, depth int, asked several) {
	for p.open('}') {
		p.space()
		start := p.at
		p.str()
		name := p.doc[start+1 : p.at-1]
		if !isPlain(name) {
			name = []byte(unquote(p.doc[start:p.at]))
		}
		p.space()
		p.at++ // the colon
		var within several
		for i, path := range paths {
			if asked.has(i) && !path[depth].selector && path[depth].name == string(name) {
				found[i] = nil // an earlier member of this name does not count
				within |= 1 << i
			}
		}
		p.gather(found, paths, depth+1, within)
	}
}

// gatherNodes looks into what is no object.
func (p *nodeParser) gatherNodes(found []json.RawMessage, paths [][]segment, depth int, asked several) {
	start := p.at
	n, err := p.value(0)
	if err != nil {
		p.at = start
		p.skip()
		return
	}
	for i, path := range paths {
		if asked.has(i) {
			found[i] = follow(path[depth:], n).bytes()
		}
	}
}

package runtime

import (
	"bytes"
)

// declaredIn gives the names that a file declares at package level, methods apart. It relies on how gofmt indents: a declaration begins its
// line, and what is in a group is behind one tab.
func declaredIn(src []byte) (names []string) {
	group := false
	for line := range bytes.Lines(src) {
		if group {
			group = line[0] != ')'
			if line[0] == '\t' {
				names = append(names, namesBefore(line[1:])...)
			}
			continue
		}
		keyword, rest, _ := bytes.Cut(line, []byte(" "))
		switch string(keyword) {
		case "const", "var", "type":
			group = rest[0] == '('
			names = append(names, namesBefore(rest)...)
		case "func":
			names = append(names, namesBefore(rest)...)
		}
	}
	return names
}

// namesBefore gives the names at the beginning of a line, which commas part.
func namesBefore(line []byte) (names []string) {
	for {
		n := 0
		for n < len(line) && (line[n] == '_' || line[n]|0x20 >= 'a' && line[n]|0x20 <= 'z' || n > 0 && line[n] >= '0' && line[n] <= '9') {
			n++
		}
		if n == 0 {
			return names
		}
		names = append(names, string(line[:n]))
		rest, more := bytes.CutPrefix(line[n:], []byte(", "))
		if !more {
			return names
		}
		line = rest
	}
}

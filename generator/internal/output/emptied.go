package output

import (
	"bytes"
	"go/parser"
	"go/token"
)

// An emptied file stands for a leftover that somebody has listed and is about to read. It belongs to no build, so that the go command does
// not list it in its next run, which can therefore remove it.
const emptiedBody = `

//go:build ignore

// Nothing is generated here any more. The file stays for the run of "go generate" that emptied it, since the go command reads the files of a
// package after it has run what may remove them. The next run removes it.

package `

// emptied is what stays of a leftover.
func emptied(f File) []byte {
	name := "ignored"
	if parsed, err := parser.ParseFile(token.NewFileSet(), f.Path, f.Data, parser.PackageClauseOnly); err == nil {
		name = parsed.Name.Name
	}
	return []byte(Header + emptiedBody + name + "\n")
}

// isEmptied tells whether a file of ours is one that was emptied.
func isEmptied(data []byte) bool {
	_, rest, _ := bytes.Cut(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\n"))
	return bytes.HasPrefix(rest, []byte(emptiedBody[1:]))
}

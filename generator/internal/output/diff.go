package output

import (
	"bytes"
	"sort"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// Kind says how a file differs from what would be written.
type Kind string

// The ways a file differs.
const (
	Changed Kind = "changed" // it has other bytes
	Missing Kind = "missing" // it is not there
	Extra   Kind = "extra"   // it is a leftover of an earlier run
)

// Change is one file that differs from what would be written.
type Change struct {
	Path   string // as in File
	Kind   Kind
	Diff   string // unified, from what is there to what would be written
	Format string // output format of what is there; "" when that is nothing, or not ours
}

// Diff compares what is in the directory with files and changes nothing. No changes means that Write would change nothing
// either. Files that differ only in that every line ends in CR LF are the same, so are those with comments
// above their header, and files that Write has emptied count as removed.
func Diff(name string, files []File) ([]Change, error) {
	if err := checkPaths(files); err != nil {
		return nil, err
	}
	d, err := openDir(name)
	if err != nil {
		return nil, err
	}
	defer d.close()

	var changes []Change
	for _, f := range files {
		have, mode, err := d.read(f.Path)
		f.Data = keeping(f.Path, have, f.Data)
		switch {
		case err != nil:
			return nil, err
		case mode == 0:
			changes = append(changes, Change{Path: f.Path, Kind: Missing, Diff: udiff.Unified(nowhere, d.label(f.Path), "", string(f.Data))})
		case !same(have, f.Data):
			label := d.label(f.Path)
			changes = append(changes, Change{f.Path, Changed, udiff.Unified(label, label, plain(have), string(f.Data)), formatOf(f.Path, have)})
		}
	}
	orphans, err := d.orphans(files)
	if err != nil {
		return nil, err
	}
	for _, f := range orphans {
		if isEmptied(f.Data) {
			continue
		}
		changes = append(changes, Change{f.Path, Extra, udiff.Unified(d.label(f.Path), nowhere, plain(f.Data), ""), formatOf(f.Path, f.Data)})
	}
	sort.Slice(changes, func(i, j int) bool { return changes[i].Path < changes[j].Path })
	return changes, nil
}

// nowhere is what patch programs take for a file that is not there.
const nowhere = "/dev/null"

// label names a file in a diff the same way on every host.
func (d *dir) label(name string) string { return strings.ReplaceAll(d.join(name), `\`, "/") }

// plain gives text whose lines all end in CR LF with plain line feeds, so that a diff shows what was edited; text that mixes
// line endings stays as it is, since that is the edit.
func plain(data []byte) string {
	if bytes.Count(data, []byte("\r\n")) == bytes.Count(data, []byte("\n")) {
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	}
	return string(data)
}

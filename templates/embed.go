// Package templates holds what is copied into outputs: the runtime packages client and fake, real Go that is compiled and tested in
// place, and the few templates of oapi-codegen that are replaced.
//
// Each runtime file says above its package clause what it belongs to:
//
//	//contactsgen:feature three-way
//	//contactsgen:part update
//
// The first line is the feature without which an output does not have the file, "core" for every output. A file of the fake can belong to a
// pack instead, "//contactsgen:pack contacts", or to whichever pack there is, "//contactsgen:pack *". The second line is the file of the
// output that its declarations are put into; Parts lists them. A file that stays with the generator says "//contactsgen:generator" alone.
package templates

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed client/*.go
var clientFiles embed.FS

//go:embed fake/*.go
var fakeFiles embed.FS

//go:embed oapi/*.tmpl
var oapiFiles embed.FS

// Core is the feature of the files that every output has.
const Core = "core"

// AnyPack is the pack of the files that come with every pack.
const AnyPack = "*"

// Part is a file of an output that runtime files are put into. Its name there is "runtime_" and Name.
type Part struct {
	Name  string
	About string // what it is for, as a phrase
}

// ClientParts are the parts of the client runtime, in reading order: from a call to the wire, then what stands on top of calls.
var ClientParts = []Part{
	{"client", "how a client is made: options, credentials, logging"},
	{"transport", "how a call becomes a request, is sent and sent again, and is answered"},
	{"errors", "what the server said, as an error"},
	{"json", "JSON: trees, pointers, reading and writing of types"},
	{"update", "revision-aware writes"},
	{"pages", "iterators over pages, and waiting for jobs"},
	{"bulk", "writes to many resources"},
	{"processes", "calls of many processes, and calls that outlive theirs"},
	{"database", "limits, locks and journals in a database"},
	{"webhooks", "events that the API tells of"},
}

// FakeParts are the parts of the fake's runtime, in reading order.
var FakeParts = []Part{
	{"server", "the server: routes, faults, the record of requests"},
	{"resources", "the resources it holds: reading, writing, listing, revisions"},
	{"pack", "what no description can say of this API"},
	{"suites", "what an implementation of the client's interfaces has to do"},
}

// Source is one runtime file that is copied.
type Source struct {
	Name    string   // of the file, without suffix
	Feature string   // without which an output does not have it; "" for a file of a pack
	Packs   []string // that it belongs to, or AnyPack; none for a file of a feature
	Part    string   // name of the part that it is put into
	Data    []byte   // its Go source, from the package clause on
}

// Client gives the files of the client runtime in order of name, tests left out. An error is a file that does not say what it belongs to.
func Client() ([]Source, error) { return sources(clientFiles, "client", ClientParts) }

// Fake gives the files of the fake in order of name, tests left out, with those of one pack; "" is none.
func Fake(pack string) ([]Source, error) {
	all, err := sources(fakeFiles, "fake", FakeParts)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(s Source) bool {
		return s.Packs != nil && !slices.Contains(s.Packs, pack) && (pack == "" || !slices.Contains(s.Packs, AnyPack))
	}), nil
}

// Packs gives the names of the packs that the fake can be copied with, in order.
func Packs() ([]string, error) {
	all, err := sources(fakeFiles, "fake", FakeParts)
	if err != nil {
		return nil, err
	}
	var packs []string
	for _, s := range all {
		packs = append(packs, s.Packs...)
	}
	slices.Sort(packs)
	return slices.DeleteFunc(slices.Compact(packs), func(name string) bool { return name == AnyPack }), nil
}

// OAPI gives the replaced templates of oapi-codegen as texts, by file name.
func OAPI() (map[string]string, error) {
	entries, err := fs.ReadDir(oapiFiles, "oapi")
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for _, e := range entries {
		text, err := oapiFiles.ReadFile(path.Join("oapi", e.Name()))
		if err != nil {
			return nil, err
		}
		texts[e.Name()] = string(text)
	}
	return texts, nil
}

func sources(files fs.FS, dir string, parts []Part) ([]Source, error) {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, err
	}
	var out []Source
	for _, e := range entries {
		name, isGo := strings.CutSuffix(e.Name(), ".go")
		if !isGo || strings.HasSuffix(name, "_test") {
			continue
		}
		file := path.Join(dir, e.Name())
		data, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, err
		}
		s := Source{Name: name}
		stays, err := s.read(string(data), parts)
		if err != nil {
			return nil, fmt.Errorf("templates/%s: %w", file, err)
		}
		if !stays {
			out = append(out, s)
		}
	}
	return out, nil
}

const directive = "//contactsgen:"

// read takes a file apart into what it says of itself and its source. It tells whether the file stays with the generator.
func (s *Source) read(text string, parts []Part) (stays bool, err error) {
	for strings.HasPrefix(text, directive) {
		line, rest, _ := strings.Cut(text, "\n")
		key, value, _ := strings.Cut(strings.TrimPrefix(line, directive), " ")
		switch {
		case key == "generator" && value == "":
			stays = true
		case key == "feature" && value != "":
			s.Feature = value
		case key == "pack" && value != "":
			s.Packs = strings.Fields(value)
		case key == "part" && slices.ContainsFunc(parts, func(p Part) bool { return p.Name == value }):
			s.Part = value
		default:
			return false, fmt.Errorf("%q is not a line that says what a runtime file belongs to: see the comment of package templates", line)
		}
		text = rest
	}
	s.Data = []byte(strings.TrimLeft(text, "\n"))
	if owned := (s.Feature == "") != (s.Packs == nil) && s.Part != ""; owned == stays {
		return false, fmt.Errorf("the file does not say what it belongs to: put %sfeature or %spack, and %spart, above its package clause; or "+
			"%sgenerator alone",
			directive, directive, directive, directive)
	}
	return stays, nil
}

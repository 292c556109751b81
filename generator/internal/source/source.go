// Package source reads descriptions: bytes in, a tree of nodes with positions out.
//
// It knows YAML, JSON, JSON Pointers, references, overlays and the two OpenAPI generations, and nothing of what an operation or a schema
// means. Everything it is given is untrusted: size, depth, names and alias expansion are bounded, references stay inside the description's
// folder, and nothing is ever fetched.
package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
)

// Limits bound what a description may cost. A member that is 0 takes its value of [DefaultLimits].
type Limits struct {
	Bytes      int // of each file
	Depth      int // of nesting
	Nodes      int // of the description, its overlays and the files it refers to, together
	NameLength int // of a key, in bytes
	Aliases    int // nodes that the YAML aliases of one file may add
}

// DefaultLimits are far above what any description written in earnest needs.
func DefaultLimits() Limits {
	return Limits{Bytes: 32 << 20, Depth: 500, Nodes: 2_000_000, NameLength: 1024, Aliases: 200_000}
}

// withDefaults fills in what the caller left open.
func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	set := func(limit *int, standard int) {
		if *limit <= 0 {
			*limit = standard
		}
	}
	set(&l.Bytes, d.Bytes)
	set(&l.Depth, d.Depth)
	set(&l.Nodes, d.Nodes)
	set(&l.NameLength, d.NameLength)
	set(&l.Aliases, d.Aliases)
	return l
}

// Input is a description or an overlay, already in memory.
type Input struct {
	Name string // what positions call it; usually its path
	Data []byte
	Root string // the folder that its relative references may read; "" is none
}

// ReadFile reads a description or an overlay. References in it may read the folder it is in.
func ReadFile(name string) (Input, error) {
	in := Input{Name: filepath.ToSlash(name), Root: filepath.Dir(name)}
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe that nobody writes to must not be waited for
	if err != nil {
		return Input{}, cannotRead(diag.Position{File: in.Name}, err)
	}
	defer func() { _ = f.Close() }() // Only read from: closing cannot lose anything.
	return in.readFrom(f)
}

// ReadFrom reads a description or an overlay from a stream. References in it may read the working directory.
func ReadFrom(name string, r io.Reader) (Input, error) {
	return Input{Name: name, Root: "."}.readFrom(r)
}

func (in Input) readFrom(r io.Reader) (Input, error) {
	most := DefaultLimits().Bytes
	data, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err != nil {
		return Input{}, cannotRead(diag.Position{File: in.Name}, err)
	}
	if len(data) > most {
		return Input{}, tooLargeError(in.Name, most)
	}
	in.Data = data
	return in, nil
}

// cannotRead complains about a file without repeating the name that the position has already.
func cannotRead(at diag.Position, err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return problem(at, "cannot read the file: "+err.Error(), "")
}

// Document is a description in its OpenAPI 3 form, overlays applied.
//
// It is safe for concurrent use.
type Document struct {
	generation string
	main       *unit
	files      *files
}

// Load reads a description and applies the overlays in their order. Every complaint is in the *[diag.Error] that it gives;
// the only other error is that of the context.
//
// References are not followed: a dangling one matters only to what needs it, and [Node.Follow] complains there.
func Load(ctx context.Context, in Input, overlays []Input, limits Limits) (*Document, error) {
	limits = limits.withDefaults()
	var complaints diag.List
	b := &builder{limits: limits, complaints: &complaints}

	if err := ctx.Err(); err != nil {
		return nil, err
	}
	root := b.read(in)
	for _, o := range overlays {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		// A mistake in one file must not hide those in the next.
		if overlay := b.read(o); root != nil && overlay != nil {
			b.overlay(root, overlay)
		}
	}
	if root == nil {
		return nil, complaints.Err()
	}
	generation := b.generation(root)
	if err := complaints.Err(); err != nil {
		return nil, err
	}
	doc := &Document{generation: generation, files: newFiles(in, b)}
	doc.main = doc.files.add(doc.files.mainPath(), in.Name, root)
	root.seal()
	switch generation {
	case "2.0":
		b.convert(doc)
	case "3.2":
		b.modernised(root)
	}
	if err := complaints.Err(); err != nil {
		return nil, err
	}
	return doc, nil
}

// Generation gives the generation the description was written in: "2.0", "3.0", "3.1" or "3.2". The tree is in OpenAPI 3 form in any case.
func (d *Document) Generation() string { return d.generation }

// Root gives the description itself.
func (d *Document) Root() Node { return Node{d, d.main.root} }

// At gives the node at a JSON Pointer (RFC 6901), the zero Node when there is none. The pointer may be one that [Node.Pointer] gave.
func (d *Document) At(pointer string) Node {
	u := d.main
	if file, rest, ok := strings.Cut(pointer, "#"); ok && !strings.HasPrefix(pointer, "/") {
		pointer = rest
		if file != "" {
			if u = d.files.loaded(file); u == nil {
				return Node{}
			}
		}
	}
	t := u.root
	if pointer == "" {
		return Node{d, t}
	}
	segments, ok := jsonpointer.Split(pointer)
	if !ok {
		return Node{}
	}
	for _, s := range segments {
		if t = t.step(s); t == nil {
			return Node{}
		}
	}
	return Node{d, t}
}

// generation reads which OpenAPI a description claims to be. The version is "" when that was complained about.
func (b *builder) generation(root *tree) string {
	const help = "OpenAPI 3.0 to 3.2 and Swagger 2.0 are understood: start the description with, for instance, openapi: 3.0.3"
	if root.kind != Mapping {
		b.complain(root.at.position(), "a description is a mapping, and this is "+root.kind.article(), help)
		return ""
	}
	if v := root.get("openapi"); v != nil {
		if known := generationOf(v.text); slices.Contains([]string{"3.0", "3.1", "3.2"}, known) {
			return known
		}
		b.complain(v.at.position(), "the OpenAPI version is "+v.describe()+", which is not known", help)
		return ""
	}
	if v := root.get("swagger"); v != nil {
		if v.text == "2.0" {
			return v.text
		}
		b.complain(v.at.position(), "the Swagger version is "+v.describe()+", which is not known", help)
		return ""
	}
	message := "the description does not say which OpenAPI it is written in"
	if root.get("overlay") != nil {
		message = "this is an overlay, not a description"
	}
	b.complain(root.at.position(), message, help)
	return ""
}

// problem makes an error of one complaint.
func problem(at diag.Position, message, help string) error {
	return &diag.Error{Problems: []*diag.Problem{{Pos: at, Message: message, Help: help}}}
}

func tooLargeError(name string, most int) error {
	message, help := tooLarge(most)
	return problem(diag.Position{File: name, Line: 1, Column: 1}, message, help)
}

func tooLarge(most int) (message, help string) {
	return fmt.Sprintf("the file is larger than %d bytes", most),
		"leave out what the client does not need, or split it into several descriptions"
}

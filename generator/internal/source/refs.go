package source

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
)

// unit is one file of a description.
type unit struct {
	path  string // slash-separated, relative to the folder that references may read
	name  string // what positions call it
	root  *tree  // nil when the file is of no use
	why   string // the file cannot be read
	wrong error  // the file was read and holds mistakes
}

// files are the files of a description: the main one and those that were referred to so far.
type files struct {
	folder string // what references may read; "" is nothing
	main   Input  // without its data

	mu      sync.Mutex
	builder *builder
	byPath  map[string]*unit
	byRoot  map[*tree]*unit
	guesses int // suggestions made
}

func newFiles(in Input, b *builder) *files {
	in.Data = nil
	return &files{folder: in.Root, main: in, builder: b, byPath: map[string]*unit{}, byRoot: map[*tree]*unit{}}
}

// mainPath gives the path that other files know the main one by.
func (f *files) mainPath() string {
	if f.folder != "" {
		if rel, err := filepath.Rel(f.folder, filepath.FromSlash(f.main.Name)); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
	}
	return path.Base(f.main.Name)
}

func (f *files) add(path, name string, root *tree) *unit {
	u := &unit{path: path, name: name, root: root}
	f.byPath[path], f.byRoot[root] = u, u
	return u
}

// of gives the file that a node is in.
func (f *files) of(t *tree) *unit {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.byRoot[t.root()]
}

// loaded gives a file that was read, nil when it was not.
func (f *files) loaded(path string) *unit {
	f.mu.Lock()
	defer f.mu.Unlock()
	if u := f.byPath[path]; u != nil && u.root != nil {
		return u
	}
	return nil
}

// load gives the file at a path, and reads it the first time.
func (f *files) load(path string) *unit {
	f.mu.Lock()
	defer f.mu.Unlock()
	if u := f.byPath[path]; u != nil {
		return u
	}
	u := &unit{path: path, name: strings.TrimSuffix(f.main.Name, f.mainPath()) + path}
	f.byPath[path] = u
	data, err := f.read(path)
	if err != nil {
		u.why = err.Error()
		return u
	}
	var complaints diag.List
	whole := f.builder.complaints
	f.builder.complaints = &complaints
	u.root = f.builder.read(Input{Name: u.name, Data: data})
	f.builder.complaints = whole
	if u.wrong = complaints.Err(); u.wrong != nil {
		u.root = nil
		return u
	}
	u.root.seal()
	f.byRoot[u.root] = u
	return u
}

// read gives the bytes of a file below the folder, wherever symbolic links point to.
func (f *files) read(name string) ([]byte, error) {
	root, err := os.OpenRoot(f.folder)
	if err != nil {
		return nil, fmt.Errorf("the description's folder cannot be opened")
	}
	defer func() { _ = root.Close() }() // Only read from.
	name = filepath.FromSlash(name)
	info, err := root.Stat(name)
	switch {
	case os.IsNotExist(err):
		return nil, fmt.Errorf("there is no such file")
	case err != nil && strings.Contains(err.Error(), "escapes"):
		return nil, fmt.Errorf("it leaves the description's folder through a symbolic link")
	case err != nil:
		return nil, fmt.Errorf("the file cannot be read")
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("it is not a file")
	case info.Size() > int64(f.builder.limits.Bytes):
		return nil, fmt.Errorf("the file is larger than %d bytes", f.builder.limits.Bytes)
	}
	data, err := root.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("the file cannot be read")
	}
	return data, nil
}

// Follow gives what a reference leads to, through further references if need be. Anything else leads to itself.
//
// The result's position is that of the target; members beside $ref are found with [Node.Get] on the node itself.
// An error is a *[diag.Error] at the position of the reference that fails.
func (n Node) Follow() (Node, error) {
	if n.t == nil {
		return n, nil
	}
	t, err := n.doc.follow(n.t, &trail{})
	if err != nil {
		return Node{}, err
	}
	return Node{n.doc, t}, nil
}

// Step gives what a reference leads to, which may be a reference again. Anything else leads to itself.
func (n Node) Step() (Node, error) {
	if n.t == nil || n.t.reference() == nil {
		return n, nil
	}
	t, err := n.doc.resolve(n.t.reference(), &trail{})
	if err != nil {
		return Node{}, err
	}
	return Node{n.doc, t}, nil
}

// Lead gives what the text of a node leads to when it is taken for the value of a $ref.
func (n Node) Lead() (Node, error) {
	t, err := n.doc.resolve(n.t, &trail{})
	if err == nil {
		t, err = n.doc.follow(t, &trail{})
	}
	if err != nil {
		return Node{}, err
	}
	return Node{n.doc, t}, nil
}

// trail is the references that were followed to get somewhere.
type trail struct{ refs []*tree }

// longestTrail bounds chains of references. People write one or two.
const longestTrail = 100

// enter notes a reference. It is an error to meet it again.
func (d *Document) enter(w *trail, ref *tree) error {
	for i, r := range w.refs {
		if r == ref {
			chain := make([]string, 0, len(w.refs)-i)
			for _, r := range w.refs[i:] {
				chain = append(chain, diag.Quote(d.written(r.text))+" at "+r.at.position().String())
			}
			return problem(ref.at.position(), "the reference "+diag.Quote(d.written(ref.text))+" leads back to itself",
				"somewhere there has to be more than a $ref: "+strings.Join(chain, ", "))
		}
	}
	w.refs = append(w.refs, ref)
	if len(w.refs) > longestTrail {
		return problem(w.refs[0].at.position(), fmt.Sprintf("the reference %s leads through more than %d others",
			diag.Quote(d.written(w.refs[0].text)), longestTrail), "refer to the target itself")
	}
	return nil
}

func (d *Document) follow(t *tree, w *trail) (*tree, error) {
	for {
		ref := t.reference()
		if ref == nil {
			return t, nil
		}
		if err := d.enter(w, ref); err != nil {
			return nil, err
		}
		var err error
		if t, err = d.resolve(ref, w); err != nil {
			return nil, err
		}
	}
}

var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)

// resolve takes one step: from the value of a $ref to what it names.
func (d *Document) resolve(ref *tree, w *trail) (*tree, error) {
	at := ref.at.position()
	if ref.kind != Scalar || ref.form != text {
		return nil, problem(at, "a $ref must be text, and this is "+ref.describe(), `write, for instance, $ref: "#/components/schemas/Name"`)
	}
	fail := func(why, help string) (*tree, error) {
		return nil, problem(at, "the reference "+diag.Quote(d.written(ref.text))+" "+why, help)
	}
	name, fragment, _ := strings.Cut(ref.text, "#")
	in := d.files.of(ref)
	if name != "" {
		if decoded, err := url.PathUnescape(name); err == nil {
			name = decoded
		}
		remote := scheme.MatchString(name) || strings.HasPrefix(name, "//")
		switch {
		case remote && !strings.Contains(name, `\`):
			return fail("is remote, and nothing is ever fetched", "keep a copy below the description's folder and refer to that")
		case strings.HasPrefix(name, "/") || strings.Contains(name, `\`) || filepath.IsAbs(name):
			return fail("is not a relative path with slashes",
				"refer to files below the description's folder, relative to the file that refers to them")
		case d.files.folder == "":
			return fail("names a file, and this description has no folder", "put everything into one file")
		}
		file := path.Join(path.Dir(in.path), name)
		if !filepath.IsLocal(filepath.FromSlash(file)) {
			return fail("leaves the description's folder", "move the file below that folder")
		}
		in = d.files.load(file)
		if in.wrong != nil {
			return nil, in.wrong
		}
		if in.root == nil {
			help := ""
			if guess := "/components/schemas/" + jsonpointer.Escape(name); fragment == "" && !d.At(guess).IsZero() {
				help = "did you mean " + diag.Quote("#"+guess) + "?"
			}
			return fail("leads nowhere: "+in.why, help)
		}
	}
	if fragment == "" {
		return in.root, nil
	}
	decoded, err := url.PathUnescape(fragment)
	if err != nil {
		decoded = fragment
	}
	segments, ok := jsonpointer.Split(decoded)
	if !ok {
		return fail("is not a JSON Pointer", `after the # comes a slash and the way from the top, for instance "#/components/schemas/Name"`)
	}
	return d.walk(in, ref, segments, w)
}

// walk goes from the top of a file to what a reference names. References on the way are followed, as many descriptions rely on it.
func (d *Document) walk(in *unit, ref *tree, segments []string, w *trail) (*tree, error) {
	t := in.root
	for i, s := range segments {
		next := t.step(s)
		if next == nil {
			if on := t.reference(); on != nil {
				var err error
				if t, err = d.follow(t, w); err != nil {
					return nil, err
				}
				next = t.step(s)
			}
		}
		if next == nil {
			where, has := diag.Quote(d.written(jsonpointer.Join(segments[:i]))), "has no "+diag.Quote(s)
			if i == 0 {
				where = "the top level"
			}
			if t.kind != Mapping && t.kind != Sequence {
				has = "is " + t.kind.article()
			}
			return nil, problem(ref.at.position(), fmt.Sprintf("the reference %s leads nowhere: %s %s", diag.Quote(d.written(ref.text)), where, has),
				d.guess(in, t, segments, i))
		}
		t = next
	}
	return t, nil
}

// guess suggests what a dangling reference may have meant.
func (d *Document) guess(in *unit, t *tree, segments []string, i int) string {
	const most = 200 // A description with more dangling references is not helped by guesses.
	d.files.mu.Lock()
	d.files.guesses++
	over := d.files.guesses > most
	d.files.mu.Unlock()
	if over {
		return ""
	}
	meant := func(segments ...string) string {
		prefix := "#"
		if in != d.main {
			prefix = in.path + "#"
		}
		return "did you mean " + diag.Quote(prefix+d.written(jsonpointer.Join(segments))) + "?"
	}
	last := segments[len(segments)-1]
	if components := in.root.get("components"); components != nil {
		for _, kind := range components.children {
			if kind.get(last) != nil {
				return meant("components", kind.key, last)
			}
		}
	}
	names := make([]string, 0, len(t.children))
	for _, c := range t.children {
		names = append(names, c.key)
	}
	if near := diag.Nearest(segments[i], names); near != "" {
		fixed := append([]string(nil), segments...)
		fixed[i] = near
		return meant(fixed...)
	}
	return ""
}

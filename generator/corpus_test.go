package generator

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

var corpusDir = flag.String("specs", "", "absolute path of a folder of descriptions for TestCorpus; default: testdata/specs")

// document is one description of the corpus and what became of it.
type document struct {
	file, pkg  string
	options    Options
	operations int
	guarded    int
	skipped    []InspectedSkip
	seconds    float64
	lines      int
	examples   []example
	err        error
}

// TestCorpus keeps the promise that any description gives a client that compiles, leaving out only what it says it leaves out. For
// every description of a folder it generates the client and the fake, has the go command vet them and run the Examples, and has every
// example of the description decoded to its type and encoded again.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command over a module of its own")
	}
	documents := corpus(t)
	m := NewModule(t, filepath.Join("..", "testdata", "specs"), "corpus")
	for _, d := range documents {
		d.generate(t, m)
	}
	vet(t, m, documents)
	runExamples(t, m)
	tryExamples(t, m, documents)
	report(t, documents)
}

// corpus lists the descriptions.
func corpus(t *testing.T) []*document {
	t.Helper()
	from := *corpusDir
	if from == "" {
		from = filepath.Join("..", "testdata", "specs")
	} else if !filepath.IsAbs(from) {
		t.Fatalf("-specs %s is not an absolute path", from)
	}
	var all []*document
	for _, suffix := range []string{"*.yaml", "*.yml", "*.json"} {
		files, err := filepath.Glob(filepath.Join(from, suffix))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			d := &document{file: filepath.Base(f), pkg: fmt.Sprintf("p%d", len(all))}
			d.options = Options{
				Spec: Input{Name: d.file, Data: data, Root: from}, Package: d.pkg, ImportPath: "corpus/" + d.pkg, SkipUnsupported: true,
			}
			all = append(all, d)
		}
	}
	if len(all) == 0 {
		t.Fatalf("there are no descriptions in %s", from)
	}
	return all
}

// generate puts the client of a description into a folder of the module.
func (d *document) generate(t *testing.T, m *Module) {
	began := time.Now()
	files, err := Generate(t.Context(), d.options)
	d.seconds = time.Since(began).Seconds()
	if err != nil {
		d.err = err
		return
	}
	for _, f := range files {
		d.lines += bytes.Count(f.Data, []byte("\n"))
	}
	m.PutAll(t, d.pkg, files)
	d.count(t)
	d.findExamples(t)
}

// count asks the generator what it made of the description.
func (d *document) count(t *testing.T) {
	in, err := Inspect(t.Context(), d.options)
	if err != nil {
		d.err = err
		return
	}
	d.skipped = in.Skipped
	for _, s := range in.Services {
		d.operations += len(s.Operations)
		for _, o := range s.Operations {
			if o.Revision != nil {
				d.guarded++
			}
		}
	}
	d.operations += len(d.skipped)
}

// vet compiles and vets everything at once. Its complaints name the description instead of the package made from it.
func vet(t *testing.T, m *Module, documents []*document) {
	t.Helper()
	out, err := m.Vet(t)
	if err == nil {
		return
	}
	for _, d := range documents {
		out = regexp.MustCompile(`\b`+d.pkg+`/`).ReplaceAllString(out, d.file+": ")
	}
	t.Errorf("go vet: %v\n%s", err, out)
}

// runExamples runs the Examples that clients come with. The programs are made first, and run elsewhere, since their folders do not exist.
func runExamples(t *testing.T, m *Module) {
	t.Helper()
	programs := t.TempDir()
	out, err := m.Go(t, nil, "test", "-c", "-o", programs+string(filepath.Separator), "-vet=off", "-ldflags=-s -w", Quickly, "./...")
	if err != nil {
		t.Fatalf("the Examples of clients: %v\n%s", err, out)
	}
	all, err := filepath.Glob(filepath.Join(programs, "*"))
	if err != nil || len(all) == 0 {
		t.Fatalf("%d clients have Examples, %v\n%s", len(all), err, out)
	}
	for _, program := range all {
		if out, err := exec.CommandContext(t.Context(), program, "-test.run=^Example").CombinedOutput(); err != nil {
			t.Errorf("the Examples of %s: %v\n%s", filepath.Base(program), err, out)
		}
	}
}

// report prints the table, what was left out, and every kind of example that did not come back as it was.
func report(t *testing.T, documents []*document) {
	t.Helper()
	w := tabwriter.NewWriter(t.Output(), 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "operations\tgenerated\tskipped\tguarded\tseconds\tlines\texamples\tthe same\t  document")
	all := document{file: "all"}
	for _, d := range documents {
		all.add(d)
	}
	for _, d := range append(slices.Clip(documents), &all) {
		fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%.2f\t%d\t%d\t%d\t  %s\n", d.operations, d.operations-len(d.skipped), len(d.skipped), d.guarded,
			d.seconds, d.lines, len(d.examples), d.same(), d.file)
	}
	if err := w.Flush(); err != nil {
		t.Error(err)
	}
	for _, d := range documents {
		if d.err != nil {
			t.Errorf("%s:\n%v", d.file, d.err)
		}
		for _, s := range d.skipped {
			t.Logf("%s: skipped %s %s: %s", d.file, s.HTTPMethod, s.Path, s.Reason)
		}
		d.reportExamples(t)
	}
}

// add counts another document in.
func (d *document) add(o *document) {
	d.operations += o.operations
	d.guarded += o.guarded
	d.skipped = append(d.skipped, o.skipped...)
	d.seconds += o.seconds
	d.lines += o.lines
	d.examples = append(d.examples, o.examples...)
}

func put(t *testing.T, file, data string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

// expression prints a type of a package as Go that imports it.
func expression(pkg string, t *api.Type) string {
	switch {
	case t.Name != "":
		return pkg + "." + t.Name
	case t.Kind == api.KindArray:
		return "[]" + expression(pkg, t.Elem)
	case t.Kind == api.KindMap:
		return "map[string]" + expression(pkg, t.Values)
	case t.Kind == api.KindRef:
		return expression(pkg, t.Elem)
	case t.Kind == api.KindAny:
		return "any"
	}
	return t.Go
}

package main

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"
)

var consumers = flag.Bool("consumers", false, "run what happens in other repositories, which builds the tool over a module proxy")

var cold = flag.Bool("cold", false, "with -consumers: begin with an empty build cache, follow pages one after the other, and print the "+
	"time of each step")

const modulePath = "github.com/contactsgen/contactsgen"

// The versions of this repository that consumers meet. The later one is the same but for the number of its output format.
const (
	thisVersion  = "v0.1.0"
	laterVersion = "v0.2.0"
)

// TestConsumers plays other people's repositories: every file of testdata/consumers is one. They get this repository as they would a
// release, from a module proxy, which is a folder here.
//
// One of them goes first and alone: it prints how long things take, and leaves the tool built for the others.
func TestConsumers(t *testing.T) {
	environment := consumerEnvironment(t)
	names, err := filepath.Glob(filepath.Join(repository, "testdata", "consumers", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	isFirst := func(name string) bool { return strings.HasSuffix(name, "check_in_ci.txtar") }
	t.Run("first", func(t *testing.T) {
		playConsumers(t, environment, slices.DeleteFunc(slices.Clone(names), func(s string) bool { return !isFirst(s) }))
	})
	t.Run("others", func(t *testing.T) {
		playConsumers(t, environment, slices.DeleteFunc(slices.Clone(names), isFirst))
	})
	if *update {
		t.Error("the scripts were rewritten: read what changed")
	}
}

func playConsumers(t *testing.T, environment, files []string) {
	t.Helper()
	testscript.Run(t, testscript.Params{
		Files:               files,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, environment...)
			root, err := filepath.Abs(repository)
			env.Setenv("REPOSITORY", root)
			env.Values[snapshotKey{}] = map[string]map[string]string{}
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":    status,
			"edit":      edit,
			"crlf":      crlfTree,
			"snapshot":  snapshot,
			"unchanged": unchanged,
			"lap":       lap,
			"sources":   copySources,
		},
	})
}

// consumerEnvironment is that of somebody who has Go and a module proxy. What is built stays in the build cache, since paths are
// left out of it; the module cache is the test's own.
var consumerEnvironment = func() func(*testing.T) []string {
	var once sync.Once
	var vars []string
	return func(t *testing.T) []string {
		t.Helper()
		if !*consumers {
			t.Skip("consumers are played with -consumers: make consumers")
		}
		once.Do(func() { vars = makeConsumerEnvironment(t) })
		if vars == nil {
			t.Fatal("the module proxy could not be made")
		}
		return vars
	}
}()

func makeConsumerEnvironment(t *testing.T) []string {
	//nolint:usetesting // outlives the first test that asks for it; TestMain removes it
	home, err := os.MkdirTemp("", "contactsgen-consumers-")
	if err != nil {
		t.Fatal(err)
	}
	temporary = append(temporary, home)
	proxy := filepath.Join(home, "proxy")
	publish(t, proxy, thisVersion, func(_ string, data []byte) []byte { return data })
	publish(t, proxy, laterVersion, func(name string, data []byte) []byte {
		if name == "generator/internal/output/output.go" {
			return bytes.Replace(data, []byte("const Version = 1\n"), []byte("const Version = 2\n"), 1)
		}
		return data
	})
	goenv := func(name string) string {
		out, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	cache := goenv("GOCACHE")
	if *cold {
		cache = filepath.Join(home, "cache")
	}
	return []string{
		"HOME=" + home,
		"GOPATH=" + filepath.Join(home, "go"),
		"GOCACHE=" + cache,
		// This repository comes from its folder; what was downloaded to build it, from there; and what a consumer needs beyond that, such as
		// what tidying a module looks at, from where this machine gets modules.
		"GOPROXY=" + fileURL(proxy) + "," + fileURL(filepath.Join(goenv("GOMODCACHE"), "cache", "download")) + "," + goenv("GOPROXY"),
		"GONOSUMDB=*",
		"GOFLAGS=-modcacherw -trimpath",
		"GOTOOLCHAIN=local",
		"GOWORK=off",
		"CGO_ENABLED=0",
	}
}

// temporary folders are removed when all tests are over.
var temporary []string

func fileURL(name string) string {
	name = filepath.ToSlash(name)
	if !strings.HasPrefix(name, "/") {
		name = "/" + name // a drive letter
	}
	return (&url.URL{Scheme: "file", Path: name}).String()
}

// publish puts this repository, as it is on disk, into a folder that serves as a module proxy.
func publish(t *testing.T, proxy, version string, change func(name string, data []byte) []byte) {
	t.Helper()
	dir := filepath.Join(proxy, filepath.FromSlash(modulePath), "@v")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	mod, err := os.ReadFile(filepath.Join(repository, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	if err := modzip.Create(&packed, module.Version{Path: modulePath, Version: version}, sourceFiles(t)); err != nil {
		t.Fatal(err)
	}
	write(version+".zip", repack(t, packed.Bytes(), modulePath+"@"+version+"/", change))
	write(version+".mod", mod)
	write(version+".info", fmt.Appendf(nil, `{"Version":%q,"Time":"2024-01-02T03:04:05Z"}`, version))
	list, _ := os.ReadFile(filepath.Join(dir, "list")) // not there the first time
	write("list", append(list, version+"\n"...))
}

// sourceFiles are the files of this repository: those that git has, or would take.
func sourceFiles(t *testing.T) []modzip.File {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = repository
	out, err := list.Output()
	if err != nil {
		t.Fatalf("consumers need git, which tells what is in this repository: %v", err)
	}
	var files []modzip.File
	for name := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		if _, err := os.Lstat(filepath.Join(repository, name)); err == nil { // or else it has just been removed
			files = append(files, sourceFile(name))
		}
	}
	return files
}

// A sourceFile is one of them, by its path from the root.
type sourceFile string

func (f sourceFile) local() string                { return filepath.Join(repository, filepath.FromSlash(string(f))) }
func (f sourceFile) Path() string                 { return string(f) }
func (f sourceFile) Lstat() (os.FileInfo, error)  { return os.Lstat(f.local()) }
func (f sourceFile) Open() (io.ReadCloser, error) { return os.Open(f.local()) }

// repack copies a zip and changes files on the way.
func repack(t *testing.T, packed []byte, prefix string, change func(string, []byte) []byte) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		to, err := w.Create(f.Name)
		if err == nil {
			_, err = to.Write(change(strings.TrimPrefix(f.Name, prefix), data))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// lap runs a command and prints how long it took: lap 'the first generate' go generate ./...
func lap(ts *testscript.TestScript, _ bool, args []string) {
	start := time.Now()
	ts.Check(ts.Exec(args[1], args[2:]...))
	fmt.Fprintf(os.Stderr, "%-60s %s\n", args[0], time.Since(start).Round(10*time.Millisecond))
}

// crlfTree makes every line of every file below end as on Windows, as a checkout with core.autocrlf does.
func crlfTree(ts *testscript.TestScript, _ bool, args []string) {
	for _, arg := range args {
		ts.Check(filepath.WalkDir(ts.MkAbs(arg), func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			return os.WriteFile(name, bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")), 0o644)
		}))
	}
}

// copySources copies what was generated, without tests and directives, as one does by hand: sources FROM TO.
func copySources(ts *testscript.TestScript, _ bool, args []string) {
	from, to := ts.MkAbs(args[0]), ts.MkAbs(args[1])
	ts.Check(filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".gen.go") {
			return err
		}
		short, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		target := filepath.Join(to, short)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o644)
	}))
}

// The scripts are those that were promised.
func TestConsumersAreAllThere(t *testing.T) {
	want := []string{"check_in_ci", "checkout", "copied", "crlf", "depends", "newer_generator", "overlay", "several_targets", "spaces",
		"two_apis", "vendored"}
	var have []string
	names, err := filepath.Glob(filepath.Join(repository, "testdata", "consumers", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		have = append(have, strings.TrimSuffix(filepath.Base(name), ".txtar"))
	}
	if !slices.Equal(have, want) {
		t.Errorf("testdata/consumers holds %q, not %q", have, want)
	}
}

package main

import (
	"bufio"
	"bytes"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite what tests expect, and fail")

func TestMain(m *testing.M) {
	testscript.Main(cleaner{m}, map[string]func(){"contactsgen": main})
}

// A cleaner runs the tests and removes what several of them shared.
type cleaner struct{ *testing.M }

func (c cleaner) Run() int {
	defer func() {
		for _, name := range temporary {
			_ = os.RemoveAll(name) // best effort, in a temporary folder
		}
	}()
	return c.M.Run()
}

// repository is the root of this repository, from this package's folder.
const repository = "../.."

// TestScripts runs the command as a person would: every file of testdata/script is a session.
func TestScripts(t *testing.T) {
	specs, err := filepath.Abs(filepath.Join(repository, "testdata", "specs"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join(repository, "testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("SPECS", specs)
			env.Values[snapshotKey{}] = map[string]map[string]string{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":    status,
			"head1":     firstLineIs,
			"edit":      edit,
			"crlf":      crlf,
			"snapshot":  snapshot,
			"unchanged": unchanged,
		},
	})
	if *update {
		t.Error("the scripts were rewritten: read what changed")
	}
}

// status runs a command and wants an exact exit status: ! status 2 contactsgen generate.
func status(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if neg != (want != 0) {
		ts.Fatalf("write ! with a status other than 0")
	}
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// firstLineIs compares a file's first line.
func firstLineIs(ts *testscript.TestScript, _ bool, args []string) {
	line, _, _ := strings.Cut(ts.ReadFile(args[0]), "\n")
	if line != args[1] {
		ts.Fatalf("the first line of %s is %q", args[0], line)
	}
}

// edit replaces a text that is in a file.
func edit(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not contain %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1)), 0o644))
}

// crlf makes every line of a file end as on Windows.
func crlf(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(ts.ReadFile(args[0]), "\n", "\r\n")), 0o644))
}

// snapshot remembers every file below the working directory, its times included.
func snapshot(ts *testscript.TestScript, _ bool, args []string) {
	snapshots(ts)[args[0]] = readTree(ts)
}

// unchanged compares with a snapshot: unchanged NAME [-FILE…], without the files named.
func unchanged(ts *testscript.TestScript, _ bool, args []string) {
	want, have := maps.Clone(snapshots(ts)[args[0]]), readTree(ts)
	if len(want) == 0 {
		ts.Fatalf("there is no snapshot %s", args[0])
	}
	for _, name := range args[1:] {
		delete(want, strings.TrimPrefix(name, "-"))
		delete(have, strings.TrimPrefix(name, "-"))
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if have[name] != want[name] {
			ts.Fatalf("%s has changed, was touched or is gone", name)
		}
		delete(have, name)
	}
	for name := range have {
		ts.Fatalf("%s is new", name)
	}
}

func readTree(ts *testscript.TestScript) map[string]string {
	root, all := ts.MkAbs("."), map[string]string{}
	ts.Check(filepath.WalkDir(root, func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		short, _ := filepath.Rel(root, name)
		if !info.Mode().IsRegular() {
			all[filepath.ToSlash(short)] = info.Mode().String()
			return nil
		}
		data, err := os.ReadFile(name)
		all[filepath.ToSlash(short)] = info.ModTime().String() + "\n" + string(data)
		return err
	}))
	return all
}

type snapshotKey struct{}

// snapshots are those of one script.
func snapshots(ts *testscript.TestScript) map[string]map[string]string {
	return ts.Value(snapshotKey{}).(map[string]map[string]string)
}

// A release tells its version, which is linked in as .goreleaser.yaml says.
func TestReleasesTellTheirVersion(t *testing.T) {
	release := filepath.Join(t.TempDir(), "contactsgen.exe")
	build := exec.CommandContext(t.Context(), "go", "build", "-ldflags", "-X main.version=v1.2.3", "-o", release, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	config, err := os.ReadFile(filepath.Join(repository, ".goreleaser.yaml"))
	if err != nil || !bytes.Contains(config, []byte("-X main.version=v{{ .Version }}")) {
		t.Errorf(".goreleaser.yaml links no version: %v", err)
	}
	if out, err := exec.CommandContext(t.Context(), release, "version").Output(); err != nil ||
		!strings.HasPrefix(string(out), "contactsgen v1.2.3 (output format ") {
		t.Errorf("%q %v", out, err)
	}
}

// TestScreen keeps colour and rewriting for terminals.
func TestScreen(t *testing.T) {
	const diff = "--- a\n+++ a\n@@ -1 +1 @@\n-old\x1b[2J\u202e\n+new\n same\n"
	for _, test := range []struct {
		name            string
		terminal, color bool
		want            string
	}{
		{"pipe", false, false, diff},
		{"terminal without colour", true, false, "--- a\n+++ a\n@@ -1 +1 @@\n-old\ufffd[2J\ufffd\n+new\n same\n"},
		{"terminal", true, true, bold + "--- a" + reset + "\n" + bold + "+++ a" + reset + "\n" + cyan + "@@ -1 +1 @@" + reset + "\n" +
			red + "-old\ufffd[2J\ufffd" + reset + "\n" + green + "+new" + reset + "\n same\n"},
	} {
		var out bytes.Buffer
		s := &screen{out: bufio.NewWriter(&out), terminal: test.terminal, color: test.color}
		s.diff(diff)
		if err := s.flush(); err != nil || out.String() != test.want {
			t.Errorf("%s: %q %v", test.name, out.String(), err)
		}
	}
}

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"
)

// The output is a pure function of description, config and generator: twenty processes that differ in everything else write the
// same bytes.
func TestOutputDependsOnNothingElse(t *testing.T) {
	bin := t.TempDir()
	var commands []string
	for _, flag := range []string{"-buildvcs=false", "-buildvcs=auto"} {
		name := filepath.Join(bin, fmt.Sprintf("contactsgen%d.exe", len(commands)))
		build := exec.CommandContext(t.Context(), "go", "build", flag, "-o", name, ".")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		commands = append(commands, name)
	}
	environments := [][]string{
		{"TZ=UTC", "LANG=C", "GOMAXPROCS=1"},
		{"TZ=Asia/Kathmandu", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "GOMAXPROCS=2"},
		{"TZ=America/St_Johns", "LANG=ja_JP.SJIS", "GOMAXPROCS=7", "GOFLAGS=-mod=mod", "NO_COLOR=1"},
		{"TZ=", "LANG=", "TERM=dumb", "GOGC=1", "GODEBUG=randautoseed=0"},
	}
	description, err := os.ReadFile(filepath.Join(repository, "spec", "contacts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]string
	for n := range 20 {
		// The embedded description from a folder of its own, or the same from a file, by an absolute or a relative path.
		home := t.TempDir()
		dir := filepath.Join(home, "some where", fmt.Sprint(n))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(home, fmt.Sprint("out", n))
		args := []string{"generate", "--out", out, "--package", "p"}
		switch n % 3 {
		case 1:
			args[2], out = "generated", filepath.Join(dir, "generated")
		case 2:
			name := filepath.Join(dir, fmt.Sprint("description", n, ".yaml"))
			if err := os.WriteFile(name, description, 0o644); err != nil {
				t.Fatal(err)
			}
			args = append(args, "--spec", name)
		}
		cmd := exec.CommandContext(t.Context(), commands[n%len(commands)], args...)
		cmd.Dir = dir
		cmd.Env = append(environments[n%len(environments)], "HOME="+home, "TMPDIR="+home, "USER=nobody"+fmt.Sprint(n))
		if runtime.GOOS == "windows" {
			cmd.Env = append(cmd.Env, "SYSTEMROOT="+os.Getenv("SYSTEMROOT"))
		}
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("run %d: %v\n%s", n, err, text)
		}
		got := folder(t, out)
		if want == nil {
			want = got
			if len(want) < 2 {
				t.Fatalf("the output has %d files", len(want))
			}
		}
		if !reflect.DeepEqual(got, want) {
			for name := range want {
				if got[name] != want[name] {
					t.Errorf("run %d: %s differs", n, name)
				}
			}
			t.Fatalf("run %d has %d files, the first %d", n, len(got), len(want))
		}
	}
}

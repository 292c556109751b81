package main

import (
	"bufio"
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestErrors compares whole error texts. Every file of testdata/errors says in its comment what is wrong, and holds the files of
// a folder, the command that is called there (file "command", one line, arguments separated by blanks) and all that it says on
// standard error (file "stderr"). The exit status is 2, nothing is on standard output, and no file is written: the old
// output, if the case has any, stays as it was. With -update the texts are rewritten, and the test fails.
func TestErrors(t *testing.T) {
	cases, err := filepath.Glob(filepath.Join(repository, "testdata", "errors", "*.txtar"))
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range cases {
		name, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if len(bytes.TrimSpace(archive.Comment)) == 0 {
				t.Error("the case does not say what is wrong")
			}
			dir := t.TempDir()
			t.Chdir(dir)
			var command, want *txtar.File
			for i := range archive.Files {
				switch f := &archive.Files[i]; f.Name {
				case "command":
					command = f
				case "stderr":
					want = f
				default:
					unpack(t, f)
				}
			}
			if command == nil || want == nil {
				t.Fatal("the case needs the files command and stderr")
			}
			args := strings.Fields(string(command.Data))
			if len(args) < 2 || args[0] != "contactsgen" {
				t.Fatalf("the command is %q", command.Data)
			}
			before := folder(t, dir)
			var stdout, stderr bytes.Buffer
			s := &screen{out: bufio.NewWriter(&stdout), err: &stderr}
			if status := run(context.Background(), args[1:], s); status != exitTrouble {
				t.Errorf("exit status %d", status)
			}
			if stdout.Len() > 0 {
				t.Errorf("standard output: %s", &stdout)
			}
			if after := folder(t, dir); !reflect.DeepEqual(before, after) {
				t.Errorf("the folder has changed from\n%q\nto\n%q", before, after)
			}
			if stderr.String() == string(want.Data) {
				return
			}
			t.Errorf("got\n%swant\n%s", &stderr, want.Data)
			if *update {
				want.Data = stderr.Bytes()
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func unpack(t *testing.T, f *txtar.File) {
	t.Helper()
	name := filepath.FromSlash(f.Name)
	if !filepath.IsLocal(name) {
		t.Fatalf("%s is not a name in the case's folder", f.Name)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, f.Data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// folder reads all files below a folder.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			all[name+"/"] = ""
			return nil
		}
		data, err := fs.ReadFile(root, name)
		all[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

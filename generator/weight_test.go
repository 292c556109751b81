package generator_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
)

// callingProgram reads a contact and changes it, which is what most programs do. plainProgram is what any program that talks to an API has.
const (
	callingProgram = `package main

import (
	"context"
	"os"

	"weighed/NAME"
)

func main() {
	c, err := NAME.NewClient(NAME.WithAPIKey(os.Args[1]), NAME.WithSiteID(os.Args[2]))
	if err != nil {
		panic(err)
	}
	if _, err := c.Contacts.Get(context.Background(), os.Args[3]); err != nil {
		panic(err)
	}
	_, err = c.Contacts.UpdateWithRetry(context.Background(), os.Args[3], func(c *NAME.Contact) error {
		c.Info.Company = NAME.Ptr(os.Args[4])
		return nil
	})
	if err != nil {
		panic(err)
	}
}
`
	plainProgram = `package main

import (
	"encoding/json"
	"net/http"
	"os"
)

func main() {
	resp, err := http.Get(os.Args[1])
	if err != nil {
		panic(err)
	}
	var v any
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil {
		panic(err)
	}
	_ = json.NewEncoder(os.Stdout).Encode(v)
}
`
)

// What a program weighed before there was anything that processes share, against the plain one of the same toolchain: 6,922,402 bytes and
// 6,131,874, stripped, with Go 1.26 on linux/amd64. It may weigh a hundredth more.
const (
	weighedBefore = 6_922_402.0 / 6_131_874
	mostHeavier   = 1.01
	// oneSegment is what a linker rounds segments up to.
	oneSegment = 4096
)

// A program does not pay for features that its client could have: with the default features it weighs what it did before there were those
// for many processes, and where they were chosen and are not used, the linker leaves them out.
func TestWhatIsNotChosenWeighsNothing(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), []byte("module weighed\n\ngo 1.24\n"))
	chosen := append(generator.DefaultFeatures(), "processes")
	for name, features := range map[string][]generator.Feature{"usual": generator.DefaultFeatures(), "shared": chosen} {
		spec, err := os.ReadFile("../spec/contacts.yaml")
		if err != nil {
			t.Fatal(err)
		}
		files, err := generator.Generate(context.Background(), generator.Options{
			Spec: generator.Input{Name: "contacts.yaml", Data: spec}, Package: name, Features: features,
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			write(t, filepath.Join(dir, name, filepath.FromSlash(f.Path)), f.Data)
		}
		write(t, filepath.Join(dir, "cmd", name, "main.go"), []byte(strings.ReplaceAll(callingProgram, "NAME", name)))
	}
	write(t, filepath.Join(dir, "cmd", "plain", "main.go"), []byte(plainProgram))
	size := func(name string) int64 {
		file := filepath.Join(dir, name+".exe")
		goIn(t, dir, "build", "-trimpath", "-ldflags=-s -w", "-o", file, "./cmd/"+name)
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	plain, usual, shared := size("plain"), size("usual"), size("shared")
	t.Logf("plain %d bytes, with the usual client %d, with one that processes could share %d", plain, usual, shared)
	if ratio := float64(usual) / float64(plain); ratio > weighedBefore*mostHeavier {
		t.Errorf("the program weighs %.4f of a plain one, and before %.4f", ratio, weighedBefore)
	}
	if shared-usual > oneSegment {
		t.Errorf("what is chosen and not used weighs %d bytes", shared-usual)
	}
	if deps := goIn(t, dir, "list", "-deps", "./cmd/usual"); strings.Contains(deps, "database/sql") {
		t.Error("the program has database/sql, and did not ask for it")
	}
}

// goIn runs the go command in a module that needs nothing.
func goIn(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

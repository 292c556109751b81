package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
)

// The page about migrating shows one, between these lines.
const (
	migrationBegins = "<!-- migration: written by go test ./cmd/contactsgen -run Migration -update -->\n"
	migrationEnds   = "<!-- end of migration -->\n"
)

// TestMigrationIsCountedInLines keeps the promise that the migration on the page is that of two programs which compile, and which the judge
// of docs/loops.md runs: its lines and its code are theirs.
func TestMigrationIsCountedInLines(t *testing.T) {
	before, after := programLines(t, "oapi"), programLines(t, "ours")
	var b strings.Builder
	b.WriteString("| lines, without blank ones and comments | oapi-codegen's client | here |\n|---|---|---|\n")
	fmt.Fprintf(&b, "| the program | %d | %d |\n| from the client to the error | %d | %d |\n\n```diff\n",
		len(before), len(after), len(called(before)), len(called(after)))
	diff := udiff.Unified("a", "b", text(called(before)), text(called(after)))
	for line := range strings.Lines(diff) {
		if !strings.HasPrefix(line, "---") && !strings.HasPrefix(line, "+++") && !strings.HasPrefix(line, "@@") {
			b.WriteString(line)
		}
	}
	b.WriteString("```\n")
	name := filepath.Join(repository, "docs", "migrating.md")
	page, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, begins := bytes.Cut(page, []byte(migrationBegins))
	is, tail, ends := bytes.Cut(rest, []byte(migrationEnds))
	if !begins || !ends {
		t.Fatal("the page has no place for the migration")
	}
	want := "\n" + b.String() + "\n"
	if string(is) == want {
		return
	}
	t.Errorf("docs/migrating.md has\n%s\nand the programs make\n%s", is, want)
	if *update {
		written := string(head) + migrationBegins + want + migrationEnds + string(tail)
		if err := os.WriteFile(name, []byte(written), 0o644); err != nil {
			t.Error(err)
		}
	}
}

// programLines gives the lines of a program that say something.
func programLines(t *testing.T, program string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(repository, "testdata", "judge", "loops", program, "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(data)) {
		if trimmed := strings.TrimSpace(line); trimmed != "" && !strings.HasPrefix(trimmed, "//") {
			lines = append(lines, strings.TrimSuffix(line, "\n"))
		}
	}
	return lines
}

// called gives the lines of the function that does the work, and of those that it calls.
func called(program []string) []string {
	var lines []string
	inside, indent := false, ""
	for _, line := range program {
		switch {
		case strings.HasPrefix(line, "\tprotocol.Serve("):
			inside, indent = true, "\t\t"
		case line == "\t})":
			inside = false
		case strings.HasPrefix(line, "func ") && line != "func main() {":
			inside, indent = true, ""
			lines = append(lines, line)
		case inside:
			lines = append(lines, strings.TrimPrefix(line, indent))
		}
	}
	return lines
}

func text(lines []string) string { return strings.Join(lines, "\n") + "\n" }

// Command page has the judge score every loop, and writes the scores into docs/loops.md.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// page is where the scores go, between two marks.
const (
	page  = "../../../docs/loops.md"
	begin = "<!-- scores: written by make judge -->\n"
	end   = "<!-- end of scores -->\n"
)

// loops are those that are scored, each on an API that suits it.
var loops = []struct{ name, says, api string }{
	{"retryonconflict", "client-go's `RetryOnConflict` around a GET and a PUT", "body"},
	{"ifmatch", "`If-Match` in a loop, over a pipeline of azcore", "etag"},
	{"resend", "the old body again with a fresh version", "etag"},
	{"oapi", "oapi-codegen's client in a `for` loop", "etag"},
	{"ours", "`UpdateWithRetry`", "etag"},
}

// kinds are what can go wrong, as the judge calls it.
var kinds = []struct{ name, says string }{
	{"conflict", "somebody else writes"},
	{"lost", "a request or its answer is lost, or late"},
	{"failed", "408 or 5xx, applied or not"},
	{"refused", "429, or stale for no reason"},
	{"stale", "a read is out of date"},
	{"duplicated", "a request arrives twice"},
	{"thin", "the answer lacks the resource"},
	{"undeclared", "202 or 303"},
}

// score is what came of the calls of one kind.
type score struct{ calls, right, lost, twice, dishonest, stuck int }

func main() {
	log.SetFlags(0)
	dir, err := os.MkdirTemp("", "loops")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := build(dir); err != nil {
		log.Print(err)
		return
	}
	scores := make([]map[string]*score, len(loops))
	errs := make([]error, len(loops))
	var all sync.WaitGroup
	for i, l := range loops {
		all.Go(func() { scores[i], errs[i] = judge(dir, l.name, l.api) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		log.Fatal(err)
	}
	text := table(scores)
	fmt.Print(text)
	if err := put(text); err != nil {
		log.Fatal(err)
	}
}

func build(dir string) error {
	for _, l := range loops {
		if err := goBuild(filepath.Join(dir, l.name), "./"+l.name); err != nil {
			return err
		}
	}
	return goBuild(filepath.Join(dir, "judge"), "github.com/contactsgen/contactsgen/testdata/judge/program")
}

func goBuild(out, pkg string) error {
	if text, err := exec.Command("go", "build", "-o", out, pkg).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", pkg, err, text)
	}
	return nil
}

// judge reads the verdicts on one loop.
func judge(dir, name, api string) (map[string]*score, error) {
	cmd := exec.Command(filepath.Join(dir, "judge"), "-api", api, "--", filepath.Join(dir, name))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	scores := map[string]*score{}
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var v struct {
			Kind    string
			Verdict []string
		}
		if err := d.Decode(&v); err != nil {
			return nil, err
		}
		s := scores[v.Kind]
		if s == nil {
			s = &score{}
			scores[v.Kind] = s
		}
		s.add(v.Verdict)
	}
	return scores, nil
}

func (s *score) add(verdict []string) {
	s.calls++
	for name, n := range map[string]*int{"right": &s.right, "lost": &s.lost, "twice": &s.twice, "dishonest": &s.dishonest, "stuck": &s.stuck} {
		if slices.Contains(verdict, name) {
			*n++
		}
	}
}

// String says what went wrong, out of how many calls.
func (s *score) String() string {
	if s == nil {
		return "–"
	}
	var parts []string
	for _, p := range []struct {
		n    int
		says string
	}{{s.lost, "lost"}, {s.twice, "twice"}, {s.dishonest, "dishonest"}, {s.stuck, "stuck"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.says))
		}
	}
	if parts == nil {
		return fmt.Sprintf("right, %d of %d", s.right, s.calls)
	}
	return strings.Join(parts, ", ") + fmt.Sprintf(" of %d", s.calls)
}

func table(scores []map[string]*score) string {
	var b strings.Builder
	b.WriteString("| what goes wrong |")
	for _, l := range loops {
		fmt.Fprintf(&b, " %s |", l.says)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(loops)) + "\n")
	for _, k := range kinds {
		fmt.Fprintf(&b, "| %s |", k.says)
		for i := range loops {
			fmt.Fprintf(&b, " %s |", scores[i][k.name])
		}
		b.WriteString("\n")
	}
	return b.String()
}

// put writes the table into the page.
func put(text string) error {
	data, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(data), begin)
	_, after, ends := strings.Cut(rest, end)
	if !ok || !ends {
		return fmt.Errorf("%s has no place for the scores", page)
	}
	return os.WriteFile(page, []byte(before+begin+text+end+after), 0o644)
}

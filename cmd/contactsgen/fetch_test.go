package main

import (
	"bufio"
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/cmd/contactsgen/internal/vendored"
)

// command runs the command in the working directory.
func command(t *testing.T, args ...string) (status int, out, err string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	s := &screen{out: bufio.NewWriter(&stdout), err: &stderr}
	status = run(t.Context(), args, s)
	return status, stdout.String(), stderr.String()
}

// A description that was fetched is compared with what was fetched, and with what its server has by now.
func TestFetch(t *testing.T) {
	t.Chdir(t.TempDir())
	now := "openapi: 3.0.3\n"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api.yaml":
			_, _ = w.Write([]byte(now))
		case "/login":
			_, _ = w.Write([]byte("<html>Who are you?</html>"))
		case "/away":
			http.Redirect(w, r, "http://203.0.113.7/api.yaml", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/large":
			_, _ = w.Write(bytes.Repeat([]byte("# large\n"), vendored.MaxBytes/8+1))
		case "/slow":
			<-r.Context().Done()
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	for _, step := range []struct {
		do      func()
		args    []string
		status  int
		out     string
		problem string
	}{
		{args: []string{"fetch"}, status: 2, problem: "has nothing to fetch"},
		{args: []string{"fetch", "--check"}, status: 2, problem: "has nothing to compare"},
		{args: []string{"fetch", server.URL + "/api.yaml", "--out", "specs/api.yaml"}, out: "wrote specs/api.yaml\n"},
		{args: []string{"fetch", "--check"}},
		{args: []string{"fetch"}, out: "unchanged: specs/api.yaml\n"},
		{do: func() { now = "openapi: 3.1.0\n" }, args: []string{"fetch", "--check"}, status: 1, problem: "another one at its server by now"},
		{args: []string{"fetch", "--check", "--offline"}},
		{do: func() {
			_ = os.WriteFile("specs/api.yaml", nil, 0o644)
		}, args: []string{"fetch", "--check", "--offline"}, status: 1, problem: "is not what was fetched"},
		{args: []string{"fetch"}, out: "wrote specs/api.yaml\n"},
		{args: []string{"fetch", "--check"}},
		{args: []string{"fetch", server.URL + "/login"}, status: 2, problem: "seems to be a page"},
		{args: []string{"fetch", server.URL + "/none"}, status: 2, problem: "the server answered 404"},
		{args: []string{"fetch", server.URL + "/away"}, status: 2, problem: "not https"},
		{args: []string{"fetch", server.URL + "/round"}, status: 2, problem: "without an end"},
		{args: []string{"fetch", server.URL + "/large"}, status: 2, problem: "larger than"},
		{args: []string{"fetch", server.URL + "/slow", "--timeout", "1ms"}, status: 2, problem: "took too long"},
		{args: []string{"fetch", server.URL + "/api.yaml", "--out", "../api.yaml"}, status: 2, problem: "a file in this folder"},
		{args: []string{"fetch", "http://example.com/api.yaml"}, status: 2, problem: "https"},
		{args: []string{"fetch", "file:///etc/passwd"}, status: 2, problem: "not a URL"},
		{args: []string{"fetch", "https://ada:hidden@example.com/api.yaml"}, status: 2, problem: "user or a password"},
		{args: []string{"fetch", "https://example.com/api.yaml?access_token=hidden"}, status: 2, problem: "seems to hold a credential"},
		{args: []string{"fetch", "https://example.com/api.yaml?X-Amz-Signature=hidden"}, status: 2, problem: "seems to hold a credential"},
		{args: []string{"fetch", "--check", server.URL}, status: 2, problem: "takes no URL"},
		{args: []string{"fetch", "--offline"}, status: 2, problem: "is for --check"},
	} {
		if step.do != nil {
			step.do()
		}
		status, out, problem := command(t, step.args...)
		if status != step.status || out != step.out || !strings.Contains(problem, step.problem) || strings.Contains(problem, "hidden") {
			t.Errorf("%v: %d, %q, %q", step.args, status, out, problem)
		}
	}
	lock, err := os.ReadFile(vendored.LockName)
	if err != nil || !strings.Contains(string(lock), vendored.Sum([]byte(now))) || strings.Count(string(lock), "sha256") != 1 {
		t.Errorf("%s %v", lock, err)
	}
}

// A lock that somebody else wrote leads nowhere else.
func TestLocksStayInTheirFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	for text, want := range map[string]string{
		`{"files": {"../api.yaml": {"url": "https://example.com"}}}`:       "not a file in this folder",
		`{"files": {"/etc/passwd": {"url": "https://example.com"}}}`:       "not a file in this folder",
		`{"files": {"api.yaml": {"url": "http://169.254.169.254/x"}}}`:     "https",
		`{"files": {"api.yaml": {"url": "https://a:hidden@example.com"}}}`: "user or a password",
		`{"file": {}}`: "no lock",
		`x`:            "no lock",
	} {
		if err := os.WriteFile(vendored.LockName, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if status, _, problem := command(t, "fetch"); status != 2 || !strings.Contains(problem, want) || strings.Contains(problem, "hidden") {
			t.Errorf("%s: %d %q", text, status, problem)
		}
	}
}

// Shells suggest what flags can be.
func TestCompletions(t *testing.T) {
	t.Chdir(t.TempDir())
	for line, want := range map[string]string{
		"check --format ":                            "github",
		"inspect --format ":                          "markdown",
		"generate --api ":                            "contacts-v5",
		"init --features ":                           "webhooks",
		"init --features bulk,":                      "bulk,three-way",
		"sandbox --faults ":                          "throttle",
		"sandbox --faults conflict,":                 "conflict,throttle",
		"sandbox --faults conflict:":                 "conflict:updateContact",
		"sandbox --api contacts-v5 --faults drop,x:": "drop,x:deleteContactAddress",
		"comp": "completion",
	} {
		words := strings.Split(line, " ")
		if status, out, _ := command(t, append([]string{"__complete"}, words...)...); status != 0 || !strings.Contains(out, want) {
			t.Errorf("%q: %d %q", line, status, out)
		}
	}
}

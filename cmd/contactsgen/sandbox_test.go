package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// startSandbox runs the command as a process of its own and gives the addresses that it prints: its own, and that of the first thing to
// try.
func startSandbox(t *testing.T, args ...string) (cmd *exec.Cmd, url, sample string) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), "contactsgen", append([]string{"sandbox", "--addr", "127.0.0.1:0", "--for", "1m"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // the context has ended it
	lines := bufio.NewScanner(out)
	for range 2 {
		lines.Scan()
		if m := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(lines.Text()); m != "" {
			url = m
		}
		if _, rest, ok := strings.Cut(lines.Text(), "curl '"); ok {
			sample = strings.TrimSuffix(rest, "'")
		}
	}
	if url == "" || sample == "" {
		t.Fatalf("the sandbox printed no addresses (%v)", lines.Err())
	}
	return cmd, url, sample
}

func ask(t *testing.T, method, url, host, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if cors := response.Header.Get("Access-Control-Allow-Origin"); cors != "" {
		t.Errorf("%s lets %s in", url, cors)
	}
	return response.StatusCode, string(data)
}

// A person's session: the line that was printed, a write from it, the same write once more, and an interrupt.
func TestSandboxSession(t *testing.T) {
	cmd, url, sample := startSandbox(t)
	status, body := ask(t, "GET", sample, "", "")
	var read struct {
		Contact struct {
			Revision int             `json:"revision"`
			Info     json.RawMessage `json:"info"`
		} `json:"contact"`
	}
	if err := json.Unmarshal([]byte(body), &read); status != http.StatusOK || err != nil {
		t.Fatalf("%d %s %v", status, body, err)
	}
	write, err := json.Marshal(read.Contact)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := ask(t, "PATCH", sample, "", string(write)); status != http.StatusOK {
		t.Errorf("the first write: %d %s", status, body)
	}
	if status, body := ask(t, "PATCH", sample, "", string(write)); status != http.StatusConflict {
		t.Errorf("the same write again: %d %s", status, body)
	}
	if status, body := ask(t, "GET", url+"/_fake/state", "", ""); status != http.StatusOK || !strings.Contains(body, `"status":409`) {
		t.Errorf("the state: %d %s", status, body)
	}
	if status, _ := ask(t, "GET", sample, "sandbox.example.com", ""); status != http.StatusForbidden {
		t.Errorf("a name that merely resolves to this machine gets %d", status)
	}
	if runtime.GOOS == "windows" {
		return // which cannot interrupt a process; the context ends it
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("after an interrupt: %v", err)
	}
}

// A client that reads an endless answer does not keep the sandbox from ending.
func TestSandboxEndsWhateverIsUnderWay(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows cannot interrupt a process")
	}
	cmd, _, sample := startSandbox(t, "--faults", "endless")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, sample, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, response.Body); err == nil {
		t.Error("the endless answer ended well")
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("after an interrupt: %v", err)
	}
}

// A port that is taken is trouble, and said to be.
func TestSandboxPortIsTaken(t *testing.T) {
	_, url, _ := startSandbox(t)
	var out, complaint bytes.Buffer
	s := &screen{out: bufio.NewWriter(&out), err: &complaint}
	if status := run(context.Background(), []string{"sandbox", "--addr", strings.TrimPrefix(url, "http://"), "--for", "1ms"},
		s); status != exitTrouble {
		t.Errorf("exit status %d", status)
	}
	if out.Len() > 0 || !strings.HasPrefix(complaint.String(), "contactsgen: listen tcp") {
		t.Errorf("%q %q", &out, &complaint)
	}
}

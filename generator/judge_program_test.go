package generator_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestJudgeProgram keeps the promise that the judge scores any loop that speaks its protocol: one that says of every call that the change
// is made loses updates, and one that reads and writes once, and fails honestly, does neither.
func TestJudgeProgram(t *testing.T) {
	judge := filepath.Join(t.TempDir(), "judge")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", judge, judgeDir+"/program").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for how, wrong := range map[string]string{"boasting": "lost", "once": "dishonest"} {
		cmd := exec.CommandContext(t.Context(), judge, "-api", "body", "--", self, "-test.run=^TestLoopForJudge$")
		cmd.Env = append(os.Environ(), "LOOP_FOR_JUDGE="+how)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", how, err)
		}
		found := map[string]int{}
		for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
			var v struct{ Verdict []string }
			if err := d.Decode(&v); err != nil {
				t.Fatal(err)
			}
			for _, word := range v.Verdict {
				found[word]++
			}
		}
		if found["right"] == 0 || found[wrong] == 0 || how == "once" && found["lost"]+found["twice"] > 0 {
			t.Errorf("%s: %v", how, found)
		}
	}
}

// TestLoopForJudge is the loop, when the judge starts it.
func TestLoopForJudge(t *testing.T) {
	how := os.Getenv("LOOP_FOR_JUDGE")
	if how == "" {
		t.Skip("started by TestJudgeProgram")
	}
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var o struct {
			Call        int
			URL, ID, Do string
			Amount      int64
			Tag         string
		}
		if err := json.Unmarshal(in.Bytes(), &o); err != nil {
			t.Fatal(err)
		}
		said := "done"
		err := updateOnce(t.Context(), o.URL+"/things/"+o.ID, func(info map[string]any) {
			if tags, _ := info["tags"].([]any); o.Do == "ensure" && !slices.Contains(tags, any(o.Tag)) {
				info["tags"] = append(tags, o.Tag)
			}
			if count, _ := info["count"].(json.Number).Int64(); o.Do == "add" {
				info["count"] = count + o.Amount
			}
		})
		if err != nil && how == "once" {
			said = "failed"
		}
		fmt.Fprintf(os.Stdout, "{\"call\": %d, \"said\": %q}\n", o.Call, said)
	}
}

// updateOnce reads and writes, and does nothing about what goes wrong.
func updateOnce(ctx context.Context, url string, change func(info map[string]any)) error {
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(ask)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // read only
	var thing map[string]any
	d := json.NewDecoder(resp.Body)
	d.UseNumber()
	if err := d.Decode(&thing); err != nil {
		return err
	}
	info, ok := thing["info"].(map[string]any)
	if !ok {
		return fmt.Errorf("GET %s", resp.Status)
	}
	change(info)
	body, err := json.Marshal(thing)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, url, strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	wrote, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = wrote.Body.Close() }() // read only
	if wrote.StatusCode != http.StatusOK {
		return fmt.Errorf("PUT %s", wrote.Status)
	}
	return nil
}

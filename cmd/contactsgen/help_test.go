package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Help fits a terminal of 80 columns. Examples are for copying, and stay on one line.
func TestHelpFitsTheScreen(t *testing.T) {
	for _, name := range []string{"", "generate", "check", "inspect", "init", "fetch", "sandbox", "version"} {
		said, err := os.Create(filepath.Join(t.TempDir(), "said"))
		if err != nil {
			t.Fatal(err)
		}
		status := run(t.Context(), []string{"help", name}, newScreen(said, said, func(key string) string {
			return map[string]string{"COLUMNS": "80"}[key]
		}))
		text, err := os.ReadFile(said.Name())
		if status != exitOK || err != nil || !strings.Contains(string(text), "Usage:") {
			t.Fatalf("%s: %d, %v\n%s", name, status, err, text)
		}
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(line, "  contactsgen") && len(strings.TrimRight(line, "\n")) > 80 {
				t.Errorf("%s: %s", name, line)
			}
		}
		if err := said.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

//go:build unix

package source_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// TestPipe: a pipe that nobody writes to is an empty file, and is not waited for.
func TestPipe(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Skip(err)
	}
	in, err := source.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Load(t.Context(), in, nil, source.Limits{}); err == nil || !strings.Contains(err.Error(), "the file is empty") {
		t.Errorf("%v", err)
	}
}

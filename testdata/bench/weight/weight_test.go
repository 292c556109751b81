package weight

import "testing"

// What a call adds to a program can be counted, and is held to the limit here.
func TestSize(t *testing.T) {
	t.Chdir("..")
	dir := t.TempDir()
	bare, err := base.size(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := programs[0].size(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if more := ours - bare; more > hard {
		t.Errorf("a call adds %.0f bytes to a program, want at most %d", more, hard)
	}
}

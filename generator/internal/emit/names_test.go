package emit

import (
	"testing"
	"unicode"

	"github.com/contactsgen/contactsgen/generator/internal/runtime"
)

// TestRuntimeLeavesShapesTheirNames keeps the promise that the variable shape… of a type is never a name of the runtime, whatever the type
// is called.
func TestRuntimeLeavesShapesTheirNames(t *testing.T) {
	names, err := runtime.Identifiers()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if rest := []rune(name); len(rest) > 5 && string(rest[:5]) == "shape" && unicode.IsUpper(rest[5]) {
			t.Errorf("the runtime declares %s, which is the variable of a type %s", name, string(rest[5:]))
		}
	}
}

package generator_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
)

// unguard takes from a description what it says of revisions.
const unguard = `
overlay: 1.0.0
info: {title: Nothing is said of revisions, version: '1'}
actions:
  - {target: '$.paths.*.*["x-contactsgen-revision"]', remove: true}
`

// suggestDir holds small descriptions without any extension: one for each way in which descriptions hide a token, and one full of what is
// none. A line "# want: write token <- read token" says what is to be found in each.
const suggestDir = "../testdata/suggest"

// TestSuggestedOverlay keeps the promise that a suggested overlay works once its conflict rules are filled in, and that it finds the token:
// in a header, in the query and nested in the answer, or in one element of a list, whatever else is called like one.
func TestSuggestedOverlay(t *testing.T) {
	for _, tt := range []struct{ name, read, send, helper, passedOver string }{
		{"people", `$response.body$.metadata.sources[?@.type=="CONTACT"].etag`, `$request.body$.metadata.sources[?@.type=="CONTACT"].etag`,
			"UpdateWithRetry", "#/etag"},
		{"products", "$response.header.ETag", "$request.header.If-Match", "UpdateWithRetry", ""},
		{"leases", "$response.body#/metadata/resourceVersion", "$request.body#/metadata/resourceVersion", "ReplaceWithRetry", ""},
		{"engine", "$response.body#/Version/Index", "$request.query.version", "UpdateWithRetry", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := options(t, filepath.Join(specsDir, tt.name+".yaml"))
			o.Overlays = []generator.Input{{Name: "unguard.yaml", Data: []byte(unguard)}}
			overlay, found, err := generator.SuggestOverlay(t.Context(), o)
			if err != nil || found.Writes == 0 {
				t.Fatalf("%+v, %v", found, err)
			}
			if !strings.Contains(string(overlay), tt.passedOver) {
				t.Errorf("nothing is said of %s:\n%s", tt.passedOver, overlay)
			}
			o.Overlays = append(o.Overlays, generator.Input{Name: "suggested.yaml", Data: overlay})
			if _, err := generator.Generate(t.Context(), o); found.ToFillIn > 0 &&
				(err == nil || !strings.Contains(err.Error(), "suggested.yaml:")) {
				t.Errorf("an overlay that is not filled in gives %v", err)
			}
			o.Overlays[1].Data = bytes.ReplaceAll(overlay, []byte("FILL-IN"), []byte("412"))
			o.Typecheck = true
			if _, err := generator.Generate(t.Context(), o); err != nil {
				t.Fatalf("%v\n%s", err, overlay)
			}
			inspected, err := generator.Inspect(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if !guards(inspected, tt.helper, tt.read, tt.send) {
				t.Errorf("no %s with %s and %s:\n%s", tt.helper, tt.read, tt.send, overlay)
			}
		})
	}
}

// guards tells whether an operation has a helper, and a token that travels so.
func guards(found *generator.Inspection, helper, read, send string) bool {
	for _, s := range found.Services {
		for _, o := range s.Operations {
			if r := o.Revision; r != nil && len(r.Tokens) == 1 && r.Tokens[0].Read == read && r.Tokens[0].Send == send &&
				strings.Contains(strings.Join(r.Helpers, " "), helper) {
				return true
			}
		}
	}
	return false
}

// options are those of a description in a file.
func options(t *testing.T, file string) generator.Options {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSuffix(filepath.Base(file), ".yaml")
	return generator.Options{Spec: generator.Input{Name: file, Data: data}, Package: strings.ReplaceAll(name, "-", "")}
}

// completed gives the options with the suggested overlay, its conflict rules filled in.
func completed(t *testing.T, o generator.Options) generator.Options {
	t.Helper()
	overlay, _, err := generator.SuggestOverlay(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Overlays = append(slices.Clone(o.Overlays), generator.Input{Name: "suggested.yaml", Data: bytes.ReplaceAll(overlay, []byte("FILL-IN"),
		[]byte("409"))})
	return o
}

// wanted gives what the lines of a kind say at the top of a description.
func wanted(data []byte, kind string) []string {
	var out []string
	for line := range strings.Lines(string(data)) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "# "+kind+": "); ok {
			out = append(out, text)
		}
	}
	return out
}

// TestCandidates keeps the promise that every way to carry a token is found, and nothing else: in each description exactly the writes that
// its first lines name, with the tokens that they name. What inspect shows is what the suggested overlay guards.
func TestCandidates(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(suggestDir, "*.yaml"))
	if err != nil || len(files) < 26 {
		t.Fatalf("%d descriptions, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			o := options(t, file)
			want := wanted(o.Spec.Data, "want")
			before, after := tokensIn(t, o), []string(nil)
			if len(want) > 0 {
				after = tokensIn(t, completed(t, o))
			}
			if !slices.Equal(before, want) || !slices.Equal(after, want) {
				t.Errorf("inspect finds %q,\nthe overlay guards %q,\nwanted %q", before, after, want)
			}
		})
	}
}

// tokensIn gives the tokens that inspect shows: candidates, or those that are guarded, in the words of the lines at the top of a
// description.
func tokensIn(t *testing.T, o generator.Options) []string {
	t.Helper()
	found, err := generator.Inspect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range found.Services {
		for _, op := range s.Operations {
			switch c, r := op.Candidate, op.Revision; {
			case c != nil:
				out = append(out, tokenText(op.OperationID, c.Read, c.Next, c.Tokens))
			case r != nil:
				out = append(out, tokenText(op.OperationID, r.Read, r.Order == "increments", r.Tokens))
			}
		}
	}
	slices.Sort(out)
	return out
}

func tokenText(write, read string, next bool, tokens []generator.InspectedToken) string {
	var sent, from []string
	for _, p := range tokens {
		sent, from = append(sent, p.Send), append(from, p.Read)
	}
	if next {
		write += " next"
	}
	return write + " " + strings.Join(sent, "+") + " <- " + read + " " + strings.Join(from, "+")
}

// TestPageStyles keeps the promise that lists are found to have pages in every style, that nothing else is, and that what is suggested is
// what iterators are made of.
func TestPageStyles(t *testing.T) {
	o := options(t, filepath.Join(suggestDir, "lists", "lists.yaml"))
	found, err := generator.Inspect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range found.Services {
		for _, op := range s.Operations {
			if p := op.Paging; p != nil {
				got = append(got, strings.Join([]string{op.OperationID, p.Style, strings.TrimPrefix(strings.TrimPrefix(p.Items, "$response.body"), "#"),
					p.Asked, p.Read}, " "))
			}
		}
	}
	slices.Sort(got)
	want := wanted(o.Spec.Data, "page")
	slices.Sort(want)
	for i := range got {
		got[i] = strings.TrimSpace(got[i])
	}
	if len(want) < 12 || !slices.Equal(got, want) {
		t.Errorf("found  %q,\nwanted %q", got, want)
	}
	files, err := generator.Generate(t.Context(), completed(t, o))
	if err != nil {
		t.Fatal(err)
	}
	all := 0
	for _, f := range files {
		all += strings.Count(string(f.Data), "iter.Seq2[*Thing, error] {")
	}
	if all < len(want) {
		t.Errorf("%d iterators of %d lists", all, len(want))
	}
}

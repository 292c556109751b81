package source_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// loadText loads a description that is not in a folder.
func loadText(name, text string, overlays ...string) (*source.Document, error) {
	inputs := []source.Input{}
	for i, o := range overlays {
		inputs = append(inputs, source.Input{Name: fmt.Sprintf("overlay%d.yaml", i+1), Data: []byte(o)})
	}
	return source.Load(context.Background(), source.Input{Name: name, Data: []byte(text)}, inputs, source.Limits{})
}

// nested gives depth times before, and depth times after.
func nested(before, inside, after string, depth int) string {
	return strings.Repeat(before, depth) + inside + strings.Repeat(after, depth)
}

// TestLimits shows that what is too large is refused where it gets too large.
func TestLimits(t *testing.T) {
	blocks := &strings.Builder{}
	blocks.WriteString("openapi: 3.0.3\nx-deep:\n")
	for i := 1; i <= 600; i++ {
		blocks.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	long := strings.Repeat("n", 10_000)
	const tooDeep = "the description is nested more than 500 levels deep\n\tuse $ref to keep deep structures apart"
	tests := map[string]struct {
		file, text string
		overlays   []string
		limits     source.Limits
		want       string
	}{
		"JSON depth": {file: "a.json", text: `{"openapi": "3.0.3", "x": ` + nested("[", "", "]", 10_000) + "}", want: "a.json:1:526: " + tooDeep},
		"flow depth": {file: "a.yaml", text: "openapi: 3.0.3\nx: " + nested("[", "", "]", 9_000) + "\n", want: "a.yaml:2:503: " + tooDeep},
		"flow depth beyond the parser": {file: "a.yaml", text: "openapi: 3.0.3\nx: " + nested("[", "", "]", 20_000) + "\n",
			want: "a.yaml:2:10004: YAML: exceeded max depth of 10000\n\tuse $ref to keep deep structures apart"},
		"block depth": {file: "a.yaml", text: blocks.String(), want: "a.yaml:502:501: " + tooDeep},
		"overlay depth": {file: "a.yaml", text: "openapi: 3.0.3\nx: {}\n", overlays: []string{"overlay: 1.0.0\nactions:\n" +
			"- target: $.x\n  update: " + nested("{a: ", "b", "}", 400) + "\n" +
			"- target: $.x" + strings.Repeat(".a", 300) + "\n  update:\n   " + nested("{b: ", "b", "}", 400) + "\n"},
			want: "overlay1.yaml:7:4: " + tooDeep},
		"name": {file: "a.json", text: `{"openapi": "3.0.3", "` + long + `": 1}`, want: `a.json:1:22: the key that starts with "` +
			long[:40] + "\" is 10000 bytes long, and 1024 are the most\n\tchoose a shorter name"},
		"bytes": {file: "a.yaml", text: "openapi: 3.0.3\n", limits: source.Limits{Bytes: 10},
			want: "a.yaml:1:1: the file is larger than 10 bytes\n\tleave out what the client does not need, or split it into several descriptions"},
		"JSON nodes": {file: "a.json", text: `{"openapi": "3.0.3", "x": [1, 2, 3, 4]}`, limits: source.Limits{Nodes: 5},
			want: "a.json:1:34: the description has more than 5 nodes\n\tleave out what the client does not need"},
		"YAML nodes": {file: "a.yaml", text: "openapi: 3.0.3\nx: [a, b, c, d]\n", limits: source.Limits{Nodes: 5},
			want: "a.yaml:2:11: the description has more than 5 nodes\n\tleave out what the client does not need"},
		"YAML nodes before they are parsed": {file: "a.yaml", text: "openapi: 3.0.3\nx: [" + strings.Repeat("a,", 50) + "]\n",
			limits: source.Limits{Nodes: 20},
			want:   "a.yaml:2:1: the description has more than 20 nodes\n\tleave out what the client does not need"},
		"overlay nodes": {file: "a.yaml", text: "openapi: 3.0.3\nx: [{}, {}, {}]\n",
			overlays: []string{"overlay: 1.0.0\nactions:\n- target: $.x.*\n  update: {a: [1, 2, 3, 4]}\n"}, limits: source.Limits{Nodes: 25},
			want: "overlay1.yaml:4:22: the description has more than 25 nodes\n\tleave out what the client does not need"},
		"aliases": {file: "a.yaml", text: "openapi: 3.0.3\na: &a [x, y]\nb: [*a, *a]\n", limits: source.Limits{Aliases: 5},
			want: "a.yaml:3:9: aliases expand to more than 5 nodes\n\tuse $ref instead of YAML aliases"},
		"media types": {file: "a.yaml", text: "swagger: \"2.0\"\nproduces: [a, b, c, d, e, f, g, h]\npaths:\n  /x:\n    get: {responses: {200: " +
			"{schema: {items: {items: {type: file}}}}}}\n", limits: source.Limits{Nodes: 40},
			want: "a.yaml:5:37: the description has more than 40 nodes\n\tleave out what the client does not need"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			overlays := []source.Input{}
			for i, o := range test.overlays {
				overlays = append(overlays, source.Input{Name: fmt.Sprintf("overlay%d.yaml", i+1), Data: []byte(o)})
			}
			_, err := source.Load(context.Background(), source.Input{Name: test.file, Data: []byte(test.text)}, overlays, test.limits)
			if err == nil || err.Error() != test.want {
				t.Errorf("got:\n%v\nwant:\n%s", err, test.want)
			}
		})
	}
}

// TestEncodings shows what is taken besides plain UTF-8 with line feeds, and where the rest is refused.
func TestEncodings(t *testing.T) {
	taken := map[string]string{
		"byte order mark": "\ufeffopenapi: 3.0.3\nx: {y: 1}\n",
		"CRLF":            "openapi: 3.0.3\r\nx: {y: 1}\r\n",
		"CR":              "openapi: 3.0.3\rx: {y: 1}\r",
		"JSON, CRLF":      "{\"openapi\": \"3.0.3\",\r\n\"x\":{\"y\":1}}",
		"JSON, CR":        "{\"openapi\": \"3.0.3\",\r\"x\":{\"y\":1}}",
		"JSON, mark":      "\ufeff{\"openapi\": \"3.0.3\",\n\"x\":{\"y\":1}}",
		"JSON, tabs":      "\t{\t\"openapi\":\t\"3.0.3\",\n\"x\":{\t\"y\":\t1}\t}\t",
		"JSON in YAML":    "# JSON\n\"x\": {\"y\": 1}\n\"openapi\": \"3.0.3\"\n",
		"tagged":          "openapi: !version 3.0.3\nx: !!map {y: !!int 1}\n",
		"late document":   "openapi: 3.0.3\nx: {y: 1}\n---\n",
	}
	for name, text := range taken {
		t.Run(name, func(t *testing.T) {
			doc, err := loadText("a.yaml", text)
			if err != nil {
				t.Fatal(err)
			}
			y := doc.At("/x/y")
			if i, ok := y.Int(); !ok || i != 1 || y.Pos().Line != 2 {
				t.Errorf("got %d, %t at %v", i, ok, y.Pos())
			}
		})
	}
	refused := map[string]struct{ text, want string }{
		"Latin-1": {"openapi: 3.0.3\r\nx: {é: caf\xe9}\n", "a.yaml:2:11: the file is not UTF-8 text\n\tsave it as UTF-8"},
		"UTF-16":  {"\xff\xfeo\x00p\x00", "a.yaml:1:1: the file is not UTF-8 text\n\tsave it as UTF-8"},
		"bell": {"openapi: 3.0.3\nx: a\x07b\n",
			"a.yaml:2:5: YAML: control characters are not allowed\n\twrite it escaped in double quotation marks, for instance \"\\x1b\""},
		"NUL": {"{\"openapi\": \x00}", "a.yaml:1:13: JSON: expected a value and found \"\\x00\""},
	}
	for name, test := range refused {
		t.Run(name, func(t *testing.T) {
			if _, err := loadText("a.yaml", test.text); err == nil || err.Error() != test.want {
				t.Errorf("got:\n%v\nwant:\n%s", err, test.want)
			}
		})
	}
}

// TestRoot shows that links and special files do not lead out of the folder.
func TestRoot(t *testing.T) {
	dir := t.TempDir()
	root := filepath.Join(dir, "root")
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(dir, "secret.yaml"), "type: string\n")
	write(filepath.Join(root, "schemas", "inside.yaml"), "type: string\n")
	for link, to := range map[string]string{"out.yaml": "../secret.yaml", "absolute.yaml": filepath.Join(dir, "secret.yaml"), "folder": "..",
		"in.yaml": "schemas/inside.yaml"} {
		if err := os.Symlink(to, filepath.Join(root, link)); err != nil {
			t.Skip("there are no symbolic links here")
		}
	}
	const escapes = "leads nowhere: it leaves the description's folder through a symbolic link"
	for ref, want := range map[string]string{
		"in.yaml":            "",
		"out.yaml":           escapes,
		"absolute.yaml":      escapes,
		"folder/secret.yaml": escapes,
		"schemas":            "leads nowhere: it is not a file",
	} {
		doc, err := source.Load(context.Background(),
			source.Input{Name: "root/a.yaml", Data: []byte("openapi: 3.0.3\nx: {$ref: '" + ref + "'}\n"), Root: root}, nil, source.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		target, err := doc.At("/x").Follow()
		if want == "" {
			if err != nil || target.Get("type").Text() != "string" || target.Pos().String() != "root/in.yaml:1:1" {
				t.Errorf("%s: got %v at %v", ref, err, target.Pos())
			}
			continue
		}
		if want = `root/a.yaml:2:11: the reference "` + ref + `" ` + want; err == nil || err.Error() != want {
			t.Errorf("got:\n%v\nwant:\n%s", err, want)
		}
	}

	doc, err := loadText("a.yaml", "openapi: 3.0.3\nx: {$ref: b.yaml}\n")
	if err != nil {
		t.Fatal(err)
	}
	want := "a.yaml:2:11: the reference \"b.yaml\" names a file, and this description has no folder\n\tput everything into one file"
	if _, err := doc.At("/x").Follow(); err == nil || err.Error() != want {
		t.Errorf("got:\n%v\nwant:\n%s", err, want)
	}
}

// TestLimitsCountFiles shows that the limits hold for all files together.
func TestLimitsCountFiles(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "b.json"), []byte(`{"x": [1, 2, 3, 4, 5, 6, 7, 8, 9]}`), 0o666); err != nil {
		t.Fatal(err)
	}
	in := source.Input{Name: "a.yaml", Root: root, Data: []byte("openapi: 3.0.3\nx: {$ref: b.json}\n")}
	doc, err := source.Load(context.Background(), in, nil, source.Limits{Nodes: 8})
	if err != nil {
		t.Fatal(err)
	}
	want := "b.json:1:14: the description has more than 8 nodes\n\tleave out what the client does not need"
	if _, err := doc.At("/x").Follow(); err == nil || err.Error() != want {
		t.Errorf("got:\n%v\nwant:\n%s", err, want)
	}
}

// TestLongChain shows that chains of references end.
func TestLongChain(t *testing.T) {
	b := &strings.Builder{}
	b.WriteString("openapi: 3.0.3\n")
	for i := range 1000 {
		fmt.Fprintf(b, "x%d: {$ref: '#/x%d/y'}\n", i, i+1)
	}
	doc, err := loadText("a.yaml", b.String())
	if err != nil {
		t.Fatal(err)
	}
	want := "a.yaml:2:12: the reference \"#/x1/y\" leads through more than 100 others\n\trefer to the target itself"
	if _, err := doc.At("/x0").Follow(); err == nil || err.Error() != want {
		t.Errorf("got:\n%v\nwant:\n%s", err, want)
	}
}

// TestReadFile shows that a missing file is named once.
func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "none.yaml")
	_, err := source.ReadFile(name)
	var list *diag.Error
	if !errors.As(err, &list) || err.Error() != filepath.ToSlash(name)+": cannot read the file: no such file or directory" {
		t.Errorf("got %v", err)
	}
	if _, err := source.ReadFile(dir); !errors.As(err, &list) {
		t.Errorf("got %v for a folder", err)
	}
	if err := os.WriteFile(name, []byte("openapi: 3.0.3\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	in, err := source.ReadFile(name)
	if err != nil || in.Name != filepath.ToSlash(name) || in.Root != dir || string(in.Data) != "openapi: 3.0.3\n" {
		t.Errorf("got %+v, %v", in, err)
	}
}

// TestCanceled shows that a canceled context ends the loading, and is no complaint about the description.
func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := source.Load(ctx, source.Input{Name: "a.yaml", Data: []byte("openapi: 3.0.3\n")}, nil, source.Limits{}); !errors.Is(err,
		context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestConcurrentUse reads a document, and files that it refers to, in many goroutines at once. The race detector does the checking.
func TestConcurrentUse(t *testing.T) {
	root := t.TempDir()
	for i := range 10 {
		text := fmt.Sprintf("x: {$ref: 'f%d.yaml#/x'}\ny: 1\n", i+1)
		if i == 9 {
			text = "x: {}\n"
		}
		if err := os.WriteFile(filepath.Join(root, fmt.Sprintf("f%d.yaml", i)), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	doc, err := source.Load(context.Background(),
		source.Input{Name: "a.yaml", Root: root, Data: []byte("openapi: 3.0.3\nx: {$ref: 'f0.yaml#/x'}\n")}, nil, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			target, err := doc.At("/x").Follow()
			if err != nil || target.Pointer() != "f9.yaml#/x" || doc.At(target.Pointer()) != target {
				t.Errorf("got %q, %v", target.Pointer(), err)
			}
		})
	}
	all.Wait()
}

// TestOverlaySearchesEnd gives the evaluator paths that take it very long, or that it cannot take at all.
func TestOverlaySearchesEnd(t *testing.T) {
	text := "openapi: 3.0.3\nx: " + nested("[a, ", "b", "]", 400) + "\n"
	for _, path := range []string{
		"$..*..*..*..*", "$..[?$..a]..*", "$" + strings.Repeat("[*,*]", 40), "$..[?@..[?@..[?@..a]]]",
		"$.x[0:9223372036854775807:9223372036854775807]", "$.x[?match(@.x, '(a*)*b')]", "$[", "", "x", "$.%s", "$[?@.a == 1 && ]", "$..",
		"$[?length(@.a, @.b) > 1]",
	} {
		if _, err := loadText("a.yaml", text, "overlay: 1.0.0\nactions:\n- {target: \""+strings.ReplaceAll(path, `"`, `\"`)+
			"\", update: {y: 1}}\n"); err != nil && !strings.Contains(err.Error(), "overlay1.yaml:3:12: the target ") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestNestedFilters: a filter in a filter takes the evaluator many times as long, and its parser too, so that a deep one is refused unread.
func TestNestedFilters(t *testing.T) {
	for _, root := range []string{"@", "$"} {
		for _, nested := range []int{1, 2, 30, 200} {
			target := "$" + strings.Repeat("[?"+root, nested) + ".info" + strings.Repeat("]", nested)
			overlay := fmt.Sprintf(`{"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": [{"target": %q, "update": {"x-a": 1}}]}`,
				target)
			_, err := loadText("a.yaml", "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n", overlay)
			if refused := err != nil && strings.Contains(err.Error(), "would search for too long"); refused != (nested >= 30) {
				t.Errorf("%d filters of %s in one another: %v", nested, root, err)
			}
		}
	}
}

// TestManyUpdatesOfEverything: each of many actions that change every node copies each node once.
func TestManyUpdatesOfEverything(t *testing.T) {
	actions := strings.Repeat(`{"target": "$..*", "update": {"x-a": 1}},`, 40)
	overlay := `{"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": [` + strings.TrimSuffix(actions, ",") + `]}`
	_, err := loadText("a.yaml", "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n", overlay)
	if err == nil || !strings.Contains(err.Error(), "overlay1.yaml:1:") {
		t.Errorf("the complaint does not lead to the overlay: %v", err)
	}
}

// TestManyDescents: a path may descend as often as it likes, since no segment looks at a node twice.
func TestManyDescents(t *testing.T) {
	text := "openapi: 3.0.3\nx: " + nested("[a, ", "b", "]", 100) + "\n"
	doc, err := loadText("a.yaml", text, "overlay: 1.0.0\nactions:\n- {target: \"$"+strings.Repeat("..*", 60)+"\", update: {y: 1}}\n")
	if err != nil {
		t.Fatal(err)
	}
	data, err := doc.Root().JSON()
	if err != nil || !strings.Contains(string(data), `{"y":1}`) {
		t.Errorf("nothing was updated: %v", err)
	}
}

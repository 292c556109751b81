package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/contactsgen/contactsgen/cmd/contactsgen/internal/config"
)

// A page is one of those that people read to use this repository. Everything on it that can be run is run by a test here:
// what it says stays true, or a test fails.
type page struct {
	name   string // from the root of the repository, with slashes
	text   string
	blocks []block
}

// A block is a fenced piece of code. What is done with it follows from its language, and from the line that leads to it:
// "Write `name`:" makes it a file, "Append to `name`:" more of one, "It prints:" what the commands before it print.
type block struct {
	line int // of its first line of code
	lang string
	code string
	lead string // the last line of text between it and the block before it
}

var (
	writes  = regexp.MustCompile("(?:^|\\s)Write `([^`]+)`[^`]*:$")
	appends = regexp.MustCompile("(?:^|\\s)Append to `([^`]+)`[^`]*:$")
	prints  = regexp.MustCompile(`(?:^|\s)It prints[^.]*:$`)
	needs   = regexp.MustCompile("(?:^|\\s)With the feature `([^`]+)`:$")
)

func (b block) isFile() bool { return writes.MatchString(b.lead) || appends.MatchString(b.lead) }

// pages are the pages whose code is held to account: the README and what it leads to.
func pages(t *testing.T) []page {
	t.Helper()
	names := []string{"README.md", "spec/README.md"}
	docs, err := filepath.Glob(filepath.Join(repository, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range docs {
		names = append(names, "docs/"+filepath.Base(name))
	}
	var all []page
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(repository, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, readPage(name, string(data)))
	}
	return all
}

func readPage(name, text string) page {
	p := page{name: name, text: text}
	var open *block
	var lead string
	for i, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case open == nil && strings.HasPrefix(trimmed, "```"):
			open = &block{line: i + 2, lang: strings.TrimPrefix(trimmed, "```"), lead: lead}
		case open != nil && trimmed == "```":
			p.blocks = append(p.blocks, *open)
			open, lead = nil, ""
		case open != nil:
			open.code += line + "\n"
		case trimmed != "":
			lead = trimmed
		}
	}
	return p
}

// TestBlocksHaveALanguage makes sure that no block escapes for being of no kind.
func TestBlocksHaveALanguage(t *testing.T) {
	for _, p := range pages(t) {
		for i, b := range p.blocks {
			switch b.lang {
			case "go", "sh", "yaml":
			case "diff":
				if p.name != "docs/migrating.md" { // TestMigrationIsCountedInLines holds that one to the programs it is made from
					t.Errorf("%s:%d: a block of %q: nothing holds it to account", p.name, b.line, b.lang)
				}
			case "text":
				if prints.MatchString(b.lead) && (i == 0 || p.blocks[i-1].lang != "sh") {
					t.Errorf("%s:%d: there is no command before this that prints anything", p.name, b.line)
				}
			default:
				t.Errorf("%s:%d: a block of %q: nothing holds it to account", p.name, b.line, b.lang)
			}
		}
	}
}

// What fragments of Go may use without saying where it is from.
const surroundings = `ctx context.Context, t *testing.T, client *contacts.Client, key, site, id, duplicate, phone string, ` +
	`request *http.Request, query contacts.QueryContactsRequest, log *slog.Logger, server *contactstest.Server`

var packages = map[string]string{
	"contacts":     modulePath + "/generated/contacts",
	"contactstest": modulePath + "/generated/contacts/contactstest",
	"context":      "context",
	"csv":          "encoding/csv",
	"errors":       "errors",
	"fmt":          "fmt",
	"http":         "net/http",
	"io":           "io",
	"os":           "os",
	"slices":       "slices",
	"slog":         "log/slog",
	"sql":          "database/sql",
	"sync":         "sync",
	"testing":      "testing",
	"time":         "time",
	"url":          "net/url",
}

// withFeature is the module's path of the client that has a feature on request.
func withFeature(name string) string {
	return "example.com/pages/" + strings.ReplaceAll(name, "-", "") + "/contacts"
}

// TestGoBlocksCompile compiles and vets every piece of Go, against the client of this repository, or against one that is generated with
// the feature that leads to the piece: "With the feature `name`:". Files that a page has its reader
// write are compiled where they were written, by TestPages.
func TestGoBlocksCompile(t *testing.T) {
	dir := t.TempDir()
	root, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	mod := "module example.com/pages\n\ngo 1.25.0\n\nrequire " + modulePath + " v0.0.0\n\nreplace " + modulePath + " => " +
		filepath.ToSlash(root) + "\n"
	writeFile(t, filepath.Join(dir, "go.mod"), mod)
	places, features := map[string]string{}, map[string]bool{}
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.lang != "go" || b.isFile() {
				continue
			}
			place := fmt.Sprintf("%s:%d", p.name, b.line)
			src, err := complete(b.code)
			if err != nil {
				t.Errorf("%s: %v", place, err)
				continue
			}
			if m := needs.FindStringSubmatch(b.lead); m != nil {
				features[m[1]] = true
				src = bytes.Replace(src, []byte(strconv.Quote(packages["contacts"])), []byte(strconv.Quote(withFeature(m[1]))), 1)
			}
			name := fmt.Sprintf("b%03d", len(places))
			places[name] = place
			writeFile(t, filepath.Join(dir, name, "block.go"), string(src))
		}
	}
	if len(places) == 0 || len(features) == 0 {
		t.Fatal("there is no Go on any page, or none for a feature")
	}
	generateFeatures(t, dir, features)
	cmd := exec.CommandContext(t.Context(), "go", "vet", "-mod=mod", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOPROXY=off", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		text := string(out)
		for name, place := range places {
			text = strings.ReplaceAll(text, name, place)
		}
		t.Errorf("%v\n%s", err, text)
	}
}

// generateFeatures makes, for each feature on request, the client of the embedded description that has it.
func generateFeatures(t *testing.T, dir string, features map[string]bool) {
	t.Helper()
	targets := "targets:\n"
	for name := range features {
		targets += fmt.Sprintf("  - {out: %s, features: [iterators, %s]}\n", strings.TrimPrefix(withFeature(name), "example.com/pages/"), name)
	}
	file := filepath.Join(dir, config.Name)
	writeFile(t, file, targets)
	said, err := os.Create(filepath.Join(t.TempDir(), "said"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = said.Close() }()
	if status := run(t.Context(), []string{"generate", "--config", file}, newScreen(said, said, os.Getenv)); status != 0 {
		text, _ := os.ReadFile(said.Name())
		t.Fatalf("%d\n%s", status, text)
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// complete makes a file of a fragment: declarations as they are, statements in a function. A fragment must be formatted as gofmt does.
func complete(code string) ([]byte, error) {
	if formatted, err := format.Source([]byte(code)); err != nil {
		return nil, err
	} else if string(formatted) != code {
		return nil, fmt.Errorf("not as gofmt has it, which is\n%s", formatted)
	}
	if strings.HasPrefix(code, "package ") || strings.Contains(code, "\npackage ") {
		return []byte(code), nil
	}
	body := code
	if _, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+code, 0); err != nil {
		used := ""
		for _, name := range declared(code) {
			used += "_ = " + name + "\n"
		}
		body = "func _(" + surroundings + ") error {\n" + code + used + "return nil\n}\n"
	}
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+body, 0)
	if err != nil {
		return nil, err
	}
	imports := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && packages[x.Name] != "" {
				imports[packages[x.Name]] = true
			}
		}
		return true
	})
	var src bytes.Buffer
	src.WriteString("package p\n\nimport (\n")
	for _, name := range slices.Sorted(maps.Keys(imports)) {
		fmt.Fprintf(&src, "%q\n", name)
	}
	src.WriteString(")\n\n" + body)
	return src.Bytes(), nil
}

// declared are the variables that statements declare outermost.
func declared(code string) []string {
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc _() {\n"+code+"}", 0)
	if err != nil {
		return nil // told where the whole is parsed
	}
	var names []string
	for _, s := range file.Decls[0].(*ast.FuncDecl).Body.List {
		if a, ok := s.(*ast.AssignStmt); ok && a.Tok == token.DEFINE {
			for _, left := range a.Lhs {
				if name := left.(*ast.Ident).Name; name != "_" {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// TestYAMLBlocksAreValid holds configs and extensions on the pages to their JSON Schemas.
func TestYAMLBlocksAreValid(t *testing.T) {
	extensions := map[string]*jsonschema.Schema{}
	for name := range extensionSchemas(t) {
		extensions[name] = compileSchema(t, "generator/internal/analyze/schema/x-"+strings.TrimPrefix(strings.TrimPrefix(name, "x-contactsgen-"),
			"x-")+".json")
	}
	configs := compileSchema(t, "docs/contactsgen.schema.json")
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.lang != "yaml" {
				continue
			}
			place := fmt.Sprintf("%s:%d", p.name, b.line)
			var v any
			if err := yaml.Unmarshal([]byte(b.code), &v); err != nil {
				t.Errorf("%s: %v", place, err)
				continue
			}
			v = plainJSON(t, v)
			if m, ok := v.(map[string]any); ok && m["targets"] != nil {
				if err := configs.Validate(v); err != nil {
					t.Errorf("%s: %v", place, err)
				}
				name := filepath.Join(t.TempDir(), config.Name)
				writeFile(t, name, b.code)
				if _, err := config.Load(name); err != nil {
					t.Errorf("%s: %v", place, err)
				}
			}
			checkExtensions(t, place, v, extensions)
		}
	}
}

func checkExtensions(t *testing.T, place string, v any, schemas map[string]*jsonschema.Schema) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			switch schema := schemas[name]; {
			case schema != nil:
				// A page may show a part of an extension. What it shows has to be right; what is missing is told by the generator.
				if err := schema.Validate(value); err != nil && !onlyMissing(err) {
					t.Errorf("%s: %s: %v", place, name, err)
				}
			case strings.HasPrefix(name, "x-") && !strings.HasPrefix(name, "x-wix"):
				t.Errorf("%s: there is no extension %s", place, name)
			default:
				checkExtensions(t, place, value, schemas)
			}
		}
	case []any:
		for _, item := range v {
			checkExtensions(t, place, item, schemas)
		}
	}
}

// onlyMissing tells whether all that a value lacks is required properties.
func onlyMissing(err error) bool {
	var failed *jsonschema.ValidationError
	if !errors.As(err, &failed) {
		return false
	}
	if len(failed.Causes) == 0 {
		return slices.Contains(failed.ErrorKind.KeywordPath(), "required")
	}
	return !slices.ContainsFunc(failed.Causes, func(c *jsonschema.ValidationError) bool { return !onlyMissing(c) })
}

func plainJSON(t *testing.T, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func compileSchema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(repository, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// extensionSchemas are the JSON Schemas of the extensions, by name.
func extensionSchemas(t *testing.T) map[string]map[string]any {
	t.Helper()
	all := map[string]map[string]any{}
	names, err := filepath.Glob(filepath.Join(repository, "generator", "internal", "analyze", "schema", "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatal("there are no schemas", err)
	}
	for _, name := range names {
		all[spelled(strings.TrimSuffix(filepath.Base(name), ".json"))] = readSchema(t, name)
	}
	return all
}

// spelled gives the name of an extension as pages have it: with our prefix, unless it is many people's.
func spelled(name string) string {
	if name == "x-enum-descriptions" {
		return name
	}
	return "x-contactsgen-" + strings.TrimPrefix(name, "x-")
}

func readSchema(t *testing.T, name string) map[string]any {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return schema
}

// TestReferenceIsComplete holds docs/reference.md to the JSON Schemas: a section for each of them, and a row for each property, with the
// words it may be; nothing else.
func TestReferenceIsComplete(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(repository, "docs", "reference.md"))
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, section := range strings.Split(string(data), "\n## ")[1:] {
		title, body, _ := strings.Cut(section, "\n")
		sections[strings.Trim(title, "`")] = body
	}
	schemas := extensionSchemas(t)
	schemas[config.Name] = readSchema(t, filepath.Join(repository, "docs", "contactsgen.schema.json"))
	row := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (yes|) ?\\| (.*) \\|$")
	for name, schema := range schemas {
		body, ok := sections[name]
		if !ok {
			t.Errorf("docs/reference.md has no section on %s", name)
			continue
		}
		want := map[string]property{}
		flatten(schema, schema, "", want)
		for _, m := range row.FindAllStringSubmatch(body, -1) {
			p, ok := want[m[1]]
			if !ok {
				t.Errorf("docs/reference.md: %s has no %s", name, m[1])
				continue
			}
			if p.required != (m[2] == "yes") {
				t.Errorf("docs/reference.md: %s.%s is required: %v", name, m[1], p.required)
			}
			for _, word := range p.words {
				if !strings.Contains(m[3], "`"+word+"`") {
					t.Errorf("docs/reference.md: %s.%s does not say that it may be %s", name, m[1], word)
				}
			}
			delete(want, m[1])
		}
		for missing := range want {
			t.Errorf("docs/reference.md: %s.%s is missing", name, missing)
		}
		for _, word := range words(schema) {
			if !strings.Contains(body, "`"+word+"`") {
				t.Errorf("docs/reference.md: %s does not say that it may be %s", name, word)
			}
		}
		delete(sections, name)
	}
	for name := range sections {
		if strings.HasPrefix(name, "x-") {
			t.Errorf("docs/reference.md describes %s, which there is not", name)
		}
	}
}

type property struct {
	required bool
	words    []string
}

// flatten lists the properties of a schema by their path.
func flatten(root, schema map[string]any, at string, into map[string]property) {
	if ref, ok := schema["$ref"].(string); ok {
		name, isDef := strings.CutPrefix(ref, "#/$defs/")
		if target, ok := root["$defs"].(map[string]any)[name].(map[string]any); ok && isDef {
			flatten(root, target, at, into)
		}
		return
	}
	required, _ := schema["required"].([]any)
	properties, _ := schema["properties"].(map[string]any)
	for name, sub := range properties {
		sub := sub.(map[string]any)
		full := strings.TrimPrefix(at+"."+name, ".")
		into[full] = property{slices.Contains(required, any(name)), words(sub)}
		flatten(root, sub, full, into)
	}
	if items, ok := schema["items"].(map[string]any); ok {
		flatten(root, items, at+"[]", into)
	}
}

// words are what a schema allows, where that is a list of words.
func words(schema map[string]any) []string {
	list, _ := schema["enum"].([]any)
	if items, ok := schema["items"].(map[string]any); ok && list == nil {
		list, _ = items["enum"].([]any)
	}
	var out []string
	for _, w := range list {
		out = append(out, fmt.Sprint(w))
	}
	return out
}

var (
	link    = regexp.MustCompile(`!?\[[^\]]*\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	fences  = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	spans   = regexp.MustCompile("`[^`\n]*`")
)

// TestLinksResolve follows every relative link of every page in the repository, down to the heading.
func TestLinksResolve(t *testing.T) {
	root := os.DirFS(repository)
	count := 0
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "node_modules"):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".md":
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		prose := spans.ReplaceAllString(fences.ReplaceAllString(string(text), ""), "")
		for _, m := range link.FindAllStringSubmatch(prose, -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			count++
			target, fragment, _ := strings.Cut(m[1], "#")
			file := name
			if target != "" {
				file = path.Join(path.Dir(name), target)
			}
			data, err := fs.ReadFile(root, file)
			if _, errStat := fs.Stat(root, file); errStat != nil {
				t.Errorf("%s links to %s, which is not there", name, m[1])
			} else if fragment != "" && (err != nil || !slices.Contains(anchors(string(data)), fragment)) {
				t.Errorf("%s links to %s, and there is no such heading", name, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count == 0 {
		t.Error("there are no links")
	}
}

// anchors are the names by which headings are linked to.
func anchors(text string) []string {
	var names []string
	for _, m := range heading.FindAllStringSubmatch(fences.ReplaceAllString(text, ""), -1) {
		name := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-_", r):
				return r
			}
			return -1
		}, strings.ToLower(m[1]))
		names = append(names, name)
	}
	return names
}

var makeCall = regexp.MustCompile(`^make ([a-z-]+)(?: [A-Z]+=\S+)*(?:\s+#.*)?$`)

// TestMakeCallsAreThere checks what pages say of make: the targets exist.
func TestMakeCallsAreThere(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(repository, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			for line := range strings.Lines(b.code) {
				line = strings.TrimSpace(line)
				if b.lang != "sh" || !strings.HasPrefix(line, "make") {
					continue
				}
				m := makeCall.FindStringSubmatch(line)
				if m == nil || !regexp.MustCompile(`(?m)^`+m[1]+`:`).Match(makefile) {
					t.Errorf("%s:%d: %s: there is no such target", p.name, b.line, line)
				}
			}
		}
	}
}

// TestPages follows pages word by word, each in a repository of its own: it writes what the page says to write, runs what it says to
// run, and compares with what it says is printed.
func TestPages(t *testing.T) {
	environment := consumerEnvironment(t)
	for _, p := range pages(t) {
		if !slices.ContainsFunc(p.blocks, func(b block) bool { return b.isFile() || b.lang == "sh" && ours(b.code) != "" }) {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			if !*cold {
				t.Parallel()
			}
			follow(t, p, environment)
		})
	}
}

// told prints what a step of a page took, where that is what the test is run for.
func told(place, what string, took time.Duration) {
	if *cold {
		what, _, _ = strings.Cut(what, "\n")
		fmt.Fprintf(os.Stderr, "%-26s %-80.80s %8s\n", place, what, took.Round(100*time.Millisecond))
	}
}

func follow(t *testing.T, p page, environment []string) {
	t.Helper()
	dir := t.TempDir()
	if !strings.Contains(p.text, "go mod init") {
		writeFile(t, filepath.Join(dir, "go.mod"), "module example.com/shop\n\ngo 1.25\n")
	}
	var said string
	began, steps := time.Now(), 0
	defer func() { told(p.name, fmt.Sprintf("%d steps in all", steps), time.Since(began)) }()
	for _, b := range p.blocks {
		place := fmt.Sprintf("%s:%d", p.name, b.line)
		switch {
		case writes.MatchString(b.lead):
			writeFile(t, filepath.Join(dir, filepath.FromSlash(writes.FindStringSubmatch(b.lead)[1])), b.code)
		case appends.MatchString(b.lead):
			name := filepath.Join(dir, filepath.FromSlash(appends.FindStringSubmatch(b.lead)[1]))
			old, err := os.ReadFile(name)
			if err != nil {
				t.Fatalf("%s: %v", place, err)
			}
			writeFile(t, name, string(old)+b.code)
		case b.lang == "sh":
			start := time.Now()
			cmd := exec.CommandContext(t.Context(), "sh", "-euc", ours(b.code))
			cmd.Dir = dir
			cmd.Env = append(append(os.Environ(), environment...), "NO_COLOR=1", "PWD="+dir)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%s: %v\n%s", place, err, out)
			}
			said = string(out)
			steps++
			told(place, b.code, time.Since(start))
		case b.lang == "text" && prints.MatchString(b.lead):
			rest := said
			for line := range strings.Lines(b.code) {
				line = strings.TrimRight(line, "\n")
				if line == "…" {
					continue
				}
				_, after, found := strings.Cut(rest, line)
				if !found {
					t.Errorf("%s: %q was not printed:\n%s", place, line, said)
					break
				}
				rest = after
			}
		}
	}
}

// ours are the commands of a block that are run in a reader's repository. Those of make are for this one.
func ours(code string) string {
	var out []string
	for line := range strings.Lines(code) {
		if !strings.HasPrefix(line, "make ") && strings.TrimSpace(line) != "" {
			out = append(out, strings.TrimRight(line, "\n"))
		}
	}
	return strings.Join(out, "\n")
}

// maxLine is how many columns a line has at most.
const maxLine = 140

// TestPagesHaveShortLines keeps pages readable beside the code: no line of text has more than 140 columns. Tables, and the pages that commands
// write, may have longer ones.
func TestPagesHaveShortLines(t *testing.T) {
	var files []string
	err := filepath.WalkDir(repository, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git"):
			return filepath.SkipDir
		case strings.HasSuffix(name, ".md"):
			rel, err := filepath.Rel(repository, name)
			files = append(files, filepath.ToSlash(rel))
			return err
		}
		return nil
	})
	if err != nil || len(files) == 0 {
		t.Fatal("no pages: ", err)
	}
	// the last has a command of one line
	written := []string{"docs/benchmarks.md", "docs/contention.md", "docs/loops.md", "README.md", "testdata/judge/README.md"}
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(repository, filepath.FromSlash(file)))
		if err != nil || slices.Contains(written, file) {
			continue
		}
		for i, line := range strings.Split(string(data), "\n") {
			if n := utf8.RuneCountInString(line); n > maxLine && !strings.HasPrefix(strings.TrimSpace(line), "|") {
				t.Errorf("%s:%d has %d columns, %d are the most", file, i+1, n, maxLine)
			}
		}
	}
}

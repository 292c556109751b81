package analyze_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/contactsgen/contactsgen/generator/internal/analyze"
	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/spec"
)

// TestAdditionsRenameNothing keeps the promise that a client's names outlive the growth of its description. To every place of every
// test description it adds one of each kind (endpoints, schemas, properties, enum values, parameters, tags): with a name like no other
// in front of what is there, and with other spellings of the names that are there behind it. Every exported name must stay what it was.
func TestAdditionsRenameNothing(t *testing.T) {
	files, err := filepath.Glob("../../../testdata/specs/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no descriptions: %v", err)
	}
	descriptions := map[string][]byte{spec.Name: spec.Contacts}
	for _, file := range files {
		if descriptions[filepath.Base(file)], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	for name, in := range descriptions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := exportedNames(t, in)
			for kind, add := range additions {
				for _, collide := range []bool{false, true} {
					g := grower{collide: collide}
					after := exportedNames(t, g.grow(t, in, add))
					if len(after) <= len(before) && g.added > 0 {
						t.Errorf("%s: %d additions have no name", kind, g.added)
					}
					for what, was := range before {
						if after[what] != was {
							t.Errorf("adding %s (in other spellings: %v) renames %s: %s becomes %q", kind, collide, what, was, after[what])
						}
					}
				}
			}
		})
	}
}

// additions adds one kind of thing wherever it can stand. Each is told of every mapping of a description and where that is.
var additions = map[string]func(g *grower, at []string, n *yaml.Node){
	"endpoints": func(g *grower, at []string, n *yaml.Node) {
		switch {
		case g.collide && is(at, "paths", "*", "*") && member(n, "operationId") != nil:
			g.siblings = append(g.siblings, n)
		case !g.collide && is(at, "paths"):
			g.extend(n, nil, func(id string) (string, string) {
				return "/added", "{get: {operationId: '" + id + "', responses: {'204': {description: Done.}}}}"
			})
		}
	},
	"schemas": func(g *grower, at []string, n *yaml.Node) {
		if is(at, "components", "schemas") || is(at, "definitions") {
			g.extend(n, keysOf(n), func(key string) (string, string) { return key, "{type: object, properties: {a: {type: string}}}" })
		}
	},
	"properties": func(g *grower, at []string, n *yaml.Node) {
		if at[len(at)-1] == "properties" && !isExample(at) {
			g.extend(n, append(keysOf(n), "get", "GET", "additional properties", "marshal-JSON"), func(key string) (string, string) {
				return key, "{type: string}"
			})
		}
	},
	"inline schemas": func(g *grower, at []string, n *yaml.Node) {
		if at[len(at)-1] == "properties" && !isExample(at) {
			g.extend(n, keysOf(n), func(key string) (string, string) {
				return key, "{type: object, properties: {kind: {type: string, enum: [a, A]}}}"
			})
		}
	},
	"enum values": func(g *grower, at []string, n *yaml.Node) {
		values := member(n, "enum")
		if values == nil || values.Kind != yaml.SequenceNode || isExample(at) || member(n, "type") != nil && member(n, "type").Value != "string" {
			return
		}
		var have []string
		for _, v := range values.Content {
			have = append(have, v.Value)
		}
		g.extendList(values, have, func(value string) string { return "'" + value + "'" })
	},
	"parameters": func(g *grower, at []string, n *yaml.Node) {
		list := member(n, "parameters")
		if !is(at, "paths", "*", "*") || list == nil || list.Kind != yaml.SequenceNode {
			return
		}
		var have []string
		for _, p := range list.Content {
			if name := member(p, "name"); name != nil {
				have = append(have, name.Value)
			}
		}
		g.extendList(list, have, func(name string) string {
			if g.swagger {
				return "{name: '" + name + "', in: query, type: string}"
			}
			return "{name: '" + name + "', in: query, schema: {type: string, enum: [a, b]}}"
		})
	},
	"tags": func(g *grower, at []string, n *yaml.Node) {
		if is(at, "paths") {
			g.extend(n, g.tags, func(tag string) (string, string) {
				return "/added/" + tag, "{get: {tags: ['" + tag + "'], responses: {'204': {description: Done.}}}}"
			})
		}
	},
}

// grower adds to a description.
type grower struct {
	collide, swagger bool
	added            int
	tags             []string
	siblings         []*yaml.Node // operations beside which others are added, under the same tag
}

const unheardOf = "zz added"

// grow gives the description with its additions.
func (g *grower) grow(t *testing.T, in []byte, add func(*grower, []string, *yaml.Node)) []byte {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal(in, &doc); err != nil {
		t.Fatal(err)
	}
	root := doc.Content[0]
	g.swagger = member(root, "swagger") != nil
	if tags := member(root, "tags"); tags != nil {
		for _, tag := range tags.Content {
			g.tags = append(g.tags, member(tag, "name").Value)
		}
	}
	g.visit(root, nil, add)
	g.addSiblings(member(root, "paths"))
	out, err := yaml.Marshal(&doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// visit tells the addition of every mapping, the deepest first, so that it does not come by its own.
func (g *grower) visit(n *yaml.Node, at []string, add func(*grower, []string, *yaml.Node)) {
	for i, c := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode:
			g.visit(c, append(slices.Clone(at), "-"), add)
		case n.Kind == yaml.MappingNode && i%2 == 1:
			g.visit(c, append(slices.Clone(at), n.Content[i-1].Value), add)
		}
	}
	if n.Kind == yaml.MappingNode && len(at) > 0 {
		add(g, at, n)
	}
}

// addSiblings adds operations that want the short names of others, and their long ones.
func (g *grower) addSiblings(paths *yaml.Node) {
	have := map[string]bool{}
	for _, o := range g.siblings {
		have[member(o, "operationId").Value] = true
	}
	for _, o := range g.siblings {
		tags := "[]"
		if list := member(o, "tags"); list != nil && len(list.Content) > 0 {
			tags = "['" + list.Content[0].Value + "']"
		}
		id := member(o, "operationId").Value
		for _, other := range append(respelled(id), shortOf(id)...) {
			if have[other] {
				continue
			}
			have[other] = true
			put(paths, "/added/"+other, "{get: {operationId: '"+other+"', tags: "+tags+", responses: {'204': {description: Done.}}}}")
			g.added++
		}
	}
}

// shortOf gives the beginnings of an operationId, of which one is the method's name.
func shortOf(id string) []string {
	var out []string
	for i, c := range id {
		if i > 0 && c >= 'A' && c <= 'Z' {
			out = append(out, id[:i])
		}
	}
	return out
}

// extend adds members to a mapping.
func (g *grower) extend(n *yaml.Node, have []string, one func(name string) (key, value string)) {
	for _, name := range g.names(have) {
		key, value := one(name)
		if member(n, key) != nil {
			continue
		}
		k, v := node(key), parsed(value)
		if g.collide {
			n.Content = append(n.Content, k, v)
		} else {
			n.Content = append([]*yaml.Node{k, v}, n.Content...)
		}
		g.added++
	}
}

// extendList adds items to a list, at its end: elsewhere they would move the places by which the test knows the others.
func (g *grower) extendList(n *yaml.Node, have []string, one func(name string) string) {
	for _, name := range g.names(have) {
		if slices.Contains(have, name) {
			continue
		}
		n.Content = append(n.Content, parsed(one(name)))
		g.added++
	}
}

// names gives the names to add beside those that are there.
func (g *grower) names(have []string) []string {
	if !g.collide {
		return []string{unheardOf}
	}
	var out []string
	for _, name := range have {
		for _, other := range respelled(name) {
			if !slices.Contains(have, other) && !slices.Contains(out, other) {
				out = append(out, other)
			}
		}
	}
	return out
}

// respelled gives other spellings that make the same Go name, none of which is Go already.
func respelled(name string) []string {
	var b strings.Builder
	for i, c := range name {
		if c >= 'A' && c <= 'Z' && i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
			b.WriteByte('_')
		}
		b.WriteRune(c)
	}
	snake := strings.ToLower(b.String())
	out := []string{snake, strings.ReplaceAll(snake, "_", "-"), strings.ReplaceAll(snake, "_", " ") + ".", "_" + name}
	return slices.DeleteFunc(out, func(s string) bool { return s == name })
}

// is tells whether a place is the one that a pattern describes.
func is(at []string, pattern ...string) bool {
	return len(at) == len(pattern) && slices.EqualFunc(at, pattern, func(a, p string) bool { return a == p || p == "*" })
}

// isExample tells whether a place is in an example or an extension, where nothing is described.
func isExample(at []string) bool {
	return slices.ContainsFunc(at, func(s string) bool {
		return s == "example" || s == "examples" || s == "default" || strings.HasPrefix(s, "x-")
	})
}

// member gives a member of a mapping, nil when it has none of that name.
func member(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func keysOf(n *yaml.Node) []string {
	var out []string
	for i := 0; i < len(n.Content); i += 2 {
		out = append(out, n.Content[i].Value)
	}
	return out
}

func put(n *yaml.Node, key, value string) {
	n.Content = append(n.Content, node(key), parsed(value))
}

func node(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

func parsed(text string) *yaml.Node {
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		panic(err) // written above
	}
	return n.Content[0]
}

// exportedNames lists every exported name of a description by what it names.
func exportedNames(t *testing.T, in []byte) map[string]string {
	t.Helper()
	a, err := build(t, "openapi.yaml", in, analyze.Options{})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, typ := range a.Types {
		nameType(names, typ)
	}
	for _, c := range a.Credentials {
		names["option "+c.Scheme] = c.Option
	}
	for _, c := range a.Codes {
		names["code "+c.Value] = c.GoName
	}
	for _, s := range a.Services {
		names["service "+s.Tag+s.Group] = s.Name + " " + s.TypeName
		for _, o := range s.Operations {
			nameOperation(names, s, o)
		}
	}
	return names
}

func nameType(names map[string]string, typ *api.Type) {
	names[typ.Pointer] = typ.Name
	for _, v := range typ.Enum {
		names[typ.Pointer+" value "+v.Value] = v.GoName
	}
	for _, f := range typ.Fields {
		names[typ.Pointer+" field "+f.Name] = f.GoName
	}
}

func nameOperation(names map[string]string, s *api.Service, o *api.Operation) {
	key := o.Method + " " + o.Path
	names[key] = s.Name + "." + o.Name
	if o.Params != nil {
		names[key+" params"] = o.Params.TypeName
		for _, p := range o.Params.Fields {
			names[key+" "+string(p.In)+" "+p.Name] = p.GoName
		}
		for _, m := range o.Params.Members {
			names[key+" member "+m.At] = m.GoName
		}
	}
	if r := o.Revision; r != nil {
		names[key+" helpers"] = r.Helper + " " + r.Force + " " + r.From
	}
	if o.Paging != nil {
		names[key+" iterators"] = o.Paging.Method + " " + o.Paging.Pages
	}
	if o.Job != nil {
		names[key+" waiter"] = o.Job.Method
	}
}

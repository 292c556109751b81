package generating

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// multiply makes a description that says the same n times: operations, paths, tags and schemas of every copy but the first have names of
// their own, and lead to each other. What is there once for all of them, like security schemes, stays single.
func multiply(doc []byte, n int) ([]byte, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(doc, &root); err != nil {
		return nil, err
	}
	whole := root.Content[0]
	for i := 2; i <= n; i++ {
		var again yaml.Node
		if err := yaml.Unmarshal(doc, &again); err != nil {
			return nil, err
		}
		c := copied{number: i}
		c.rename(again.Content[0])
		join(whole, again.Content[0], "tags", "paths")
		join(member(whole, "components"), member(again.Content[0], "components"), "headers", "parameters", "responses", "schemas")
	}
	return yaml.Marshal(&root)
}

// copied is one copy of the description.
type copied struct{ number int }

func (c copied) name(s string) string { return fmt.Sprintf("%sNo%d", s, c.number) }

// rename gives names of its own to what the copy must not share with others.
func (c copied) rename(doc *yaml.Node) {
	for _, tag := range member(doc, "tags").Content {
		c.value(tag, "name")
		c.value(tag, "x-contactsgen-service")
	}
	for _, path := range keys(member(doc, "paths")) {
		path.Value = fmt.Sprintf("/no%d%s", c.number, path.Value)
	}
	for _, kind := range []string{"headers", "parameters", "responses", "schemas"} {
		for _, key := range keys(member(member(doc, "components"), kind)) {
			key.Value = c.name(key.Value)
		}
	}
	c.references(doc)
}

// references follows the renaming wherever something is referred to by name.
func (c copied) references(n *yaml.Node) {
	if n.Kind == yaml.MappingNode {
		c.value(n, "operationId")
		if upsert := member(n, "x-contactsgen-upsert"); upsert != nil {
			c.value(upsert, "update")
		}
		if code := member(n, "code"); code != nil && !strings.HasPrefix(code.Value, "$") { // which has the data of one copy
			c.value(n, "code")
		}
		if ref := member(n, "$ref"); ref != nil && !strings.Contains(ref.Value, "/securitySchemes/") {
			ref.Value = c.name(ref.Value)
		}
		if tags := member(n, "tags"); tags != nil && member(n, "operationId") != nil {
			for _, tag := range tags.Content {
				tag.Value = c.name(tag.Value)
			}
		}
	}
	for _, child := range n.Content {
		c.references(child)
	}
}

func (c copied) value(object *yaml.Node, key string) {
	if v := member(object, key); v != nil && v.Kind == yaml.ScalarNode {
		v.Value = c.name(v.Value)
	}
}

// join adds the members named of one object to those of another.
func join(whole, part *yaml.Node, names ...string) {
	for _, name := range names {
		to := member(whole, name)
		to.Content = append(to.Content, member(part, name).Content...)
	}
}

func member(object *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(object.Content); i += 2 {
		if object.Content[i].Value == key {
			return object.Content[i+1]
		}
	}
	return nil
}

func keys(object *yaml.Node) (keys []*yaml.Node) {
	for i := 0; i+1 < len(object.Content); i += 2 {
		keys = append(keys, object.Content[i])
	}
	return keys
}

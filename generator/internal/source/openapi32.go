package source

import (
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
)

// modernised writes what OpenAPI 3.2 says in new words in those of 3.1, where there are some: media types are spelled out where they are
// used, and the value of an example is called so. What is new in 3.2 stays, for those who know what operations are.
func (b *builder) modernised(root *tree) {
	b.modernise(root, root)
	root.seal()
}

func (b *builder) modernise(root, t *tree) {
	if b.full {
		return
	}
	named := t.parent != nil && namesMembers[t.parent.key] // t is called by people, not by OpenAPI
	for _, c := range t.children {
		switch {
		case named:
		case t.key == "content" && c.kind == Mapping:
			b.spellOut(root, c)
		case t.key == "examples" && c.kind == Mapping && c.get("value") == nil:
			if v := c.get("dataValue"); v != nil {
				v.key = "value"
			}
		}
		b.modernise(root, c)
	}
}

// namesMembers are the mappings of which keys are names that people give.
var namesMembers = map[string]bool{"properties": true, "patternProperties": true, "schemas": true, "$defs": true, "definitions": true}

// spellOut puts the media type that a reference leads to in its place. A reference that leads nowhere stays, and whoever needs it
// complains.
func (b *builder) spellOut(root, media *tree) {
	const place = "#/components/mediaTypes/"
	for range longestTrail {
		ref := media.reference()
		if ref == nil || !strings.HasPrefix(ref.text, place) {
			return
		}
		name := strings.TrimPrefix(ref.text, place)
		at := root.get("components")
		for _, key := range []string{"mediaTypes", jsonpointer.Unescape(name)} {
			if at == nil {
				return
			}
			at = at.get(key)
		}
		if at == nil || at == media {
			return
		}
		media.become(b.copy(at))
	}
}

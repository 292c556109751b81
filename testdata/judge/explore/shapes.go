package explore

import (
	"maps"
	"strings"

	"github.com/contactsgen/contactsgen/testdata/judge/law"
)

// Values that are one of several types, and items of a list that no key tells apart, as the judge sees them: objects, of which callers may
// change their letters and nothing else. Beside those are a member that the description has beside the types, one that it does not have,
// and numbers that Go's types would round.

const shapeAtStart = `{"kind":"round","note":"beside","a":"old","later":{"n":9007199254740993,"e":1e400}}`

// startOf is the state that resources of an API begin with.
func startOf(api law.API) string {
	if !api.Union {
		return Start
	}
	return strings.TrimSuffix(Start, "}") + `,"shape":` + shapeAtStart + `,"shapes":[{"kind":"square","side":1,"new":[]},` + shapeAtStart +
		`],"named":{"x":` + shapeAtStart + `,"y":{"kind":"unheard of","a":9007199254740993}},"rows":[{"b":"first","new":1},` + shapeAtStart +
		`,{"new":2}]}`
}

// rounds are the values within a payload that callers change.
func rounds(info map[string]any) (out []map[string]any) {
	add := func(v any) {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	add(info["shape"])
	for _, name := range []string{"shapes", "rows"} {
		if list, _ := info[name].([]any); len(list) > 1 {
			add(list[1])
		}
	}
	named, _ := info["named"].(map[string]any)
	add(named["x"])
	return out
}

// lettersOf gives the letters in such values, where each has the same, and all else that is said of them.
func lettersOf(info map[string]any) (letters [3]string, rest string) {
	if info["shape"] == nil && info["shapes"] == nil && info["named"] == nil && info["rows"] == nil {
		return letters, ""
	}
	var bare []map[string]any
	for i, round := range rounds(info) {
		other := maps.Clone(round)
		for at, name := range []string{"a", "b", "c"} {
			text, _ := round[name].(string)
			if i > 0 && text != letters[at] {
				text = "not the same everywhere"
			}
			letters[at] = text
			delete(other, name)
		}
		bare = append(bare, other)
	}
	return letters, law.Text(map[string]any{"changed": bare, "others": others(info)})
}

// others are the values beside those that callers change.
func others(info map[string]any) (out []any) {
	for _, name := range []string{"shapes", "rows"} {
		list, _ := info[name].([]any)
		for i, v := range list {
			if i != 1 {
				out = append(out, v)
			}
		}
	}
	named, _ := info["named"].(map[string]any)
	return append(out, named["y"], len(named))
}

// reshape sets the letter of a writer.
func reshape(info map[string]any, w Writer) {
	for _, round := range rounds(info) {
		round[w.Letter()] = w.Text()
	}
}

//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// formStyles writes an object as a form: a member per property, in the style that the description gives it, or else as OpenAPI's defaults
// have it, with arrays repeated.
type formStyles []param

func (styles formStyles) write(doc []byte) ([]byte, error) {
	var tree map[string]any
	if err := decode(doc, &tree); err != nil {
		return nil, err
	}
	a := &arguments{}
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		p := param{name: name, explode: true}
		if i := slices.IndexFunc(styles, func(p param) bool { return p.name == name }); i >= 0 {
			p = styles[i]
		}
		v, err := p.tree(tree[name])
		if err != nil {
			return nil, err
		}
		a.addQuery(p, v)
	}
	form := url.Values{}
	for _, p := range a.query {
		form.Add(p.name, p.value)
	}
	pairs := a.encoded
	if len(form) > 0 {
		pairs = append([]string{form.Encode()}, pairs...)
	}
	return []byte(strings.Join(pairs, "&")), nil
}

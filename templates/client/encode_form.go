//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
)

// formStyles writes an object as a form: a member per property, in the style that the description gives it, or else as OpenAPI's defaults
// have it, with arrays repeated.
type formStyles []param

func (styles formStyles) write(doc []byte) ([]byte, error) {
	tree, err := parseNode(doc)
	if err != nil {
		return nil, err
	}
	if tree.kind != kindObject && tree.kind != kindNull {
		return nil, errors.New("a form has to be an object")
	}
	a := &arguments{}
	for _, e := range tree.entries {
		p := param{name: e.name, explode: true}
		if i := slices.IndexFunc(styles, func(p param) bool { return p.name == e.name }); i >= 0 {
			p = styles[i]
		}
		v, err := p.tree(json.RawMessage(e.value.bytes()))
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

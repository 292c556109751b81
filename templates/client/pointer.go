package client

import (
	"encoding/json"
	"errors"
	"strings"
)

// get is a stand-in until the order-keeping tree is merged.
func (p pointer) get(doc []byte) (json.RawMessage, bool) {
	cur := json.RawMessage(doc)
	for _, seg := range p.names() {
		var o map[string]json.RawMessage
		if json.Unmarshal(cur, &o) != nil {
			return nil, false
		}
		next, ok := o[seg]
		if !ok {
			return nil, false
		}
		cur = next
	}
	return cur, json.Valid(cur)
}

func (p pointer) set(doc []byte, v json.RawMessage) ([]byte, error) {
	return setAt(doc, p.names(), v)
}

func setAt(doc []byte, names []string, v json.RawMessage) ([]byte, error) {
	if len(names) == 0 {
		return v, nil
	}
	o := map[string]json.RawMessage{}
	if len(doc) > 0 && json.Unmarshal(doc, &o) != nil {
		return nil, errors.New("not an object")
	}
	child, err := setAt(o[names[0]], names[1:], v)
	if err != nil {
		return nil, err
	}
	o[names[0]] = child
	return json.Marshal(o)
}

func (p pointer) names() []string {
	if p == "" {
		return nil
	}
	names := strings.Split(strings.TrimPrefix(string(p), "/"), "/")
	for i, n := range names {
		names[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(n)
	}
	return names
}

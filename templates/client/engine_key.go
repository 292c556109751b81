//contactsgen:feature helpers
//contactsgen:part update

package client

import "strings"

// inPath is the part of a key that the path of the write has.
func (t *revisionTrait) inPath(key []string) []string { return key[:max(0, len(key)-len(t.keys))] }

// keyName is what the description calls a part of the key.
func (t *revisionTrait) keyName(i int) string {
	params := strings.Split(t.write.path, "{")[1:]
	if i < len(params) {
		name, _, _ := strings.Cut(params[i], "}")
		return "path parameter " + name
	}
	at := t.keys[i-len(params)].at
	return "the key's " + at.name + string(at.at)
}

// carry puts parts of a key into a request.
func (r *request) carry(places []keyPlace, key []string) error {
	for _, p := range places {
		v := tokenValue{raw: key[p.key]}
		if p.at.in == inBody && !p.raw {
			v = quotedValue(key[p.key])
		}
		if err := r.putValue(p.at, v); err != nil {
			return err
		}
	}
	return nil
}

// omit takes out of a request's body what would be taken for a token.
func (r *request) omit(parts []tokenPart) (err error) {
	for _, part := range parts {
		if _, there := part.send.at.get(r.body); part.send.in != inBody || !there {
			continue
		}
		if r.body, err = part.send.at.remove(r.body); err != nil {
			return err
		}
	}
	return nil
}

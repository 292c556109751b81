//contactsgen:feature core
//contactsgen:part server

package fake

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"
)

// reply is an answer as bytes, and how its way to the client is broken.
type reply struct {
	status  int
	header  http.Header
	body    []byte
	drop    bool // no answer at all
	keep    int  // of the body, when it is cut
	cut     bool
	endless bool
	twice   bool // the request was delivered twice
}

// render puts an answer into bytes. The fake's own answers always can be.
func render(a Answer) reply {
	r := reply{status: a.Status, header: a.Header}
	if r.status == 0 {
		r.status = http.StatusOK
	}
	if r.header == nil {
		r.header = http.Header{}
	}
	var err error
	switch body := a.Body.(type) {
	case nil:
	case []byte:
		r.body = body
	case json.RawMessage:
		r.body = body
		setType(r.header)
	default:
		setType(r.header)
		if r.body, err = encode(body); err != nil {
			return render(Answer{Status: http.StatusInternalServerError, Body: object{"message": "fake: " + err.Error()}})
		}
	}
	return r
}

func setType(h http.Header) {
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "application/json")
	}
}

// breakBy cuts or prolongs a reply as planned.
func (r reply) breakBy(p plan) reply {
	if f := p[Truncate]; f != nil {
		r.cut, r.keep = true, len(r.body)/2
		if f.Bytes > 0 {
			r.keep = min(f.Bytes, len(r.body))
		}
	}
	r.endless = p[Endless] != nil
	r.twice = p[Duplicate] != nil && !p[Duplicate].Hidden
	return r
}

// unchanged leaves the body out of a success that the caller has already, where the description says that the server does.
func (c *call) unchanged(r reply) reply {
	tag := strings.TrimPrefix(r.header.Get("ETag"), "W/")
	if !c.route.Unchanged || tag == "" || r.status != http.StatusOK {
		return r
	}
	for _, given := range strings.Split(strings.Join(c.Header.Values("If-None-Match"), ","), ",") {
		if given = strings.TrimSpace(given); given == "*" || strings.TrimPrefix(given, "W/") == tag {
			r.status, r.body = http.StatusNotModified, nil
			r.header.Del("Content-Type")
			return r
		}
	}
	return r
}

// instead gives a success the body and the status that it is to have in the place of its own.
func (c *call) instead(r reply, p plan) reply {
	if r.status < 200 || r.status > 299 {
		return r
	}
	if f := p[Thin]; f != nil {
		if thin := f.Answer; thin != nil {
			r.body = thin
		} else {
			r.body = c.thinned(r)
		}
	}
	if f := p[OtherStatus]; f != nil {
		if r.status = cmp.Or(f.Status, http.StatusAccepted); r.status == http.StatusNoContent || r.status == http.StatusNotModified {
			r.body = nil
		}
	}
	return r
}

// thinned is the answer with no more of the resource than its key and token.
func (c *call) thinned(r reply) []byte {
	body, err := decode(r.body)
	value, ok := lookup(body, c.route.Resource)
	o, isObject := value.(object)
	if err != nil || !ok || !isObject || c.collection == nil {
		return []byte("{}")
	}
	out, err := encode(with(object{}, c.route.Resource, c.collection.def.project(o, nil)))
	if err != nil {
		return []byte("{}")
	}
	return out
}

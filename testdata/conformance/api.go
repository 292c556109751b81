package conformance

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// api is how one API speaks. All speak of the same thing; they differ in how its token travels.
type api struct {
	tokens  []string // where a request has the token: "body revision", "header If-Match", "query seq"
	payload string   // member of a request that holds the payload; "" is the whole body
	whole   bool     // what the payload lacks is removed

	// answer renders the state as reads and writes answer it.
	answer func(s State) (http.Header, any)
	// silent is an API whose writes are answered without a body.
	silent bool
	// refusal is the answer to a stale token.
	refusal func(s State) (int, any)
	// many is an API that writes many resources at once, see bulk.go.
	many bool
}

// State is a contact as a server holds it.
type State struct {
	ID, Revision string
	Info         map[string]any
	Merged       bool
}

// Contact is the state as answers have it.
func (s State) Contact(revision any) map[string]any {
	c := map[string]any{"id": s.ID, "info": s.Info}
	if revision != nil {
		c["revision"] = revision
	}
	return c
}

// Number is the revision as the JSON number it is in most APIs; nil when a case wants it left out.
func (s State) Number() any {
	switch s.Revision {
	case "absent":
		return nil
	case "null":
		return json.RawMessage("null")
	case "empty":
		return ""
	}
	return json.RawMessage(s.Revision)
}

// ApplicationError is the body of an error with a code.
func ApplicationError(code string) any { return applicationErrorWith(code, nil) }

func applicationErrorWith(code string, data any) any {
	e := map[string]any{"code": code, "data": data}
	return map[string]any{"message": "refused", "details": map[string]any{"applicationError": e}}
}

// contacts is the shape of Wix's Contacts.
func contacts() *api {
	return &api{
		tokens: []string{"body revision"}, payload: "info",
		answer: func(s State) (http.Header, any) {
			body := map[string]any{"contact": s.Contact(s.Number())}
			if s.Merged {
				body["responseType"] = "MERGED"
			}
			return nil, body
		},
		refusal: func(State) (int, any) { return 409, ApplicationError("CONTACT_ALREADY_CHANGED") },
	}
}

// textual is contacts with its revision as a string.
func textual() *api {
	a := contacts()
	a.answer = func(s State) (http.Header, any) {
		return nil, map[string]any{"contact": s.Contact(s.Revision)}
	}
	return a
}

// etag is a resource that is replaced as a whole under If-Match: 412 is a stale tag, 409 a store that was busy.
func etag() *api {
	return &api{
		tokens: []string{"header If-Match"}, whole: true, payload: "info",
		answer: func(s State) (http.Header, any) {
			return http.Header{"Etag": {s.Revision}}, s.Contact(nil)
		},
		refusal: func(State) (int, any) { return 412, nil },
	}
}

// carriedToken says in its refusals which token would have been right.
func carriedToken() *api {
	a := contacts()
	a.refusal = func(s State) (int, any) {
		return 409, applicationErrorWith("CONTACT_ALREADY_CHANGED", map[string]any{"current": s.Number()})
	}
	return a
}

// apis are the APIs that cases name.
var apis = map[string]func() *api{
	"contacts":           contacts,
	"members":            members,
	"keyed":              contacts,
	"thin":               contacts,
	"content":            etag,
	"digest":             contacts,
	"opaque":             contacts,
	"exact":              contacts,
	"conflict-by-status": contacts,
	"no-check":           contacts,
	"next-version":       contacts,
	"next-text":          textual,
	"text-revision":      textual,
	"etag":               etag,
	"weak-etag":          etag,
	"bare-etag":          etag,
	"wildcard":           etag,
	"wildcard-thin":      etag,
	"quiet": func() *api {
		a := contacts()
		a.silent = true
		return a
	},
	"carried-entity": func() *api {
		a := contacts()
		a.refusal = func(s State) (int, any) {
			return 409, applicationErrorWith("CONTACT_ALREADY_CHANGED", map[string]any{"contact": s.Contact(s.Number())})
		}
		return a
	},
	"carried-token":      carriedToken,
	"carried-token-thin": carriedToken,
	"conflict-in-200": func() *api {
		a := contacts()
		a.refusal = func(State) (int, any) { return 200, false }
		return a
	},
	"conflict-in-text": func() *api {
		a := contacts()
		a.refusal = func(State) (int, any) { return 500, map[string]any{"message": "rpc error: update out of sequence"} }
		return a
	},
	"pair": func() *api {
		a := contacts()
		a.tokens = []string{"query if_seq_no", "query if_primary_term"}
		a.answer = func(s State) (http.Header, any) {
			body := map[string]any{"contact": s.Contact(nil)}
			seq, term, ok := strings.Cut(s.Revision, ",")
			body["_seq_no"] = json.RawMessage(seq)
			if ok {
				body["_primary_term"] = json.RawMessage(term)
			}
			return nil, body
		}
		return a
	},
	"body-etag": func() *api {
		a := etag()
		a.answer = func(s State) (http.Header, any) {
			c := s.Contact(nil)
			c["etag"] = s.Revision
			return nil, c
		}
		return a
	},
}

// sentToken is the token that a request carries, as its text; parts are joined by a comma.
func (a *api) sentToken(r *http.Request, doc []byte) string {
	var parts []string
	for _, at := range a.tokens {
		in, name, _ := strings.Cut(at, " ")
		v := ""
		switch in {
		case "header":
			v = r.Header.Get(name)
		case "query":
			v = r.URL.Query().Get(name)
		case "body":
			var members map[string]json.RawMessage
			if json.Unmarshal(doc, &members) == nil {
				v = string(members[name])
				if m, ok := members["targetContactRevision"]; ok {
					v = string(m)
				}
			}
		}
		parts = append(parts, v)
	}
	return strings.Join(parts, ",")
}

// apply changes the state as a write asks for.
func (a *api) apply(s *State, doc []byte) error {
	var body map[string]any
	if err := json.Unmarshal(doc, &body); err != nil {
		return err
	}
	payload, _ := body[a.payload].(map[string]any)
	if a.whole {
		s.Info = map[string]any{}
	}
	s.Info = MergePatch(s.Info, payload)
	return nil
}

// MergePatch applies a patch as RFC 7396 says.
func MergePatch(to, patch map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range to {
		out[k] = v
	}
	for k, v := range patch {
		inner, isObject := v.(map[string]any)
		was, _ := out[k].(map[string]any)
		switch {
		case v == nil:
			delete(out, k)
		case isObject:
			out[k] = MergePatch(was, inner)
		default:
			out[k] = v
		}
	}
	return out
}

// JSON is a value as JSON.
func JSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSpace(b.Bytes())
}

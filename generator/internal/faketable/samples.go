package faketable

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// Sample is a resource to begin with: the description's own example of it, or else one made of its type.
type Sample struct {
	Collection string
	Value      string // a JSON object
}

// Samples gives resources to begin with, of the kinds that stand by themselves; one below another needs a parent that nobody knows. They
// are the description's examples. Where it has none of a kind one is made, if the kind has a revision or there are no examples at all.
func Samples(a *api.API) []Sample {
	t := &table{api: a, byPath: map[string]*resource{}}
	t.collectResources()
	samples := map[*resource]map[string]any{}
	for _, r := range t.resources {
		if v := exampleAt(r.read.Result.Example, r.at); v != nil && r.standsAlone() {
			samples[r] = v
		}
	}
	exemplary := len(samples) > 0
	var out []Sample
	for _, r := range t.resources {
		v := samples[r]
		if v == nil && r.standsAlone() && (r.revision != nil || !exemplary) {
			v = r.made()
		}
		if data, err := json.Marshal(v); err == nil && v != nil {
			out = append(out, Sample{r.name, string(data)})
		}
		for _, more := range r.examples[min(1, len(r.examples)):] {
			if _, isObject := more.(map[string]any); isObject && r.standsAlone() {
				out = append(out, Sample{r.name, written(more)})
			}
		}
	}
	return out
}

// Resources gives a resource of every kind, whether it stands by itself or not, by collection.
func Resources(a *api.API) map[string]string {
	t := &table{api: a, byPath: map[string]*resource{}}
	t.collectResources()
	out := map[string]string{}
	for _, r := range t.resources {
		v := exampleAt(r.read.Result.Example, r.at)
		if v == nil {
			v = r.made()
		}
		if data, err := json.Marshal(v); err == nil {
			out[r.name] = string(data)
		}
	}
	return out
}

// standsAlone tells whether a resource says all of its key itself, but for the last part.
func (r *resource) standsAlone() bool {
	keys := r.keys()
	return !slices.Contains(keys[:max(len(keys)-1, 0)], "")
}

// exampleAt gives the object at a place of an example; nil when there is none.
func exampleAt(example, at string) map[string]any {
	o, _ := partOf(example, at).(map[string]any)
	return o
}

// listAt gives the list at a place of an example; nil when there is none.
func listAt(example, at string) []any {
	list, _ := partOf(example, at).([]any)
	return list
}

func partOf(example, at string) any {
	if example == "" {
		return nil
	}
	var v any
	d := json.NewDecoder(strings.NewReader(example))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil
	}
	v, _ = ValueAt(v, at)
	return v
}

// made makes a resource of its type. Its key, unless that is a number, its token and its dates are the fake's to give.
func (r *resource) made() map[string]any {
	keys := r.keys()
	out := map[string]any{}
	for _, f := range r.typ.Fields {
		isKey := slices.Contains(keys, "/"+segment(f.Name))
		if v := madeOf(f.Type, f.Name); v != nil && (!f.ReadOnly && !isKey || isKey && v == 1) {
			out[f.Name] = v
		}
		if _, has := out[f.Name]; !has && (f.Required || r.isAsked(f.Name)) && !isKey {
			out[f.Name] = Example(f.Type)
		}
	}
	return out
}

// isAsked tells whether the guarded write of a resource requires a member of it, so that what is read can be written back.
func (r *resource) isAsked(name string) bool {
	if r.revision == nil || r.revision.Payload == nil || r.revision.Payload.Read != "" || r.revision.Write.Body == nil {
		return false
	}
	sent := r.revision.Write.Body.Type.At(r.revision.Payload.Send)
	if sent == nil {
		return false
	}
	f := sent.Underlying().FieldNamed(name)
	return f != nil && f.Required
}

// madeOf makes a value of a simple type; nil for any other.
func madeOf(t *api.Type, name string) any {
	switch t = t.Underlying(); {
	case t.Kind == api.KindEnum && t.EnumGo == "string" && len(t.Enum) > 0:
		return t.Enum[0].Value
	case t.Kind != api.KindScalar:
		return nil
	case t.Go == "string":
		return name
	case strings.HasPrefix(t.Go, "int"), t.Go == "float64":
		return 1
	case t.Go == "bool":
		return false
	}
	return nil
}

// FirstRead gives the path of a request by GET that reads something of a server's samples: a guarded resource, if there is one, or any.
func FirstRead(table *fake.Table, keys map[string]string) string {
	guarded := map[string]bool{}
	for _, r := range table.Routes {
		if r.Guard != nil {
			guarded[r.Collection] = true
		}
	}
	best, rank := "", 0
	for _, r := range table.Routes {
		key, seeded := keys[r.Collection]
		n := 1
		switch {
		case r.Method != http.MethodGet:
			continue
		case r.Verb == fake.VerbRead && seeded:
			n = 3
			if guarded[r.Collection] {
				n = 4
			}
		case r.Verb == fake.VerbNone, strings.Contains(r.Path, "{"):
			continue
		case r.Verb == fake.VerbList:
			n = 2
		}
		if n > rank {
			best, rank = table.BasePath+filled(r.Path, strings.Split(key, "/"))+needed(r.Params), n
		}
	}
	return best
}

// needed gives a query with a value for each parameter that a request needs.
func needed(params []fake.Parameter) string {
	query := url.Values{}
	for _, p := range params {
		if p.Required && p.In == "" {
			query.Set(p.Name, valueOf(p.Is))
		}
	}
	if len(query) == 0 {
		return ""
	}
	return "?" + query.Encode()
}

// valueOf gives a text that a schema lets through, if it asks for no more than is usual.
func valueOf(is fake.Schema) string {
	switch {
	case is.Form == fake.KindArray && is.Elem != nil:
		return valueOf(*is.Elem)
	case len(is.Enum) > 0:
		return is.Enum[0]
	case is.Form == fake.KindBoolean:
		return "true"
	case is.Minimum != "":
		return is.Minimum
	case is.Form == fake.KindInteger, is.Form == fake.KindInt32, is.Form == fake.KindNumber:
		return "1"
	case is.Form == fake.KindInstant:
		return "2026-01-01T00:00:00Z"
	case is.Form == fake.KindDate:
		return "2026-01-01"
	}
	return strings.Repeat("x", max(is.MinLength, 1))
}

// filled puts values, escaped as they are in a key, into a path template.
func filled(path string, values []string) string {
	for _, v := range values {
		before, rest, ok := strings.Cut(path, "{")
		if !ok {
			break
		}
		_, after, _ := strings.Cut(rest, "}")
		path = before + v + after
	}
	return path
}

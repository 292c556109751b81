package faketable

import (
	"encoding/base64"
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// How deep examples go: what is optional, and what is required.
const (
	optionalDepth = 2
	requiredDepth = 8
)

// Example makes a value of a type, as JSON with generic Go values: what is required, and what is optional near the top.
func Example(t *api.Type) any { return exampleOf(t, 0) }

func exampleOf(t *api.Type, depth int) any {
	switch t = t.Underlying(); t.Kind {
	case api.KindEnum:
		return enumValue(t)
	case api.KindStruct:
		return exampleObject(t, depth)
	case api.KindArray:
		if depth >= optionalDepth && t.Limits.MinItems == 0 || depth > requiredDepth {
			return []any{}
		}
		list := []any{}
		for range max(t.Limits.MinItems, 1) {
			list = append(list, exampleOf(t.Elem, depth+1))
		}
		return list
	case api.KindUnion:
		return exampleUnion(t, depth)
	case api.KindMap, api.KindAny:
		return map[string]any{}
	}
	return exampleScalar(t)
}

// exampleObject makes an object. Members that are of no use to who reads it are left out.
func exampleObject(t *api.Type, depth int) map[string]any {
	out := map[string]any{}
	for _, f := range t.Fields {
		switch {
		case f.Fixed != "":
			out[f.Name] = json.RawMessage(f.Fixed)
		case f.WriteOnly || depth > requiredDepth || !f.Required && (depth >= optionalDepth || depth > 0 && !f.Type.IsScalar()):
		default:
			out[f.Name] = exampleOf(f.Type, depth+1)
		}
	}
	return out
}

// exampleUnion makes the first variant, and says that it is that one.
func exampleUnion(t *api.Type, depth int) any {
	if len(t.Union.Variants) == 0 || depth > requiredDepth {
		return exampleObject(t, depth)
	}
	first := t.Union.Variants[0]
	value := exampleOf(first.Type, depth)
	o, isObject := value.(map[string]any)
	if !isObject {
		return value
	}
	if first.Discriminator != "" && len(first.KindsJSON) > 0 {
		o[first.Discriminator] = json.RawMessage(first.KindsJSON[0])
	}
	for name, v := range exampleObject(t, depth) {
		if _, has := o[name]; !has {
			o[name] = v
		}
	}
	return o
}

func enumValue(t *api.Type) any {
	if len(t.Enum) == 0 {
		return nil
	}
	if t.EnumGo != "string" {
		return json.Number(t.Enum[0].Value)
	}
	return t.Enum[0].Value
}

// exampleScalar makes a text, a number, an instant or a truth within its limits.
func exampleScalar(t *api.Type) any {
	switch {
	case t.Go == "Timestamp":
		return "2024-01-02T03:04:05Z"
	case t.Go == "[]byte":
		return base64.StdEncoding.EncodeToString([]byte("example"))
	case t.Go == "bool":
		return true
	case t.Go == "string":
		return exampleText(t.Limits)
	}
	return exampleNumber(t.Limits)
}

// texts are what is of a format.
var texts = map[string]string{"date": "2024-01-02", "email": "someone@example.com", "uuid": "00000000-0000-4000-8000-000000000000",
	"uri": "https://www.example.com"}

func exampleText(l api.Limits) string {
	if text, ok := texts[l.Format]; ok {
		return text
	}
	text := "example"
	for len(text) < l.MinLength {
		text += "example"
	}
	if most := l.MaxLength; most > 0 && len(text) > most {
		text = text[:most]
	}
	if l.Pattern != "" {
		return fake.Matching(l.Pattern, text)
	}
	return text
}

// exampleNumber gives the number nearest to one within its limits.
func exampleNumber(l api.Limits) json.Number {
	for _, text := range []string{"1", l.Minimum, l.Maximum, l.MultipleOf, oneFrom(l.Above, 1), oneFrom(l.Below, -1)} {
		if text != "" && keepsTo(text, l) {
			return json.Number(text)
		}
	}
	return "1"
}

func oneFrom(bound string, step int64) string {
	n, ok := new(big.Rat).SetString(bound)
	if !ok {
		return ""
	}
	return n.Add(n, big.NewRat(step, 1)).RatString()
}

// keepsTo tells whether a number keeps to its bounds.
func keepsTo(text string, l api.Limits) bool {
	n, ok := new(big.Rat).SetString(text)
	is := func(bound string, fits func(int) bool) bool {
		b, known := new(big.Rat).SetString(bound)
		return !known || fits(n.Cmp(b))
	}
	return ok && is(l.Minimum, func(c int) bool { return c >= 0 }) && is(l.Maximum, func(c int) bool { return c <= 0 }) &&
		is(l.Above, func(c int) bool { return c > 0 }) && is(l.Below, func(c int) bool { return c < 0 }) && isMultiple(n, l.MultipleOf)
}

func isMultiple(n *big.Rat, of string) bool {
	step, ok := new(big.Rat).SetString(of)
	return !ok || step.Sign() == 0 || new(big.Rat).Quo(n, step).IsInt()
}

// Conforms tells whether a JSON value is one of a type: the kinds of what is declared, and what is required.
func Conforms(t *api.Type, v any) bool {
	switch t = t.Underlying(); t.Kind {
	case api.KindAny:
		return true
	case api.KindMap:
		_, ok := v.(map[string]any)
		return ok
	case api.KindUnion:
		return conformsToUnion(t, v)
	case api.KindArray:
		list, ok := v.([]any)
		for _, x := range list {
			ok = ok && (x == nil && t.Elem.Nullable || Conforms(t.Elem, x))
		}
		return ok
	case api.KindStruct:
		o, ok := v.(map[string]any)
		return ok && conformsToFields(t, o)
	}
	return conformsToScalar(t, v)
}

func conformsToUnion(t *api.Type, v any) bool {
	for _, variant := range t.Union.Variants {
		if Conforms(variant.Type, v) {
			return true
		}
	}
	o, ok := v.(map[string]any)
	return ok && len(t.Union.Variants) == 0 && conformsToFields(t, o)
}

func conformsToFields(t *api.Type, o map[string]any) bool {
	for _, f := range t.Fields {
		v, has := o[f.Name]
		switch {
		case !has && f.Required && !f.WriteOnly:
			return false
		case has && v != nil && !Conforms(f.Type, v):
			return false
		}
	}
	return true
}

func conformsToScalar(t *api.Type, v any) bool {
	text := t.Kind == api.KindEnum && t.EnumGo == "string" || t.Go == "string" || t.Go == "Timestamp" || t.Go == "[]byte"
	switch v.(type) {
	case string:
		return text
	case bool:
		return t.Go == "bool"
	case json.Number, float64:
		return !text && t.Go != "bool"
	}
	return false
}

// answerOf gives an answer of an operation as JSON: the description's example where that is one, or else one that is made; "" when it
// answers none.
func answerOf(op *api.Operation) string {
	r := op.Result
	if r.Kind != api.ResultJSON {
		return ""
	}
	if v, ok := parsed(r.Example); ok {
		if inner, found := ValueAt(v, r.At); found && Conforms(r.Type, inner) {
			return r.Example
		}
	}
	return written(Wrapped(r.At, Example(r.Type)))
}

// beside gives what the answer of a list needs beside its resources and pages, as JSON; "" when that is nothing. It says of no list that it
// goes on.
func beside(op *api.Operation) string {
	if op.Result.Kind != api.ResultJSON || op.Result.Type == nil || op.Result.Type.Underlying().Kind != api.KindStruct {
		return ""
	}
	out := exampleObject(op.Result.Type.Underlying(), optionalDepth)
	for name, value := range out {
		_, list := value.([]any)
		if list || placed(op, op.Result.At+"/"+segment(name)) {
			delete(out, name)
		} else if _, is := value.(bool); is {
			out[name] = false
		}
	}
	if len(out) == 0 {
		return ""
	}
	return written(Wrapped(op.Result.At, out))
}

// placed reports whether a member of a list's answer has to do with its pages.
func placed(op *api.Operation, at string) bool {
	p := op.Paging
	return p != nil && slices.ContainsFunc([]string{p.Items, p.Total, p.Count, p.CursorRead.At}, func(place string) bool {
		return place == at || strings.HasPrefix(place, at+"/")
	})
}

func parsed(text string) (v any, ok bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return v, text != "" && d.Decode(&v) == nil
}

func written(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return "" // texts, numbers, lists and objects always can be
	}
	return string(data)
}

// ValueAt gives what is at a place in a value, and whether it is there. Places lead through objects alone.
func ValueAt(v any, pointer string) (any, bool) {
	for _, name := range strings.Split(pointer, "/")[1:] {
		o, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = o[jsonpointer.Unescape(name)]; !ok {
			return nil, false
		}
	}
	return v, true
}

// Wrapped puts a value at a place in an object that holds nothing else.
func Wrapped(pointer string, v any) any {
	names := strings.Split(pointer, "/")[1:]
	for i := len(names) - 1; i >= 0; i-- {
		v = map[string]any{jsonpointer.Unescape(names[i]): v}
	}
	return v
}

package analyze

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// view is a schema with its allOf branches merged in: what the schema says, wherever it says it.
type view struct {
	node        source.Node
	types       []string    // without "null"
	typed       source.Node // the schema that declared the types first
	nullable    bool
	format      string
	encoding    string
	media       string
	props       []*prop // branches first, own ones last
	byName      map[string]*prop
	required    map[string]bool
	inResponses map[string]bool
	derived     map[string]bool
	closed      bool          // additionalProperties: false, or no property by declaration
	open        bool          // additionalProperties: true
	values      []source.Node // additionalProperties, or else unevaluatedProperties, as schemas
	patterns    []source.Node // patternProperties
	items       []source.Node
	places      []source.Node // prefixItems
	enum        []source.Node
	unions      []alternatives
	itemKey     string
	limits      api.Limits
	sealed      bool // additionalProperties: false
	presence    []api.Presence
	naming      []source.Node // what our extensions say of properties by name
	byValue     bool
	faults      []*diag.Problem
}

// alternatives are the branches of one oneOf or anyOf, or what is derived from a schema with a discriminator.
type alternatives struct {
	branches []source.Node
	at       source.Node // the schema that has them
	several  bool        // anyOf: a value can be several of them at once
	derived  bool        // they are derived from the schema: others may join them, so even one is a choice
}

// prop is a property, with every schema that says something of it.
type prop struct {
	name    string
	pos     diag.Position
	schemas []source.Node
}

// flatten reads a schema and everything its allOf pulls in. Lists of types and null branches become one type and a flag, so
// that the 3.0 and 3.1 spellings of one schema give the same view.
func (b *builder) flatten(nodes ...source.Node) *view {
	v := &view{node: nodes[0]}
	seen := map[source.Node]bool{}
	for _, n := range nodes {
		b.flattenInto(v, n, seen)
	}
	return v
}

// flattenInto adds what one schema says to the view; a schema that includes itself adds nothing the second time.
func (b *builder) flattenInto(v *view, n source.Node, seen map[source.Node]bool) {
	if seen[n] || n.Kind() != source.Mapping {
		return
	}
	seen[n] = true
	b.checkSchema(n)
	v.faults = append(v.faults, b.slips[n]...)
	if n.Has("$ref") || n.Has("$dynamicRef") {
		target, err := b.follow(n)
		if err != nil {
			v.faults = append(v.faults, problemsOf(err)...)
			return
		}
		b.flattenInto(v, target, seen)
	}
	for _, part := range n.Get("allOf").Items() {
		b.flattenInto(v, part, seen)
	}
	v.addScalars(n)
	v.addLimits(n)
	v.addPresence(n)
	v.addObject(n)
	b.addOwn(v, n)
	for _, key := range []string{"oneOf", "anyOf"} {
		branches := n.Get(key).Items()
		if len(branches) > 0 && !onlyRequired(branches) && !slices.ContainsFunc(branches, func(branch source.Node) bool {
			return b.leadsInto(branch, seen)
		}) {
			v.unions = append(v.unions, alternatives{branches: branches, at: n, several: key == "anyOf"})
		}
	}
}

// include adds a name to a set that is made when the first one is: most schemas have none.
func include(set *map[string]bool, name string) {
	if *set == nil {
		*set = map[string]bool{}
	}
	(*set)[name] = true
}

// leadsInto tells whether a branch of a union is a schema that is being flattened. A branch that includes what it is a branch of takes its
// properties, and is not the union once more.
func (b *builder) leadsInto(branch source.Node, seen map[source.Node]bool) bool {
	target, err := b.follow(branch)
	return err == nil && seen[target]
}

// addScalars adds type, format and values.
func (v *view) addScalars(n source.Node) {
	types, nullable := declaredTypes(n)
	v.addTypes(n, types)
	v.nullable = v.nullable || nullable
	if f := n.Get("format"); !f.IsZero() {
		v.format = f.Text()
	}
	if e := n.Get("contentEncoding"); !e.IsZero() {
		v.encoding = e.Text()
	}
	if m := n.Get("contentMediaType"); !m.IsZero() {
		v.media = m.Text()
	}
	values := n.Get("enum").Items()
	if c := n.Get("const"); !c.IsZero() {
		values = []source.Node{c}
	}
	for _, value := range values {
		if value.Kind() == source.Null {
			v.nullable = true
		}
	}
	if values != nil {
		v.enum = slices.DeleteFunc(slices.Clone(values), func(n source.Node) bool { return n.Kind() == source.Null })
	}
}

// addTypes adds the types that a schema declares. Where another one that holds for the same value has declared some, those are
// left that both allow; an integer is a number, too.
func (v *view) addTypes(n source.Node, types []string) {
	if len(types) == 0 {
		return
	}
	if len(v.types) == 0 {
		v.types, v.typed = types, n
		return
	}
	var both []string
	for _, t := range types {
		switch {
		case slices.Contains(v.types, t):
			both = append(both, t)
		case t == "integer" && slices.Contains(v.types, "number"), t == "number" && slices.Contains(v.types, "integer"):
			both = append(both, "integer")
		}
	}
	if len(both) == 0 {
		v.faults = append(v.faults, contradiction(n, strings.Join(types, " or "), v.typed, strings.Join(v.types, " or ")))
		return
	}
	v.types = both
}

// contradiction is the complaint of two schemas that hold for one value, and that no value fits.
func contradiction(n source.Node, types string, other source.Node, others string) *diag.Problem {
	return &diag.Problem{
		Pos: n.Pos(),
		Message: fmt.Sprintf("this schema is for %s, and the one at %s, which holds for the same value, is for %s",
			types, other.Pos(), others),
		Help: "no value is both; let them agree",
	}
}

// addLimits adds what bounds the values.
func (v *view) addLimits(n source.Node) {
	l := &v.limits
	for _, limit := range []struct {
		key string
		at  *int
	}{
		{"minLength", &l.MinLength}, {"maxLength", &l.MaxLength}, {"minItems", &l.MinItems}, {"maxItems", &l.MaxItems},
		{"minProperties", &l.MinItems}, {"maxProperties", &l.MaxItems},
	} {
		if i, ok := n.Get(limit.key).Int(); ok && i > 0 && i <= math.MaxInt32 {
			*limit.at = int(i)
		}
	}
	for _, limit := range []struct {
		key string
		at  *string
	}{
		{"minimum", &l.Minimum}, {"maximum", &l.Maximum}, {"exclusiveMinimum", &l.Above}, {"exclusiveMaximum", &l.Below},
		{"multipleOf", &l.MultipleOf},
	} {
		text := n.Get(limit.key).Text()
		if text == "" {
			continue
		}
		if _, err := json.Number(text).Float64(); err == nil && json.Valid([]byte(text)) {
			*limit.at = text
		}
	}
	if above, _ := n.Get("exclusiveMinimum").Bool(); above { // as it was before OpenAPI 3.1
		l.Above = l.Minimum
	}
	if below, _ := n.Get("exclusiveMaximum").Bool(); below {
		l.Below = l.Maximum
	}
	if unique, _ := n.Get("uniqueItems").Bool(); unique {
		l.Unique = true
	}
	if p := n.Get("pattern"); p.IsString() {
		l.Pattern = p.Text()
	}
	if f := n.Get("format"); f.IsString() {
		l.Format = f.Text()
	}
}

// addPresence adds conditions on which members there are: a not, oneOf or anyOf that says nothing but what is required.
func (v *view) addPresence(n source.Node) {
	own, _ := presenceOf(n, "required")
	if own.Not != nil || own.One != nil || own.Any != nil {
		v.presence = append(v.presence, own)
	}
}

// presenceOf reads the conditions of a schema on which members there are, apart from the keyword named, and tells whether it has any.
func presenceOf(n source.Node, but string) (p api.Presence, ok bool) {
	if but != "required" {
		for _, r := range n.Get("required").Items() {
			p.All = append(p.All, r.Text())
		}
	}
	if not := n.Get("not"); onlyRequired([]source.Node{not}) {
		if inner, ok := presenceOf(not, ""); ok {
			p.Not = &inner
		}
	}
	for _, union := range []struct {
		key string
		at  *[]api.Presence
	}{{"oneOf", &p.One}, {"anyOf", &p.Any}} {
		branches := n.Get(union.key).Items()
		if !onlyRequired(branches) {
			continue
		}
		for _, branch := range branches {
			inner, _ := presenceOf(branch, "")
			*union.at = append(*union.at, inner)
		}
	}
	return p, p.All != nil || p.Not != nil || p.One != nil || p.Any != nil
}

// addObject adds properties, what is required, and what else an object or array may hold.
func (v *view) addObject(n source.Node) {
	props := n.Get("properties")
	for _, m := range props.Members() {
		v.addProp(m)
	}
	for _, r := range n.Get("required").Items() {
		include(&v.required, r.Text())
	}
	if props.Kind() == source.Mapping && len(props.Members()) == 0 {
		v.closed = true
	}
	for _, m := range n.Get("patternProperties").Members() {
		v.patterns = append(v.patterns, m.Value)
	}
	extra := n.Get("additionalProperties")
	if extra.IsZero() {
		extra = n.Get("unevaluatedProperties")
	}
	switch {
	case extra.Kind() == source.Mapping && len(extra.Members()) > 0:
		v.values = append(v.values, extra)
	case extra.Kind() == source.Mapping:
		v.open = true
	default:
		allowed, said := extra.Bool()
		v.open = v.open || said && allowed
		v.closed = v.closed || said && !allowed
		v.sealed = v.sealed || said && !allowed
	}
	if items := n.Get("items"); !items.IsZero() {
		v.items = append(v.items, items)
	}
	v.places = append(v.places, n.Get("prefixItems").Items()...)
}

// addOwn adds what our extensions say.
func (b *builder) addOwn(v *view, n source.Node) {
	always, _ := b.own(n, "x-required-in-responses")
	for _, r := range always.Items() {
		include(&v.inResponses, r.Text())
		v.naming = append(v.naming, r)
	}
	derived, _ := b.own(n, "x-derived")
	for _, d := range derived.Items() {
		include(&v.derived, d.Text())
		v.naming = append(v.naming, d)
	}
	if key, _ := b.own(n, "x-item-key"); key.IsString() {
		v.itemKey = key.Text()
		v.naming = append(v.naming, key)
	}
	if how, _ := b.own(n, "x-optional-objects"); how.Text() == "value" {
		v.byValue = true
	}
}

// checkSchema checks the form of our extensions on a schema, once.
func (b *builder) checkSchema(n source.Node) {
	if b.checked[n] {
		return
	}
	b.checked[n] = true
	for _, name := range []string{"x-required-in-responses", "x-derived", "x-item-key", "x-optional-objects", "x-enum-descriptions"} {
		b.extension(n, name)
	}
}

// checkNames complains of properties that our extensions name and the schema does not have.
func (b *builder) checkNames(v *view) {
	have := make([]string, len(v.props))
	for i, p := range v.props {
		have[i] = p.name
	}
	for _, n := range v.naming {
		if n.Kind() == source.Scalar && !slices.Contains(have, n.Text()) {
			b.problems.Add(diag.Missing(n.Pos(), "the schema", "property", n.Text(), have))
		}
	}
}

// addProp adds one declaration of a property; a second one joins the first.
func (v *view) addProp(m source.Member) {
	if p := v.byName[m.Key]; p != nil {
		if !slices.Contains(p.schemas, m.Value) {
			p.schemas = append(p.schemas, m.Value)
		}
		return
	}
	p := &prop{name: m.Key, pos: m.KeyPos, schemas: []source.Node{m.Value}}
	if v.byName == nil {
		v.byName = map[string]*prop{}
	}
	v.byName[m.Key] = p
	v.props = append(v.props, p)
}

// form gives the type that the schema declares, or else the one its keywords speak of; "" is any.
func (v *view) form() string {
	switch {
	case len(v.types) == 1:
		return v.types[0]
	case len(v.types) > 1:
		return ""
	case len(v.props) > 0 || len(v.values) > 0 || v.open || len(v.patterns) > 0:
		return "object"
	case len(v.items)+len(v.places) > 0:
		return "array"
	case len(v.enum) > 0:
		return formOfValues(v.enum)
	}
	return ""
}

// declaredTypes gives the types a schema names, without null, and whether null is allowed.
func declaredTypes(n source.Node) (types []string, nullable bool) {
	nullable, _ = n.Get("nullable").Bool()
	typ := n.Get("type")
	list := typ.Items()
	if typ.Kind() == source.Scalar {
		list = []source.Node{typ}
	}
	for _, t := range list {
		if t.Text() == "null" {
			nullable = true
			continue
		}
		types = append(types, t.Text())
	}
	return types, nullable
}

// onlyRequired tells whether the branches of a union say nothing but which members must be there: that is no type.
func onlyRequired(branches []source.Node) bool {
	for _, branch := range branches {
		for _, m := range branch.Members() {
			switch m.Key {
			case "required", "not", "description", "title":
			case "oneOf", "anyOf":
				if !onlyRequired(m.Value.Items()) {
					return false
				}
			default:
				return false
			}
		}
		if len(branch.Members()) == 0 {
			return false
		}
	}
	return true
}

// annotations are keywords that change no type.
var annotations = naming.Set("description", "title", "nullable", "readOnly", "writeOnly", "deprecated", "default", "example", "examples",
	"externalDocs", "xml", "x-required-in-responses", "x-derived", "x-optional-objects", "$comment",
	prefix+"required-in-responses", prefix+"derived", prefix+"optional-objects")

// onlyAnnotations tells whether a schema says nothing that changes a type besides the given keywords.
func onlyAnnotations(n source.Node, but ...string) bool {
	for _, m := range n.Members() {
		if !slices.Contains(but, m.Key) && !annotations[m.Key] && (!strings.HasPrefix(m.Key, "x-") || isOwn(m.Key)) {
			return false
		}
	}
	return true
}

// typedParts gives the branches of an allOf that say more than annotations.
func typedParts(parts []source.Node) []source.Node {
	var out []source.Node
	for _, part := range parts {
		if !onlyAnnotations(part) {
			out = append(out, part)
		}
	}
	return out
}

//contactsgen:feature core
//contactsgen:part server

package fake

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"math/big"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// mostViolations is how many things that are wrong with a request are named.
const mostViolations = 20

// checker holds values to what a description asks of them, and notes what is wrong.
type checker struct {
	s       *Server
	partial string   // pointer to what is changes to a resource: null takes a member away, and what is required may be left out
	skipped []string // pointers to what is not looked at
	list    []violation
}

func (k *checker) add(field, description, rule string) {
	if field == "" {
		field = "body"
	}
	if len(k.list) < mostViolations {
		k.list = append(k.list, violation{field, description, rule})
	}
}

// check holds a value to what is asked of it. Field is what it is called in complaints, at where it is in the body.
func (k *checker) check(field, at string, v any, is *schema, partial bool) {
	partial = partial || at == k.partial
	switch {
	case is.Form == kindAny || slices.Contains(k.skipped, at) && at != "":
		return
	case v == nil && (is.Nullable || partial):
		return
	}
	switch is.Form {
	case kindArray:
		k.array(field, at, v, is, partial)
	case kindMap:
		k.values(field, at, v, is, partial)
	case kindObject:
		k.object(field, at, v, is, partial)
	case kindBoolean:
		if _, ok := v.(bool); !ok {
			k.add(field, "must be true or false", "FORMAT")
		}
	case kindInteger, kindInt32, kindNumber:
		k.number(field, v, is)
	default:
		k.text(field, v, is)
	}
}

func (k *checker) array(field, at string, v any, is *schema, partial bool) {
	list, ok := v.([]any)
	if !ok {
		k.add(field, "must be an array", "FORMAT")
		return
	}
	k.size(field, len(list), "items", is)
	if is.Unique && hasEqual(list) {
		k.add(field, "must not have an item twice", "UNIQUE")
	}
	for i, x := range list {
		if is.Elem != nil {
			k.check(field+"["+strconv.Itoa(i)+"]", at+"/*", x, is.Elem, partial)
		}
	}
}

func hasEqual(list []any) bool {
	for i, x := range list {
		if indexIn(list[:i], x) >= 0 {
			return true
		}
	}
	return false
}

// size holds how many items or members there are to what is asked.
func (k *checker) size(field string, n int, what string, is *schema) {
	switch {
	case is.MaxItems > 0 && n > is.MaxItems:
		k.add(field, "must have at most "+strconv.Itoa(is.MaxItems)+" "+what, "MAX")
	case n < is.MinItems:
		k.add(field, "must have at least "+strconv.Itoa(is.MinItems)+" "+what, "MIN")
	}
}

func (k *checker) values(field, at string, v any, is *schema, partial bool) {
	o, ok := v.(object)
	if !ok {
		k.add(field, "must be an object", "FORMAT")
		return
	}
	k.size(field, len(o), "members", is)
	for _, name := range sortedKeys(o) {
		if is.Elem != nil {
			k.check(below(field, name), at+"/"+name, o[name], is.Elem, partial)
		}
	}
}

func below(field, name string) string {
	if field == "" {
		return name
	}
	return field + "." + name
}

// object holds an object to its shape: its members, which are needed, which exclude each other, and whether there can be others.
func (k *checker) object(field, at string, v any, is *schema, partial bool) {
	o, ok := v.(object)
	kind := k.s.shapes[is.Shape]
	switch {
	case kind != nil && len(kind.Variants) > 0:
		k.variant(field, at, v, kind, partial)
	case !ok:
		k.add(field, "must be an object", "FORMAT")
	}
	if !ok || kind == nil {
		return
	}
	k.size(field, len(o), "members", is)
	for i := range kind.Members {
		m := &kind.Members[i]
		x, has := o[m.Name]
		switch {
		case m.ReadOnly || slices.Contains(k.skipped, at+"/"+m.Name):
		case has && m.Name == kind.ItemKey && isText(x): // it is told apart by what it was stored with
		case has:
			k.check(below(field, m.Name), at+"/"+m.Name, x, &m.Is, partial)
		case m.Required && !partial:
			k.add(below(field, m.Name), "is required", "REQUIRED_FIELD")
		}
	}
	k.others(field, at, o, kind, partial)
	if kind.Presence != nil && !partial && !kind.Presence.holds(o) {
		k.add(field, kind.Presence.words(), "CUSTOM")
	} else if kind.Presence != nil && partial && kind.Presence.excluded(o) {
		k.add(field, kind.Presence.words(), "CUSTOM")
	}
}

// others looks at the members that are not declared.
func (k *checker) others(field, at string, o object, kind *shape, partial bool) {
	if !kind.Closed && kind.Values == nil {
		return
	}
	for _, name := range sortedKeys(o) {
		switch {
		case kind.member(name) != nil:
		case kind.Values != nil:
			k.check(below(field, name), at+"/"+name, o[name], kind.Values, partial)
		default:
			k.add(below(field, name), "is not declared", "CUSTOM")
		}
	}
}

// variant looks whether a value is one of the forms of a choice: the one that a member names, or else any.
func (k *checker) variant(field, at string, v any, kind *shape, partial bool) {
	for i := range kind.Variants {
		one := &kind.Variants[i]
		if name := text(memberOf(v, one.Member)); one.Member != "" && slices.Contains(one.Kinds, name) {
			k.check(field, at, v, &one.Is, partial)
			return
		}
	}
	for i := range kind.Variants {
		try := checker{s: k.s, partial: k.partial, skipped: k.skipped}
		if try.check(field, at, v, &kind.Variants[i].Is, partial); len(try.list) == 0 {
			return
		}
	}
	k.add(field, "has none of the forms that are declared", "FORMAT")
}

func memberOf(v any, name string) any {
	o, _ := v.(object)
	return o[name]
}

// holds tells whether an object has the members that it needs. A member that is null is not there.
func (p *presence) holds(o object) bool {
	for _, name := range p.All {
		if o[name] == nil {
			return false
		}
	}
	n := 0
	for i := range p.One {
		if p.One[i].holds(o) {
			n++
		}
	}
	holds := func(one presence) bool { return one.holds(o) }
	fails := func(one presence) bool { return !one.holds(o) }
	return (p.Not == nil || !p.Not.holds(o)) && (p.One == nil || n == 1) && (p.Any == nil || slices.ContainsFunc(p.Any, holds)) &&
		!slices.ContainsFunc(p.Every, fails)
}

// excluded tells whether an object that may lack members has some that cannot be there together.
func (p *presence) excluded(o object) bool {
	n := 0
	for i := range p.One {
		if p.One[i].holds(o) {
			n++
		}
	}
	return p.Not != nil && p.Not.holds(o) || n > 1 || slices.ContainsFunc(p.Every, func(one presence) bool { return one.excluded(o) })
}

// words says what is wrong with an object for which a condition does not hold.
func (p *presence) words() string {
	names := p.names()
	slices.Sort(names)
	return "has not the right ones of " + strings.Join(slices.Compact(names), ", ")
}

func (p *presence) names() []string {
	out := slices.Clone(p.All)
	if p.Not != nil {
		out = append(out, p.Not.names()...)
	}
	for _, list := range [][]presence{p.One, p.Any, p.Every} {
		for i := range list {
			out = append(out, list[i].names()...)
		}
	}
	return out
}

func (k *checker) number(field string, v any, is *schema) {
	n, ok := v.(json.Number)
	x, known := number(n)
	switch {
	case !ok:
		k.add(field, "must be a number", "FORMAT")
	case is.Form != kindNumber && (!known || !x.IsInt()):
		k.add(field, "must be an integer", "FORMAT")
	case is.Form == kindInt32 && (x.Cmp(ratOf(math.MaxInt32)) > 0 || x.Cmp(ratOf(math.MinInt32)) < 0), is.Form == kindInteger && !within64(x):
		k.add(field, "is out of range", "FORMAT")
	case len(is.Enum) > 0 && !slices.ContainsFunc(is.Enum, func(one string) bool { return compareNumbers(n, json.Number(one)) == 0 }):
		k.add(field, "must be one of the values that are declared", "FORMAT")
	case is.Minimum != "" && compareNumbers(n, json.Number(is.Minimum)) < 0:
		k.add(field, "must be at least "+is.Minimum, "MIN")
	case is.Maximum != "" && compareNumbers(n, json.Number(is.Maximum)) > 0:
		k.add(field, "must be at most "+is.Maximum, "MAX")
	case is.Above != "" && compareNumbers(n, json.Number(is.Above)) <= 0:
		k.add(field, "must be more than "+is.Above, "MIN")
	case is.Below != "" && compareNumbers(n, json.Number(is.Below)) >= 0:
		k.add(field, "must be less than "+is.Below, "MAX")
	case is.MultipleOf != "" && known && !isMultiple(x, is.MultipleOf):
		k.add(field, "must be a multiple of "+is.MultipleOf, "FORMAT")
	}
}

func ratOf(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }

// within64 tells whether an integer has 64 bits, with a sign or without.
func within64(x *big.Rat) bool { return x.Num().IsInt64() || x.Num().IsUint64() }

func isMultiple(x *big.Rat, of string) bool {
	unit, ok := number(json.Number(of))
	return !ok || unit.Sign() == 0 || new(big.Rat).Quo(x, unit).IsInt()
}

func (k *checker) text(field string, v any, is *schema) {
	s, ok := v.(string)
	n := utf8.RuneCountInString(s)
	switch {
	case !ok:
		k.add(field, "must be a string", "FORMAT")
	case len(is.Enum) > 0 && !slices.Contains(is.Enum, s):
		k.add(field, "must be one of the values that are declared", "FORMAT")
	case is.MaxLength > 0 && n > is.MaxLength:
		k.add(field, "must have at most "+strconv.Itoa(is.MaxLength)+" characters", "MAX")
	case n < is.MinLength:
		k.add(field, "must have at least "+strconv.Itoa(is.MinLength)+" characters", "MIN")
	case !is.Form.spells(s):
		k.add(field, "must be of the form "+string(is.Form), "FORMAT")
	case is.Pattern != "" && !matches(is.Pattern, s):
		k.add(field, "must match its pattern", "FORMAT")
	}
}

var (
	emails   = regexp.MustCompile(`^\s*[^\s@]+@[^\s@]+\s*$`)
	uuids    = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	patterns sync.Map // compiled, by their text; nil for what Go cannot compile
)

// matches tells whether a text matches a pattern. One that Go cannot read asks nothing.
func matches(pattern, s string) bool {
	known, ok := patterns.Load(pattern)
	if !ok {
		re, err := regexp.Compile(pattern)
		if err != nil {
			re = nil
		}
		known, _ = patterns.LoadOrStore(pattern, re)
	}
	re, _ := known.(*regexp.Regexp)
	return re == nil || re.MatchString(s)
}

// spells tells whether a text is of a kind.
func (k kind) spells(s string) bool {
	var err error
	switch k {
	case kindInstant:
		_, err = time.Parse(time.RFC3339, strings.ToUpper(s))
	case kindDate:
		_, err = time.Parse(time.DateOnly, s)
	case kindEmail:
		return emails.MatchString(s)
	case kindUUID:
		return uuids.MatchString(s)
	case kindURI:
		var u *url.URL
		u, err = url.Parse(s)
		return err == nil && u.IsAbs()
	case kindBytes:
		_, err = base64.StdEncoding.DecodeString(s)
	}
	return err == nil
}

//contactsgen:feature core
//contactsgen:part resources

package fake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// predicate tells whether a resource matches.
type predicate func(object) bool

// field is how a filter, a sort or a projection names a value: the members to go through; in arrays every element is looked at.
type field struct {
	path      []string
	operators []string // that a filter may use; nil: all
	sortable  bool
	takes     func(v any) bool // tells what it is compared with; nil: anything
}

// language resolves the names that filters use.
type language func(name string) (field, bool)

// dotted is the language of descriptions that say nothing else: members joined by dots.
func dotted(name string) (field, bool) {
	return field{path: strings.Split(name, "."), sortable: true}, name != ""
}

// filterFault says what is wrong with a filter.
type filterFault struct {
	kind  filterProblem
	about string
}

// filterProblem is a way a filter can be wrong.
type filterProblem int

const (
	malformedFilter filterProblem = iota
	unknownField
	unknownOperator
	wrongValue
)

// Error says it in a sentence.
func (f *filterFault) Error() string {
	return [...]string{
		"The filter is malformed: ",
		"The filter names a field that cannot be filtered: ",
		"The filter uses an operator that the field does not have: ",
		"The filter has a value of the wrong kind: ",
	}[f.kind] + f.about + "."
}

// compileFilter reads a filter: {"name": value}, {"name": {"$op": value}}, and $and, $or, $not of such.
func compileFilter(filter any, names language) (predicate, error) {
	o, ok := filter.(object)
	if !ok {
		if filter == nil {
			return func(object) bool { return true }, nil
		}
		return nil, &filterFault{malformedFilter, "it is not an object"}
	}
	var all []predicate
	for _, name := range sortedKeys(o) {
		p, err := compileClause(name, o[name], names)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return every(all), nil
}

func compileClause(name string, v any, names language) (predicate, error) {
	switch name {
	case "$and", "$or":
		list, ok := v.([]any)
		if !ok {
			return nil, &filterFault{malformedFilter, name + " takes an array"}
		}
		parts, err := compileAll(list, names)
		if err != nil {
			return nil, err
		}
		if name == "$or" {
			return some(parts), nil
		}
		return every(parts), nil
	case "$not":
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		parts, err := compileAll(list, names)
		if err != nil {
			return nil, err
		}
		one := some(parts)
		return func(o object) bool { return !one(o) }, nil
	}
	if strings.HasPrefix(name, "$") {
		return nil, &filterFault{unknownOperator, name}
	}
	f, ok := names(name)
	if !ok {
		return nil, &filterFault{unknownField, name}
	}
	return compileField(name, f, v)
}

func compileAll(list []any, names language) ([]predicate, error) {
	out := make([]predicate, len(list))
	for i, x := range list {
		p, err := compileFilter(x, names)
		if err != nil {
			return nil, err
		}
		out[i] = p
	}
	return out, nil
}

// compileField reads what a filter says of one field.
func compileField(name string, f field, v any) (predicate, error) {
	conditions, ok := v.(object)
	if !ok {
		conditions = object{"$eq": v}
	}
	var all []predicate
	for _, operator := range sortedKeys(conditions) {
		test, known := operators[operator]
		if !known || f.operators != nil && !slices.Contains(f.operators, operator) {
			return nil, &filterFault{unknownOperator, name + " " + operator}
		}
		operand := conditions[operator]
		if !test.takes(operand) || !test.flag && !f.fits(operand) {
			return nil, &filterFault{wrongValue, name + " " + operator}
		}
		all = append(all, func(o object) bool { return test.holds(valuesAt(o, f.path), operand) })
	}
	return every(all), nil
}

// fits tells whether a field can have the values that it is compared with.
func (f field) fits(operand any) bool {
	if list, ok := operand.([]any); ok {
		return !slices.ContainsFunc(list, func(x any) bool { return !f.fits(x) })
	}
	return f.takes == nil || operand == nil || f.takes(operand)
}

func every(parts []predicate) predicate {
	return func(o object) bool {
		for _, p := range parts {
			if !p(o) {
				return false
			}
		}
		return true
	}
}

func some(parts []predicate) predicate {
	return func(o object) bool {
		return slices.ContainsFunc(parts, func(p predicate) bool { return p(o) })
	}
}

// operator is one comparison of a filter.
type operator struct {
	takes func(operand any) bool
	holds func(values []any, operand any) bool
	flag  bool // its operand is no value of the field
}

var operators = map[string]operator{
	"$eq":         {isScalar, func(vs []any, x any) bool { return hasValue(vs, x) }, false},
	"$ne":         {isScalar, func(vs []any, x any) bool { return !hasValue(vs, x) }, false},
	"$in":         {isList, hasSome, false},
	"$nin":        {isList, func(vs []any, x any) bool { return !hasSome(vs, x) }, false},
	"$hasSome":    {isList, hasSome, false},
	"$hasAll":     {isList, hasAll, false},
	"$exists":     {isBool, func(vs []any, x any) bool { return (len(vs) > 0) == (x == true) }, true},
	"$gt":         {isOrdered, ordered(func(n int) bool { return n > 0 }), false},
	"$gte":        {isOrdered, ordered(func(n int) bool { return n >= 0 }), false},
	"$lt":         {isOrdered, ordered(func(n int) bool { return n < 0 }), false},
	"$lte":        {isOrdered, ordered(func(n int) bool { return n <= 0 }), false},
	"$startsWith": {isText, startsWith, false},
	"$begins":     {isText, startsWith, false},
	"$isEmpty":    {isBool, func(vs []any, x any) bool { return (len(vs) == 0) == (x == true) }, true},
}

func isScalar(v any) bool {
	switch v.(type) {
	case object, []any:
		return false
	}
	return true
}

func isOrdered(v any) bool { _, isNumber := v.(json.Number); return isNumber || isText(v) }
func isText(v any) bool    { _, ok := v.(string); return ok }
func isBool(v any) bool    { _, ok := v.(bool); return ok }
func isList(v any) bool {
	list, ok := v.([]any)
	return ok && !slices.ContainsFunc(list, func(x any) bool { return !isScalar(x) })
}

func hasValue(values []any, x any) bool {
	if x == nil {
		return len(values) == 0
	}
	return slices.ContainsFunc(values, func(v any) bool { return same(v, x) })
}

func hasSome(values []any, x any) bool {
	return slices.ContainsFunc(x.([]any), func(y any) bool { return hasValue(values, y) })
}

func hasAll(values []any, x any) bool {
	return !slices.ContainsFunc(x.([]any), func(y any) bool { return !hasValue(values, y) })
}

func startsWith(values []any, x any) bool {
	prefix := strings.ToLower(x.(string))
	return slices.ContainsFunc(values, func(v any) bool { return strings.HasPrefix(strings.ToLower(text(v)), prefix) })
}

func ordered(holds func(int) bool) func([]any, any) bool {
	return func(values []any, x any) bool {
		return slices.ContainsFunc(values, func(v any) bool {
			n, ok := compare(v, x)
			return ok && holds(n)
		})
	}
}

// same compares scalars; instants are the same however they are written.
func same(a, b any) bool {
	n, ok := compare(a, b)
	return ok && n == 0 || equal(a, b)
}

// compare orders two numbers, two instants or two texts.
func compare(a, b any) (int, bool) {
	if x, ok := a.(json.Number); ok {
		y, ok := b.(json.Number)
		return compareNumbers(x, y), ok
	}
	x, okX := a.(string)
	y, okY := b.(string)
	if !okX || !okY {
		return 0, false
	}
	t, errT := time.Parse(time.RFC3339Nano, x)
	u, errU := time.Parse(time.RFC3339Nano, y)
	if errT == nil && errU == nil {
		return t.Compare(u), true
	}
	return strings.Compare(x, y), true
}

// valuesAt gives the scalars that a path leads to. Null is no value.
func valuesAt(v any, path []string) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		var out []any
		for _, x := range v {
			out = append(out, valuesAt(x, path)...)
		}
		return out
	case object:
		if len(path) > 0 {
			return valuesAt(v[path[0]], path[1:])
		}
	}
	if len(path) > 0 {
		return nil
	}
	return []any{v}
}

func sortedKeys(o object) []string {
	keys := make([]string, 0, len(o))
	for k := range o {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// filterFailure makes an answer of what is wrong with a filter.
func filterFailure(err error) error { return &failure{message: fmt.Sprint(err)} }

//contactsgen:feature core
//contactsgen:part json

package client

import (
	"bytes"
	"strconv"
	"strings"
)

// equal reports whether a and b are the same value, whatever way they are written. An absent value equals only an
// absent one: null is a value.
func equal(a, b *node) bool {
	switch {
	case a == b:
		return true
	case a == nil || b == nil || a.kind != b.kind:
		return false
	case a.raw != nil && bytes.Equal(a.raw, b.raw):
		return true
	case a.kind == kindArray:
		return equalItems(a, b)
	case a.kind == kindObject:
		return equalMembers(a, b)
	case a.kind == kindString:
		return unquote(a.raw) == unquote(b.raw)
	case a.kind == kindNumber:
		return parseDecimal(a.raw) == parseDecimal(b.raw)
	default:
		return a.kind == kindNull
	}
}

// absent reports whether there is nothing, said or unsaid.
func absent(n *node) bool {
	return n == nil || n.kind == kindNull
}

// unset reports whether n is absent or what Go writes for a variable nobody set.
func unset(n *node) bool {
	switch {
	case n == nil:
		return true
	case n.kind == kindArray:
		return len(n.items) == 0
	case n.kind == kindObject:
		for _, e := range n.entries {
			if !unset(e.value) {
				return false
			}
		}
		return true
	default:
		text := string(n.raw)
		return text == "null" || text == "false" || text == `""` || text == "0"
	}
}

func equalItems(a, b *node) bool {
	if len(a.items) != len(b.items) {
		return false
	}
	for i := range a.items {
		if !equal(a.items[i], b.items[i]) {
			return false
		}
	}
	return true
}

func equalMembers(a, b *node) bool {
	if len(a.entries) != len(b.entries) {
		return false
	}
	for _, e := range a.entries {
		if !equal(e.value, b.member(e.name)) {
			return false
		}
	}
	return true
}

// firstDifference returns the deepest pointer under which all that differs between a and b can be found first.
func firstDifference(a, b *node, path string) string {
	switch {
	case a.is(kindObject) && b.is(kindObject):
		for _, name := range unionNames(a, b) {
			if x, y := a.member(name), b.member(name); !equal(x, y) {
				return firstDifference(x, y, childPath(path, name))
			}
		}
	case a.is(kindArray) && b.is(kindArray):
		for i := range max(len(a.items), len(b.items)) {
			if x, y := a.nth(i), b.nth(i); !equal(x, y) {
				return firstDifference(x, y, nthPath(path, i))
			}
		}
	}
	return path
}

// decimal is a JSON number taken apart so that equal numbers have equal parts: 1, 1.0 and 10e-1 are one number, and
// 9007199254740993 is another than 9007199254740992, which floating point would deny.
type decimal struct {
	digits   string // without zeros at either end; "" is zero
	negative bool
	exponent int64  // of the last digit
	raw      string // set alone when the exponent is out of all reason: such numbers equal only themselves
}

func parseDecimal(raw []byte) decimal {
	text := string(raw)
	mantissa, power, _ := strings.Cut(strings.ToLower(text), "e")
	mantissa, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return decimal{}
	}
	exponent := int64(0)
	if power != "" {
		var err error
		if exponent, err = strconv.ParseInt(power, 10, 32); err != nil {
			return decimal{raw: text}
		}
	}
	trimmed := strings.TrimRight(digits, "0")
	exponent += int64(len(digits)-len(trimmed)) - int64(len(fraction))
	return decimal{digits: trimmed, negative: negative, exponent: exponent}
}

//contactsgen:feature core
//contactsgen:part resources

package fake

import (
	"strconv"
	"strings"
)

// split gives the segments of a JSON Pointer. A segment "[name=value]" stands for an array element; a member whose name begins
// with "[" is written "~2".
func split(pointer string) []string {
	if pointer == "" {
		return nil
	}
	return strings.Split(strings.TrimPrefix(pointer, "/"), "/")
}

var unescape = strings.NewReplacer("~0", "~", "~1", "/", "~2", "[")

// selector reads a segment of the form "[name=value]".
func selector(segment string) (name, value string, ok bool) {
	if !strings.HasPrefix(segment, "[") || !strings.HasSuffix(segment, "]") {
		return "", "", false
	}
	name, value, ok = strings.Cut(segment[1:len(segment)-1], "=")
	return unescape.Replace(name), unescape.Replace(value), ok
}

// lookup gives the value at a JSON Pointer.
func lookup(v any, pointer string) (any, bool) {
	for _, segment := range split(pointer) {
		switch node := v.(type) {
		case object:
			next, ok := node[unescape.Replace(segment)]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			i := indexOf(node, segment)
			if i < 0 {
				return nil, false
			}
			v = node[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// indexOf finds the array element that a segment names, -1 when there is none.
func indexOf(list []any, segment string) int {
	if name, value, ok := selector(segment); ok {
		for i, x := range list {
			if o, ok := x.(object); ok && o[name] == value {
				return i
			}
		}
		return -1
	}
	if i, err := strconv.Atoi(segment); err == nil && i >= 0 && i < len(list) {
		return i
	}
	return -1
}

// with gives v with x at a JSON Pointer. What is on the way is copied, missing objects are made.
func with(v any, pointer string, x any) any { return replaceAt(v, split(pointer), x) }

func replaceAt(v any, segments []string, x any) any {
	if len(segments) == 0 {
		return x
	}
	segment, rest := segments[0], segments[1:]
	name, value, selects := selector(segment)
	if list, ok := v.([]any); ok || selects {
		list = append([]any(nil), list...)
		if i := indexOf(list, segment); i >= 0 {
			list[i] = replaceAt(list[i], rest, x)
			return list
		}
		if selects {
			return append(list, replaceAt(object{name: value}, rest, x))
		}
		return list
	}
	old, _ := v.(object)
	out := make(object, len(old)+1)
	for k, y := range old {
		out[k] = y
	}
	key := unescape.Replace(segment)
	out[key] = replaceAt(out[key], rest, x)
	return out
}

// without gives v less the object member at a JSON Pointer. What is on the way is copied.
func without(v any, pointer string) any {
	segments := split(pointer)
	if len(segments) == 0 {
		return nil
	}
	last := segments[len(segments)-1]
	parent := strings.TrimSuffix(pointer, "/"+last)
	found, _ := lookup(v, parent)
	old, ok := found.(object)
	if !ok {
		return v
	}
	out := make(object, len(old))
	for k, x := range old {
		if k != unescape.Replace(last) {
			out[k] = x
		}
	}
	return with(v, parent, out)
}

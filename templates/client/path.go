//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPathValue is more than any id needs, and less than servers refuse with an answer of their own.
const maxPathValue = 1024

// expandPath fills the values into the template, in its order. Each stays within its segment or is refused. Those of the parameters
// named last come escaped.
func expandPath(template string, values []string, escaped ...string) (string, error) {
	var b strings.Builder
	b.Grow(2 * len(template))
	rest := template
	for _, value := range values {
		before, after, found := strings.Cut(rest, "{")
		name, after, closed := strings.Cut(after, "}")
		if !found || !closed {
			return "", fmt.Errorf("%d path values are too many", len(values))
		}
		if err := checkPathValue(value); err != nil {
			return "", fmt.Errorf("path parameter %s %w", name, err)
		}
		if !slices.Contains(escaped, name) {
			// PathEscape turns "%" into "%25": what looks escaped already cannot become "/" or "." on the way.
			value = url.PathEscape(value)
		} else if !isEscaped(value) {
			return "", fmt.Errorf("path parameter %s is not written in the style that it has", name)
		}
		b.WriteString(before)
		b.WriteString(value)
		rest = after
	}
	if strings.Contains(rest, "{") {
		return "", fmt.Errorf("%d path values are too few", len(values))
	}
	b.WriteString(rest)
	return b.String(), nil
}

// checkPathValue refuses what can be no id, and what servers and proxies on the way treat in ways of their own.
func checkPathValue(v string) error {
	switch {
	case v == "":
		return errors.New("is empty")
	case v == "." || v == "..":
		return errors.New("is a dot segment")
	case len(v) > maxPathValue:
		return fmt.Errorf("is longer than %d bytes", maxPathValue)
	case !utf8.ValidString(v):
		return errors.New("is not UTF-8")
	case strings.ContainsFunc(v, unicode.IsControl):
		return errors.New("has control characters")
	}
	return nil
}

// isEscaped reports whether a value cannot leave its segment as it is.
func isEscaped(v string) bool {
	plain, err := url.PathUnescape(v)
	return err == nil && plain != "." && plain != ".." && !strings.ContainsAny(v, "/\\?# \"<>")
}

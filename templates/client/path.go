package client

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPathValue is more than any id needs, and less than servers refuse with an answer of their own.
const maxPathValue = 1024

// expandPath fills the values into the template, in its order. Each stays within its segment or is refused.
func expandPath(template string, values []string) (string, error) {
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
		// PathEscape turns "%" into "%25": what looks escaped already cannot become "/" or "." on the way.
		b.WriteString(before)
		b.WriteString(url.PathEscape(value))
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

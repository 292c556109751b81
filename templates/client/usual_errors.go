//contactsgen:feature core
//contactsgen:part errors

package client

import "bytes"

// errorReader reads what errors carry whose places the description does not give.
type errorReader interface {
	read(e *APIError, withCode bool)
}

// usualErrors reads what errors usually carry: problem details (RFC 9457), a message, an error with one, a list of errors, or what OAuth has
// (RFC 6749).
type usualErrors struct{}

func (usualErrors) read(e *APIError, withCode bool) {
	body := e.Body
	if !validJSON(body) {
		body = closeJSON(body)
	}
	n, err := parseNode(bytes.TrimSpace(body))
	if err != nil {
		return
	}
	inner, first := n.member("error"), n.member("errors").nth(0)
	e.Message = firstText(n.member("message"), inner.member("message"), n.member("title"), first.member("message"), first.member("title"), first, inner)
	e.Description = firstText(n.member("detail"), inner.member("detail"), n.member("error_description"), first.member("detail"))
	if withCode {
		e.Code = ErrorCode(printable(firstText(n.member("code"), inner.member("code"), first.member("code"), inner)))
	}
	if list := n.member("errors"); list.is(kindArray) {
		for _, item := range list.items {
			v := Violation{
				Field:       firstText(item.member("pointer"), item.member("field"), item.member("source").member("pointer")),
				Description: firstText(item.member("detail"), item.member("message"), item.member("title"), item),
			}
			if v != (Violation{}) {
				e.Violations = append(e.Violations, v)
			}
		}
	}
}

// firstText is the first text or number among values.
func firstText(values ...*node) string {
	for _, v := range values {
		if v.is(kindString) || v.is(kindNumber) {
			return scalar(v)
		}
	}
	return ""
}

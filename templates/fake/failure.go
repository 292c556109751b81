//contactsgen:feature core
//contactsgen:part server

package fake

import (
	"encoding/json"
	"net/http"
	"strings"
)

// failure is an answer that is not a success, before it is put in the description's shape.
type failure struct {
	status      int // 0 is 400
	code        string
	message     string
	description string
	data        any
	violations  []violation
	extra       []carried
	body        json.RawMessage // instead of all of the above
	stale       bool            // it is because of the token
	reason      string          // for whoever reads the error of a client, which shows no message; "" is that of violations
}

// violation is one thing that is wrong with a request.
type violation struct{ field, description, rule string }

// carried is a value that an error answer has beside what the error format says.
type carried struct {
	at    location
	value any
}

// Error gives the message.
func (f *failure) Error() string { return f.message }

// invalid is the answer to a request with one member that breaks a rule.
func invalid(field, description, rule string) *failure {
	return &failure{
		status:     http.StatusBadRequest,
		message:    field + " " + description,
		violations: []violation{{field, description, rule}},
	}
}

// answer puts a failure in the description's shape.
func (f *failure) answer(format *errorFormat) Answer {
	a := Answer{Status: f.status, Header: http.Header{}, reason: f.why()}
	if a.Status == 0 {
		a.Status = http.StatusBadRequest
	}
	if f.body != nil {
		a.Body = f.body
		return a
	}
	message := format.Message
	if message.In == nowhere {
		message = location{In: inBody, At: "/message"}
	}
	var body any = object{}
	set := func(l location, v any) { body = setAt(body, a.Header, l, v) }
	set(message, f.message)
	if f.code != "" {
		set(format.Code, f.code)
		set(format.Description, f.words())
	}
	if f.data != nil {
		set(format.Data, f.data)
	}
	if len(f.violations) > 0 {
		set(format.Violations, format.Violation.list(f.violations))
	}
	for _, x := range f.extra {
		set(x.at, x.value)
	}
	a.Body = body
	return a
}

// why is the reason in as few words as an id may have: names of fields, never what a request has in them.
func (f *failure) why() string {
	if f.reason != "" || len(f.violations) == 0 {
		return f.reason
	}
	var fields []string
	for _, v := range f.violations {
		fields = append(fields, v.field)
	}
	return "refused:" + strings.Join(fields, ":")
}

func (f *failure) words() string {
	if f.description != "" {
		return f.description
	}
	return f.message
}

// list writes violations with the members' declared names.
func (m violationMembers) list(violations []violation) []any {
	out := make([]any, len(violations))
	for i, v := range violations {
		o := object{}
		for name, value := range map[string]string{m.Field: v.field, m.Description: v.description, m.Rule: v.rule} {
			if name != "" && value != "" {
				o[name] = value
			}
		}
		out[i] = o
	}
	return out
}

// setAt puts a value where a location says, in a body or among headers.
func setAt(body any, header http.Header, l location, v any) any {
	switch l.In {
	case inBody:
		return with(body, l.At, v)
	case inHeader:
		header.Set(l.Name, text(v))
	}
	return body
}

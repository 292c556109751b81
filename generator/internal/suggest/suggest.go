// Package suggest writes an OpenAPI Overlay for the writes that seem to carry a concurrency token and are not guarded.
//
// How a refused token shows can never be seen in a description, so a suggestion is never complete: it works once its conflict rules are filled
// in, and until then every one of them is an error at its position.
package suggest

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
)

// Overlay gives the overlay, and how many operations it would guard.
func Overlay(a *api.API) (overlay []byte, candidates int, err error) {
	actions := &yaml.Node{Kind: yaml.SequenceNode}
	for _, s := range a.Services {
		for _, op := range s.Operations {
			if op.Candidate != nil && reads(op, op.Candidate.Read) {
				actions.Content = append(actions.Content, suggestion(op))
			}
		}
	}
	doc := mapping(
		"overlay", scalar("1.0.0"),
		"info", mapping("title", scalar("Revisions of "+a.Title), "version", quoted("1.0.0")),
		"actions", actions,
	)
	var b bytes.Buffer
	b.WriteString("# FILL-IN: how a refused token shows. A status; and a code or a text too, where the status means other things as well.\n")
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(doc); err != nil {
		return nil, 0, fmt.Errorf("writing the overlay: %w", err)
	}
	return b.Bytes(), len(actions.Content), enc.Close()
}

// suggestion is the action that guards one operation.
func suggestion(op *api.Operation) *yaml.Node {
	c := op.Candidate
	read := mapping("operationId", scalar(c.Read.ID))
	if params := readParameters(op, c.Read); len(params.Content) > 0 {
		add(read, "parameters", params)
	}
	token := mapping("read", scalar(c.Token.Expression("response")), "send", scalar(c.Send.Expression("request")))
	if c.Reply.In != api.Nowhere {
		add(token, "reply", scalar(c.Reply.Expression("response")))
	}
	add(token, "order", scalar("opaque"))
	revision := mapping("read", read, "token", token)
	if payload := suggestedPayload(op, c.Read); payload != nil {
		add(revision, "payload", payload)
	}
	rule := mapping("status", scalar("FILL-IN"))
	add(revision, "conflict", &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{rule}})
	action := mapping("target", scalar(operationPath(op)), "update", mapping("x-contactsgen-revision", revision))
	action.HeadComment = fmt.Sprintf("%+q: %s", op.ID, c.Reason)
	for _, p := range c.PassedOver {
		action.HeadComment += fmt.Sprintf("\npassed over: %+q", p)
	}
	return action
}

// reads tells whether the write names what the read answers: a write that makes a resource cannot.
func reads(write, read *api.Operation) bool { return len(read.PathParams) <= len(write.PathParams) }

// readParameters fills the read's path parameters from the write's: those of the same name, else those of the same place. What else the read
// requires comes from the write, too, or is left to be filled in.
func readParameters(write, read *api.Operation) *yaml.Node {
	out := mapping()
	for i, p := range read.PathParams {
		from := ""
		for j, w := range write.PathParams {
			if w.Name == p.Name || from == "" && i == j {
				from = w.Name
			}
		}
		if from != "" {
			add(out, p.Name, scalar("$request.path."+from))
		}
	}
	for _, p := range read.Required {
		switch {
		case p.In != api.InQuery:
		case slices.ContainsFunc(write.Required, func(w *api.Param) bool { return w.In == p.In && w.Name == p.Name }):
			add(out, p.Name, scalar("$request.query."+p.Name))
		default:
			add(out, p.Name, scalar("FILL-IN"))
		}
	}
	return out
}

// suggestedPayload maps the resource, or the only member of it that the write takes; nil where the write takes something else.
func suggestedPayload(write, read *api.Operation) *yaml.Node {
	if write.Body == nil || write.Body.Type == nil || read.Result.Type == nil {
		return nil
	}
	from, found := read.Result.At, 0
	for _, f := range read.Result.Type.Underlying().Fields {
		if f.Type.Underlying() == write.Body.Type.Underlying() {
			from, found = read.Result.At+"/"+jsonpointer.Escape(f.Name), found+1
		}
	}
	if write.Body.Type.Underlying() == read.Result.Type.Underlying() {
		from, found = read.Result.At, 1
	}
	if found != 1 || write.Body.Type.Underlying().Kind != api.KindStruct {
		return nil
	}
	payload := mapping("read", scalar(api.Location{In: api.InBody, At: from}.Expression("response")), "send", scalar("$request.body"))
	mask := maskOf(write)
	switch {
	case mask != "":
		add(payload, "as", scalar("fields"))
		add(payload, "mask", scalar("$request.query."+mask))
	case write.Method == http.MethodPatch:
		add(payload, "as", scalar("merge-patch"))
	default:
		add(payload, "as", scalar("replace"))
	}
	return payload
}

// maskOf gives the query parameter that takes the list of changed members; "" when there is none.
func maskOf(write *api.Operation) string {
	params := write.Required
	if write.Params != nil {
		params = append(params[:len(params):len(params)], write.Params.Fields...)
	}
	for _, p := range params {
		name, about := strings.ToLower(p.Name), strings.ToLower(p.Doc)
		named := strings.HasSuffix(name, "mask") || strings.HasSuffix(name, "fields")
		if p.In == api.InQuery && (named && strings.Contains(name, "update") || strings.Contains(about, "field mask") && strings.Contains(about, "update")) {
			return p.Name
		}
	}
	return ""
}

// operationPath is the RFC 9535 JSONPath of an operation.
func operationPath(op *api.Operation) string {
	escaped := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(strings.TrimSuffix(op.Path+"?"+op.Query, "?"))
	return "$.paths['" + escaped + "']." + strings.ToLower(op.Method)
}

// mapping makes a mapping of keys and nodes in turn.
func mapping(pairs ...any) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i+1 < len(pairs); i += 2 {
		add(m, pairs[i].(string), pairs[i+1].(*yaml.Node))
	}
	return m
}

func add(m *yaml.Node, key string, value *yaml.Node) {
	m.Content = append(m.Content, scalar(key), value)
}

func scalar(text string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(text)
	return n
}

func quoted(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Style: yaml.DoubleQuotedStyle}
}

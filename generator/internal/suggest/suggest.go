// Package suggest writes an OpenAPI Overlay of what a description could say: of the writes that seem to carry a concurrency token and are
// not guarded, of the lists that seem to answer in pages, and of the members that answers and errors are about.
//
// How a refused token shows can seldom be seen in a description. Where it cannot, that is the one thing to be filled in, and until then it
// is an error at its position.
package suggest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// Counts says how much an overlay suggests.
type Counts struct {
	Writes, Lists, Other int
	ToFillIn             int // places marked FILL-IN
}

// Overlay gives the overlay, and what is in it.
func Overlay(a *api.API) ([]byte, Counts, error) {
	w := &writer{api: a, actions: &yaml.Node{Kind: yaml.SequenceNode}}
	w.headers()
	for _, s := range a.Services {
		for _, op := range s.Operations {
			w.operation(op)
		}
	}
	w.document()
	doc := mapping(
		"overlay", scalar("1.0.0"),
		"info", mapping("title", scalar("Revisions of "+a.Title), "version", quoted("1.0.0")),
		"actions", w.actions,
	)
	var b bytes.Buffer
	if w.ToFillIn > 0 {
		b.WriteString("# FILL-IN: how a refused token shows. A status; and a code or a text too, where the status means other things as well.\n")
	}
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(doc); err != nil {
		return nil, Counts{}, fmt.Errorf("writing the overlay: %w", err)
	}
	return b.Bytes(), w.Counts, enc.Close()
}

// writer is an overlay in the making.
type writer struct {
	Counts
	api     *api.API
	actions *yaml.Node
}

// act adds an action.
func (w *writer) act(target, comment string, update *yaml.Node) {
	action := mapping("target", scalar(target), "update", update)
	action.HeadComment = comment
	w.actions.Content = append(w.actions.Content, action)
}

// headers declares the headers that answers carry by HTTP's rules.
func (w *writer) headers() {
	var done []api.Undeclared
	for _, s := range w.api.Services {
		for _, op := range s.Operations {
			if op.Candidate == nil {
				continue
			}
			for _, h := range op.Candidate.Undeclared {
				if slices.Contains(done, h) {
					continue
				}
				done = append(done, h)
				header := mapping("schema", mapping("type", scalar("string")))
				if w.api.Swagger {
					header = mapping("type", scalar("string"))
				}
				w.act(h.Answer, fmt.Sprintf("%+q: an answer whose %s can be sent back has it, and the description does not say so",
					op.Candidate.Read.ID, h.Header),
					mapping("headers", mapping(h.Header, header)))
			}
		}
	}
}

// operation adds what one operation could say.
func (w *writer) operation(op *api.Operation) {
	if op.Overlay == "" {
		return
	}
	update, comments := mapping(), []string{}
	if op.ResultCandidate.In != api.Nowhere {
		add(update, "x-contactsgen-result", scalar(op.ResultCandidate.Expression("response")))
		comments = append(comments, fmt.Sprintf("%+q: what surrounds the resource is an envelope", op.ID))
		w.Other++
	}
	if c := op.Candidate; c != nil {
		add(update, "x-contactsgen-revision", w.revision(op))
		comments = append(comments, fmt.Sprintf("%+q: %s", op.ID, c.Reason))
		for _, p := range c.PassedOver {
			comments = append(comments, fmt.Sprintf("passed over: %+q", p))
		}
		w.Writes++
	}
	if p := op.PagingCandidate; p != nil {
		add(update, "x-contactsgen-paging", paging(p.Paging))
		comments = append(comments, fmt.Sprintf("%+q: %s", op.ID, p.Reason))
		w.Lists++
	}
	if len(update.Content) > 0 {
		w.act(op.Overlay, strings.Join(comments, "\n"), update)
	}
}

// document adds what the description could say once: where errors have what, and what items are told apart by.
func (w *writer) document() {
	if e := w.api.ErrorsCandidate; e != nil {
		errors := mapping("code", scalar(e.Code.Expression("response")))
		if e.Message.In != api.Nowhere {
			add(errors, "message", scalar(e.Message.Expression("response")))
		}
		w.act("$", "where errors have what", mapping("x-contactsgen-errors", errors))
		w.Other++
	}
	for _, k := range w.api.ItemKeyCandidates {
		w.act(k.Schema, "items of lists are told apart by their "+fmt.Sprintf("%+q", k.Member),
			mapping("x-contactsgen-item-key", scalar(k.Member)))
		w.Other++
	}
}

// revision is how the token of one operation travels.
func (w *writer) revision(op *api.Operation) *yaml.Node {
	c := op.Candidate
	read := mapping("operationId", scalar(c.Read.ID))
	if params := w.readParameters(op, c.Read); len(params.Content) > 0 {
		add(read, "parameters", params)
	}
	revision := mapping("read", read, "token", token(c))
	if p := c.Payload; p != nil {
		payload := mapping("read", scalar(p.Read.Expression("response")), "send", scalar(p.Send.Expression("request")), "as", scalar(p.As))
		if p.Mask.In != api.Nowhere {
			add(payload, "mask", scalar(p.Mask.Expression("request")))
		}
		add(revision, "payload", payload)
	}
	add(revision, "conflict", w.rules(c))
	return revision
}

// token says where the parts of a token are.
func token(c *api.Candidate) *yaml.Node {
	var read, send, reply []string
	for _, p := range c.Tokens {
		read, send = append(read, p.Read.Expression("response")), append(send, p.Send.Expression("request"))
		if p.Reply.In != api.Nowhere {
			reply = append(reply, p.Reply.Expression("response"))
		}
	}
	out := mapping("read", oneOrList(read), "send", oneOrList(send))
	if len(reply) == len(read) {
		add(out, "reply", oneOrList(reply))
	}
	if c.Next {
		add(out, "order", scalar("increments"))
		add(out, "use", scalar("next"))
		return out
	}
	add(out, "order", scalar("opaque"))
	return out
}

// rules are what tells a refused token, or the place where that has to be filled in, with what the description says that it may be.
func (w *writer) rules(c *api.Candidate) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, status := range c.Conflict {
		list.Content = append(list.Content, mapping("status", number(status)))
	}
	if len(list.Content) == 0 {
		w.ToFillIn++
		list.Content = append(list.Content, mapping("status", scalar("FILL-IN")))
		if len(c.Refusals) > 0 {
			list.Content[0].HeadComment = "declared: " + strings.Join(c.Refusals, ", ")
		}
	}
	return list
}

// readParameters fills the read's path parameters from the write's: those of the same name, else those of the same place. What else the
// read requires comes from the write, too, or is left to be filled in.
func (w *writer) readParameters(write, read *api.Operation) *yaml.Node {
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
		values := p.Type.Underlying().Enum
		switch {
		case p.In != api.InQuery:
		case slices.ContainsFunc(write.Required, func(w *api.Param) bool { return w.In == p.In && w.Name == p.Name }):
			add(out, p.Name, scalar("$request.query."+p.Name))
		case len(values) == 1:
			add(out, p.Name, scalar(values[0].Value))
		default:
			w.ToFillIn++
			value := scalar("FILL-IN")
			value.LineComment = "a value that " + fmt.Sprintf("%+q", read.ID) + " requires"
			add(out, p.Name, value)
		}
	}
	return out
}

// paging is how an operation answers in pages.
func paging(p *api.Paging) *yaml.Node {
	out := mapping("items", scalar(api.Location{In: api.InBody, At: p.Items}.Expression("response")))
	place := func(key string, l api.Location) {
		if l.In != api.Nowhere {
			add(out, key, scalar(l.Expression("request")))
		}
	}
	place("limit", p.Limit)
	switch {
	case p.CursorSend.In != api.Nowhere:
		cursor := mapping("send", scalar(p.CursorSend.Expression("request")), "read", scalar(p.CursorRead.Expression("response")))
		if p.CursorLink {
			add(cursor, "link", boolean())
		}
		add(out, "cursor", cursor)
	case p.Number.In != api.Nowhere:
		page := mapping("send", scalar(p.Number.Expression("request")))
		if p.First != 1 {
			add(page, "first", number(p.First))
		}
		if p.Count != "" {
			add(page, "count", scalar(api.Location{In: api.InBody, At: p.Count}.Expression("response")))
		}
		add(out, "page", page)
	default:
		place("offset", p.Offset)
	}
	if p.Total != "" {
		add(out, "total", scalar(api.Location{In: api.InBody, At: p.Total}.Expression("response")))
	}
	if p.DefaultLimit > 0 {
		add(out, "defaultLimit", number(p.DefaultLimit))
	}
	if p.MaxLimit > 0 {
		add(out, "maxLimit", number(p.MaxLimit))
	}
	return out
}

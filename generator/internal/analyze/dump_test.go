package analyze_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// dump writes a model so that a person can check it against the description it was made from.
func dump(a *api.API) string {
	d := &dumper{}
	d.line("package %s: %s %s", a.Package, a.Title, a.Version)
	if a.Description != "" {
		d.line("described %q", a.Description)
	}
	d.line("base %s", a.BaseURL)
	for _, c := range a.Credentials {
		d.credential(c)
	}
	if a.Alternatives != nil {
		d.line("one of %v", a.Alternatives)
	}
	for i, sets := range a.Requirements {
		d.line("requirement %d: one of %v", i+1, sets)
	}
	d.errors("errors", &a.Errors)
	for _, c := range a.Codes {
		d.line("code %s = %s%s%s", c.GoName, c.Value, status(c.Status), tail(c.Class))
	}
	for _, f := range a.Filters {
		d.filter(f)
	}
	for _, s := range a.Services {
		d.line("service %s %s tag %q", s.Name, s.TypeName, s.Tag)
		for _, o := range s.Operations {
			d.operation(o)
		}
	}
	for _, t := range a.Types {
		d.named(t)
	}
	for _, s := range a.Skipped {
		d.line("skipped %s %s %s: %v", s.OperationID, s.Method, s.Path, s.Problem)
	}
	for _, w := range a.Warnings {
		d.line("warning %v", w)
	}
	d.line("features %+v", a.Features)
	return d.String()
}

func (d *dumper) filter(f *api.Filter) {
	d.line("filter %s %s of %s%s", f.VarName, f.FieldsName, expr(f.Type), list("combined by", []string{f.And, f.Or, f.Not}))
	d.in(func() {
		for _, field := range f.Fields {
			d.line("%s %s[%s] %q%s", field.GoName, field.Kind.Name, expr(field.Type), field.Name, tail(field.Open))
		}
	})
}

type dumper struct {
	strings.Builder
	indent string
}

func (d *dumper) line(format string, args ...any) {
	fmt.Fprintf(d, d.indent+format+"\n", args...)
}

func (d *dumper) in(f func()) {
	d.indent += "\t"
	f()
	d.indent = d.indent[1:]
}

func status(code int) string {
	if code == 0 {
		return ""
	}
	return fmt.Sprintf(" %d", code)
}

func tail(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

func (d *dumper) credential(c *api.Credential) {
	d.line("credential %s With%s %s %s prefix %q%s", c.Scheme, c.Option, c.In, c.Param, c.Prefix, flags("basic", c.Basic))
	if c.Token != nil {
		d.in(func() {
			d.line("token from %s %v %v at %s expires %s", c.Token.URL, c.Token.Constants, c.Token.Options, c.Token.Token, c.Token.ExpiresIn)
		})
	}
	if c.Flow != nil {
		d.in(func() {
			d.line("client credentials With%s from %q scopes %q", c.Flow.Option, c.Flow.URL, c.Flow.Scopes)
		})
	}
}

func flags(pairs ...any) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1].(bool) {
			b.WriteString(" " + pairs[i].(string))
		}
	}
	return b.String()
}

func at(l api.Location) string {
	if l.In == api.Nowhere {
		return "-"
	}
	return string(l.In) + ":" + l.Name + l.At
}

func (d *dumper) errors(what string, e *api.Errors) {
	if *e == (api.Errors{}) {
		return
	}
	d.line("%s code %s message %s description %s data %s violations %s %v request id %s retry after %d", what, at(e.Code), at(e.Message),
		at(e.Description), at(e.Data), at(e.Violations), e.Violation, at(e.RequestID), e.RetryAfter)
}

func (d *dumper) operation(o *api.Operation) {
	d.in(func() {
		d.line("%s %s %s -> %s %s%s", o.ID, o.Method, o.Path, o.Name, o.VarName, flags("safe", o.Safe, "deprecated", o.Deprecated))
		d.in(func() {
			if o.Summary != "" || o.Doc != "" {
				d.line("described %q %q", o.Summary, o.Doc)
			}
			d.details(o)
		})
	})
}

func (d *dumper) form(f *api.Form) {
	if f == nil {
		return
	}
	d.line("form %s%s", f.TypeName, flags("rest", f.Rest != nil))
	d.in(func() {
		for _, p := range f.Parts {
			d.line("part %s %s %s content %q delimiter %q%s", p.Name, p.GoName, expr(p.Type), p.ContentType, p.Delimiter,
				flags("required", p.Required))
		}
	})
}

func (d *dumper) details(o *api.Operation) {
	if o.BaseURL != "" {
		d.line("at %s", o.BaseURL)
	}
	if o.Security != 0 {
		d.line("requirement %d", o.Security)
	}
	for _, p := range o.PathParams {
		d.param("path", p)
	}
	for _, p := range o.Required {
		d.param("required", p)
	}
	if b := o.Body; b != nil {
		d.line("body %s %s %s encoding %d%s", b.GoName, expr(b.Type), b.ContentType, b.Encoding, flags("required", b.Required))
		d.form(b.Form)
	}
	if p := o.Params; p != nil {
		d.line("params %s", p.TypeName)
		d.in(func() {
			for _, f := range p.Fields {
				d.param("field", f)
			}
			for _, m := range p.Members {
				d.line("member %s %s at %s", m.GoName, expr(m.Type), m.At)
			}
		})
	}
	d.line("success %v result %s at %q%s", o.Success, result(o.Result), o.Result.At, tail(o.Accept))
	if o.Errors != nil {
		d.errors("errors", o.Errors)
	}
	for _, c := range o.Codes {
		d.line("code %s%s%s", c.GoName, status(c.Status), tail(c.Class))
	}
	d.traits(o)
}

func (d *dumper) traits(o *api.Operation) {
	if p := o.Paging; p != nil {
		d.line("paging %s items %s of %s total %q limit %s offset %s cursor %s <- %s default %d max %d", p.Method, p.Items, expr(p.Item), p.Total,
			at(p.Limit), at(p.Offset), at(p.CursorSend), at(p.CursorRead), p.DefaultLimit, p.MaxLimit)
	}
	if j := o.Job; j != nil {
		d.line("job %s read %s %v status %s done %v failed %v counts %s %s %s errors %s result %s", j.Method, j.Read.ID, j.Args, j.Status, j.Done,
			j.Failed,
			j.Total, j.Succeeded, j.Failures, j.Errors, expr(j.Result))
	}
	if o.Revision != nil {
		d.revision(o.Revision)
	}
	if k := o.Bulk; k != nil {
		d.line("bulk %s %s: %d items at %s, results at %s%s", k.Helper, k.VarName, k.Limit, k.Items, k.Results,
			tail(strings.Join([]string{k.Index, k.ID, k.Success, k.Status}, " ")))
		d.errors("each: errors", &k.Errors)
		d.in(func() { d.revision(k.Each) })
	}
	if o.Unguarded != "" {
		d.line("unguarded: %s", o.Unguarded)
	}
	if c := o.Candidate; c != nil {
		for _, p := range c.Tokens {
			d.line("candidate %s: read %s %s send %s", c.Reason, c.Read.ID, at(p.Read), at(p.Send))
		}
	}
}

func (d *dumper) revision(r *api.Revision) {
	d.line("revision %s of %s: %s read %s resource %q", r.VarName, expr(r.Type), strings.Join([]string{r.Helper, r.Force, r.From}, " "),
		r.Read.ID, r.Resource)
	d.in(func() {
		d.line("arguments %v fixed %s projection %s", r.ReadArgs, fixed(r.ReadParams), fixed(r.Projection))
		for _, k := range r.Keys {
			d.line("key part %s %s as %s%s", k.Arg.GoName, expr(k.Arg.Type), at(k.Send), flags("raw", k.Raw))
		}
		for _, a := range r.Asks {
			d.line("asks %d at %s%s", a.Key, at(a.At), flags("raw", a.Raw))
		}
		if r.ReadBody != "" {
			d.line("read body %s", r.ReadBody)
		}
		for _, p := range r.Required {
			d.line("required %s", p.GoName)
		}
		for i := range r.Identity {
			d.line("identity %s", at(r.Identity[i]))
		}
		d.line("key %q", r.Key)
		for _, t := range r.Tokens {
			d.line("token %s -> %s, reply %s%s", at(t.Read), at(t.Send), at(t.Reply), flags(string(t.Form), t.Form != "", "unquoted", t.Unquoted,
				"weak", t.SendWeak, "string", t.AsString))
		}
		d.line("order %s%s", r.Order, flags("next", r.Next))
		if p := r.Payload; p != nil {
			d.line("payload %q -> %q as %s mask %s atomic %q exact %q of %s%s", p.Read, p.Send, p.As, at(p.Mask), p.Atomic, p.Exact, expr(p.Type),
				flags("merge", p.Merge))
		}
		for _, c := range r.Conflict {
			d.line("conflict %d %q %q %s", c.Status, c.Code, c.Text, c.Body)
		}
		for _, c := range r.Terminal {
			d.line("terminal %d %q %q %s", c.Status, c.Code, c.Text, c.Body)
		}
		for _, c := range r.Again {
			d.line("again %d %q %q %s", c.Status, c.Code, c.Text, c.Body)
		}
		if r.CarriedToken.In != "" || r.CarriedEntity.In != "" {
			d.line("carried %s %s", at(r.CarriedToken), at(r.CarriedEntity))
		}
		if e := r.Escape; e != nil {
			d.line("escape omit %v value %q flag %s on %q", e.Omit, e.Value, at(e.Flag), e.On)
		}
		if r.IdempotencyKey.In != "" {
			d.line("idempotency key %s", at(r.IdempotencyKey))
		}
		if a := r.Applied; a != nil {
			d.line("applied when %s %v has %s", a.Read.ID, a.Args, a.Identity)
		}
		if r.HasReply {
			d.line("reply %q whole %v", r.ReplyResource, r.WholeReply)
		}
	})
}

func fixed(list []api.FixedParam) string {
	out := make([]string, len(list))
	for i, f := range list {
		out[i] = fmt.Sprintf("%s=%v", f.Param.Name, f.Value)
	}
	return "[" + strings.Join(out, " ") + "]"
}

func result(r api.Result) string {
	switch r.Kind {
	case api.ResultNone:
		return "nothing"
	case api.ResultStream:
		return "stream"
	}
	return expr(r.Type)
}

func (d *dumper) param(what string, p *api.Param) {
	d.line("%s %s %s %s %s %s%s%s", what, p.GoName, p.In, p.Name, expr(p.Type), p.Style,
		flags("explode", p.Explode, "deprecated", p.Deprecated), note(p.Doc))
}

// note shows how a comment begins.
func note(doc string) string {
	if doc == "" {
		return ""
	}
	doc = strings.ReplaceAll(doc, "\n", "⏎")
	if r := []rune(doc); len(r) > 60 {
		doc = string(r[:60]) + "…"
	}
	return " // " + doc
}

// expr writes a type as Go would, where it is used.
func expr(t *api.Type) string {
	switch {
	case t == nil:
		return "?"
	case t.Name != "":
		return t.Name
	}
	null := ""
	if t.Nullable {
		null = "|null"
	}
	switch t.Kind {
	case api.KindScalar:
		return t.Go + null
	case api.KindArray:
		return "[]" + expr(t.Elem) + null
	case api.KindMap:
		return "map[string]" + expr(t.Values) + null
	case api.KindRef:
		return expr(t.Elem) + null
	case api.KindAny:
		return "any"
	}
	return fmt.Sprintf("unnamed kind %d", t.Kind)
}

func (d *dumper) named(t *api.Type) {
	plain := *t
	plain.Name = ""
	head := "type " + t.Name + " "
	end := flags("resource", t.Resource, "deprecated", t.Deprecated) + note(t.Doc)
	switch t.Kind {
	case api.KindStruct:
		d.line("%sstruct%s%s", head, tail(t.ItemKey), end)
		d.in(func() { d.fields(t) })
	case api.KindEnum:
		d.line("%senum %s%s", head, t.EnumGo, end)
		d.in(func() {
			for _, v := range t.Enum {
				d.line("%s = %q%s", v.GoName, v.Value, note(v.Doc))
			}
		})
	case api.KindUnion:
		d.line("%sunion%s%s", head, tail(t.Union.Discriminator), end)
		d.in(func() {
			d.union(t.Union)
			d.fields(t)
		})
	default:
		d.line("%s%s%s", head, expr(&plain), end)
	}
}

func (d *dumper) fields(t *api.Type) {
	for _, f := range t.Fields {
		typ := expr(f.Type)
		if f.Pointer {
			typ = "*" + typ
		}
		d.line("%s %s %q%s%s", f.GoName, typ, f.Name, flags("omitempty", f.OmitEmpty, "omitzero", f.OmitZero, "required", f.Required,
			"filled", f.FillsNil, "readonly", f.ReadOnly, "writeonly", f.WriteOnly, "nullable", f.Nullable, "deprecated", f.Deprecated), note(f.Doc))
	}
	if t.Values != nil {
		d.line("* %s", expr(t.Values))
	}
}

func (d *dumper) union(u *api.Union) {
	for _, v := range u.Variants {
		d.line("%s %s%s%s%s", v.Constructor, expr(v.Type), list(v.Discriminator, v.KindsJSON), list("own", v.Own), list("others", v.Others))
	}
}

func list(of string, values []string) string {
	if len(values) == 0 {
		return ""
	}
	return fmt.Sprintf(" %s %q", of, values)
}

// sortedKeys gives a map's keys in order.
func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}

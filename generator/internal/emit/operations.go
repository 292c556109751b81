package emit

import (
	"net/http"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// operations prints the id of every operation, for limiters, spans and tests, and its descriptor:
//
//	var (
//		opGetContact = operation{
//			id: OperationGetContact, method: "GET", path: "/contacts/v4/contacts/{contactId}",
//			safe: true, result: "/contact",
//		}
//	)
func (p *printer) operations(f *jen.File, s *api.Service) {
	f.Comment("The operations of " + s.TypeName + ", as the client knows them.")
	f.Var().DefsFunc(func(g *jen.Group) {
		for _, op := range s.Operations {
			g.Id(op.VarName).Op("=").Id("operation").Add(rows(descriptor(op)...))
			if k := op.Bulk; k != nil && k.Helper != "" {
				g.Comment("One item of it, as if it were written alone.")
				g.Id(k.Each.Write.VarName).Op("=").Id("operation").Add(rows(descriptor(k.Each.Write)...))
			}
		}
	})
	f.Line()
}

func descriptor(op *api.Operation) [][]pair {
	lines := [][]pair{
		{{"id", operationID(op)}, {"method", text(op.Method)}, {"path", text(op.Path)}, {"query", text(op.Query)}},
		{{"server", ownServer(op)}, {"security", number(op.Security)}},
		{{"escaped", strs(escaped(op.PathParams))}},
		{{"accept", text(op.Accept)}, {"content", contentType(op)}, {"form", styles(op)}},
		{{"safe", flag(op.Safe)}, {"watch", watcher(op)}, {"tagged", flag(op.Tagged)}, {"success", statusRanges(op.Success)},
			{"bare", statuses(op.Bare)}, {"result", text(op.Result.At)}},
	}
	if r := op.Revision; r != nil {
		lines = append(lines, []pair{{"token", sends(r.Tokens)}}, []pair{{"conflict", conflictRules(r.Conflict)}},
			[]pair{{"terminal", conflictRules(r.Terminal)}})
	}
	lines = append(lines, []pair{{"codes", codeClasses(op)}})
	if op.Errors != nil {
		if body := errorFormatBody(op.Errors); body != nil {
			lines = append(lines, []pair{{"errors", jen.Op("&").Id("errorFormat").Add(body)}})
		}
	}
	return lines
}

// operationID prints an operation's id: its constant, or the text, for one that was made of another.
func operationID(op *api.Operation) jen.Code {
	if op.ConstName == "" {
		return text(op.ID)
	}
	return jen.Id(op.ConstName)
}

// watcher prints what sees how a request that writes is sent.
func watcher(op *api.Operation) jen.Code {
	if op.Safe {
		return nil
	}
	return jen.Id("watchWire")
}

// sends prints where a request has its token.
func sends(parts []api.TokenPart) jen.Code {
	at := make([]api.Location, len(parts))
	for i, part := range parts {
		at[i] = part.Send
	}
	return locations(at)
}

// failures prints which types the error responses of operations have:
//
//	var _ = declareFailures(&opGetThing, failure{404, 404, (*Problem)(nil)})
func (p *printer) failures(f *jen.File, s *api.Service) {
	for _, op := range s.Operations {
		if len(op.Failures) == 0 {
			continue
		}
		args := []jen.Code{address(op)}
		for _, one := range op.Failures {
			args = append(args, jen.Id("failure").Values(jen.Lit(one.Statuses.From), jen.Lit(one.Statuses.To),
				jen.Parens(jen.Op("*").Add(goType(one.Type))).Call(jen.Nil())))
		}
		f.Var().Id("_").Op("=").Id("declareFailures").Call(args...)
		f.Line()
	}
}

func ownServer(op *api.Operation) jen.Code {
	if op.BaseURL == "" {
		return nil
	}
	return jen.Id("ownServer").Call(jen.Lit(op.BaseURL))
}

// escaped lists the path parameters that are written in their style before they go into the path.
func escaped(params []*api.Param) []string {
	var out []string
	for _, p := range params {
		if !isPlainText(p) {
			out = append(out, p.Name)
		}
	}
	return out
}

// styles prints how the members of a form are written.
func styles(op *api.Operation) jen.Code {
	if op.Body == nil || op.Body.Encoding != api.BodyForm {
		return nil
	}
	return jen.Id("formStyles").ValuesFunc(func(g *jen.Group) {
		for _, p := range op.Body.Styles {
			g.Add(paramBody(p))
		}
	})
}

func contentType(op *api.Operation) jen.Code {
	if op.Body == nil || op.Body.Form != nil || op.Body.ContentType == "application/json" {
		return nil
	}
	return text(op.Body.ContentType)
}

func statuses(list []int) jen.Code {
	if len(list) == 0 {
		return nil
	}
	return jen.Index().Int().ValuesFunc(func(g *jen.Group) {
		for _, status := range list {
			g.Lit(status)
		}
	})
}

func statusRanges(ranges []api.StatusRange) jen.Code {
	if len(ranges) == 0 || len(ranges) == 1 && ranges[0] == (api.StatusRange{From: 200, To: 299}) {
		return nil
	}
	return jen.Index().Id("statusRange").ValuesFunc(func(g *jen.Group) {
		for _, r := range ranges {
			g.Values(jen.Lit(r.From), jen.Lit(r.To))
		}
	})
}

func conflictRules(rules []api.ConflictRule) jen.Code {
	if len(rules) == 0 {
		return nil
	}
	var elems []jen.Code
	for _, r := range rules {
		elems = append(elems, conflictRule(r))
	}
	return jen.Index().Id("conflictRule").Add(list(elems))
}

func conflictRule(r api.ConflictRule) jen.Code {
	return inline(pair{"status", number(r.Status)}, pair{"code", text(r.Code)}, pair{"text", matcher(r.Text)}, pair{"body", text(r.Body)})
}

// matcher prints a rule about a text.
func matcher(pattern string) jen.Code {
	if pattern == "" {
		return nil
	}
	return jen.Id("pattern").Call(jen.Lit(pattern))
}

// classes names the sentinel of each class a description can give a code.
var classes = map[string]string{
	"already-exists": "ErrAlreadyExists", "not-found": "ErrNotFound", "unauthenticated": "ErrUnauthenticated", "permission": "ErrPermission",
	"rate-limited": "ErrRateLimited", "precondition": "ErrPrecondition", "invalid": "ErrInvalid",
}

func codeClasses(op *api.Operation) jen.Code {
	var elems []jen.Code
	for _, c := range op.Codes {
		switch {
		case c.Class != "":
			elems = append(elems, jen.Values(jen.Id(c.GoName), jen.Op("&").Id(classes[c.Class])))
		case op.Revision != nil && (c.Status == 0 || c.Status == http.StatusPreconditionRequired):
			// The engine takes a 428 that nobody declared for a token that went astray.
			elems = append(elems, jen.Values(jen.Id(c.GoName), jen.Nil()))
		}
	}
	if len(elems) == 0 {
		return nil
	}
	return jen.Index().Id("codeClass").Add(filled(elems))
}

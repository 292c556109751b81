package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/model"
)

// operations prints the descriptor of every operation:
//
//	var opGetContact = operation{id: "getContact", method: "GET", path: "/contacts/v4/contacts/{contactId}", …}
func (p *printer) operations(f *jen.File) {
	first := true
	p.eachOperation(func(_ *model.Service, op *model.Operation) {
		if !first {
			f.Line()
		}
		first = false
		f.Comment(op.VarName + " describes the operation " + quoted(op.ID) + ".")
		f.Var().Id(op.VarName).Op("=").Id("operation").Add(literal(descriptor(op)...))
	})
}

func descriptor(op *model.Operation) []pair {
	fields := []pair{
		{"id", text(op.ID)},
		{"method", text(op.Method)},
		{"path", text(op.Path)},
		{"accept", text(op.Accept)},
		{"content", contentType(op)},
		{"safe", flag(op.Safe)},
		{"success", statusRanges(op.Success)},
		{"result", text(op.Result.At)},
	}
	if r := op.Revision; r != nil {
		fields = append(fields, pair{"conflict", conflictRules(r.Conflict)}, pair{"terminal", conflictRules(r.Terminal)})
	}
	fields = append(fields, pair{"codes", codeClasses(op.Codes)})
	if op.Errors != nil {
		if body := errorFormatBody(op.Errors); body != nil {
			fields = append(fields, pair{"errors", jen.Op("&").Id("errorFormat").Add(body)})
		}
	}
	return fields
}

func contentType(op *model.Operation) jen.Code {
	if op.Body == nil || op.Body.ContentType == "application/json" {
		return nil
	}
	return text(op.Body.ContentType)
}

func statusRanges(ranges []model.StatusRange) jen.Code {
	if len(ranges) == 0 || len(ranges) == 1 && ranges[0] == (model.StatusRange{From: 200, To: 299}) {
		return nil
	}
	return jen.Index().Id("statusRange").ValuesFunc(func(g *jen.Group) {
		for _, r := range ranges {
			g.Values(jen.Lit(r.From), jen.Lit(r.To))
		}
	})
}

func conflictRules(rules []model.ConflictRule) jen.Code {
	if len(rules) == 0 {
		return nil
	}
	var elems []jen.Code
	for _, r := range rules {
		elems = append(elems, inline(pair{"status", number(r.Status)}, pair{"code", text(r.Code)}, pair{"text", text(r.Text)}, pair{"body", text(r.Body)}))
	}
	return jen.Index().Id("conflictRule").Add(list(elems))
}

// classes names the sentinel of each class a description can give a code.
var classes = map[string]string{
	"already-exists": "ErrAlreadyExists", "not-found": "ErrNotFound", "unauthenticated": "ErrUnauthenticated", "permission": "ErrPermission",
	"rate-limited": "ErrRateLimited", "precondition": "ErrPrecondition", "invalid": "ErrInvalid",
}

func codeClasses(all []*model.Code) jen.Code {
	var elems []jen.Code
	for _, c := range all {
		if c.Class != "" {
			elems = append(elems, inline(pair{"code", jen.String().Call(jen.Id(c.GoName))}, pair{"class", jen.Id(classes[c.Class])}))
		}
	}
	if len(elems) == 0 {
		return nil
	}
	return jen.Index().Id("codeClass").Add(list(elems))
}

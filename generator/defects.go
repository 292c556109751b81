package generator

import (
	"fmt"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/output"
	"github.com/contactsgen/contactsgen/generator/internal/runtime"
)

// defects complains of what would not compile, at the part of the description that it was made from: nobody should find out that the
// generator has a defect when their build breaks.
func defects(a *api.API, description string, files []File) error {
	faults, err := output.Compile(files, runtime.IsRuntime)
	if err != nil || len(faults) == 0 {
		return err
	}
	made := origins(a)
	var problems diag.List
	for _, f := range faults {
		at := diag.Position{File: description}
		for _, name := range f.Names {
			if pos, ok := made[name]; ok {
				at = pos
				break
			}
		}
		problems.Add(&diag.Problem{
			Pos:     at,
			Message: fmt.Sprintf("what is made of this does not compile, which is a defect of the generator: %s: %s", f.Pos, f.Message),
			Help:    "please report it with this part of the description; until it is mended, leave the part out with an overlay",
		})
	}
	return problems.Err()
}

// origins gives the part of the description that each package-level name of the output was made from.
func origins(a *api.API) map[string]diag.Position {
	made := map[string]diag.Position{}
	for _, t := range a.Types {
		made[t.Name], made["shape"+t.Name] = t.Pos, t.Pos
		for _, v := range t.Enum {
			made[v.GoName] = t.Pos
		}
	}
	for _, c := range a.Codes {
		made[c.GoName] = c.Pos
	}
	for _, c := range a.Credentials {
		made["With"+c.Option] = c.Pos
	}
	for _, s := range a.Services {
		made[s.TypeName] = s.Pos
		for _, o := range s.Operations {
			originsOf(o, made)
		}
	}
	return made
}

// originsOf adds what is made of one operation.
func originsOf(o *api.Operation, made map[string]diag.Position) {
	made[o.VarName] = o.Pos
	if o.Params != nil {
		made[o.Params.TypeName] = o.Pos
	}
	if o.Body != nil && o.Body.Form != nil {
		made[o.Body.Form.TypeName] = o.Pos
	}
	if o.Paging != nil {
		made[o.Paging.VarName] = o.Pos
	}
	if o.Job != nil {
		made[o.Job.VarName] = o.Pos
	}
	if o.Upsert != nil {
		made[o.Upsert.VarName] = o.Upsert.Pos
	}
	if r := o.Revision; r != nil {
		made[r.VarName], made[r.KeyName] = r.Pos, r.Pos
	}
	if o.Bulk != nil {
		made[o.Bulk.VarName] = o.Bulk.Pos
	}
	delete(made, "")
}

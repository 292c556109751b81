package emit

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/godoc"
)

// enums prints the constants of the enums. Their types are printed with the models.
func (p *printer) enums(f *jen.File) {
	for _, t := range p.api.Types {
		if t.Kind != api.KindEnum {
			continue
		}
		f.Comment("Values of " + t.Name + " that the description names. Others may come and are kept as they are.")
		f.Const().DefsFunc(func(g *jen.Group) {
			for _, v := range t.Enum {
				g.Add(doc(valueDoc(t, v)))
				g.Id(v.GoName).Id(t.Name).Op("=").Add(enumLiteral(t, v))
			}
		})
		f.Line()
	}
}

func valueDoc(t *api.Type, v *api.EnumValue) string {
	if s := godoc.Clean(v.Doc); s != "" {
		return v.GoName + ": " + godoc.Sentence(s) // values are described by words of any kind, which "is" would not fit
	}
	return v.GoName + " is the " + t.Name + " " + strconv.QuoteToASCII(v.Value) + "."
}

func enumLiteral(t *api.Type, v *api.EnumValue) jen.Code {
	if t.EnumGo == "string" {
		return jen.Lit(v.Value)
	}
	return jen.Op(v.Value) // digits: package analyze has checked them
}

// codes prints a constant for each application error code.
func (p *printer) codes(f *jen.File) {
	f.Comment("Application codes that the description names. They work with errors.Is.")
	f.Const().DefsFunc(func(g *jen.Group) {
		for _, c := range p.api.Codes {
			about := c.GoName + " is the application code " + strconv.QuoteToASCII(c.Value)
			if c.Status != 0 {
				about += ", sent with status " + strconv.Itoa(c.Status)
			}
			if s := godoc.Sentence(godoc.Clean(c.Doc)); s != "" {
				about += ": " + s
			} else {
				about += "."
			}
			if c.Data != nil {
				about += " Its data is a [" + goType(c.Data.Underlying()).GoString() + "], which errors.As finds as an [ErrorOf] it."
			}
			g.Add(doc(about))
			g.Id(c.GoName).Id("ErrorCode").Op("=").Lit(c.Value)
		}
	})
	p.codeData(f)
}

// codeData prints which codes each type is the data of:
//
//	func (Duplicate) isDataOf(code ErrorCode) bool { return code == CodeDuplicate }
func (p *printer) codeData(f *jen.File) {
	var types []*api.Type
	codes := map[*api.Type][]jen.Code{}
	for _, c := range p.api.Codes {
		if c.Data == nil {
			continue
		}
		t := c.Data.Underlying()
		if codes[t] == nil {
			types = append(types, t)
		} else {
			codes[t] = append(codes[t], jen.Op("||"))
		}
		codes[t] = append(codes[t], jen.Id("code").Op("==").Id(c.GoName))
	}
	for _, t := range types {
		f.Line()
		f.Func().Params(goType(t)).Id("isDataOf").Params(jen.Id("code").Id("ErrorCode")).Bool().Block(jen.Return(jen.Add(codes[t]...)))
	}
}

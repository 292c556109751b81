package emit

import (
	"bytes"
	"go/scanner"
	"go/token"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/godoc"
)

// doc gives a comment of paragraphs, wrapped. An empty paragraph is left out.
func doc(paragraphs ...string) *jen.Statement {
	var lines []string
	for _, para := range paragraphs {
		if para = godoc.Clean(para); para == "" {
			continue
		}
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		if strings.HasPrefix(para, "HTTP: ") { // one line, however long its paths
			lines = append(lines, strings.Split(para, "\n")...)
			continue
		}
		lines = append(lines, godoc.Wrap(para)...)
	}
	s := &jen.Statement{}
	for i, line := range lines {
		if i > 0 {
			s.Line()
		}
		s.Op(strings.TrimRight("// "+line, " "))
	}
	return s
}

// pair is a field of a composite literal.
type pair struct {
	name  string
	value jen.Code
}

// literal prints a composite literal, one field on a line, in the given order. Fields without a value are left out.
func literal(fields ...pair) *jen.Statement {
	return jen.Custom(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}, codes(fields)...)
}

// rows prints a composite literal, several fields on a line. Rows without a value are left out.
func rows(lines ...[]pair) *jen.Statement {
	var elems []jen.Code
	for _, fields := range lines {
		if row := codes(fields); len(row) > 0 {
			elems = append(elems, jen.Custom(jen.Options{Separator: ","}, row...))
		}
	}
	return list(elems)
}

// lineWidth is how long filled lines get, about.
const lineWidth = 112

// filled prints the braces of a slice or map literal, as many elements on a line as fit; with the braces, when there are few.
func filled(elems []jen.Code) *jen.Statement {
	var lines, line []jen.Code
	width := 0
	for _, e := range elems {
		w := widthOf(e) + len(", ")
		if width+w > lineWidth && line != nil {
			lines, line, width = append(lines, jen.Custom(jen.Options{Separator: ","}, line...)), nil, 0
		}
		line, width = append(line, e), width+w
	}
	if lines == nil && width < lineWidth*3/4 {
		return jen.Values(line...)
	}
	return list(append(lines, jen.Custom(jen.Options{Separator: ","}, line...)))
}

// widthOf is how long an element is on a line that gofmt prints: of what jennifer puts between the words of one, a space stays behind each
// colon and comma alone.
func widthOf(e jen.Code) (width int) {
	f := jen.NewFile("p")
	f.NoFormat = true
	f.Add(e)
	var b bytes.Buffer
	if err := f.Render(&b); err != nil {
		return 0 // which is said when it is printed
	}
	src := bytes.TrimPrefix(b.Bytes(), []byte("package p"))
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(src)), src, nil, 0)
	for {
		switch _, tok, text := s.Scan(); {
		case tok == token.EOF:
			return width
		case tok == token.COLON, tok == token.COMMA:
			width += len(": ")
		case tok == token.SEMICOLON: // at the end of the line
		case tok.IsLiteral(), tok.IsKeyword():
			width += len(text)
		default:
			width += len(tok.String())
		}
	}
}

// inline prints a composite literal on one line.
func inline(fields ...pair) *jen.Statement {
	return jen.Custom(jen.Options{Open: "{", Close: "}", Separator: ","}, codes(fields)...)
}

func codes(fields []pair) []jen.Code {
	var out []jen.Code
	for _, f := range fields {
		if f.value != nil {
			out = append(out, jen.Id(f.name).Op(":").Add(f.value))
		}
	}
	return out
}

// list prints a slice literal's braces, one element on a line.
func list(elems []jen.Code) *jen.Statement {
	return jen.Custom(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}, elems...)
}

// The text, flag, number and strs functions give nil for the zero value, so that its field is left out.

func text(s string) jen.Code {
	if s == "" {
		return nil
	}
	return jen.Lit(s)
}

func flag(b bool) jen.Code {
	if !b {
		return nil
	}
	return jen.True()
}

func number(n int) jen.Code {
	if n == 0 {
		return nil
	}
	return jen.Lit(n)
}

func strs(values []string) jen.Code {
	if values == nil {
		return nil
	}
	return jen.Index().String().ValuesFunc(func(g *jen.Group) {
		for _, v := range values {
			g.Lit(v)
		}
	})
}

func goType(t *api.Type) *jen.Statement {
	if t.IsPointer() {
		return jen.Op("*").Add(goType(t.Value()))
	}
	if t.Name != "" {
		return jen.Id(t.Name)
	}
	switch t.Kind {
	case api.KindArray:
		return jen.Index().Add(goType(t.Elem))
	case api.KindMap:
		return jen.Map(jen.String()).Add(goType(t.Values))
	case api.KindAny:
		return jen.Any()
	case api.KindRef:
		return goType(t.Elem)
	}
	return jen.Id(t.Go)
}

var places = map[api.Place]string{
	api.InBody: "inBody", api.InHeader: "inHeader", api.InQuery: "inQuery", api.InPath: "inPath", api.InCookie: "inCookie",
}

// location prints a location literal, or nil for nowhere.
func location(l api.Location) jen.Code {
	if l.In == api.Nowhere {
		return nil
	}
	return jen.Id("location").Add(locationBody(l))
}

func locationBody(l api.Location) *jen.Statement {
	return inline(pair{"in", jen.Id(places[l.In])}, pair{"name", text(l.Name)}, pair{"at", text(l.At)})
}

func paramLiteral(p *api.Param) *jen.Statement { return jen.Id("param").Add(paramBody(p)) }

func paramBody(p *api.Param) *jen.Statement {
	style, explode := p.Style, p.Explode
	if p.In == api.InQuery && style == "form" || p.In != api.InQuery && style == "simple" {
		style = ""
	}
	return inline(pair{"in", jen.Id(places[p.In])}, pair{"name", text(p.Name)}, pair{"style", text(style)}, pair{"explode", flag(explode)},
		pair{"reserved", flag(p.AllowReserved)}, pair{"whole", flag(p.Whole)})
}

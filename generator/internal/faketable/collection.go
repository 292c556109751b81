package faketable

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// collection prints a resource into the table.
func (r *resource) collection() fake.Collection {
	c := fake.Collection{Name: r.name, Key: r.keys(), Shape: r.typ.Name}
	if r.revision != nil {
		for _, part := range r.revision.Tokens {
			c.Tokens = append(c.Tokens, r.token(part))
		}
	}
	for _, f := range r.typ.Fields {
		name, at := strings.ToLower(f.Name), "/"+segment(f.Name)
		switch {
		case slices.ContainsFunc(c.Tokens, func(t fake.Token) bool { return t.At == at }):
		case !f.ReadOnly || f.Type.Underlying().Go != "Timestamp":
		case strings.HasPrefix(name, "creat"):
			c.Created = append(c.Created, at)
		case strings.Contains(name, "updat") || strings.Contains(name, "modif"):
			c.Updated = append(c.Updated, at)
		}
	}
	return c
}

// keys gives, for each part of the key that the read's request has, where the resource says it; "" where only the path does.
func (r *resource) keys() []string {
	names := r.keyNames()
	var out []string
	for i, name := range names {
		at := r.declaredKey(i)
		if at == "" {
			at = r.guessedKey(name, i == len(names)-1)
		}
		out = append(out, at)
	}
	return out
}

// declaredKey gives what the revision's identity says of a path parameter of the read.
func (r *resource) declaredKey(i int) string {
	if r.revision == nil || i >= len(r.revision.ReadArgs) {
		return ""
	}
	at := r.revision.ReadArgs[i].Write
	if at < 0 || at >= len(r.revision.Identity) || r.revision.Identity[at].In != api.InBody {
		return ""
	}
	return r.revision.Identity[at].At
}

// guessedKey finds the member that a path parameter is about: of the same name, or the usual ones for the last parameter.
func (r *resource) guessedKey(param string, last bool) string {
	names := []string{param, param[strings.LastIndexByte(param, '.')+1:]}
	if last {
		names = append(names, "id", "_id", "key", "uid", "uuid", "name")
	}
	for _, name := range names {
		if slices.ContainsFunc(r.typ.Fields, func(f *api.Field) bool { return f.Name == name && isScalar(f.Type) }) {
			return "/" + segment(name)
		}
	}
	for _, f := range r.typ.Fields { // in what resources say of themselves
		if inner := f.Type.Underlying().FieldNamed(param); inner != nil && isScalar(inner.Type) &&
			slices.Contains([]string{"metadata", "meta", "sys"}, f.Name) {
			return "/" + segment(f.Name) + "/" + segment(param)
		}
	}
	return ""
}

// token says where the resource has one part of its token, and how it is written.
func (r *resource) token(part api.TokenPart) fake.Token {
	at, inside := "", false
	if part.Read.In == api.InBody {
		at, inside = below(r.at, part.Read.At)
	}
	typ := r.typ.At(at)
	if !inside {
		at, typ = "", nil
	}
	return fake.Token{At: at, Form: form(part, typ, r.revision.Order)}
}

// form decides how a part of a token is written. What is counted is digits, as a number where the resource declares one; what is not is
// text without meaning, in quotes where it is an entity tag, and a date where HTTP says so.
func form(part api.TokenPart, typ *api.Type, order string) fake.Form {
	switch {
	case typ != nil && isNumber(typ.Underlying()):
		return fake.FormNumber
	case typ != nil && typ.Underlying().Go == "[]byte":
		return fake.FormBytes
	case typ != nil && typ.Underlying().Go == "Timestamp":
		return fake.FormTime
	case part.Form == api.HTTPDate:
		return fake.FormDate
	case order == "opaque" && part.Read.In == api.InHeader && (strings.EqualFold(part.Read.Name, "ETag") || part.Unquoted):
		return fake.FormTag
	case order == "opaque":
		return fake.FormOpaque
	case part.Read.In == api.InBody && (typ == nil || typ.Underlying().Kind == api.KindAny):
		return fake.FormNumber
	}
	return fake.FormDigits
}

func isNumber(t *api.Type) bool {
	return t.Kind == api.KindScalar && (strings.HasPrefix(t.Go, "int") || strings.HasPrefix(t.Go, "uint") ||
		strings.HasPrefix(t.Go, "float")) || t.Kind == api.KindEnum && t.EnumGo != "string"
}

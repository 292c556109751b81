package runtime

import (
	"go/ast"
	"go/token"
	"maps"
)

// mentions are the names that a piece of code refers to, without exported ones: what those belong to stays anyway. Without type information a name may be taken for a reference that is none; the
// other way around never happens in the runtime, which a test holds against the type checker.
type mentions struct {
	plain    map[string]bool // names that may be something at package level
	selected map[string]bool // names behind a dot, and methods of interfaces: what may be a method
	before   map[string]bool // names before a dot: what may be a package

	local map[string]bool // room for the names that a declaration declares inside itself
}

func newMentions() mentions {
	return mentions{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
}

func (m mentions) clone() mentions {
	return mentions{maps.Clone(m.plain), maps.Clone(m.selected), maps.Clone(m.before), map[string]bool{}}
}

func (m mentions) add(r references) {
	for _, n := range r.plain {
		m.plain[n] = true
	}
	for _, n := range r.selected {
		m.selected[n] = true
	}
}

// references are mentions as lists, without exported names: what those belong to stays anyway.
type references struct{ plain, selected, before []string }

func unexported(names map[string]bool) []string {
	list := make([]string, 0, len(names))
	for name := range names {
		if !ast.IsExported(name) {
			list = append(list, name)
		}
	}
	return list
}

// of gives what a declaration refers to. The mentions are room for that, and lose what was in them.
func (m mentions) of(n ast.Node) references {
	clear(m.plain)
	clear(m.selected)
	clear(m.before)
	m.visit(n)
	return references{unexported(m.plain), unexported(m.selected), unexported(m.before)}
}

// visit adds what a declaration refers to. What it declares itself, as a parameter, a variable of its body or a field, is no reference.
func (m mentions) visit(n ast.Node) {
	clear(m.local)
	w := &walker{out: m, local: m.local}
	if f, ok := n.(*ast.FuncDecl); ok {
		ast.Inspect(f, w.declares)
	}
	ast.Inspect(n, w.visit)
}

type walker struct {
	out   mentions
	local map[string]bool
}

// declares collects the names that a function declares inside itself.
func (w *walker) declares(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		w.localFields(n.Recv)
	case *ast.FuncType:
		w.localFields(n.TypeParams, n.Params, n.Results)
	case *ast.AssignStmt:
		if n.Tok == token.DEFINE {
			w.locals(n.Lhs...)
		}
	case *ast.RangeStmt:
		if n.Tok == token.DEFINE {
			w.locals(n.Key, n.Value)
		}
	case *ast.ValueSpec:
		for _, name := range n.Names {
			w.local[name.Name] = true
		}
	}
	return true
}

func (w *walker) localFields(lists ...*ast.FieldList) {
	for _, l := range lists {
		if l == nil {
			continue
		}
		for _, f := range l.List {
			for _, name := range f.Names {
				w.local[name.Name] = true
			}
		}
	}
}

func (w *walker) locals(names ...ast.Expr) {
	for _, e := range names {
		if id, ok := e.(*ast.Ident); ok {
			w.local[id.Name] = true
		}
	}
}

// visit collects references. Nodes whose identifiers mean something else are walked by hand.
func (w *walker) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Ident:
		if !ast.IsExported(n.Name) && !w.local[n.Name] {
			w.out.plain[n.Name] = true
		}
	case *ast.SelectorExpr:
		if !ast.IsExported(n.Sel.Name) {
			w.out.selected[n.Sel.Name] = true
		}
		if id, ok := n.X.(*ast.Ident); ok {
			w.out.before[id.Name] = true
		}
		ast.Inspect(n.X, w.visit)
		return false
	case *ast.AssignStmt:
		if n.Tok == token.DEFINE {
			w.before(n.Rhs, n.Lhs...)
		}
	case *ast.RangeStmt:
		if n.Tok == token.DEFINE {
			w.before([]ast.Expr{n.X}, n.Key, n.Value)
		}
	case *ast.FuncType:
		w.fields(n.TypeParams)
		w.fields(n.Params)
		w.fields(n.Results)
		return false
	case *ast.FuncDecl:
		w.fields(n.Recv)
		ast.Inspect(n.Type, w.visit)
		if n.Body != nil {
			ast.Inspect(n.Body, w.visit)
		}
		return false
	case *ast.TypeSpec:
		w.fields(n.TypeParams)
		ast.Inspect(n.Type, w.visit)
		return false
	case *ast.InterfaceType:
		for _, f := range n.Methods.List {
			for _, name := range f.Names {
				w.out.selected[name.Name] = true
			}
		}
		w.fields(n.Methods)
		return false
	case *ast.StructType:
		w.fields(n.Fields)
		return false
	case *ast.CompositeLit:
		w.literal(n)
		return false
	}
	return true
}

// fields walks the types of a list of fields, and not their names.
func (w *walker) fields(l *ast.FieldList) {
	if l == nil {
		return
	}
	for _, f := range l.List {
		w.typeOf(f.Type)
	}
}

// typeOf walks a type. It may be called like what is declared with it: func(pack pack).
func (w *walker) typeOf(t ast.Expr) {
	outer := &walker{out: w.out}
	ast.Inspect(t, outer.visit)
}

// before walks what a statement declares names by: there they mean what they meant before, as in form := form(x).
func (w *walker) before(values []ast.Expr, names ...ast.Expr) {
	var outer []string
	for _, e := range names {
		if id, ok := e.(*ast.Ident); ok && w.local[id.Name] {
			outer = append(outer, id.Name)
			delete(w.local, id.Name)
		}
	}
	for _, e := range values {
		ast.Inspect(e, w.visit)
	}
	for _, name := range outer {
		w.local[name] = true
	}
}

// literal walks a composite literal. A bare name as a key is a member of a struct, unless the literal says that it is a map.
func (w *walker) literal(n *ast.CompositeLit) {
	_, isMap := n.Type.(*ast.MapType)
	if n.Type != nil {
		w.typeOf(n.Type)
	}
	for _, e := range n.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if _, bare := kv.Key.(*ast.Ident); !bare || isMap {
				ast.Inspect(kv.Key, w.visit)
			}
			e = kv.Value
		}
		ast.Inspect(e, w.visit)
	}
}

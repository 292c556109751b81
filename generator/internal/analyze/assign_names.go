package analyze

import (
	"encoding/hex"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
)

// nameEverything gives every name of the output, from the namespace of the package to the arguments of methods. The order in
// which kinds of names are given is part of the promise: what a description names itself comes before what we make up.
func (b *builder) nameEverything() {
	pkg := naming.New(b.problems, b.options.Reserved...)
	pkg.Reserve(naming.ClientNames)
	b.keepReachable()

	b.nameOptions(pkg)
	b.nameTypes(pkg)
	b.nameServer(pkg)
	b.nameServices(pkg)
	b.nameParams(pkg)
	b.nameForms(pkg)
	b.nameKeys(pkg)
	b.nameCodes(pkg)
	b.nameEnums(pkg)
	b.nameFilters(pkg)
	b.nameEvents(pkg)
	b.nameConstructors(pkg)
	b.nameConstants(pkg)
	b.nameVariables(pkg)

	b.nameMethods()
	guarded := map[*api.Type]bool{}
	for _, o := range b.operations {
		if o.Revision != nil {
			guarded[o.Revision.Type] = true
		}
	}
	for _, t := range b.api.Types {
		b.nameFields(t, guarded[t])
	}
	for _, o := range b.operations {
		b.nameArguments(o, pkg)
		b.nameParamFields(o)
	}
	b.sayUses()
}

// keepReachable drops named types that were met only on the way: in error answers, and in operations that were left out. When the
// caller chose operations, components that these do not need go too; otherwise components stay, used or not, but for those that only
// wrap what methods return, and say nothing beside it.
func (b *builder) keepReachable() {
	var roots []*api.Type
	o := b.options
	wrapping := b.wrapping()
	if o.Choice.isAll() {
		for _, t := range b.named {
			if _, ok := componentKey(t.Pointer); ok && !wrapping[t] && !(o.SkipUnsupported && b.isFaulty(t)) {
				roots = append(roots, t)
			}
		}
		for _, t := range b.deliveries {
			if !o.SkipUnsupported || !b.isFaulty(t) {
				roots = append(roots, t)
			}
		}
	}
	for _, o := range b.operations {
		o.Failures = slices.DeleteFunc(o.Failures, func(f api.Failure) bool { return b.isFaulty(f.Type) })
		roots = append(roots, o.roots()...)
		for _, f := range o.Failures {
			roots = append(roots, f.Type)
		}
		for _, c := range o.Codes {
			roots = append(roots, c.Data)
		}
	}
	roots = append(roots, b.webhookRoots()...)
	kept := map[*api.Type]bool{}
	reach(roots, func(t *api.Type) { kept[t] = true })
	reach(b.keepFilters(kept), func(t *api.Type) { kept[t] = true })
	b.named = slices.DeleteFunc(b.named, func(t *api.Type) bool { return !kept[t] })
}

// wrapping gives the types that nothing but the answers of operations needs which return a part of them, or nothing.
func (b *builder) wrapping() map[*api.Type]bool {
	var answers, needed []*api.Type
	for _, o := range b.operations {
		if o.Result.Type != o.answer && !o.answersMore() {
			answers = append(answers, o.answer)
		}
		needed = append(needed, o.roots()...)
		for _, f := range o.failures {
			needed = append(needed, f.body)
		}
	}
	out := map[*api.Type]bool{}
	reach(answers, func(t *api.Type) { out[t] = true })
	reach(needed, func(t *api.Type) { delete(out, t) })
	return out
}

// answersMore tells whether an answer has members beside the part of it that the method returns.
func (o *operation) answersMore() bool {
	t := o.answer
	for _, s := range o.resultPath {
		if len(t.Underlying().Fields) > 1 {
			return true
		}
		t, _ = t.Step(s)
	}
	return false
}

// isFaulty tells whether something is wrong with a type or with what it is made of.
func (b *builder) isFaulty(t *api.Type) bool {
	bad := false
	reach([]*api.Type{t}, func(t *api.Type) { bad = bad || len(b.faults[t]) > 0 })
	return bad
}

// nameOptions names the client options that take credentials.
func (b *builder) nameOptions(pkg *naming.Namespace) {
	var claims []naming.Claim
	for _, c := range b.api.Credentials {
		rank := naming.Derived
		list := []string{"With" + c.Option, "With" + c.Option + "Credential"}
		if x, _ := b.own(b.root.Get("components").Get("securitySchemes").Get(c.Scheme), "x-option"); !x.IsZero() {
			rank = naming.Explicit
		}
		claims = append(claims, naming.Claim{Forms: list, Rank: rank, What: "the option of security scheme " + c.Scheme, Pos: c.Pos,
			Taken: func(name string) { c.Option = strings.TrimPrefix(name, "With") }})
		if f := c.Flow; f != nil {
			claims = append(claims, naming.Claim{Forms: []string{"With" + f.Option, "With" + f.Option + "Option"}, Rank: rank,
				What: "the option of security scheme " + c.Scheme + " for client credentials", Pos: c.Pos,
				Taken: func(name string) { f.Option = strings.TrimPrefix(name, "With") }})
		}
	}
	pkg.Give(claims)
}

// nameTypes names the types: components that are Go already, other components, then what was hoisted.
func (b *builder) nameTypes(pkg *naming.Namespace) {
	var components, hoisted []naming.Claim
	for _, t := range b.named {
		w := b.wants[t]
		c := naming.Claim{Forms: w.forms, Rank: w.rank, What: w.what, Pos: t.Pos, Taken: func(name string) { t.Name = name }}
		if _, ok := componentKey(t.Pointer); ok {
			components = append(components, c)
			continue
		}
		hoisted = append(hoisted, c)
	}
	pkg.Give(components)
	pkg.Give(hoisted)
	b.api.Types = slices.Clone(b.named)
	sort.SliceStable(b.api.Types, func(i, j int) bool { return b.api.Types[i].Name < b.api.Types[j].Name })
}

// nameServices groups the operations by tag and names the groups: as a field of the client, and as a type.
func (b *builder) nameServices(pkg *naming.Namespace) {
	fields := naming.New(b.problems)
	fields.Reserve(naming.ClientMembers)
	var onClient, types []naming.Claim
	for _, key := range b.tagOrder {
		t := b.tags[key]
		s := &api.Service{Tag: t.name, Doc: t.doc, Pos: t.pos}
		if t.group != "" {
			s.Group = t.noun
		}
		for _, o := range b.operations {
			if o.tag == t {
				s.Operations = append(s.Operations, o.Operation)
			}
		}
		if len(s.Operations) == 0 {
			continue
		}
		b.api.Services = append(b.api.Services, s)
		c := naming.Claim{Forms: serviceForms(t), Rank: naming.Derived, What: "the service of " + t.subject(), Pos: t.pos}
		if t.service != "" {
			c.Forms, c.Rank = []string{t.service}, naming.Explicit
		}
		c.Taken = func(name string) { s.Name = name }
		onClient = append(onClient, c)
		types = append(types, naming.Claim{Rank: c.Rank, What: c.What, Pos: t.pos, Taken: func(name string) { s.TypeName = name }})
	}
	fields.Give(onClient)
	for i, s := range b.api.Services {
		types[i].Rank = naming.Derived
		types[i].Forms = []string{s.Name + "Service", s.Name + "OperationsService", s.Name + "TagService"}
	}
	pkg.Give(types)
	b.nameFiles()
}

// nameFiles names the file of each service: its words, or its letters where the words of two are the same. The name ends in a word of ours,
// so that the go command does not take "linux" at the end of it for a system that the file is built for.
func (b *builder) nameFiles() {
	services := map[string]int{}
	for _, s := range b.api.Services {
		s.File = strings.ToLower(strings.Join(naming.Words(s.Name), "_")) + "_service"
		services[s.File]++
	}
	for _, s := range b.api.Services {
		if services[s.File] > 1 {
			s.File = strings.ToLower(upper.ReplaceAllString(s.Name, "_$0")) + "_service"
		}
	}
}

// upper is a capital letter.
var upper = regexp.MustCompile(`\p{Lu}`)

// serviceForms lists the names of a group of operations: its tag, what its paths have in common, or Default.
func serviceForms(t *tag) []string {
	if t.group != "" {
		return []string{t.group, t.group + "Operations", t.group + "UntaggedOperations"}
	}
	if t.name == "" {
		return []string{"Default", "DefaultOperations", "UntaggedOperations"}
	}
	return naming.Forms("", t.name, "Operations")
}

// nameParams names the structs of optional parameters, after the whole operationId.
func (b *builder) nameParams(pkg *naming.Namespace) {
	var claims []naming.Claim
	for _, o := range b.operations {
		if o.Params == nil {
			continue
		}
		b.api.Params = append(b.api.Params, o.Params)
		var list []string
		for _, name := range operationForms("", o) {
			list = append(list, name+"Params")
		}
		list = append([]string{list[0], o.label + "OperationParams"}, list[1:]...)
		claims = append(claims, naming.Claim{Forms: list, Rank: naming.Derived, What: "the parameters of " + o.ID, Pos: o.Pos,
			Taken: func(name string) { o.Params.TypeName = name }})
	}
	pkg.Give(claims)
}

// nameKeys names the structs that keys of several parts are, after the whole operationId, and their fields.
func (b *builder) nameKeys(pkg *naming.Namespace) {
	var claims []naming.Claim
	for _, o := range b.operations {
		r := o.Revision
		if r == nil || r.Payload == nil || len(r.KeyParams()) < 2 {
			continue
		}
		claims = append(claims, naming.Claim{Forms: []string{o.label + "Key", o.label + "OperationKey"}, Rank: naming.Derived,
			What: "the key of " + o.ID, Pos: r.Pos,
			Taken: func(name string) { r.KeyName = name }})
		params := r.KeyParams()
		r.KeyFields = make([]string, len(params))
		var fields []naming.Claim
		for i, p := range params {
			fields = append(fields, naming.Claim{Forms: naming.Forms("", p.Name, naming.Exported(string(p.In))), Rank: naming.Derived,
				What: "the part " + p.Name + " of a key", Pos: p.Pos,
				Taken: func(name string) { r.KeyFields[i] = name }})
		}
		naming.New(b.problems).Give(fields)
	}
	pkg.Give(claims)
}

// operationForms lists the names an operation gives to what is made for it.
func operationForms(prefix string, o *operation) []string {
	list := []string{prefix + o.label}
	for _, label := range naming.Labels(o.naming()) {
		list = append(list, prefix+label)
	}
	list = naming.WithoutRepeats(append(list, naming.Forms(prefix, o.ID, "Operation")...))
	return append(list, prefix+naming.Exported(o.ID)+naming.Title(strings.ToLower(o.Method))+naming.Exported(naming.Spelled(o.Path+o.Query)))
}

// nameCodes names the constants of application codes.
func (b *builder) nameCodes(pkg *naming.Namespace) {
	b.gatherCodes()
	var claims []naming.Claim
	for _, c := range b.api.Codes {
		claims = append(claims, naming.Claim{Forms: naming.Forms("Code", c.Value, "Error"), Rank: naming.Derived, What: "the code " + c.Value,
			Pos:   c.Pos,
			Taken: func(name string) { c.GoName = name }})
	}
	pkg.Give(claims)
	name := map[string]string{}
	for _, c := range b.api.Codes {
		name[c.Value] = c.GoName
	}
	for _, o := range b.operations {
		codes := o.Codes
		if o.Bulk != nil {
			codes = slices.Concat(codes, o.Bulk.Each.Write.Codes)
		}
		for _, c := range codes {
			c.GoName = name[c.Value]
		}
	}
	sort.SliceStable(b.api.Codes, func(i, j int) bool { return b.api.Codes[i].GoName < b.api.Codes[j].GoName })
}

// nameEnums names the constants of enums, each after its type.
func (b *builder) nameEnums(pkg *naming.Namespace) {
	for _, t := range b.api.Types {
		var claims []naming.Claim
		for _, v := range t.Enum {
			list := valueForms(t, v)
			claims = append(claims, naming.Claim{Forms: list, Rank: naming.Derived, What: "the value " + v.Value + " of " + t.Name, Pos: t.Pos,
				Taken: func(name string) { v.GoName = name }})
		}
		pkg.Give(claims)
	}
}

// nameConstructors names the functions that make unions, each after the union and the variant.
func (b *builder) nameConstructors(pkg *naming.Namespace) {
	var claims []naming.Claim
	for _, t := range b.api.Types {
		if t.Union == nil {
			continue
		}
		for _, v := range t.Union.Variants {
			list := []string{"New" + t.Name + v.Type.Name, "New" + t.Name + "Of" + v.Type.Name, "New" + t.Name + "Union" + v.Type.Name}
			if strings.HasPrefix(v.Type.Name, t.Name) {
				list = append([]string{"New" + v.Type.Name}, list...)
			}
			claims = append(claims, naming.Claim{Forms: list, Rank: naming.Derived, What: "the constructor of " + t.Name + " from " + v.Type.Name,
				Pos:   t.Pos,
				Taken: func(name string) { v.Constructor = name }})
		}
	}
	pkg.Give(claims)
}

// nameConstants names the constants of the operations' ids.
func (b *builder) nameConstants(pkg *naming.Namespace) {
	var claims []naming.Claim
	for _, o := range b.operations {
		claims = append(claims, naming.Claim{Forms: operationForms("Operation", o), Rank: naming.Derived, What: "the id of " + o.ID, Pos: o.Pos,
			Taken: func(name string) { o.ConstName = name }})
	}
	pkg.Give(claims)
}

// nameVariables names the unexported variables that describe operations and what they say of each other.
func (b *builder) nameVariables(pkg *naming.Namespace) {
	var claims []naming.Claim
	for _, t := range b.api.Types {
		if t.Union != nil {
			claims = append(claims, naming.Claim{Forms: []string{"union" + t.Name, "union" + t.Name + "Variants"}, Rank: naming.Derived,
				What: "the variants of " + t.Name, Pos: t.Pos,
				Taken: func(name string) { t.Union.VarName = name }})
		}
	}
	for _, o := range b.operations {
		claims = append(claims, naming.Claim{Forms: operationForms("op", o), Rank: naming.Derived, What: "the operation " + o.ID, Pos: o.Pos,
			Taken: func(name string) { o.VarName = name }})
		if r := o.Revision; r != nil {
			claims = append(claims, naming.Claim{Forms: operationForms("rev", o), Rank: naming.Derived, What: "the revision of " + o.ID, Pos: r.Pos,
				Taken: func(name string) { r.VarName = name }})
		}
		if p := o.Paging; p != nil {
			claims = append(claims, naming.Claim{Forms: operationForms("page", o), Rank: naming.Derived, What: "the pages of " + o.ID, Pos: p.Pos,
				Taken: func(name string) { p.VarName = name }})
		}
		if j := o.Job; j != nil {
			claims = append(claims, naming.Claim{Forms: operationForms("job", o), Rank: naming.Derived, What: "the job of " + o.ID, Pos: j.Pos,
				Taken: func(name string) { j.VarName = name }})
		}
		if u := o.Upsert; u != nil {
			claims = append(claims, naming.Claim{Forms: operationForms("upsert", o), Rank: naming.Derived, What: "the upsert of " + o.ID, Pos: u.Pos,
				Taken: func(name string) { u.VarName = name }})
		}
		if k := o.Bulk; k != nil {
			for _, one := range []struct {
				prefix string
				to     *string
			}{{"bulk", &k.VarName}, {"rev", &k.Each.VarName}, {"item", &k.Each.Write.VarName}} {
				claims = append(claims, naming.Claim{Forms: operationForms(one.prefix, o), Rank: naming.Derived, What: "the bulk write of " + o.ID,
					Pos:   k.Pos,
					Taken: func(name string) { *one.to = name }})
			}
		}
	}
	pkg.Give(claims)
}

// nameMethods names the methods of each service: first those somebody wrote, then the operations, then the helpers made for them.
func (b *builder) nameMethods() {
	methods := map[*tag]*naming.Namespace{}
	for _, o := range b.operations {
		if methods[o.tag] == nil {
			methods[o.tag] = naming.New(b.problems)
		}
	}
	for _, key := range b.tagOrder {
		ns := methods[b.tags[key]]
		var plain []naming.Claim
		for _, o := range b.operations {
			if o.tag == b.tags[key] {
				plain = append(plain, b.methodClaim(o))
			}
		}
		if ns == nil {
			continue
		}
		ns.Give(plain)
		for _, o := range b.operations {
			if o.tag == b.tags[key] {
				ns.Give(helperClaims(o))
			}
		}
	}
}

// methodClaim asks for the name of an operation's method.
func (b *builder) methodClaim(o *operation) naming.Claim {
	c := naming.Claim{Rank: naming.Derived, What: "the method of " + o.ID, Pos: o.Pos, Taken: func(name string) { o.Name = name }}
	if x, ok := b.extension(o.node, "x-method"); ok {
		c.Forms, c.Rank, c.Pos = []string{x.Text()}, naming.Explicit, x.Pos()
		return c
	}
	c.Forms = naming.WithoutRepeats(append(naming.MethodForms(o.naming()), operationForms("", o)...))
	return c
}

// naming is what the name of an operation's method is made of.
func (o *operation) naming() naming.Call {
	c := naming.Call{ID: o.ID, Method: o.Method, Path: o.Path, Noun: o.tag.noun, Stream: o.Result.Kind == api.ResultStream}
	if o.derivedID {
		c.ID = ""
	}
	c.Listing, c.Single = o.listing()
	for _, s := range o.Success {
		c.Creates = c.Creates || s.From == 201
	}
	return c
}

// listing tells what the answer of an operation is known to be: a list or an object around one, or one thing. It may be neither.
func (o *operation) listing() (many, one bool) {
	if o.answer == nil {
		return false, false
	}
	t := o.answer.Underlying()
	switch t.Kind {
	case api.KindArray:
		return true, false
	case api.KindStruct:
		if slices.ContainsFunc(t.Fields, func(f *api.Field) bool { return ownKeys[strings.Join(lowerWords(f.Name), "")] }) {
			return false, true
		}
		if slices.ContainsFunc(t.Fields, o.isListed) {
			return true, false
		}
	}
	return false, isSingle(t, 2)
}

// isListed tells whether a member is a list of what the operation is about.
func (o *operation) isListed(f *api.Field) bool {
	words := lowerWords(f.Name)
	if !isList(f.Type) || len(words) == 0 {
		return false
	}
	name, last := strings.Join(words, ""), words[len(words)-1]
	return itemNames[name] || naming.IsPlural(last) && (slices.Contains(o.nouns(), naming.Singular(name)) ||
		slices.Contains(lowerWords(o.ID), last))
}

// isList tells whether a type is an array, or a choice of arrays.
func isList(t *api.Type) bool {
	if t = t.Underlying(); t.Union == nil {
		return t.Kind == api.KindArray
	}
	return !slices.ContainsFunc(t.Union.Variants, func(v *api.Variant) bool { return v.Type.Underlying().Kind != api.KindArray })
}

// isSingle tells whether nothing in a type can be many: no list, no map, nothing that is not said.
func isSingle(t *api.Type, depth int) bool {
	switch t = t.Underlying(); t.Kind {
	case api.KindScalar, api.KindEnum:
		return true
	case api.KindStruct:
		return depth > 0 && len(t.Fields) > 0 && t.Values == nil && !slices.ContainsFunc(t.Fields, func(f *api.Field) bool {
			return !isSingle(f.Type, depth-1)
		})
	}
	return false
}

// ownKeys is what an object calls its own key: one that has it is no list of others.
var ownKeys = naming.Set("id", "key", "uuid", "guid", "uid")

// helperClaims asks for the names of what is made for an operation beside its method.
func helperClaims(o *operation) []naming.Claim {
	var out []naming.Claim
	add := func(short, long string, to *string) {
		out = append(out, naming.Claim{Forms: []string{short, long, long + "Helper"}, Rank: naming.Derived, What: "a helper of " + o.ID,
			Pos:   o.Pos,
			Taken: func(name string) { *to = name }})
	}
	full := o.label
	if r := o.Revision; r != nil {
		if r.Payload != nil || r.Bare || o.bodyType() != nil {
			add(o.Name+"WithRetry", full+"WithRetry", &r.Helper)
		}
		if r.Payload != nil {
			add("Force"+o.Name, "Force"+full, &r.Force)
			if len(r.KeyParams()) > 0 {
				add(o.Name+"Each", full+"Each", &r.Each)
			}
			if r.Key != nil {
				add(o.Name+"From", full+"From", &r.From)
				if len(r.KeyParams()) > 0 {
					add(o.Name+"EachFrom", full+"EachFrom", &r.EachFrom)
				}
				add(o.Name+"ThreeWay", full+"ThreeWay", &r.ThreeWay)
			}
		}
		if r.Forced {
			add("Force"+o.Name, "Force"+full, &r.Force)
		}
	}
	if o.Bulk != nil && len(o.Bulk.Each.KeyParams()) > 0 {
		add(o.Name+"WithRetry", full+"WithRetry", &o.Bulk.Helper)
	}
	if o.Paging != nil {
		add(o.Name+"All", full+"All", &o.Paging.Method)
		if o.answersObjects() {
			add(o.Name+"Pages", full+"Pages", &o.Paging.Pages)
		}
	}
	if o.Upsert != nil {
		add(o.Name+"OrUpdate", full+"OrUpdate", &o.Upsert.Method)
	}
	if o.Job != nil {
		add(o.Name+"Wait", full+"Wait", &o.Job.Method)
	}
	return out
}

// nameFields names the fields of a struct. That of a guarded resource has methods of its own.
func (b *builder) nameFields(t *api.Type, guarded bool) {
	ns := naming.New(b.problems)
	ns.Reserve(naming.StructMethods)
	if guarded {
		ns.Reserve(naming.ResourceMethods)
	}
	if t.Values != nil {
		ns.Reserve(naming.MapStructMembers)
	}
	if t.Union != nil {
		ns.Reserve(unionMethods(t.Union))
	}
	var claims []naming.Claim
	for _, f := range t.Fields {
		list := naming.FieldForms(f.Name)
		c := naming.Claim{Forms: list, Rank: naming.RankOf(f.Name, list[0]), What: "the property " + f.Name, Pos: f.Pos,
			Taken: func(name string) { f.GoName = name }}
		if d := b.details[f]; d != nil && d.name != "" {
			c.Forms, c.Rank = naming.WithoutRepeats(append([]string{d.name, d.name + "Field"}, list...)), naming.Canonical
		}
		claims = append(claims, c)
	}
	ns.Give(claims)
}

// unionMethods lists the methods of a union, which its fields cannot be called like.
func unionMethods(u *api.Union) map[string]bool {
	methods := naming.Set("Discriminator", "ValueByDiscriminator")
	for _, v := range u.Variants {
		methods["As"+v.Type.Name], methods["From"+v.Type.Name] = true, true
	}
	return methods
}

// nameArguments names the arguments of a method: what it needs of the package must stay visible in it.
func (b *builder) nameArguments(o *operation, pkg *naming.Namespace) {
	ns := naming.New(b.problems)
	var claims []naming.Claim
	params := slices.Concat(o.PathParams, o.Required)
	if r := o.Revision; r != nil {
		params = append(params, r.KeyParams()[len(o.PathParams):]...)
	}
	for _, p := range params {
		list := slices.DeleteFunc(append(chosenArgument(p), argumentForms(p.Name, p.In)...), func(name string) bool {
			return pkg.HoldsMade(name) || !naming.IsUsableArgument(name)
		})
		claims = append(claims, naming.Claim{Forms: list, Rank: naming.Derived, What: "the parameter " + p.Name, Pos: p.Pos,
			Taken: func(name string) { p.GoName = name }})
	}
	ns.Give(claims)
}

// nameParamFields names the fields of an operation's optional parameters.
func (b *builder) nameParamFields(o *operation) {
	if o.Params == nil {
		return
	}
	ns := naming.New(b.problems)
	var claims []naming.Claim
	for _, p := range o.Params.Fields {
		list := naming.Forms("", p.Name, naming.Exported(string(p.In)))
		c := naming.Claim{Forms: list, Rank: naming.RankOf(p.Name, naming.Exported(p.Name)), What: "the parameter " + p.Name, Pos: p.Pos,
			Taken: func(name string) { p.GoName = name }}
		if p.Chosen != "" {
			c.Forms, c.Rank = naming.WithoutRepeats(append([]string{p.Chosen, p.Chosen + "Param"}, list...)), naming.Canonical
		}
		claims = append(claims, c)
	}
	for _, m := range o.Params.Members {
		claims = append(claims, naming.Claim{Forms: naming.Forms("", m.At, "Member"), Rank: naming.Derived, What: "the member " + m.At,
			Pos:   o.Pos,
			Taken: func(name string) { m.GoName = name }})
	}
	ns.Give(claims)
}

// argumentForms lists the names of a method's argument; place is where it travels.
func argumentForms(raw string, place api.Place) []string {
	name := naming.Unexported(raw)
	kind := naming.Exported(string(place))
	return []string{name, name + "Param", name + kind + "Param", naming.Unexported(naming.Spelled(raw)) + kind + "Param",
		name + kind + "ParamX" + hex.EncodeToString([]byte(raw))}
}

package emit

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// eachHelper prints the helper that makes one edit of many resources:
//
//	func (s *ContactsService) UpdateEach(ctx context.Context, keys iter.Seq[string], mutate func(*Contact) error, opts ...CallOption) iter.Seq2[BulkItem[string, Contact], error] {
//		return updateEach(ctx, s.core, &revUpdateContact, keys, func(contactID string) []string { return []string{contactID} }, mutate, opts)
//	}
func eachHelper(s *api.Service, r *api.Revision) jen.Code {
	return bulkHelper(s, r, r.Each, eachDoc(r), typedArgs(r.Required), jen.Id("updateEach"), jen.Op("&").Id(r.VarName), helperOptions(r))
}

// eachFromHelper prints the helper that begins with copies:
//
//	func (s *ContactsService) UpdateEachFrom(ctx context.Context, copies iter.Seq2[*Contact, error], mutate func(*Contact) error, opts ...CallOption) iter.Seq2[BulkItem[*Contact, Contact], error] {
//		return updateEachFrom(ctx, s.core, &revUpdateContact, copies, mutate, opts)
//	}
func eachFromHelper(s *api.Service, r *api.Revision) jen.Code {
	params := []jen.Code{jen.Id("ctx").Qual("context", "Context"), jen.Id("copies").Qual("iter", "Seq2").Types(pointerTo(r.Type), jen.Error())}
	params = append(append(params, typedArgs(r.Required)...), mutator(r), optionsArg())
	return doc(
		r.EachFrom+" does what "+r.Each+" does, beginning with copies that were listed: one request for each "+thing(r)+
			" instead of two, as long as the copy is current. "+
			"A copy that is not, or that the list did not give whole, is read first. What ends the list with an error ends the loop with it, in a "+
			"last item without a key.",
		httpLines(r),
	).Line().
		Func().Params(receiver(s)).Id(r.EachFrom).Params(params...).
		Qual("iter", "Seq2").Types(jen.Id("BulkItem").Types(pointerTo(r.Type), goType(r.Type)), jen.Error()).
		Block(jen.Return(jen.Id("updateEachFrom").Call(
			jen.Id("ctx"), jen.Id("s").Dot("core"), jen.Op("&").Id(r.VarName), jen.Id("copies"), jen.Id("mutate"), helperOptions(r),
		)))
}

// bulkWriteHelper prints the helper that does so with an operation that writes many resources at once.
func bulkWriteHelper(s *api.Service, op *api.Operation) jen.Code {
	k := op.Bulk
	return bulkHelper(s, k.Of, k.Helper, bulkDoc(op), typedArgs(op.Required), jen.Id("bulkUpdate"), jen.Op("&").Id(k.VarName), callOptions(op))
}

// bulkHelper prints a helper that takes keys and gives an item for each.
func bulkHelper(s *api.Service, r *api.Revision, name string, about []string, required []jen.Code, function, descriptor,
	opts jen.Code) jen.Code {
	params := append([]jen.Code{jen.Id("ctx").Qual("context", "Context"), jen.Id("keys").Qual("iter", "Seq").Types(keyType(r))}, required...)
	params = append(params, mutator(r), optionsArg())
	return doc(about...).Line().
		Func().Params(receiver(s)).Id(name).Params(params...).
		Qual("iter", "Seq2").Types(jen.Id("BulkItem").Types(keyType(r), goType(r.Type)), jen.Error()).
		Block(jen.Return(jen.Add(function).Call(
			jen.Id("ctx"), jen.Id("s").Dot("core"), descriptor, jen.Id("keys"), keyParts(r), jen.Id("mutate"), opts,
		)))
}

// bulkDescriptor prints how an operation writes many resources.
func bulkDescriptor(k *api.Bulk) jen.Code {
	return jen.Comment(k.VarName + " says how " + quoted(k.Op.ID) + " writes many resources.").Line().
		Var().Id(k.VarName).Op("=").Id("bulkDescriptor").Add(rows(
		[]pair{{"op", address(k.Op)}, {"items", text(k.Items)}, {"limit", number(k.Limit)}, {"each", jen.Op("&").Id(k.Each.VarName)}},
		[]pair{{"results", text(k.Results)}, {"index", text(k.Index)}, {"id", text(k.ID)}, {"success", text(k.Success)},
			{"status", text(k.Status)}},
	))
}

// keyType is what the keys of a bulk helper are.
func keyType(r *api.Revision) jen.Code {
	if r.KeyName != "" {
		return jen.Id(r.KeyName)
	}
	return goType(r.KeyParams()[0].Type)
}

// keyParts prints a function that takes a key apart.
func keyParts(r *api.Revision) jen.Code {
	params := r.KeyParams()
	if r.KeyName == "" {
		return jen.Func().Params(jen.Id(params[0].GoName).Add(keyType(r))).Index().String().Block(jen.Return(keyValues(params)))
	}
	return jen.Func().Params(jen.Id("k").Id(r.KeyName)).Index().String().Block(jen.Return(jen.Index().String().ValuesFunc(func(g *jen.Group) {
		for i, p := range params {
			g.Add(textOf(p.Type, jen.Id("k").Dot(r.KeyFields[i])))
		}
	})))
}

// keyStruct prints the struct that a key of several parts is.
func keyStruct(s *api.Service, r *api.Revision) jen.Code {
	return doc(r.KeyName + " names one " + thing(r) + ", for [" + s.TypeName + "." + r.Each + "].").Line().Type().Id(r.KeyName).StructFunc(
		func(g *jen.Group) {
			for i, p := range r.KeyParams() {
				g.Id(r.KeyFields[i]).Add(goType(p.Type))
			}
		})
}

func eachDoc(r *api.Revision) []string {
	return []string{
		r.Each + " does what " + r.Helper + " does, for every " + thing(r) +
			" that keys yields, several at a time ([WithConcurrency]). Use it with range: it yields an item for each key, " +
			"in the order of keys. It reads keys as the loop goes on and holds only a few, so they can come from an endless list ([KeysOf]).",
		"mutate runs for several resources at the same time. An item that fails has the errors of " + r.Helper +
			", and the loop goes on. Leaving the loop cancels what is in flight, " +
			"which may have been written or not. When ctx is done, what is in flight and one more key fail with its error, and the loop ends. A " +
			"repeated key waits for the one before. " +
			"Invalid options yield a single error pair without a key.",
		"Every request asks the client's limiter first ([WithLimiter]). [WithProgress] counts the items, and tells their total once keys has " +
			"ended. [WithReport] adds up what all items took.",
		httpLines(r),
	}
}

func bulkDoc(op *api.Operation) []string {
	k := op.Bulk
	r := k.Of
	return []string{
		k.Helper + " does what " + r.Helper + " does, for every " + thing(r) + " that keys yields, and writes up to " + strconv.Itoa(k.Limit) +
			" of them in one request. Use it with range: it yields an item for " +
			"each key, in the order of keys. keys is read as the loop goes on, and no more is held than one request has, so they can come from a " +
			"list without an end ([KeysOf]).",
		"What a request has is read, several resources at the same time ([WithConcurrency]), changed by mutate, which is never called for two " +
			"at the same time, and written together. After that the items whose revision was stale, " +
			"and only those, are read again, changed again and written again. When the response is lost, the outcome of each item is determined " +
			"separately. A repeated key is written after the one before, in a request of its own.",
		"An item that fails has the errors of " + r.Helper + ", and the loop goes on; when the request as a whole is refused, all its items " +
			"fail with what the server said. The items of a request share the limits of attempts and time. " +
			"Leaving the loop ends it between two requests. When ctx is done, what is not settled fails with its error, and the loop ends. " +
			"Invalid options yield a single error pair without a key.",
		"[WithProgress] counts the items, and tells their total once keys has ended. [WithReport] adds up what all items took: each counts the " +
			"writes that it was part of.",
		paramsDoc(op),
		"HTTP: " + r.Read.Method + " " + r.Read.Path + ", then " + op.Method + " " + op.Path,
	}
}

package emit

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/godoc"
	"github.com/contactsgen/contactsgen/templates"
)

// doc prints the package comment: a short manual that links what there is. Above it stands what each file of the package has, below it
// what the operations are called.
func (p *printer) doc(f *jen.File, runtime []templates.Part) {
	headerComment(f, p.contents(runtime))
	for _, line := range strings.Split(strings.TrimSuffix(p.manual(), "\n"), "\n") {
		f.PackageComment(strings.TrimRight("// "+line, " "))
	}
	operationIDs(f, p.api)
}

// operationIDs prints a constant for each operation:
//
//	const (
//		OperationGetContact = "getContact"
//	)
func operationIDs(f *jen.File, a *api.API) {
	var constants []jen.Code
	for _, s := range a.Services {
		for _, op := range s.Operations {
			if op.ConstName != "" {
				constants = append(constants, jen.Id(op.ConstName).Op("=").Lit(op.ID))
			}
		}
	}
	if len(constants) == 0 {
		return
	}
	f.Comment("The operationIds, as [RequestInfo] and tests name operations.")
	f.Const().Defs(constants...)
	f.Line()
}

// contents lists the files of the package, in reading order.
func (p *printer) contents(runtime []templates.Part) string {
	lines := [][2]string{{"client", "the client, and its services"}}
	for _, s := range p.api.Services {
		lines = append(lines, [2]string{s.File, "the operations of " + s.Name + ": methods, helpers, parameters, descriptors"})
	}
	lines = append(lines, [2]string{"models", "the types"})
	for _, more := range []struct {
		file, about string
		has         bool
	}{
		{"enums", enumsAbout(p.api), hasEnums(p.api) || p.api.Features[api.FeatureFilters]},
		{"unions", "the variants of unions", hasUnions(p.api)},
		{"codes", "the codes of errors", len(p.api.Codes) > 0},
		{"webhooks", "the events", p.api.Features[api.FeatureWebhooks]},
		{"codec", "how types read and write themselves as JSON", p.api.Features[api.FeatureCodec]},
	} {
		if more.has {
			lines = append(lines, [2]string{more.file, more.about})
		}
	}
	return contents(lines, runtime)
}

// enumsAbout says what the file of what a description names has.
func enumsAbout(a *api.API) string {
	switch {
	case !a.Features[api.FeatureFilters]:
		return "the values of enums"
	case !hasEnums(a):
		return "the fields of filters"
	}
	return "the values of enums, and the fields of filters"
}

// headerComment prints a comment that stands apart from the package's own.
func headerComment(f *jen.File, text string) {
	for line := range strings.SplitSeq(text, "\n") {
		f.HeaderComment(strings.TrimRight("// "+line, " "))
	}
}

// contents is a table of contents: files and what they have, the parts of the runtime last.
func contents(lines [][2]string, runtime []templates.Part) string {
	for _, part := range runtime {
		lines = append(lines, [2]string{"runtime_" + part.Name, part.About})
	}
	width := 0
	for _, l := range lines {
		width = max(width, len(l[0]))
	}
	var b strings.Builder
	b.WriteString("What the files of this package have, in reading order:\n\n")
	for _, l := range lines {
		fmt.Fprintf(&b, "  %-*s  %s\n", width+len(".gen.go"), l[0]+".gen.go", l[1])
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// manual is the text of the package comment.
func (p *printer) manual() string {
	var b strings.Builder
	para := func(text string) {
		for _, line := range godoc.Wrap(text) {
			b.WriteString(line + "\n")
		}
		b.WriteString("\n")
	}
	para("Package " + p.api.Package + " is a client of " + p.title() + ". It needs nothing but the standard library.")
	if about, _ := firstSentence(godoc.Clean(p.api.Description)); about != "" {
		para(godoc.Sentence(about))
	}
	para("# Calls")
	para("A [Client] has a field for each group of operations, and each group a method for each operation. " + p.firstCall())
	p.serviceList(&b)
	para("Methods return what the API returns, and an error. A response that is not a declared success is an [*APIError]; errors.Is tells " +
		"its class: [ErrNotFound], " +
		"[ErrAlreadyExists], [ErrInvalid], [ErrUnauthenticated], [ErrPermission], [ErrPrecondition], [ErrRateLimited] or [ErrConflict]. " +
		"Calls that change nothing are tried again after transport failures; writes are sent exactly once. [Client.Do] calls what no " +
		"method does.")
	p.revisionManual(para, &b)
	p.iteratorManual(para)
	p.waiterManual(para)
	p.webhookManual(para, &b)
	para("# Options")
	para("[ClientOption] values configure a client, [CallOption] values one call, and [Option] values either: [WithTimeout], " +
		"[WithRetryPolicy], [WithHeader] and others. " +
		"Credentials never appear in errors or logs and are never sent to another host.")
	return b.String()
}

func (p *printer) firstCall() string {
	var link string
	p.eachOperation(func(s *api.Service, op *api.Operation) {
		if link == "" && op.Safe && op.Body == nil {
			link = "[" + s.TypeName + "." + op.Name + "]"
		}
	})
	if link == "" {
		return ""
	}
	return "A simple one to begin with is " + link + "."
}

func (p *printer) serviceList(b *strings.Builder) {
	for _, s := range p.api.Services {
		b.WriteString("  - [" + s.TypeName + "]")
		if s.Doc != "" {
			b.WriteString(": " + sentenceOf(s.Doc))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

func (p *printer) revisionManual(para func(string), b *strings.Builder) {
	if !p.api.Features[api.FeatureHelpers] {
		return
	}
	para("# Revisions")
	para("Some resources carry a token that changes with every write, and a write must name the current one. Of two writers who read the " +
		"same state, " +
		"the second is refused. The helpers below read, change and write; when refused, they do it again on fresh state. They lose no update " +
		"and apply none twice:")
	p.eachOperation(func(s *api.Service, op *api.Operation) {
		if k := op.Bulk; k != nil && k.Helper != "" {
			b.WriteString("  - [" + s.TypeName + "." + k.Helper + "]: read, change, write for many resources, with few requests.\n")
		}
		if r := op.Revision; r != nil {
			for _, name := range []string{r.Helper, r.From, r.ThreeWay, r.Force, r.Each, r.EachFrom} {
				if name != "" {
					b.WriteString("  - [" + s.TypeName + "." + name + "]: " + helperGist(r, name) + "\n")
				}
			}
		}
	})
	b.WriteString("\n")
	para("Writers of one key that share a client take turns and do not conflict. A helper fails with an [*UpdateError] with counts and one " +
		"of the kinds [ErrConflict], " +
		"[ErrAmbiguousWrite], [ErrGone], [ErrIdentity], [ErrContract] and others; what the server said stays an [*APIError].")
}

func helperGist(r *api.Revision, name string) string {
	switch name {
	case r.From:
		return "the same, from a copy that was read before."
	case r.ThreeWay:
		return "the same, with an edited copy instead of a callback."
	case r.Force:
		return "overwrite on purpose."
	case r.Each:
		return "the same for many resources, some of them at the same time."
	case r.EachFrom:
		return "the same, from copies that were listed."
	}
	if r.Payload == nil {
		return "an action, decided again when the state has changed."
	}
	return "read, change, write; again when another writer was faster."
}

func (p *printer) iteratorManual(para func(string)) {
	var links []string
	p.eachOperation(func(s *api.Service, op *api.Operation) {
		if op.Paging != nil && op.Paging.Method != "" {
			links = append(links, "["+s.TypeName+"."+op.Paging.Method+"]")
		}
	})
	if len(links) == 0 {
		return
	}
	para("# Iterators")
	para(strings.Join(links, ", ") + " iterate over all items of all pages; use them with range. The methods that end in Pages yield whole " +
		"pages. An error ends the iteration.")
}

func (p *printer) waiterManual(para func(string)) {
	var links []string
	p.eachOperation(func(s *api.Service, op *api.Operation) {
		if op.Job != nil && op.Job.Method != "" {
			links = append(links, "["+s.TypeName+"."+op.Job.Method+"]")
		}
	})
	if len(links) == 0 {
		return
	}
	para("# Jobs")
	verb := " wait"
	if len(links) == 1 {
		verb = " waits"
	}
	para(strings.Join(links, ", ") + verb + " until a job that was started has ended. A job that failed, wholly or in part, is a [*JobError].")
}

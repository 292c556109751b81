package contacts_test

// answerMutants are mistakes about what answers say, and about what is said of them: to callers, in logs, and by errors.
var answerMutants = []mutant{
	{"result that nobody saw not marked", "update_reply.go", "r.report.Derived = !r.w.t.removes()", "r.report.Derived = false", ""},
	{"reading back on demand left out", "update_reply.go", "case r.h.readBack || r.unknownEffect():", "case r.unknownEffect():", ""},
	{"answer about another resource taken", "update_reply.go", " || !r.isOurs(resource)", "", ""},
	{"token of another resource believed", "update_reply.go", "ok && !r.isOurs(resource) {", "ok && resource == nil {", ""},
	{"redirect that keeps the method taken for doubt", "errors.go", "http.StatusNotModified, http.StatusTemporaryRedirect, " +
		"http.StatusPermanentRedirect:", "http.StatusNotModified:", ""},
	{
		"undeclared success that was only accepted taken for certain",
		"update_reply.go",
		"case ok && refusal.Status == http.StatusAccepted:",
		"case ok && refusal.Status == http.StatusAccepted && r.base == nil && r.o == nil:",
		"",
	},
	{
		"what comes again taken for an end",
		"update_states.go",
		"case anyMatches(r.w.t.again, a, e) &&",
		"case anyMatches(nil, a, e) &&",
		ofRuntime,
	},
	{"empty id without a subject", "update_states.go", "reason: t.keyName(a.write) + \" is empty\"", "reason: \"is empty\"", ofRuntime},
	{
		"name in other letters wins over the exact one",
		"json_decode.go",
		"case name != e.name && n.position(name) >= 0 && !keep:",
		"case name != e.name && n.position(name) >= 0 && !keep && t.NumField() < 0:",
		ofRuntime,
	},
	{
		"name in other letters passed over by a codec",
		"json_codec.go",
		"if strings.EqualFold(string(name), k) {",
		"if strings.EqualFold(string(name), k) && r == nil {",
		"",
	},
	{
		"state of a resource taken for a stale revision",
		"../../spec/contacts.yaml",
		"          - {status: 409}\n        applied:",
		"          - {status: 409}\n          - {status: 428}\n        applied:",
		"",
	},
	{"client that shows what it holds when it is printed", "client.go", "func (h handle) Format(f", "func (h handle) Formatted(f", ""},
	{
		"personal data of a resource printed",
		"../../generator/internal/emit/revisions.go",
		`jen.Id("resourceText").Call(append([]jen.Code{jen.Lit(t.Name)}, told...)...)`,
		`jen.Qual("fmt", "Sprintf").Call(jen.Lit("%#v"), jen.Id("v"))`,
		"",
	},
	{
		"personal data of a resource logged",
		"../../generator/internal/emit/revisions.go",
		`"LogValue",`,
		`"LoggedValue",`,
		"",
	},
	{"equal states that were read twice told apart", "json_decode.go", "return equal(nodes[0], nodes[1])", "return a == b", ""},
	{
		"id that is an address printed",
		"json_decode.go",
		"return printable(strings.Trim(strings.TrimPrefix(fmt.Sprint(r), \"W/\"), `\"`))",
		"return strings.Trim(strings.TrimPrefix(fmt.Sprint(r), \"W/\"), `\"`)",
		"",
	},
}

// answerProofs are the tests of this package that kill those of Contacts, and answerRuntimeProofs those of the runtime.
var (
	answerProofs = []string{"TestPrintedClient", "TestPrintedContact", "TestEqualContacts", "TestErrors",
		"TestSpelledOtherwise", "TestMergeWithRetry"}
	answerRuntimeProofs = []string{"TestEmptyID", "TestDerivedResultsSayWhoseTheyAre"}
)

// ofFake is the API of mistakes in what fakes do when something is to go wrong: the tests of their runtime have to notice them.
const ofFake = "fake"

// fakeMutants are faults that do not happen, or happen otherwise than they say.
var fakeMutants = []mutant{
	{"thin answer that is whole", "../fake/reply.go", "r.body = c.thinned(r)", "_ = c.thinned", ofFake},
	{
		"other status that stays as it is",
		"../fake/reply.go",
		"r.status = cmp.Or(f.Status, http.StatusAccepted);",
		"f.Status = cmp.Or(f.Status, http.StatusAccepted);",
		ofFake,
	},
	{"hung request that is answered", "../fake/serve.go", "\t\t\t<-ctx.Done()\n\t\t\treturn reply{}, ctx.Err()", "\t\t\treturn reply{drop: " +
		"true}, nil", ofFake},
	{"absurd wait that is none", "../fake/fault.go", `after = cmp.Or(after, "2147483647")`, `after = cmp.Or(after, "1")`, ofFake},
	{"hidden duplicate that shows", "../fake/reply.go", " && !p[Duplicate].Hidden", "", ofFake},
	{"lagging lists that keep up", "../fake/serve.go", "c.lag = max(f.Back, 1)", "c.lag = min(f.Back, 0)", ofFake},
}

// fakeProofs are the tests of the runtime of fakes that kill them.
var fakeProofs = []string{
	"TestThinAnswers",
	"TestOtherStatusOfASuccess",
	"TestHangNeverAnswers",
	"TestAbsurdWaits",
	"TestLag",
	"TestHiddenDuplicate",
}

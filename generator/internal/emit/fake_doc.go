package emit

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/faketable"
	"github.com/contactsgen/contactsgen/generator/internal/godoc"
	"github.com/contactsgen/contactsgen/templates"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// fakeDoc prints the package comment of a fake: a short manual. Above it stands what each file of the package has.
func fakeDoc(f *jen.File, a *api.API, runtime []templates.Part) {
	headerComment(f, contents([][2]string{{"fake", "how the fake is made, and what it knows of the API"}}, runtime))
	for _, line := range strings.Split(strings.TrimSuffix(fakeManual(a), "\n"), "\n") {
		f.PackageComment(strings.TrimRight("// "+line, " "))
	}
}

func fakeManual(a *api.API) string {
	table := faketable.Table(a)
	var b strings.Builder
	para := func(text string) {
		for _, line := range godoc.Wrap(text) {
			b.WriteString(line + "\n")
		}
		b.WriteString("\n")
	}
	para("Package " + FakePackage(a) + " is a stateful, in-memory fake of " + title(a) +
		", for tests of programs that call it. It needs nothing but the standard library.")
	para("It keeps what it is sent, counts revisions, and refuses a write that carries a stale one, as the real server does: a test of two " +
		"racing writers " +
		"fails here if it would lose an update there.")
	if example := fakeExample(a, table); example != "" {
		para("# A test")
		para("Another writer is faster just once. Code that does not read again fails here:")
		b.WriteString(example + "\n")
	}
	para("# State")
	para("[NewServer] gives a [Server] to a test, [New] to any other program. It starts out empty" + exceptPack(a) + "; " +
		"[Server.Seed] puts resources in, [Server.Get] looks at one and [Server.Revision] at its token. [Server.Edit] and [Server.Remove] do " +
		"what somebody else would do meanwhile.")
	if list := collectionList(table); list != "" {
		para("These are the collections, and where their resources have their keys:")
		b.WriteString(list + "\n")
	}
	para("[Server.URL] listens on the loopback interface. [Server.Transport] answers without a network, so that a clock may be virtual: " +
		"delays take no time under testing/synctest. " +
		"[WithClock] and [WithIDs] make what is stored the same in every run.")
	para("# What goes wrong")
	para("[Server.Inject] scripts faults, for one operation, one key or any: [Conflict], [Refuse], [Drop], [Late], [Delay], [Duplicate], " +
		"[Throttle], [Fail], [Truncate], [Endless], [Stale], [Thin], [OtherStatus], [Hang], [Absurd], [Lag] and " +
		"[Normalise]. [Server.Heal] ends them. [Server.Requests] lists requests and responses, and how often it took effect; [Server.Count] " +
		"counts requests.")
	if a.Features[api.FeatureWebhooks] {
		para("# Events")
		para("[NewEvents] signs deliveries, to test a handler: [Events.Request] makes one as a request, [Events.Sign] its body, and " +
			"[Events.PublicKey] is the key that verifies it.")
	}
	para("# What it cannot do")
	para(unsimulated(a, table) + " [Server.Handle] serves an operation with a function of the test's own, even one that is simulated.")
	return b.String()
}

// exceptPack says what a pack may have put into a new server.
func exceptPack(a *api.API) string {
	if a.FakePack == "" {
		return ""
	}
	return ", but for what every account has"
}

// fakeExample is a test that another writer disturbs; "" when the API has no guarded write that is simple enough to show.
func fakeExample(a *api.API, table *fake.Table) string {
	r, credentials := simpleGuarded(table), CredentialCalls(a)
	if r == nil || credentials == nil {
		return ""
	}
	pkg := FakePackage(a)
	lines := []string{
		"func TestAnotherWriterIsFaster(t *testing.T) {",
		fmt.Sprintf("\tsrv := %s.NewServer(t)", pkg),
		fmt.Sprintf("\tid := srv.Seed(%q, `{}`)", r.Collection),
		fmt.Sprintf("\tsrv.Inject(%s.Fault{Kind: %s.Conflict, Operation: %s.%s})", pkg, pkg, a.Package, constant(a, r.ID)),
		fmt.Sprintf("\tclient, err := %s.NewClient(%s)", a.Package,
			strings.Join(append([]string{a.Package + ".WithBaseURL(srv.URL())"}, credentials...), ", ")),
		"\tif err != nil {",
		"\t\tt.Fatal(err)",
		"\t}",
		"\tif err := codeUnderTest(client, id); err != nil {",
		"\t\tt.Error(err)",
		"\t}",
		"}",
	}
	return "\t" + strings.Join(lines, "\n\t") + "\n"
}

// constant gives the name of the constant that has the id of an operation, which is one of the API's.
func constant(a *api.API, id string) string {
	for _, s := range a.Services {
		for _, op := range s.Operations {
			if op.ID == id {
				return op.ConstName
			}
		}
	}
	return ""
}

// simpleGuarded gives the first guarded update of a resource with one key.
func simpleGuarded(table *fake.Table) *fake.Route {
	for i := range table.Routes {
		r := &table.Routes[i]
		if r.Guard != nil && r.Verb == fake.VerbUpdate && len(r.Key) == 1 {
			return r
		}
	}
	return nil
}

// CredentialCalls gives the options of the first set of credentials that texts fill in; nil when there is none.
func CredentialCalls(a *api.API) []string {
	simple := map[string]string{}
	for _, c := range a.Credentials {
		switch {
		case c.Token != nil:
		case c.Basic:
			simple[c.Scheme] = fmt.Sprintf(`%s.With%s("user", "password")`, a.Package, c.Option)
		default:
			simple[c.Scheme] = fmt.Sprintf(`%s.With%s("test")`, a.Package, c.Option)
		}
	}
	if len(a.Alternatives) == 0 {
		return []string{}
	}
	for _, names := range a.Alternatives {
		calls := []string{}
		for _, n := range names {
			if simple[n] != "" {
				calls = append(calls, simple[n])
			}
		}
		if len(calls) == len(names) {
			return calls
		}
	}
	return nil
}

func collectionList(table *fake.Table) string {
	var b strings.Builder
	for _, c := range table.Collections {
		keys := make([]string, len(c.Key))
		for i, at := range c.Key {
			keys[i] = at
			if at == "" {
				keys[i] = "a parent, in the path"
			}
		}
		b.WriteString("  - " + godoc.Clean(c.Name))
		if len(keys) > 0 {
			b.WriteString(": " + godoc.Clean(strings.Join(keys, ", ")))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// unsimulated names what is answered with 501. A pack may do more than the table says, so it is spoken of in general then.
func unsimulated(a *api.API, table *fake.Table) string {
	const rest = "answered with 501 and a message that says how to implement it."
	if a.FakePack != "" {
		return "What neither the description nor the pack " + quoted(a.FakePack) + " covers is " + rest
	}
	var names []string
	for _, r := range table.Routes {
		if r.Verb == fake.VerbNone {
			names = append(names, godoc.Clean(r.ID))
		}
	}
	switch len(names) {
	case 0:
		return "It simulates every operation of the description."
	case 1:
		return "The operation " + names[0] + " is " + rest
	}
	return "The operations " + strings.Join(names, ", ") + " are " + rest
}

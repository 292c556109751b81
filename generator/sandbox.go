package generator

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/faketable"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// Sandbox is the fake of a description, ready to be served: it holds a resource of each kind that stands by itself. Its handler shows a
// page at /, and answers nobody but this machine.
type Sandbox struct {
	Title      string
	Operations int
	Sample     string // path that is worth a GET; "" when there is none
	Handler    http.Handler
}

// NewSandbox makes the fake of a description. Faults is a script of what is to go wrong:
// kind[=value][:operation][*times][@chance], joined by commas. The same seed gives the same ids and chances; 0 has ids count from one.
// Settings choose among the ways that the description's pack may behave; of several for the same the last one counts. Complaints
// about the description and about settings are as those of Generate.
func NewSandbox(ctx context.Context, o Options, faults string, seed uint64, settings ...SandboxSetting) (*Sandbox, error) {
	a, err := build(ctx, o)
	if err != nil {
		return nil, err
	}
	script, err := fake.ParseFaults(faults)
	if err != nil {
		return nil, err
	}
	table := faketable.Table(a)
	behaviour, err := configured(table.Pack, settings)
	if err != nil {
		return nil, err
	}
	server := fake.Open(table, append(seeded(seed), behaviour)...)
	keys := map[string]string{}
	for _, s := range faketable.Samples(a) {
		keys[s.Collection] = server.Seed(s.Collection, s.Value)
	}
	if err := fake.CheckFaults(server, script); err != nil {
		return nil, err
	}
	server.Inject(script...)
	sample := faketable.FirstRead(table, keys)
	page := fake.Sandbox(server, fake.Snippets{Sample: sample, Go: snippet(a)})
	return &Sandbox{Title: a.Title, Operations: len(table.Routes), Sample: sample, Handler: page}, nil
}

// FaultKinds lists the kinds of faults that a sandbox can be told to make.
func FaultKinds() []string {
	var names []string
	for _, k := range fake.FaultKinds() {
		names = append(names, string(k))
	}
	return names
}

// seeded makes ids and chances of a seed.
func seeded(seed uint64) []fake.Option {
	if seed == 0 {
		return nil
	}
	random := rand.New(rand.NewPCG(seed, 1))
	id := func() string {
		a, b := random.Uint64(), random.Uint64()
		return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>52, b&0xffffffffffff)
	}
	return []fake.Option{fake.WithSeed(seed), fake.WithIDs(id)}
}

// snippet shows how the generated client is pointed at the sandbox, with whatever credentials the description asks for.
func snippet(a *api.API) string {
	var b strings.Builder
	fmt.Fprintf(&b, "client, err := %s.NewClient(\n\t%s.WithBaseURL(\"{{base}}\"),\n", a.Package, a.Package)
	for _, c := range a.Credentials {
		needed := len(a.Alternatives) == 0 || slices.Contains(a.Alternatives[0], c.Scheme)
		switch {
		case !needed || c.Token != nil:
		case c.Basic:
			fmt.Fprintf(&b, "\t%s.With%s(\"user\", \"password\"),\n", a.Package, c.Option)
		default:
			fmt.Fprintf(&b, "\t%s.With%s(\"any\"),\n", a.Package, c.Option)
		}
	}
	b.WriteString(")\n")
	return b.String()
}

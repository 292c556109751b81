// Package peers builds the commands that are compared, from pinned modules, and generates the clients that are.
//
// Everything it makes is in folders that git does not see, and is made again only when something it is made of is newer.
package peers

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/contactsgen/contactsgen/testdata/bench/measure"
)

// The commands, below the folder of the benchmarks.
var (
	Ours = filepath.Join("bin", "contactsgen")
	OAPI = filepath.Join("bin", "oapi-codegen")
	Ogen = filepath.Join("bin", "ogen")
)

// Root is the repository, seen from the folder of the benchmarks.
var Root = filepath.Join("..", "..")

// Description is the one of Contacts V4.
var Description = filepath.Join(Root, "spec", "contacts.yaml")

// Build builds the commands. The go command knows what is up to date.
func Build(ctx context.Context) error {
	bin, err := filepath.Abs("bin")
	if err != nil {
		return err
	}
	return run(ctx,
		command{Root, "go", []string{"build", "-o", bin + string(filepath.Separator), "./cmd/contactsgen"}},
		command{"tools", "go", []string{"build", "-o", bin + string(filepath.Separator),
			"github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen", "github.com/ogen-go/ogen/cmd/ogen"}},
	)
}

// Generate generates the clients into gen, unless they are newer than commands, configurations and description.
func Generate(ctx context.Context) error {
	made := filepath.Join("gen", "made")
	fresh, err := newer(made, Description, Ours, OAPI, Ogen, "ours.yaml", "oapi-codegen.yaml", "ogen.yaml", plain,
		filepath.Join("peers", "peers.go"))
	if err != nil || fresh {
		return err
	}
	if err := os.MkdirAll(filepath.Join("gen", "stock"), 0o755); err != nil {
		return err
	}
	err = run(ctx,
		command{".", Ours, []string{"generate", "--config", "ours.yaml"}},
		command{".", OAPI, []string{"-config", "oapi-codegen.yaml", "-o", filepath.Join("gen", "stock", "stock.go"), Description}},
		command{".", Ogen, []string{"--config", "ogen.yaml", "--clean", "--package", "ogen", "--target", filepath.Join("gen", "ogen"),
			Description}},
	)
	if err != nil {
		return err
	}
	if err := adapt("reflecting", "contactsgen, encoding/json"); err != nil {
		return err
	}
	return os.WriteFile(made, nil, 0o644)
}

// plain makes the calls of package calling with our client. Those with a variant of it are made by a copy of the same code.
var plain = filepath.Join("calling", "plain", "plain.go")

// adapt writes the copy for a variant.
func adapt(variant, name string) error {
	code, err := os.ReadFile(plain)
	if err != nil {
		return err
	}
	dir := filepath.Join("gen", "calling", variant)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	text := strings.NewReplacer(
		"// Package plain", "// Package "+variant, "package plain\n", "package "+variant+"\n",
		"/gen/plain\"", "/gen/"+variant+"\"", `Name = "contactsgen"`, fmt.Sprintf("Name = %q", name),
	).Replace(string(code))
	return os.WriteFile(filepath.Join(dir, variant+".go"), []byte(text), 0o644)
}

type command struct {
	dir, name string
	args      []string
}

func run(ctx context.Context, commands ...command) error {
	for _, c := range commands {
		if _, err := measure.Command(ctx, c.dir, []string{"GOWORK=off", "GOFLAGS="}, c.name, c.args...); err != nil {
			return fmt.Errorf("preparing: %w", err)
		}
	}
	return nil
}

// newer tells whether a file is there and newer than all others.
func newer(name string, others ...string) (bool, error) {
	made, err := modified(name)
	if err != nil || made.IsZero() {
		return false, err
	}
	for _, other := range others {
		if t, err := modified(other); err != nil || !t.Before(made) {
			return false, err
		}
	}
	return true, nil
}

func modified(name string) (time.Time, error) {
	info, err := os.Stat(name)
	if os.IsNotExist(err) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}

package main

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/contactsgen/contactsgen/generator"
)

var checkFormats = []string{"diff", "json", "github"}

func newCheck(s *screen) *cobra.Command {
	var flags targetFlags
	var format string
	cmd := &cobra.Command{
		Use:   "check [flags]",
		Short: "Compare the files on disk with what would be written",
		Long: `check renders what generate would write and prints how the files on disk differ from it, as a unified
diff: files that changed, files that are missing, and leftovers of earlier runs. It writes nothing, and
works even if the files on disk do not compile. A checkout with CR LF line endings counts as the same.

The exit status is 0 if nothing differs, 1 if something differs, and 2 after an error.`,
		Example: `  contactsgen check
  contactsgen check --format json
  contactsgen check --format github    annotations of a GitHub workflow
  contactsgen check | patch -p0        bring the files up to date`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", format, checkFormats...); err != nil {
				return usage(cmd, err)
			}
			targets, err := flags.targets()
			if err != nil {
				return err
			}
			sets, err := render(cmd.Context(), s, targets)
			if err != nil {
				return err
			}
			found := findings{Targets: []finding{}}
			for _, set := range sets {
				changes, err := generator.Diff(set.Dir, set.Files)
				if err != nil {
					return err
				}
				found.add(set.Dir, changes)
			}
			switch format {
			case "json":
				err = s.json(found)
			case "github":
				found.annotate(s)
			default:
				found.print(s)
			}
			if err == nil && found.Stale {
				err = errStale
			}
			return err
		},
	}
	flags.register(cmd)
	cmd.Flags().StringVar(&format, "format", "diff", "how to print what differs, `diff, json or github`")
	suggestValues(cmd, map[string]completion{"format": oneWord(checkFormats...)})
	return cmd
}

// findings are what check found. Its JSON form is a contract: members may join, none leave.
type findings struct {
	Stale   bool      `json:"stale"`
	Targets []finding `json:"targets"`
}

type finding struct {
	Out     string   `json:"out"`
	Stale   bool     `json:"stale"`
	Format  string   `json:"format,omitempty"` // output format of what is there, when it is not the generator's
	Changes []change `json:"changes"`
}

type change struct {
	Path string `json:"path"` // relative to out
	Kind string `json:"kind"` // changed, missing or extra
	Diff string `json:"diff"`
}

func (f *findings) add(out string, changes []generator.Change) {
	t := finding{Out: filepath.ToSlash(out), Stale: len(changes) > 0, Changes: []change{}}
	for _, c := range changes {
		t.Changes = append(t.Changes, change{Path: c.Path, Kind: string(c.Kind), Diff: c.Diff})
		if c.Format != "" && c.Format != strconv.Itoa(generator.OutputFormat) {
			t.Format = c.Format
		}
	}
	f.Stale = f.Stale || t.Stale
	f.Targets = append(f.Targets, t)
}

func (f *findings) print(s *screen) {
	for _, t := range f.Targets {
		for _, c := range t.Changes {
			s.diff(c.Diff)
		}
	}
	_ = s.flush() // the summary comes after the diff; a failure is reported when the command ends
	for _, t := range f.Targets {
		if !t.Stale {
			s.note("%s is up to date", t.Out)
			continue
		}
		count := map[string]int{}
		for _, c := range t.Changes {
			count[c.Kind]++
		}
		var parts []string
		for _, kind := range []string{string(generator.Changed), string(generator.Missing), string(generator.Extra)} {
			if count[kind] > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", count[kind], kind))
			}
		}
		fmt.Fprintf(s.err, "contactsgen: %s is stale: %s; contactsgen generate mends it\n", t.Out, strings.Join(parts, ", "))
		if t.Format != "" {
			fmt.Fprintf(s.err, "contactsgen: %s was written in output format %s, and this generator writes format %d; CHANGELOG.md says what each "+
				"brought\n",
				t.Out, t.Format, generator.OutputFormat)
		}
	}
}

// annotate prints what differs as a GitHub workflow's annotations, one for each file at the first line that differs, and the diff as a
// folded group of its log.
func (f *findings) annotate(s *screen) {
	for _, t := range f.Targets {
		for _, c := range t.Changes {
			file := path.Join(t.Out, c.Path)
			fmt.Fprintf(s.out, "::error file=%s,line=%d,title=stale::%s\n", annotationProperty.Replace(file), firstLine(c.Diff),
				annotationText.Replace(fmt.Sprintf("%s is %s: contactsgen generate mends it", file, c.Kind)))
			fmt.Fprintf(s.out, "::group::%s\n", annotationText.Replace(file))
			s.diff(c.Diff)
			fmt.Fprintln(s.out, "::endgroup::")
		}
	}
}

// What a workflow command cannot hold as it is.
var (
	annotationText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	annotationProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// hunk is the head of a part of a diff; the number is the line of what is on disk.
var hunk = regexp.MustCompile(`(?m)^@@ -(\d+)`)

// firstLine is where a diff begins, at least 1.
func firstLine(diff string) int {
	if m := hunk.FindStringSubmatch(diff); m != nil {
		n, _ := strconv.Atoi(m[1]) // digits; too many of them are 0
		return max(n, 1)
	}
	return 1
}

// oneOf checks a flag that takes one of a few words.
func oneOf(flag, value string, words ...string) error {
	for _, w := range words {
		if value == w {
			return nil
		}
	}
	return fmt.Errorf("--%s is %s or %s, not %s", flag, strings.Join(words[:len(words)-1], ", "), words[len(words)-1], generator.Quote(value))
}

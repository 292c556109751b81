package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/contactsgen/contactsgen/cmd/contactsgen/internal/vendored"
	"github.com/contactsgen/contactsgen/generator"
)

// fetchTimeout bounds how long one description may take, unless told otherwise.
const fetchTimeout = 30 * time.Second

// fetchFlags say what to fetch.
type fetchFlags struct {
	out     string
	check   bool
	offline bool
	timeout time.Duration
}

func newFetch(s *screen) *cobra.Command {
	var flags fetchFlags
	cmd := &cobra.Command{
		Use:   "fetch [flags] [URL]",
		Short: "Download a description into a file that you commit",
		Long: `fetch downloads a description into a file, and writes where it came from and its SHA-256 into ` + vendored.LockName + `.
Commit both. Without a URL it downloads again what the lock has. No other command uses a network.

With --check it writes nothing: it says which files are not what the lock has, and where the server has
something else by now. With --offline it compares the files alone.

URLs are https, or http on this machine, and hold no credentials. A description has at most 32 MiB.

The exit status is 0 if nothing differs, 1 if --check found a difference, and 2 after an error.`,
		Example: `  contactsgen fetch https://example.com/openapi.yaml --out specs/api.yaml
  contactsgen fetch
  contactsgen fetch --check --offline`,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) > 1:
				return usage(cmd, errors.New("one URL at a time"))
			case flags.check && len(args) > 0:
				return usage(cmd, errors.New("--check looks at what the lock has, and takes no URL"))
			case flags.offline && !flags.check:
				return usage(cmd, errors.New("--offline is for --check"))
			case flags.out != "" && len(args) == 0:
				return usage(cmd, errors.New("--out is for a URL"))
			case flags.timeout <= 0:
				return usage(cmd, errors.New("--timeout must be above 0"))
			}
			lock, err := vendored.ReadLock(vendored.LockName)
			if err != nil {
				return err
			}
			if flags.check {
				return flags.compare(cmd.Context(), s, lock)
			}
			if len(args) == 1 {
				if err := flags.add(lock, args[0]); err != nil {
					return err
				}
				return flags.download(cmd.Context(), s, lock, []string{flags.out})
			}
			return flags.download(cmd.Context(), s, lock, lock.Names())
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&flags.out, "out", "", "`file` in this folder to write (default: the last part of the URL)")
	cmd.Flags().BoolVar(&flags.check, "check", false, "write nothing, and say what differs")
	cmd.Flags().BoolVar(&flags.offline, "offline", false, "with --check, ask no server")
	cmd.Flags().DurationVar(&flags.timeout, "timeout", fetchTimeout, "end a download after this `duration`")
	return cmd
}

// add puts a URL into the lock, and decides which file it is for.
func (f *fetchFlags) add(lock vendored.Lock, text string) error {
	address, err := vendored.Address(text)
	if err != nil {
		return fmt.Errorf("the URL cannot be fetched: %w", err)
	}
	if f.out == "" {
		f.out = path.Base(address.Path)
	}
	f.out = filepath.ToSlash(filepath.Clean(f.out))
	if f.out == "." || f.out == "/" || !filepath.IsLocal(filepath.FromSlash(f.out)) {
		return fmt.Errorf("--out is a file in this folder, not %s", generator.Quote(f.out))
	}
	lock[f.out] = vendored.Entry{URL: address.String()}
	return nil
}

// download gets files and writes them. The lock is written when all of them are there.
func (f *fetchFlags) download(ctx context.Context, s *screen, lock vendored.Lock, names []string) error {
	if len(names) == 0 {
		return fmt.Errorf("%s has nothing to fetch: give a URL", vendored.LockName)
	}
	got := make([][]byte, len(names))
	for i, name := range names {
		data, err := f.get(ctx, s, name, lock[name])
		if err != nil {
			return err
		}
		got[i] = data
	}
	for i, name := range names {
		was := lock[name].SHA256
		lock[name] = vendored.Entry{URL: lock[name].URL, SHA256: vendored.Sum(got[i])}
		if err := vendored.WriteFile(filepath.FromSlash(name), got[i]); err != nil {
			return err
		}
		said := "wrote"
		if was == lock[name].SHA256 {
			said = "unchanged:"
		}
		fmt.Fprintf(s.out, "%s %s\n", said, name)
	}
	return lock.Write(vendored.LockName)
}

// get gets one file of the lock.
func (f *fetchFlags) get(ctx context.Context, s *screen, name string, entry vendored.Entry) ([]byte, error) {
	address, err := vendored.Address(entry.URL)
	if err != nil {
		return nil, err
	}
	s.progress("%s from %s", name, address.Host)
	defer s.progress("")
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	data, err := vendored.Get(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("cannot fetch %s from %s: %w", generator.Quote(name), generator.Quote(address.Host), err)
	}
	return data, nil
}

// compare says which files differ from the lock, and of which the server has another.
func (f *fetchFlags) compare(ctx context.Context, s *screen, lock vendored.Lock) error {
	if len(lock) == 0 {
		return fmt.Errorf("%s has nothing to compare: contactsgen fetch URL writes it", vendored.LockName)
	}
	differ := false
	say := func(name, what string) {
		differ = true
		fmt.Fprintf(s.err, "contactsgen: %s %s\n", harmless(name), what)
	}
	for _, name := range lock.Names() {
		data, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			say(name, "cannot be read; contactsgen fetch writes it")
		} else if vendored.Sum(data) != lock[name].SHA256 {
			say(name, "is not what was fetched; contactsgen fetch mends it, and changes of yours belong into an overlay")
		}
		if f.offline {
			continue
		}
		now, err := f.get(ctx, s, name, lock[name])
		if err != nil {
			return err
		}
		if vendored.Sum(now) != lock[name].SHA256 {
			say(name, "is another one at its server by now; contactsgen fetch takes it")
		}
	}
	if differ {
		return errStale
	}
	return nil
}

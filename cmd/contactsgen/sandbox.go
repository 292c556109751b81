package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/contactsgen/contactsgen/generator"
)

// sandboxGrace is how long requests that are under way may take when the sandbox ends.
const sandboxGrace = 2 * time.Second

// sandboxAddress is where the sandbox listens unless told otherwise.
const sandboxAddress = "127.0.0.1:8484"

const sandboxHelp = `sandbox serves the fake that is generated beside the client. The fake stores what it is sent, counts revisions
and refuses a write with a stale one. It starts with one resource of each kind, made from the examples in the
description, and forgets everything when it ends. The page at / shows operations, resources and requests as
they happen.

It listens on the loopback interface only. It ends on an interrupt or after --for.

Faults are joined by commas, each kind[=value][:operation][*times][@chance]. The kinds: conflict, refuse,
drop[=applied], late, delay=DURATION, duplicate[=hidden], throttle[=RETRY-AFTER], fail[=STATUS], truncate[=BYTES],
endless, stale[=WRITES], lag[=WRITES], normalise, thin[=empty|null|none], status[=STATUS], hang[=applied],
absurd[=seconds|overflow|date]. Times is a number or "always"; a fault without it happens once.

Where nobody has documented how an API behaves, its description can ask for a pack that has settings. They are true,
false or a number, and come one by one with --set, or as "name: value" in a file; --set counts more.
`

const sandboxExamples = `  contactsgen sandbox
  contactsgen sandbox --spec api.yaml --overlay revisions.yaml --addr 127.0.0.1:0
  contactsgen sandbox --faults 'conflict*2,delay=200ms@0.1,throttle=2'
  contactsgen sandbox --set listLag=1 --set plainFieldKeys=true`

// sandboxFlags are what the command sandbox is told.
type sandboxFlags struct {
	input                 targetFlags
	address, faults, file string // file has settings
	set                   []string
	duration              time.Duration
	seed                  uint64
}

func newSandbox(s *screen) *cobra.Command {
	var f sandboxFlags
	cmd := &cobra.Command{
		Use:     "sandbox [flags]",
		Short:   "Serve a fake of the API to try things out on",
		Long:    sandboxHelp + settingsHelp(),
		Example: sandboxExamples,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd, s) },
	}
	f.input.registerInput(cmd)
	cmd.Flags().StringVar(&f.address, "addr", sandboxAddress, "loopback `address` to listen on; port 0 picks a free port")
	cmd.Flags().StringVar(&f.faults, "faults", "", "`script` of faults to inject")
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "`name=value` of a setting of the description's pack; may be repeated")
	cmd.Flags().StringVar(&f.file, "settings", "", "`file` in YAML with settings")
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "`number` that ids and chances are made from: the same number gives the same (default: ids "+
		"count from one)")
	cmd.Flags().DurationVar(&f.duration, "for", 0, "end after this `duration` (default: on an interrupt)")
	suggestValues(cmd, map[string]completion{
		"faults": faultWords(cmd, s, &f.input), "settings": files("yaml", "yml"), "set": settingWords(cmd, s, &f.input),
	})
	return cmd
}

// run serves the fake until it is to end.
func (f *sandboxFlags) run(cmd *cobra.Command, s *screen) error {
	if err := loopback(f.address); err != nil {
		return usage(cmd, err)
	}
	if f.duration < 0 {
		return usage(cmd, errors.New("--for must not be negative"))
	}
	t, err := f.input.one(s)
	if err != nil {
		return err
	}
	settings, err := settingsOf(f.file, f.set)
	if err != nil {
		return err
	}
	sandbox, err := generator.NewSandbox(cmd.Context(), t.options, f.faults, f.seed, settings...)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.address)
	if err != nil {
		return err
	}
	if err := s.introduce(sandbox, "http://"+listener.Addr().String()); err != nil {
		return errors.Join(err, listener.Close())
	}
	return serve(cmd.Context(), listener, sandbox.Handler, f.duration)
}

// loopback refuses an address that others can reach.
func loopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("--addr is a host and a port, not %s", generator.Quote(address))
	}
	if host != "localhost" && host != "127.0.0.1" && host != "::1" {
		return fmt.Errorf("--addr is at 127.0.0.1, [::1] or localhost, not at %s: the sandbox is for this machine only", generator.Quote(host))
	}
	return nil
}

// introduce says where the sandbox is and what to try first.
func (s *screen) introduce(sandbox *generator.Sandbox, url string) error {
	fmt.Fprintf(s.out, "The sandbox of %s is at %s, with %s.\n", generator.Quote(sandbox.Title), url, plural(sandbox.Operations, "operation"))
	if sandbox.Sample != "" {
		fmt.Fprintf(s.out, "  curl '%s%s'\n", url, harmless(sandbox.Sample))
	}
	return s.flush()
}

// serve answers until the context ends or the duration is over, if it is not 0. Requests under way may finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, duration time.Duration) error {
	if duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, duration)
		defer cancel()
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), sandboxGrace)
	defer cancel()
	if server.Shutdown(grace) != nil {
		_ = server.Close() // whoever is still there waits for an end that does not come
	}
	return nil
}

// The judge as a program: it scores loops that update a resource under a revision, in any language.
//
//	go run ./testdata/judge/program [-api etag|body] [-limit 20s] -- command [argument...]
//
// The command is the loop under test. It reads a line of JSON for each call from its standard input, makes the call against the API at the
// line's url, and writes a line of JSON with what came of it to its standard output. What the API is, and what the lines are, says
// README.md beside this file. For every call the program prints a line with its verdict; the exit status is 0 when all were judged,
// whatever the verdicts.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/contactsgen/contactsgen/testdata/judge/law"
)

func main() {
	name := flag.String("api", "etag", "the API: etag or body")
	limit := flag.Duration("limit", 20*time.Second, "how long a call may take")
	describe := flag.Bool("describe", false, "print the OpenAPI description of the API, and end")
	flag.Parse()
	if err := run(*name, *limit, *describe, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(1)
	}
}

func run(name string, limit time.Duration, describe bool, command []string) error {
	api, ok := law.Loops[name]
	if !ok {
		return fmt.Errorf("there is no API %q: take etag or body", name)
	}
	if describe {
		text, err := api.Description()
		fmt.Print(string(text))
		return err
	}
	if len(command) == 0 {
		return fmt.Errorf("name the command of the loop behind --")
	}
	s, err := listen(api)
	if err != nil {
		return err
	}
	defer s.close()
	l := &loop{command: command, limit: limit}
	defer l.stop()
	out := json.NewEncoder(os.Stdout)
	for i, schedule := range schedules() {
		v, err := s.judge(l, i+1, schedule)
		if err != nil {
			return err
		}
		if !v.met {
			continue // the call never came to what was to go wrong
		}
		if err := out.Encode(v); err != nil {
			return err
		}
	}
	return nil
}

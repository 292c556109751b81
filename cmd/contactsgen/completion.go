package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/contactsgen/contactsgen/generator"
	"github.com/contactsgen/contactsgen/spec"
)

// A completion suggests values of a flag.
type completion = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective)

// oneWord suggests one of a few words.
func oneWord(list ...string) completion {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return list, cobra.ShellCompDirectiveNoFileComp
	}
}

// files suggests files whose names end so.
func files(extensions ...string) completion {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return extensions, cobra.ShellCompDirectiveFilterFileExt
	}
}

// folders suggests folders.
func folders(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// suggestValues says what the flags of a command can be: of those that it has.
func suggestValues(cmd *cobra.Command, more map[string]completion) {
	var apis []string
	for _, api := range spec.APIs() {
		apis = append(apis, api.Name)
	}
	all := map[string]completion{
		"config": files("yaml", "yml"), "spec": files("yaml", "yml", "json"), "overlay": files("yaml", "yml", "json"), "out": folders,
		"api": oneWord(apis...),
	}
	for name, c := range more {
		all[name] = c
	}
	for name, c := range all {
		if cmd.Flags().Lookup(name) != nil {
			_ = cmd.RegisterFlagCompletionFunc(name, c) // it fails for flags that are not there, or were given one before
		}
	}
}

// lists suggests the next of several words that are joined by commas.
func lists(next func(part string) []string) completion {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before, part := "", typed
		if i := strings.LastIndexByte(typed, ','); i >= 0 {
			before, part = typed[:i+1], typed[i+1:]
		}
		var out []string
		for _, word := range next(part) {
			out = append(out, before+word)
		}
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

// faultWords suggests a kind of fault, and behind a colon the operations of the description that the flags name.
func faultWords(cmd *cobra.Command, s *screen, flags *targetFlags) completion {
	return lists(func(part string) []string {
		kind, _, named := strings.Cut(part, ":")
		if !named {
			return generator.FaultKinds()
		}
		t, err := flags.one(s)
		if err != nil {
			return nil
		}
		found, err := generator.Inspect(cmd.Context(), t.options)
		if err != nil {
			return nil
		}
		var out []string
		for _, service := range found.Services {
			for _, o := range service.Operations {
				out = append(out, kind+":"+o.OperationID)
			}
		}
		return out
	})
}

// Package templates holds what is stamped into outputs: the runtime packages client and fake, real Go that is compiled and tested in
// place, and the few templates of oapi-codegen that are replaced.
package templates

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed client/*.go
var clientFiles embed.FS

//go:embed fake/*.go
var fakeFiles embed.FS

//go:embed oapi/*.tmpl
var oapiFiles embed.FS

// Feature is the optional part of an output that a runtime file belongs to. Its values are those of the generator's model.
type Feature string

// Features of the client runtime.
const (
	Core         Feature = "core"       // always there
	Helpers      Feature = "helpers"    // revision-aware writes
	Iterators    Feature = "iterators"  // pages
	Waiters      Feature = "waiters"    // jobs
	TokenRequest Feature = "token"      // app tokens
	Multipart    Feature = "multipart"  // forms with files
	ThreeWay     Feature = "three-way"  // three-way merge, on request
	Combining    Feature = "combining"  // one write for the edits that wait, on request
	Codec        Feature = "codec"      // types that read and write themselves
	Webhooks     Feature = "webhooks"   // events that the API tells of, on request
	Bulk         Feature = "bulk"       // writes to many resources, on request
	BulkWrite    Feature = "bulk-write" // operations that write many resources, with bulk
	Progress     Feature = "progress"   // how far waiters and bulk helpers are
	nowhere      Feature = ""           // documentation of the runtime package itself
)

// Source is one runtime file: its name without suffix, the feature it belongs to, and its Go source.
type Source struct {
	Name    string
	Feature Feature
	Data    []byte
}

// clientFeatures says which files of the client runtime belong to a feature. What is not named belongs to the core.
var clientFeatures = map[Feature][]string{
	nowhere: {"doc"},
	Helpers: {
		"backoff", "change", "change_guard", "change_items", "change_members", "engine", "engine_action",
		"engine_bare", "engine_conflict", "engine_courier", "engine_edit", "engine_floor", "engine_force",
		"engine_force_action", "engine_key", "engine_lane", "engine_mutate", "engine_own_write",
		"engine_read", "engine_token", "engine_write", "helper_options", "hooks", "lane", "ownwrite",
		"report", "role", "trait", "update_error",
	},
	Iterators:    {"pages", "place"},
	Waiters:      {"wait"},
	Progress:     {"progress"},
	Bulk:         {"bulk", "bulk_each"},
	BulkWrite:    {"bulk_chunk", "bulk_write"},
	TokenRequest: {"token"},
	Multipart:    {"multipart"},
	Combining:    {"combine"},
	ThreeWay:     {"engine_threeway", "threeway", "threeway_items"},
	Codec:        {"codec_read", "codec_read_values", "codec_write"},
	Webhooks:     {"webhook", "webhook_event", "webhook_handler", "webhook_key", "webhook_order", "webhook_token"},
}

// Client gives the files of the client runtime in order of name, tests left out.
func Client() ([]Source, error) { return sources(clientFiles, "client", clientFeatures) }

// fakeFeatures says which files of the fake belong to a feature, and which stay here: what only the sandbox and the generator use.
var fakeFeatures = map[Feature][]string{
	nowhere:  {"doc", "open", "sandbox", "sandbox_page", "sandbox_faults"},
	Webhooks: {"events", "eventskey"},
}

// Fake gives the files of the fake in order of name, tests left out, with those of one pack; "" is none. A pack's files are called like it, or like
// it and an underscore; pack.go comes with any of them. What ends in _open stays here, too.
func Fake(pack string) ([]Source, error) {
	all, err := sources(fakeFiles, "fake", fakeFeatures)
	if err != nil {
		return nil, err
	}
	packs := map[string]bool{}
	for _, s := range all {
		if owner, _, ok := strings.Cut(s.Name, "_"); ok {
			packs[owner] = true
		}
	}
	var out []Source
	for _, s := range all {
		owner, _, _ := strings.Cut(s.Name, "_")
		switch {
		case packs[owner] && owner != pack, owner == "pack" && pack == "", strings.HasSuffix(s.Name, "_open"):
		default:
			out = append(out, s)
		}
	}
	return out, nil
}

// OAPI gives the replaced templates of oapi-codegen as texts, by file name.
func OAPI() (map[string]string, error) {
	entries, err := fs.ReadDir(oapiFiles, "oapi")
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for _, e := range entries {
		text, err := oapiFiles.ReadFile(path.Join("oapi", e.Name()))
		if err != nil {
			return nil, err
		}
		texts[e.Name()] = string(text)
	}
	return texts, nil
}

func sources(files embed.FS, dir string, features map[Feature][]string) ([]Source, error) {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, err
	}
	featureOf := map[string]Feature{}
	for feature, names := range features {
		for _, name := range names {
			featureOf[name] = feature
		}
	}
	var out []Source
	for _, e := range entries {
		name, isGo := strings.CutSuffix(e.Name(), ".go")
		if !isGo || strings.HasSuffix(name, "_test") {
			continue
		}
		data, err := files.ReadFile(path.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		feature, named := featureOf[name]
		if !named {
			feature = Core
		}
		if feature != nowhere {
			out = append(out, Source{Name: name, Feature: feature, Data: data})
		}
	}
	return out, nil
}

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

//go:embed oapi/*.tmpl
var oapiFiles embed.FS

// OAPI gives the replaced templates of oapi-codegen as texts, by file name.
func OAPI() (map[string]string, error) {
	names, err := fs.Glob(oapiFiles, "oapi/*.tmpl")
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for _, name := range names {
		text, err := oapiFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		texts[path.Base(name)] = string(text)
	}
	return texts, nil
}

// Client gives the source of the client runtime's files by name without their suffix ("engine"), tests left out.
func Client() (map[string][]byte, error) { return sources(clientFiles, "client") }

func sources(files embed.FS, dir string) (map[string][]byte, error) {
	entries, err := files.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, e := range entries {
		name := e.Name()
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		if out[strings.TrimSuffix(name, ".go")], err = files.ReadFile(path.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

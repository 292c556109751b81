package output

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"syscall"
)

// A dir is an output directory, opened so that no name and no link leads out of it. A directory that is not there yet is an
// empty one: nothing is created by looking.
type dir struct {
	name string   // as the user wrote it, for messages
	root *os.Root // nil while the directory does not exist
}

func openDir(name string) (*dir, error) {
	root, err := os.OpenRoot(name)
	if errors.Is(err, fs.ErrNotExist) {
		return &dir{name: name}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot open the output directory %s: %w", name, cause(err))
	}
	return &dir{name: name, root: root}, nil
}

func (d *dir) close() {
	if d.root != nil {
		_ = d.root.Close() // nothing was written through it that a close could lose
	}
}

// join gives the path of a file of the directory as a person would type it.
func (d *dir) join(name string) string { return filepath.Join(d.name, filepath.FromSlash(name)) }

// read gives a file's bytes and mode; an absent file has mode 0. What is there and is not a plain file is an error.
func (d *dir) read(name string) ([]byte, fs.FileMode, error) {
	if d.root == nil {
		return nil, 0, nil
	}
	local := filepath.FromSlash(name)
	info, err := d.root.Lstat(local)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, 0, nil
	case err != nil:
		return nil, 0, fmt.Errorf("cannot read %s: %w", d.join(name), cause(err))
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, 0, fmt.Errorf("%s is a symbolic link: remove it, output is never written or compared through one", d.join(name))
	case !info.Mode().IsRegular():
		return nil, 0, fmt.Errorf("%s is not a regular file", d.join(name))
	}
	data, err := d.root.ReadFile(local)
	if err != nil {
		return nil, 0, fmt.Errorf("cannot read %s: %w", d.join(name), cause(err))
	}
	return data, info.Mode(), nil
}

// orphans gives the files an earlier run left that files does not have, with their bytes, in order of path.
//
// It looks into the output directory itself, into the folders that files are written to, and into direct subfolders named like
// a test package (…test): the places that any description's output has. Deeper folders may be output directories of their own.
func (d *dir) orphans(files []File) ([]File, error) {
	if d.root == nil {
		return nil, nil
	}
	wanted, folders := map[string]bool{}, map[string]bool{".": true}
	for _, f := range files {
		wanted[strings.ToLower(f.Path)] = true
		folders[path.Dir(f.Path)] = true
	}
	top, err := d.list(".")
	if err != nil {
		return nil, err
	}
	for _, entry := range top {
		if entry.IsDir() && strings.HasSuffix(entry.Name(), "test") {
			folders[entry.Name()] = true
		}
	}
	var found []File
	for folder := range folders {
		entries, err := d.list(folder)
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			name := path.Join(folder, entry.Name())
			printed := isPrinted(name) && !wanted[strings.ToLower(name)]
			if !entry.Type().IsRegular() || !printed && !isAbandoned(entry.Name()) {
				continue
			}
			data, _, err := d.read(name)
			if err != nil {
				return nil, err
			}
			if Ours(name, data) || !printed && isBegun(data) {
				found = append(found, File{Path: name, Data: data})
			}
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Path < found[j].Path })
	return found, nil
}

// stagedSuffix ends the name of a file that waits to be put in its place: .name.process.tmp.
const stagedSuffix = ".tmp"

// isAbandoned tells whether a file waits for a process that is no more.
func isAbandoned(name string) bool {
	rest, staged := strings.CutSuffix(name, stagedSuffix)
	dot := strings.LastIndexByte(rest, '.')
	if !staged || dot < 0 || !strings.HasPrefix(rest, ".") || !isPrinted(rest[:dot]) {
		return false
	}
	pid, err := strconv.Atoi(rest[dot+1:])
	return err == nil && pid >= 0 && !isRunning(pid)
}

// isRunning tells whether there is a process of a number. Where it cannot be known, there is.
func isRunning(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, fs.ErrPermission) || runtime.GOOS == "windows"
}

// isBegun tells whether bytes are the beginning of a file that the generator writes.
func isBegun(data []byte) bool {
	return bytes.HasPrefix(data, []byte(headerBefore)) || strings.HasPrefix(headerBefore, string(data))
}

func (d *dir) list(folder string) ([]fs.DirEntry, error) {
	f, err := d.root.Open(filepath.FromSlash(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the folder %s: %w", d.join(folder), cause(err))
	}
	defer func() { _ = f.Close() }() // read only
	entries, err := f.ReadDir(-1)
	if err != nil {
		return nil, fmt.Errorf("cannot read the folder %s: %w", d.join(folder), cause(err))
	}
	return entries, nil
}

// cause drops the operation and the path from an error of the os package: messages here name the path a person knows.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}

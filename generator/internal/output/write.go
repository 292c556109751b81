package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
)

// Result says what Write did, as paths in order.
type Result struct {
	Written   []string // new, or with new bytes
	Unchanged []string // left alone, modification time and all
	Removed   []string // leftovers of earlier runs
}

// Write makes the directory hold files, and removes leftovers of earlier runs; see [Ours]. Nothing else there is touched.
//
// Every changed file is first written beside its target. Only when that worked for all of them are they renamed into place, one
// after the other, and the leftovers removed. When a rename fails, those before it are taken back: after an error the directory
// holds what it held.
func Write(name string, files []File) (Result, error) {
	if err := checkPaths(files); err != nil {
		return Result{}, err
	}
	d, err := openDir(name)
	if err != nil {
		return Result{}, err
	}
	defer d.close()

	// 1. Look: what changes, what is left over, is anything in the way that is not ours.
	var result Result
	var changed []*replacement
	for _, f := range files {
		have, mode, err := d.read(f.Path)
		switch {
		case err != nil:
			return Result{}, err
		case mode != 0 && same(have, f.Data):
			result.Unchanged = append(result.Unchanged, f.Path)
		case mode != 0 && len(have) > 0 && !Ours(f.Path, have):
			return Result{}, fmt.Errorf("%s is in the way: its first line is not %q, so the generator did not write it; "+
				"move it away or choose another output directory", d.join(f.Path), Header)
		default:
			changed = append(changed, &replacement{name: f.Path, data: f.Data, mode: mode, before: have})
			result.Written = append(result.Written, f.Path)
		}
	}
	orphans, err := d.orphans(files)
	if err != nil {
		return Result{}, err
	}
	if len(changed) == 0 && len(orphans) == 0 {
		return result, nil
	}

	// 2. Write every changed file beside its target.
	if err := d.create(); err != nil {
		return Result{}, err
	}
	for _, r := range changed {
		if err := d.stage(r); err != nil {
			d.discard(changed)
			return Result{}, err
		}
	}

	// 3. Put them in place, then remove what is left over.
	for i, r := range changed {
		if err := d.root.Rename(r.staged, filepath.FromSlash(r.name)); err != nil {
			err = fmt.Errorf("cannot replace %s: %w", d.join(r.name), cause(err))
			d.discard(changed[i:])
			return Result{}, errors.Join(err, d.restore(changed[:i]))
		}
	}
	for _, f := range orphans {
		if err := d.root.Remove(filepath.FromSlash(f.Path)); err != nil {
			return result, fmt.Errorf("cannot remove %s, a leftover of an earlier run: %w", d.join(f.Path), cause(err))
		}
		result.Removed = append(result.Removed, f.Path)
		// A folder that held only leftovers goes too. Remove refuses one that holds anything else, which is the point.
		if folder := path.Dir(f.Path); folder != "." {
			_ = d.root.Remove(filepath.FromSlash(folder))
		}
	}
	return result, nil
}

// A replacement is a file on its way to its place.
type replacement struct {
	name   string
	data   []byte
	mode   fs.FileMode // of what it replaces; 0: nothing
	before []byte      // what it replaces
	staged string      // where it waits, relative to the directory; "": not written
}

// create makes the output directory when it is not there.
func (d *dir) create() error {
	if d.root != nil {
		return nil
	}
	err := os.MkdirAll(d.name, 0o755)
	if err == nil {
		d.root, err = os.OpenRoot(d.name)
	}
	if err != nil {
		return fmt.Errorf("cannot create the output directory %s: %w", d.name, cause(err))
	}
	return nil
}

// stage writes a file beside its target.
func (d *dir) stage(r *replacement) error {
	perm := r.mode.Perm()
	if r.mode == 0 {
		perm = 0o644
	}
	folder := filepath.FromSlash(path.Dir(r.name))
	err := d.root.MkdirAll(folder, 0o755)
	for n := 0; err == nil; n++ {
		// The name ends in neither .go nor _test: a process killed right here leaves nothing that a compiler reads.
		staged := filepath.Join(folder, "."+path.Base(r.name)+"."+strconv.Itoa(n)+".tmp")
		var f *os.File
		f, err = d.root.OpenFile(staged, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		if errors.Is(err, fs.ErrExist) && n < 1000 {
			err = nil // a killed run's, or that of a run going on at this moment
			continue
		}
		if err != nil {
			break
		}
		r.staged = staged
		_, err = f.Write(r.data)
		if errClose := f.Close(); err == nil {
			err = errClose
		}
		if err == nil {
			return nil
		}
	}
	return fmt.Errorf("cannot write %s: %w", d.join(r.name), cause(err))
}

// discard removes the files that wait beside their targets.
func (d *dir) discard(staged []*replacement) {
	for _, r := range staged {
		if r.staged != "" {
			_ = d.root.Remove(r.staged) // best effort: an error is on its way already
		}
	}
}

// restore puts back what was replaced.
func (d *dir) restore(replaced []*replacement) error {
	var errs []error
	for _, r := range replaced {
		name, err := filepath.FromSlash(r.name), error(nil)
		if r.mode == 0 {
			err = d.root.Remove(name)
		} else {
			old := &replacement{name: r.name, data: r.before, mode: r.mode}
			if err = d.stage(old); err == nil {
				err = d.root.Rename(old.staged, name)
			}
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("and cannot take back %s: %w", d.join(r.name), cause(err)))
		}
	}
	return errors.Join(errs...)
}

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

// Result says what Write did to one directory, as paths in order.
type Result struct {
	Written   []string // new, or with new bytes
	Unchanged []string // left alone, modification time and all
	Removed   []string // leftovers of earlier runs
}

// Set is files and the directory they belong in.
type Set struct {
	Dir   string
	Files []File

	// Listed says that somebody has listed the files of the directory and will read each of them after Write, as the go command does when
	// it runs a directive. Leftovers are then emptied instead of removed; the next run, which has not listed them, removes them.
	Listed bool
}

// Write makes every directory hold its files, and removes leftovers of earlier runs; see [Ours]. Nothing else there is touched, and
// comments that somebody put above the header of a file stay.
//
// Every changed file of every set is first written beside its target. Only when that worked for all of them are they renamed
// into place, one after the other, and the leftovers removed. When a rename fails, those before it are taken back: after an
// error the directories hold what they held.
func Write(sets ...Set) ([]Result, error) {
	var plans []*plan
	defer func() {
		for _, p := range plans {
			p.dir.close()
		}
	}()
	// 1. Look: what changes, what is left over, is anything in the way that is not ours.
	for _, set := range sets {
		if err := checkPaths(set.Files); err != nil {
			return nil, err
		}
		d, err := openDir(set.Dir)
		if err != nil {
			return nil, err
		}
		p := &plan{dir: d}
		plans = append(plans, p)
		if err := p.look(set); err != nil {
			return nil, err
		}
	}
	// 2. Write every changed file beside its target.
	for _, p := range plans {
		if err := p.stage(); err != nil {
			return nil, errors.Join(err, takeBack(plans))
		}
	}
	// 3. Put them in place.
	for _, p := range plans {
		if err := p.place(); err != nil {
			return nil, errors.Join(err, takeBack(plans))
		}
	}
	// 4. Everything is there; remove what is left over.
	var results []Result
	for _, p := range plans {
		if err := p.prune(); err != nil {
			return nil, err
		}
		results = append(results, p.result)
	}
	return results, nil
}

// A plan is what is to be done to one directory.
type plan struct {
	dir     *dir
	changed []*replacement
	orphans []File
	result  Result
}

func (p *plan) look(set Set) error {
	for _, f := range set.Files {
		have, mode, err := p.dir.read(f.Path)
		f.Data = keeping(f.Path, have, f.Data)
		switch {
		case err != nil:
			return err
		case mode != 0 && same(have, f.Data):
			p.result.Unchanged = append(p.result.Unchanged, f.Path)
		case mode != 0 && len(have) > 0 && !Ours(f.Path, have):
			return fmt.Errorf("%s is in the way: its first line is not %q, so the generator did not write it; "+
				"move it away or choose another output directory", p.dir.join(f.Path), Header)
		default:
			p.changed = append(p.changed, &replacement{name: f.Path, data: f.Data, mode: mode, before: have})
			p.result.Written = append(p.result.Written, f.Path)
		}
	}
	leftovers, err := p.dir.orphans(set.Files)
	if err != nil {
		return err
	}
	for _, f := range leftovers {
		if set.Listed && !isEmptied(f.Data) && isPrinted(f.Path) {
			p.changed = append(p.changed, &replacement{name: f.Path, data: emptied(f), mode: 0o644, before: f.Data})
			p.result.Removed = append(p.result.Removed, f.Path)
			continue
		}
		p.orphans = append(p.orphans, f)
	}
	return nil
}

func (p *plan) stage() error {
	if len(p.changed) == 0 {
		return nil
	}
	if err := p.dir.create(); err != nil {
		return err
	}
	for _, r := range p.changed {
		if err := p.dir.stage(r); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) place() error {
	for _, r := range p.changed {
		if err := p.dir.root.Rename(r.staged, filepath.FromSlash(r.name)); err != nil {
			return fmt.Errorf("cannot replace %s: %w", p.dir.join(r.name), cause(err))
		}
		r.placed = true
	}
	return nil
}

func (p *plan) prune() error {
	for _, f := range p.orphans {
		if err := p.dir.root.Remove(filepath.FromSlash(f.Path)); err != nil {
			return fmt.Errorf("cannot remove %s, a leftover of an earlier run: %w", p.dir.join(f.Path), cause(err))
		}
		p.result.Removed = append(p.result.Removed, f.Path)
		// A folder that held only leftovers goes too. Remove refuses one that holds anything else, which is the point.
		if folder := path.Dir(f.Path); folder != "." {
			_ = p.dir.root.Remove(filepath.FromSlash(folder))
		}
	}
	return nil
}

// takeBack undoes what stage and place did.
func takeBack(plans []*plan) error {
	var errs []error
	for _, p := range plans {
		for _, r := range p.changed {
			if r.placed {
				errs = append(errs, p.dir.restore(r))
			} else if r.staged != "" {
				_ = p.dir.root.Remove(r.staged) // what stays is a file nobody reads; an error is on its way already
			}
		}
	}
	return errors.Join(errs...)
}

// A replacement is a file on its way to its place.
type replacement struct {
	name   string
	data   []byte
	mode   fs.FileMode // of what it replaces; 0: nothing
	before []byte      // what it replaces
	staged string      // where it waits, relative to the directory; "": not written
	placed bool        // it is in its place
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
	if err == nil {
		// The name ends in neither .go nor _test: a process killed right here leaves nothing that a compiler reads. Another process has another
		// one.
		staged := filepath.Join(folder, "."+path.Base(r.name)+"."+strconv.Itoa(os.Getpid())+stagedSuffix)
		_ = d.root.Remove(staged) // that of a killed run whose number this one got
		var f *os.File
		if f, err = d.root.OpenFile(staged, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm); err != nil {
			return fmt.Errorf("cannot write %s: %w", d.join(r.name), cause(err))
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

// restore puts back what was replaced.
func (d *dir) restore(r *replacement) error {
	name := filepath.FromSlash(r.name)
	var err error
	if r.mode == 0 {
		err = d.root.Remove(name)
	} else {
		old := &replacement{name: r.name, data: r.before, mode: r.mode}
		if err = d.stage(old); err == nil {
			err = d.root.Rename(old.staged, name)
		}
	}
	if err != nil {
		return fmt.Errorf("and cannot take back %s: %w", d.join(r.name), cause(err))
	}
	return nil
}

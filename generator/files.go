package generator

import (
	"io"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/output"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// OutputFormat is the number in the first line of every generated file. It is raised when the output of an unchanged
// description changes in a way that users should hear about.
const OutputFormat = output.Version

// What is done with files once they are rendered. Generate itself touches none.
type (
	// Set is files and the directory they belong in.
	Set = output.Set
	// Result is what Write did to one directory.
	Result = output.Result
	// Change is how one file on disk differs from the rendered one.
	Change = output.Change
)

// The kinds of Change.
const (
	Changed = output.Changed
	Missing = output.Missing
	Extra   = output.Extra
)

// What is said about documents that people write. Descriptions, overlays and configs are complained about in one form.
type (
	// Position is a place in a file that a person wrote.
	Position = diag.Position
	// Problem is one complaint.
	Problem = diag.Problem
	// Problems collects complaints.
	Problems = diag.List
	// Error is complaints as an error.
	Error = diag.Error
)

// Write puts the files of all sets in place, or leaves every directory as it is.
func Write(sets ...Set) ([]Result, error) { return output.Write(sets...) }

// Diff says how what is in a directory differs from files, and changes nothing.
func Diff(dir string, files []File) ([]Change, error) { return output.Diff(dir, files) }

// ReadFile reads a description or an overlay; its references may name files in the same folder and below.
func ReadFile(name string) (Input, error) { return source.ReadFile(name) }

// ReadFrom reads a description or an overlay from a stream, such as standard input, under the name that positions in it are reported under.
// Its references may name files in the working directory and below.
func ReadFrom(name string, r io.Reader) (Input, error) { return source.ReadFrom(name, r) }

// Nearest gives the one of several names that was most likely meant by one that is not there, or "".
func Nearest(name string, have []string) string { return diag.Nearest(name, have) }

// Quote prints text from a document so that it cannot do anything to a terminal.
func Quote(s string) string { return diag.Quote(s) }

//contactsgen:feature progress
//contactsgen:part pages

// How far something long has come.

package client

import "errors"

// Progress is how far a job is, or a bulk helper. Counts that are not known are 0.
type Progress struct {
	Status                   string // of a job
	Total, Succeeded, Failed int64
}

// progressFunc is what WithProgress was given.
type progressFunc func(Progress)

// WithProgress calls report with what every look at a job shows, the last one included, or after every item of a bulk
// helper. It is called in the goroutine of the caller.
func WithProgress(report func(Progress)) CallOption {
	return callOption(func(o *callOptions) error {
		if report == nil {
			return errors.New("WithProgress: the function is nil")
		}
		adjust(o, func(f *progressFunc) { *f = report })
		return nil
	})
}

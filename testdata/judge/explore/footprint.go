package explore

import (
	"net/http"

	"github.com/contactsgen/contactsgen/testdata/judge/network"
)

// footprint is what a move touches, to tell which of two can change places.
type footprint int

const (
	touchesNothing footprint = iota
	reads
	writes
)

func footprintOf(f network.Fate, method string) footprint {
	switch {
	case f.Late():
		return writes
	case f.Arrives() == 0 && f != network.Refused:
		return touchesNothing
	case method == http.MethodGet:
		return reads
	}
	return writes
}

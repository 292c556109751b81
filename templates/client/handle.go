//contactsgen:feature core
//contactsgen:part client

package client

import (
	"fmt"
	"log/slog"
)

// handle is what a client and its services hold. However they are printed or logged, what is seen is where they send to: the rest of a client
// is credentials, headers and what it remembers of others' data.
type handle struct{ core *core }

// Format prints the name of the package and the server, whatever the verb.
func (h handle) Format(f fmt.State, _ rune) { fmt.Fprint(f, h.describe()) }

// LogValue is the same for package log/slog.
func (h handle) LogValue() slog.Value { return slog.StringValue(h.describe()) }

func (h handle) describe() string {
	if h.core == nil {
		return "client without a server"
	}
	return h.core.d.name + " client of " + h.core.base.Scheme + "://" + h.core.base.Host
}

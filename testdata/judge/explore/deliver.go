package explore

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/testdata/judge/network"
)

// deliver makes of a request what its fate says.
func (w *world) deliver(f *flight, fate network.Fate) {
	w.inspect(f)
	w.observe(f, fate)
	w.far = w.far || fate == network.ThrottledFar
	w.throttled = w.throttled || fate == network.Throttled || fate == network.ThrottledFar
	w.outrun = w.outrun || fate == network.Stale && w.asks(f)
	before := slices.Clone(w.delayed)
	answered := network.Serve(w.srv, f.law, f.http, fate)
	if fate.Arrives() > 0 {
		w.land(before)
	}
	if fate.Late() {
		w.delayed = append(w.delayed, f.law)
	}
	switch {
	case fate.Crashes():
		w.crash(f.process)
		w.settle(f)
	case fate.Cancels() && f.call != nil:
		f.call.cancelled = time.Now()
		f.call.cancel()
		w.settle(f)
	case fate.Hangs():
	case answered == nil:
		f.outcome <- outcome{err: network.ErrLost}
	default:
		if !w.asks(f) && !answered.Elsewhere {
			w.hand(f, *answered)
		}
		w.heard(f, *answered, fate)
		f.outcome <- outcome{response: network.Response(f.http, *answered, fate)}
	}
}

// settle ends a request whose caller has left, where it goes on for others.
func (w *world) settle(f *flight) {
	synctest.Wait()
	if f.http.Context().Err() == nil {
		f.outcome <- outcome{err: network.ErrLost}
	}
}

// read reads JSON whose numbers stay as they are written; anything but an object is nil.
func read(text []byte, into *map[string]any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(into) != nil {
		*into = nil
	}
}

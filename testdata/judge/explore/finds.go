package explore

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/testdata/judge/network"
)

// finds are violations, each kind of a helper once for what made it happen.
type finds struct{ all []Violation }

// add keeps a violation, unless less than what made it happen makes one of its kind happen already.
func (f *finds) add(v Violation) {
	known := slices.ContainsFunc(f.all, func(k Violation) bool {
		return k.Kind == v.Kind && k.Helper == v.Helper && !slices.ContainsFunc(k.Fates, func(fate string) bool {
			return !slices.Contains(v.Fates, fate)
		})
	})
	if !known {
		f.all = append(f.all, v)
	}
}

// fatesIn are the fates of a schedule that are not [network.Deliver], and what else is no request.
func fatesIn(steps []string) (fates []string) {
	for _, step := range steps {
		if _, fate, ok := strings.Cut(step, "="); ok && fate != string(network.Deliver) {
			fates = append(fates, fate)
		}
		if strings.HasSuffix(step, "gives-up-waiting") {
			fates = append(fates, "gives-up-waiting")
		}
	}
	slices.Sort(fates)
	return slices.Compact(fates)
}

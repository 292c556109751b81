package model

import "slices"

// decideFeatures decides which optional parts of the output the description needs.
func (b *builder) decideFeatures() {
	f := &b.api.Features
	for _, o := range b.operations {
		f.Helpers = f.Helpers || o.Revision != nil
		f.Iterators = f.Iterators || o.Paging != nil
		f.Waiters = f.Waiters || o.Job != nil
	}
	f.Fake = b.options.Features == nil || slices.Contains(b.options.Features, "fake")
	f.TokenRequest = slices.ContainsFunc(b.api.Credentials, func(c *Credential) bool { return c.Token != nil })
}

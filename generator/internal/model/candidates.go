package model

// explainUnguarded says why a write has no revision-aware helpers.
func (b *builder) explainUnguarded(o *operation) {
	o.Unguarded = "no x-revision, and no concurrency token was found in its request"
}

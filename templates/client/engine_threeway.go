//contactsgen:feature three-way
//contactsgen:part update

package client

import "context"

// updateThreeWay makes of the resource what the caller made of a copy: what changed from base to desired is put on top
// of what others changed since. The first write is sent on the copy's own revision; places that both sides changed
// differently are left to resolve, and end the call with a *MergeConflictError when that leaves them.
func updateThreeWay[T any](ctx context.Context, c *core, t *revisionTrait, base, desired *T, resolve Resolver, opts []CallOption) (*T, error) {
	if base == nil || desired == nil {
		return guarded[T](ctx, &guardedWrite{c: c, t: t, broken: errNoCopy}, &editIntent{}, opts)
	}
	was, err := encode(base)
	if err != nil {
		return nil, c.refused(t.write, err)
	}
	ours, err := encode(desired)
	if err != nil {
		return nil, c.refused(t.write, err)
	}
	mutate := func(v *T) error {
		merged, err := t.mergeOnto(v, was, ours, resolve)
		if err != nil {
			return &helperError{err: err}
		}
		*v = *new(T) // what was removed must not stay
		return decode(merged, v)
	}
	return updateFrom(ctx, c, t, base, mutate, opts)
}

// mergeOnto merges what changed from was to ours onto a resource.
func (t *revisionTrait) mergeOnto(resource any, was, ours []byte, resolve Resolver) ([]byte, error) {
	theirs, err := encode(resource)
	if err != nil {
		return nil, err
	}
	merged, conflicts, err := threeWay(was, ours, theirs, t.shape, resolve)
	if err == nil && len(conflicts) > 0 {
		err = &MergeConflictError{Paths: conflicts}
	}
	return merged, err
}

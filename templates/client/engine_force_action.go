//contactsgen:feature helpers
//contactsgen:part update

package client

import "context"

// forceAction sends the request of an action with the newest revision, whatever the state is.
func forceAction[T, R any](ctx context.Context, c *core, t *revisionTrait, key []string, request R, opts []CallOption) (*T, error) {
	w := &guardedWrite{c: c, t: t, key: key}
	f := &forcedAction{}
	f.request, w.broken = encode(request)
	return guarded[T](ctx, w, f, opts)
}

// forcedAction is the intent of an action that is the same for every state. A refused token says that it was not applied, and it goes out again
// with another; after a lost answer it may have been, and to apply it twice is not what the caller asked for.
type forcedAction struct {
	actionIntent
	request []byte
}

func (*forcedAction) blind() bool { return true }

// draft sends the request, the same every time.
func (f *forcedAction) draft(_ *guardedWrite, base *baseState) (*draft, error) {
	return &draft{body: f.request, base: base.resource, after: base.resource, change: change{payload: f.request}}, nil
}

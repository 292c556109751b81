// Command ours is the generated client's UpdateWithRetry.
package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/contactsgen/contactsgen/testdata/judge/loops/gen/ours"
	"github.com/contactsgen/contactsgen/testdata/judge/loops/protocol"
)

func main() {
	protocol.Serve(func(o protocol.Order) error {
		c, err := ours.NewClient(ours.WithBaseURL(o.URL))
		if err != nil {
			return err
		}
		_, err = c.Things.UpdateWithRetry(context.Background(), o.ID, func(t *ours.Thing) error {
			if o.Do == "add" {
				*t.Info.Count += o.Amount
			} else if !slices.Contains(t.Info.Tags, o.Tag) {
				t.Info.Tags = append(t.Info.Tags, o.Tag)
			}
			return nil
		})
		if errors.Is(err, ours.ErrAmbiguousWrite) {
			return fmt.Errorf("%w: %w", protocol.ErrUnknown, err)
		}
		return err
	})
}

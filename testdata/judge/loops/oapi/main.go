// Command oapi is the client that oapi-codegen makes, in a for loop.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	api "github.com/contactsgen/contactsgen/testdata/judge/loops/gen/oapi"
	"github.com/contactsgen/contactsgen/testdata/judge/loops/protocol"
)

func main() {
	protocol.Serve(func(o protocol.Order) error {
		c, err := api.NewClientWithResponses(o.URL, api.WithHTTPClient(&http.Client{Timeout: 5 * time.Second}))
		if err != nil {
			return err
		}
		for range 10 {
			read, err := c.GetThingWithResponse(context.Background(), o.ID)
			if err != nil {
				return err
			}
			if read.JSON200 == nil {
				return fmt.Errorf("GET %s", read.Status())
			}
			info, etag := read.JSON200.Info, read.HTTPResponse.Header.Get("ETag")
			change(o, info)
			params := api.UpdateThingParams{IfMatch: &etag}
			wrote, err := c.UpdateThingWithResponse(context.Background(), o.ID, &params, api.ThingUpdate{Info: info})
			if err != nil {
				return err
			}
			switch wrote.StatusCode() {
			case http.StatusOK:
				return nil
			case http.StatusPreconditionFailed:
				continue
			}
			return fmt.Errorf("PUT %s", wrote.Status())
		}
		return errors.New("too many conflicts")
	})
}

func change(o protocol.Order, info *api.Info) {
	if o.Do == "add" {
		*info.Count += o.Amount
	} else if !slices.Contains(*info.Tags, o.Tag) {
		*info.Tags = append(*info.Tags, o.Tag)
	}
}

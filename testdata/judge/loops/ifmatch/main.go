// Command ifmatch is a loop with If-Match over a pipeline of azcore, whose retries are those it comes with.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/streaming"

	"github.com/contactsgen/contactsgen/testdata/judge/loops/protocol"
)

var pipeline = runtime.NewPipeline("loop", "v0", runtime.PipelineOptions{}, &policy.ClientOptions{InsecureAllowCredentialWithHTTP: true})

func main() {
	protocol.Serve(func(o protocol.Order) (err error) {
		for range 10 {
			resp, err := send(http.MethodGet, o, nil, "")
			if err != nil {
				return err
			}
			var thing struct{ Info map[string]any }
			d := json.NewDecoder(resp.Body)
			d.UseNumber()
			if err := d.Decode(&thing); err != nil {
				return err
			}
			o.Change(thing.Info)
			resp, err = send(http.MethodPut, o, map[string]any{"info": thing.Info}, azcore.ETag(resp.Header.Get("ETag")))
			if err != nil || resp.StatusCode != http.StatusPreconditionFailed {
				return err
			}
		}
		return context.DeadlineExceeded
	})
}

func send(method string, o protocol.Order, body any, etag azcore.ETag) (*http.Response, error) {
	r, err := runtime.NewRequest(context.Background(), method, o.URL+"/things/"+o.ID)
	if err != nil {
		return nil, err
	}
	if body != nil {
		text, _ := json.Marshal(body)
		r.Raw().Header.Set("If-Match", string(etag))
		_ = r.SetBody(streaming.NopCloser(bytes.NewReader(text)), "application/json")
	}
	resp, err := pipeline.Do(r)
	if err == nil && !runtime.HasStatusCode(resp, http.StatusOK, http.StatusPreconditionFailed) {
		return nil, runtime.NewResponseError(resp)
	}
	return resp, err
}

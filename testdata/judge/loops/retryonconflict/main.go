// Command retryonconflict is client-go's RetryOnConflict around a GET and a PUT, as controllers have it.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/util/retry"

	"github.com/contactsgen/contactsgen/testdata/judge/loops/protocol"
)

var client = &http.Client{Timeout: 5 * time.Second}

func main() {
	protocol.Serve(func(o protocol.Order) error {
		return retry.RetryOnConflict(retry.DefaultRetry, func() error {
			var thing map[string]any
			if err := call(http.MethodGet, o, nil, &thing); err != nil {
				return err
			}
			o.Change(thing["info"].(map[string]any))
			return call(http.MethodPut, o, thing, nil)
		})
	})
}

func call(method string, o protocol.Order, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequest(method, o.URL+"/things/"+o.ID, bytes.NewReader(text))
	if err != nil {
		return err
	}
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusConflict:
		return apierrors.NewConflict(schema.GroupResource{Resource: "things"}, o.ID, fmt.Errorf("it has changed"))
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("%s %s", method, resp.Status)
	case into == nil:
		_, err := io.Copy(io.Discard, resp.Body)
		return err
	}
	d := json.NewDecoder(resp.Body)
	d.UseNumber()
	return d.Decode(into)
}

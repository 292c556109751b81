// Command resend reads a fresh version after each conflict, and sends the old body with it.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/contactsgen/contactsgen/testdata/judge/loops/protocol"
)

var client = &http.Client{Timeout: 5 * time.Second}

func main() {
	protocol.Serve(func(o protocol.Order) error {
		info, etag, err := get(o)
		if err != nil {
			return err
		}
		o.Change(info)
		body, _ := json.Marshal(map[string]any{"info": info})
		for range 10 {
			r, err := http.NewRequest(http.MethodPut, o.URL+"/things/"+o.ID, bytes.NewReader(body))
			if err != nil {
				return err
			}
			r.Header.Set("If-Match", etag)
			resp, err := client.Do(r)
			if err == nil {
				resp.Body.Close()
				if resp.StatusCode == http.StatusOK {
					return nil
				}
			}
			if _, etag, err = get(o); err != nil {
				return err
			}
		}
		return errors.New("too many conflicts")
	})
}

func get(o protocol.Order) (map[string]any, string, error) {
	resp, err := client.Get(o.URL + "/things/" + o.ID)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, "", fmt.Errorf("GET %s", resp.Status)
	}
	var thing struct{ Info map[string]any }
	d := json.NewDecoder(resp.Body)
	d.UseNumber()
	err = d.Decode(&thing)
	return thing.Info, resp.Header.Get("ETag"), err
}

// Package protocol speaks with the judge: a line of JSON in for each call, and one out.
package protocol

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
)

// Order is what to do.
type Order struct {
	Call   int    `json:"call"`
	URL    string `json:"url"`
	ID     string `json:"id"`
	Do     string `json:"do"` // add, or ensure
	Amount int64  `json:"amount"`
	Tag    string `json:"tag"`
}

// ErrUnknown is for loops that say that a change may have been made.
var ErrUnknown = errors.New("it may have been made")

// Serve makes each call that the judge orders, one after the other, and says what came of it.
func Serve(update func(Order) error) {
	out := json.NewEncoder(os.Stdout)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var o Order
		if err := json.Unmarshal(in.Bytes(), &o); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		said := map[string]any{"call": o.Call, "said": "done"}
		if err := update(o); errors.Is(err, ErrUnknown) {
			said["said"], said["text"] = "unknown", err.Error()
		} else if err != nil {
			said["said"], said["text"] = "failed", err.Error()
		}
		if err := out.Encode(said); err != nil {
			return // the judge has gone
		}
	}
}

// Change changes a thing's info as an order says.
func (o Order) Change(info map[string]any) {
	if o.Do == "add" {
		count, _ := info["count"].(json.Number).Int64()
		info["count"] = count + o.Amount
		return
	}
	tags, _ := info["tags"].([]any)
	if !slices.Contains(tags, any(o.Tag)) {
		info["tags"] = append(tags, o.Tag)
	}
}

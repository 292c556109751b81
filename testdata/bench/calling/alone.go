package calling

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/contactsgen/contactsgen/testdata/bench/calling/calls"
	"github.com/contactsgen/contactsgen/testdata/bench/calling/stock"
	"github.com/contactsgen/contactsgen/testdata/bench/gen/reflecting"
	"github.com/contactsgen/contactsgen/testdata/bench/measure"
	"github.com/contactsgen/contactsgen/testdata/bench/report"
)

const (
	unmarshal = "json.Unmarshal"
	useNumber = "json.Decoder, UseNumber"
)

// one is an answer with a contact, with our types.
type one struct {
	Contact reflecting.Contact `json:"contact"`
}

// alone measures what encoding/json takes for the answers by itself. A client that decodes with it takes that, and what a request takes.
func alone(ctx context.Context, s *report.Section, server *calls.Server, all []*calls.Client, rounds int) error {
	table := report.Table{
		Title: "encoding/json by itself",
		Head:  []string{"answer", unmarshal, useNumber, "oapi-codegen's whole call", unmarshal + " / call", useNumber + " / call"},
		Note: "Decoding the answers above into our types, with nothing around it. Numbers in free-form fields keep their digits only with " +
			"UseNumber, which json.Unmarshal has not; " +
			"oapi-codegen's client makes float64 of them. What a client without the codec may take beyond the decoder, to reach its goal, is the " +
			"difference to 0.80×.",
	}
	bodies := server.Bodies()
	for _, k := range []struct {
		kind
		body []byte
		into func() any
	}{
		{kinds[0], bodies.Get, func() any { return new(one) }},
		{kinds[1], bodies.Update, func() any { return new(one) }},
		{kinds[3], bodies.List, func() any { return new(reflecting.ListContactsResponse) }},
	} {
		whole := k.of(all[2])
		samples, err := measure.Rounds(often*rounds,
			repeated(unmarshal, func() error { return json.Unmarshal(k.body, k.into()) }),
			repeated(useNumber, func() error {
				d := json.NewDecoder(bytes.NewReader(k.body))
				d.UseNumber()
				return d.Decode(k.into())
			}),
			repeated(stock.Name, func() error { return whole(ctx) }),
		)
		if err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
		table.Rows = append(table.Rows, []string{
			k.name, report.Seconds(samples.Of(unmarshal).Median), report.Seconds(samples.Of(useNumber).Median),
			report.Seconds(samples.Of(stock.Name).Median),
			report.Times(samples.Ratio(unmarshal, stock.Name)), report.Times(samples.Ratio(useNumber, stock.Name)),
		})
	}
	s.Tables = append(s.Tables, table)
	return nil
}

const bareHTTP = "net/http"

// transport measures what net/http takes for the answers by itself, on loopback, where a client can be no faster.
func transport(ctx context.Context, s *report.Section, base string, h *http.Client, all []*calls.Client, rounds int) error {
	table := report.Table{
		Title: "net/http by itself",
		Head:  []string{"answer", bareHTTP, "oapi-codegen's whole call", bareHTTP + " / call"},
		Note: "The same requests on loopback without their headers, with answers that are read and thrown away: neither a client's code nor " +
			"JSON is in it. No client is faster, so a goal below " +
			"these ratios cannot be reached.",
	}
	for _, k := range []struct {
		kind
		path string
	}{
		{kinds[0], "/contacts/v4/contacts/" + calls.ID},
		{kinds[2], "/contacts/v4/contacts/" + calls.Missing},
		{kinds[3], "/contacts/v4/contacts?paging.limit=1000"},
	} {
		whole := k.of(all[2])
		samples, err := measure.Rounds(often*rounds,
			repeated(bareHTTP, func() error { return fetch(ctx, h, base+k.path) }),
			repeated(stock.Name, func() error { return whole(ctx) }),
		)
		if err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
		table.Rows = append(table.Rows, []string{
			k.name, report.Seconds(samples.Of(bareHTTP).Median), report.Seconds(samples.Of(stock.Name).Median),
			report.Times(samples.Ratio(bareHTTP, stock.Name)),
		})
	}
	s.Tables = append(s.Tables, table)
	return nil
}

// fetch makes a request and reads the answer.
func fetch(ctx context.Context, h *http.Client, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := h.Do(req)
	if err != nil {
		return err
	}
	_, err = io.ReadAll(resp.Body)
	return errors.Join(err, resp.Body.Close())
}

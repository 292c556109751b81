package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

var (
	byOffset = pageDescriptor{
		items: "/things", total: "/meta/total", limit: location{in: inQuery, name: "paging.limit"},
		offset:       location{in: inQuery, name: "paging.offset"},
		defaultLimit: 2, maxLimit: 3,
	}
	byBody = pageDescriptor{
		items: "/things", limit: location{in: inBody, at: "/query/paging/limit"}, offset: location{in: inBody, at: "/query/paging/offset"},
	}
	byCursor = pageDescriptor{
		items: "/things", limit: location{in: inBody, at: "/limit"},
		cursorSend: location{in: inBody, at: "/cursor"}, cursorRead: location{in: inBody, at: "/next"},
	}
	byReplacing = pageDescriptor{
		items: "/things", cursorSend: location{in: inBody, at: "/page/cursor"}, cursorRead: location{in: inBody, at: "/next"},
		cursorReplaces: []location{{in: inBody, at: "/page/filter"}, {in: inBody, at: "/sort"}, {in: inQuery, name: "near"},
			{in: inQuery, name: "raw|"}},
	}
	byNumber = pageDescriptor{items: "/things", limit: location{in: inQuery, name: "size"}, number: location{in: inQuery, name: "page"},
		first: 1, count: "/pages"}
	fromZero = pageDescriptor{items: "/things", total: "/meta/total", number: location{in: inQuery, name: "page"}}
	byLink   = pageDescriptor{items: "/things", cursorSend: location{in: inQuery, name: "after"},
		cursorRead: location{in: inBody, at: "/next"}, cursorLink: true}
)

// page is an answer with things first to last-1, and what else it says.
func pageText(first, last int, more string) string {
	var list []string
	for i := first; i < last; i++ {
		list = append(list, fmt.Sprintf(`{"id":"%d"}`, i))
	}
	return fmt.Sprintf(`{"things":[%s]%s}`, strings.Join(list, ","), more)
}

func total(n int) string { return fmt.Sprintf(`,"meta":{"total":%d}`, n) }

// walk collects what an iteration gives: ids, the error's text at the end, and the requests it made.
func walkAll(t *testing.T, trait *pageDescriptor, b any, answers []string, opts ...CallOption) (ids, requests []string) {
	t.Helper()
	c := newTestCore(t, "https://api.example.com", through(func(r *http.Request) (*http.Response, error) {
		sent := r.URL.RawQuery
		if r.Body != nil {
			doc, _ := io.ReadAll(r.Body)
			sent += string(doc)
		}
		requests = append(requests, sent)
		if len(requests) > len(answers) {
			t.Fatalf("one request too many: %s", sent)
		}
		return reply(200, answers[len(requests)-1]), nil
	}))
	op := &opQuery
	if trait != &byBody && trait != &byCursor {
		op = &opList
	}
	for v, err := range eachItem[thing](context.Background(), c, op, nil, jsonBody(b), trait, opts) {
		if err != nil {
			ids = append(ids, describe(errors.Unwrap(err)))
			continue // an error is the last pair all the same
		}
		ids = append(ids, v.ID)
	}
	return ids, requests
}

// Pages are asked for until there is nothing more, and not once more when the server says so.
func TestPages(t *testing.T) {
	for _, tt := range []struct {
		name          string
		trait         *pageDescriptor
		body          any
		opts          []CallOption
		answers       []string
		ids, requests string
	}{
		{
			name: "total", trait: &byOffset, answers: []string{pageText(0, 3, total(5)), pageText(3, 5, total(5))},
			ids: "0 1 2 3 4", requests: "paging.limit=3 paging.limit=3&paging.offset=3",
		},
		{
			name: "total reached exactly", trait: &byOffset, answers: []string{pageText(0, 3, total(3))},
			ids: "0 1 2", requests: "paging.limit=3",
		},
		{
			name: "size and start of the caller", trait: &byOffset, answers: []string{pageText(4, 5, total(6)), pageText(5, 6, total(6))},
			opts: []CallOption{requiredParam{&opList, param{in: inQuery, name: "paging.limit"}, 1},
				requiredParam{&opList, param{in: inQuery, name: "paging.offset"}, 4}},
			ids: "4 5", requests: "paging.limit=1&paging.offset=4 paging.limit=1&paging.offset=5",
		},
		{
			name: "server gives less than asked", trait: &byOffset, answers: []string{pageText(0, 2, total(4)), pageText(2, 4, total(4))},
			ids: "0 1 2 3", requests: "paging.limit=3 paging.limit=3&paging.offset=2",
		},
		{
			name: "no total, short page", trait: &byOffset, answers: []string{pageText(0, 3, ""), pageText(3, 4, "")},
			ids: "0 1 2 3", requests: "paging.limit=3 paging.limit=3&paging.offset=3",
		},
		{
			name: "no total, server gives its default", trait: &byOffset, answers: []string{pageText(0, 2, ""), pageText(2, 3, "")},
			ids: "0 1 2", requests: "paging.limit=3 paging.limit=3&paging.offset=2",
		},
		{
			name: "total shrinks", trait: &byOffset, answers: []string{pageText(0, 3, total(9)), pageText(3, 6, total(4)), pageText(6, 7, total(7))},
			ids: "0 1 2 3 4 5 6", requests: "paging.limit=3 paging.limit=3&paging.offset=3 paging.limit=3&paging.offset=6",
		},
		{
			name: "empty page before the total", trait: &byOffset, answers: []string{pageText(0, 3, total(9)), `{"meta":{"total":9}}`},
			ids: "0 1 2", requests: "paging.limit=3 paging.limit=3&paging.offset=3",
		},
		{
			name: "the same page for ever", trait: &byOffset, answers: []string{pageText(0, 3, total(99)), pageText(0, 3, total(99))},
			ids: "0 1 2 " + errSamePage.Error(), requests: "paging.limit=3 paging.limit=3&paging.offset=3",
		},
		{
			name: "nothing", trait: &byOffset, answers: []string{`{}`},
			ids: "", requests: "paging.limit=3",
		},
		{
			name: "in the body", trait: &byBody, body: map[string]any{"query": map[string]any{"filter": 1}},
			answers: []string{pageText(0, 2, ""), pageText(2, 3, ""), pageText(3, 3, "")},
			ids:     "0 1 2", requests: `{"query":{"filter":1}} {"query":{"filter":1,"paging":{"offset":2}}} {"query":{"filter":1,"paging":{"offset":3}}}`,
		},
		{
			name: "in a body that is not there", trait: &byBody, answers: []string{pageText(0, 1, ""), `{"things":null}`},
			ids: "0", requests: ` {"query":{"paging":{"offset":1}}}`,
		},
		{
			name: "cursor", trait: &byCursor, body: map[string]int{"limit": 1}, answers: []string{pageText(0, 1, `,"next":"a"`),
				pageText(1, 1, `,"next":"b"`), pageText(1, 2, `,"next":""`)},
			ids: "0 1", requests: `{"limit":1} {"limit":1,"cursor":"a"} {"limit":1,"cursor":"b"}`,
		},
		{
			name: "cursor comes back", trait: &byCursor, answers: []string{pageText(0, 1, `,"next":"a"`), pageText(1, 2, `,"next":"b"`),
				pageText(2, 3, `,"next":"a"`)},
			ids: "0 1 " + errSameCursor.Error(), requests: ` {"cursor":"a"} {"cursor":"b"}`,
		},
		{
			name: "cursor in place of what was asked", trait: &byReplacing,
			body: map[string]any{"page": map[string]any{"filter": 1}, "sort": 2, "size": 3},
			opts: []CallOption{requiredParam{&opList, param{in: inQuery, name: "near"}, "x"},
				requiredParam{&opList, param{in: inQuery, name: "raw|", reserved: true}, "a/b"}, requiredParam{&opList,
					param{in: inQuery, name: "kept"}, "y"}},
			answers: []string{pageText(0, 1, `,"next":"a"`), pageText(1, 2, `,"next":"b"`), pageText(2, 3, "")}, ids: "0 1 2",
			requests: `kept=y&near=x&raw%7C=a/b{"page":{"filter":1},"size":3,"sort":2}` +
				` kept=y{"page":{"cursor":"a"},"size":3} kept=y{"page":{"cursor":"b"},"size":3}`,
		},
		{
			name: "number, until the last", trait: &byNumber, answers: []string{pageText(0, 2, `,"pages":2`), pageText(2, 3, `,"pages":2`)},
			ids: "0 1 2", requests: " page=2",
		},
		{
			name: "number, from where the caller says", trait: &byNumber, answers: []string{pageText(2, 3, `,"pages":3`),
				pageText(3, 4, `,"pages":3`)},
			opts: []CallOption{requiredParam{&opList, param{in: inQuery, name: "page"}, 2}}, ids: "2 3", requests: "page=2 page=3",
		},
		{
			name: "number, nobody says how many", trait: &byNumber, answers: []string{pageText(0, 2, ""), pageText(2, 3, ""), pageText(3, 3, "")},
			ids: "0 1 2", requests: " page=2 page=3",
		},
		{
			name: "number from 0, with a total", trait: &fromZero, answers: []string{pageText(0, 2, total(3)), pageText(2, 3, total(3))},
			ids: "0 1 2", requests: " page=1",
		},
		{
			name: "address of the next page", trait: &byLink,
			answers: []string{pageText(0, 1, `,"next":"https://elsewhere.example.com/x?after=a%20b&size=1#top"`), pageText(1, 2, `,"next":null`)},
			ids:     "0 1", requests: " after=a%20b",
		},
		{
			name: "item of a wrong type", trait: &byOffset, answers: []string{`{"things":[{"id":"0"},{"id":[5]}]}`},
			ids: `0 "id" is not what the description says`, requests: "paging.limit=3",
		},
		{
			name: "no list", trait: &byOffset, answers: []string{`{"things":{}}`},
			ids: `the value is of type object, which is not what the description says`, requests: "paging.limit=3",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, _ := json.Marshal(tt.body)
			ids, requests := walkAll(t, tt.trait, tt.body, tt.answers, tt.opts...)
			if got := strings.Join(ids, " "); got != tt.ids {
				t.Errorf("have %q, want %q", got, tt.ids)
			}
			if got := strings.Join(requests, " "); got != tt.requests {
				t.Errorf("sent %s\nwant %s", got, tt.requests)
			}
			if after, _ := json.Marshal(tt.body); string(after) != string(before) {
				t.Errorf("the caller's body became %s", after)
			}
		})
	}
}

// An error of the server or of the context is the last pair; leaving the loop makes no further request.
func TestPagesEnd(t *testing.T) {
	requests := 0
	c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) {
		requests++
		if requests%2 == 0 {
			return reply(403, "{}"), nil
		}
		return reply(200, pageText(0, 3, total(9))), nil
	}))
	all := eachItem[thing](context.Background(), c, &opList, nil, requestBody{}, &byOffset, nil)
	for range 2 {
		var errs []error
		for _, err := range all {
			errs = append(errs, err)
		}
		if len(errs) != 4 || !errors.Is(errs[3], ErrPermission) || slices.ContainsFunc(errs[:3], func(err error) bool { return err != nil }) {
			t.Error(errs)
		}
	}
	requests = 0
	for _, err := range all {
		if err != nil {
			t.Error(err)
		}
		break
	}
	if requests != 1 {
		t.Errorf("%d requests", requests)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	requests = 0
	var last error
	for _, err := range eachItem[thing](ctx, c, &opList, nil, requestBody{}, &byOffset, nil) {
		cancel()
		last = err
	}
	if requests != 1 || !errors.Is(last, context.Canceled) {
		t.Errorf("%d requests, %v", requests, last)
	}
}

// The address of the next page is the one that a Link header calls so; what has no such parameter is the end.
func TestInAddress(t *testing.T) {
	for link, want := range map[string]string{
		"/things?page=2": "2", "?x=1&page=a%2Bb": "a+b", "https://a.example.com/things": "", "": "", "?page=%": "",
		`<https://a.example.com/t?page=1>; rel="prev", <https://a.example.com/t?page=3>; title="x"; rel="next last"`: "3",
		`<https://a.example.com/t?page=9>; rel=last, <https://a.example.com/t?page=4>; rel=next`:                     "4",
		`<https://a.example.com/t?page=9>; rel="last"`:                                                               "", "<": "", "<a": "",
	} {
		if got := inAddress(link, "page"); got != want {
			t.Errorf("%s gives %q, want %q", link, got, want)
		}
	}
}

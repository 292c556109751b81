package client

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// wireDocs are bodies that servers send, and some that they should not.
var wireDocs = []string{
	``, `null`, `{}`, `[]`, `"x"`, `{"thing":null}`, `{"thing":{"id":"a","count":1}}`, `{"thing":{"id":7,"count":"1"}} x`,
	`{"revision":"17","quota":"9007199254740993","id":42,"any":"1","list":[{"revision":"-1"}],"map":{"a":"2","b":3},"raw":["1"]}`,
	`{"revision":"01","id":true,"list":{},"map":[]}`, `{"revision":1e3,"share":"0.5","number":"x"}`, `{"ID":1,"Id":"2","id":3}`,
	`{"id":"a","revision":3,"info":{"emails":{"items":[{"email":1},{}]},"extendedFields":{"items":{"custom.a":"1"}}}}`,
	`{"details":{"applicationError":{"code":7,"description":[],"data":{}},"validationError":{"fieldViolations":[{"field":1},2]}}}`,
	`{"thing":` + strings.Repeat(`[`, 200), "{\"id\":\"\xff\\ud800\"}", `{"details":{"applicationError":{"code":"ALREADY_CHANGED","data":"cut`,
}

// FuzzDecode: whatever a server answers, reading it gives an error or a value. Leniency never changes what a strict reading takes, what was
// taken can be written and read again, and is no larger than what came.
func FuzzDecode(f *testing.F) {
	for i, doc := range wireDocs {
		f.Add([]byte(doc), i%3 == 0)
	}
	f.Fuzz(func(t *testing.T, doc []byte, nested bool) {
		at := pointer("")
		if nested {
			at = "/thing"
		}
		for _, into := range []func() any{func() any {
			return new(odd)
		}, func() any { return new(testContact) }, func() any { return new([]thing) }, func() any { return new(any) }} {
			checkDecode(t, doc, at, into)
		}
	})
}

// checkDecode checks one reading of a body.
func checkDecode(t *testing.T, doc []byte, at pointer, into func() any) {
	t.Helper()
	got, strict := into(), into()
	err := decodeAt(doc, at, got)
	if at == "" && decodeStrictly(doc, strict) == nil && (err != nil || !reflect.DeepEqual(got, strict)) {
		t.Fatalf("%q: read strictly %+v, leniently %+v, %v", doc, strict, got, err)
	}
	if err != nil {
		return
	}
	if !json.Valid(doc) {
		t.Fatalf("%q is taken, and is no JSON", doc)
	}
	written, err := json.Marshal(got)
	if err != nil {
		t.Fatalf("%q: what was read cannot be written: %v", doc, err)
	}
	if limit := 64*len(doc) + 1<<10; len(written) > limit {
		t.Fatalf("%d bytes became %d", len(doc), len(written))
	}
	again := into()
	if err := decode(written, again); err != nil {
		t.Fatalf("%q was written as %q, which cannot be read: %v", doc, written, err)
	}
	if rewritten, err := json.Marshal(again); err != nil || string(rewritten) != string(written) {
		t.Fatalf("%q, then %q: %v", written, rewritten, err)
	}
}

// FuzzErrorAnswer: whatever a failure carries, it has a class or none, and texts that are no longer than its body.
func FuzzErrorAnswer(f *testing.F) {
	for i, doc := range wireDocs {
		f.Add([]byte(doc), uint16([]int{200, 400, 404, 409, 429, 500, 503}[i%7]), "3", i%2 == 0)
	}
	c, err := newCore(testDescription("https://example.com"), []ClientOption{withCredential("apiKey", secretKey),
		withCredential("siteId", secretSite)})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte, status uint16, header string, truncated bool) {
		a := &response{status: int(status), header: http.Header{"Retry-After": {header}, "X-Request-Id": {header}}, body: body,
			truncated: truncated}
		for _, op := range []*operation{&opGet, &opSave} {
			err := c.classify(op, a)
			if err == nil {
				if !op.succeeds(a.status) {
					t.Fatalf("%d is no success", a.status)
				}
				continue
			}
			var e *APIError
			if !errors.As(err, &e) {
				t.Fatalf("%T: %v", err, err)
			}
			if e.RetryAfter < 0 || len(e.Message)+len(e.Code)+len(e.Description) > 6*len(body) || len(e.Error()) > 6*len(body)+1<<10 {
				t.Fatalf("%d bytes became %+v", len(body), e)
			}
		}
	})
}

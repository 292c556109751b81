package examples

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// request is one of an operation.
type request struct {
	op     *api.Operation
	path   []string // values of the parameters in its path
	query  url.Values
	header http.Header
	body   []byte
}

// answer is what a fake says. A zero status is none.
type answer struct {
	status int
	header http.Header
	body   any // JSON
}

func (a answer) isSuccess() bool {
	return a.status >= http.StatusOK && a.status < http.StatusMultipleChoices
}

// send sends a request to a fake in this process.
func (p *printer) send(srv *fake.Server, q request) answer {
	path := q.op.Path
	for _, part := range q.path {
		before, rest, _ := strings.Cut(path, "{")
		_, after, _ := strings.Cut(rest, "}")
		path = before + url.PathEscape(part) + after
	}
	address := "http://localhost" + p.table.BasePath + path + "?" + q.query.Encode()
	r, err := http.NewRequestWithContext(context.Background(), q.op.Method, address, bytes.NewReader(q.body))
	if err != nil {
		return answer{}
	}
	maps.Copy(r.Header, q.header)
	if q.op.Body != nil {
		r.Header.Set("Content-Type", q.op.Body.ContentType)
	}
	reply, err := srv.Transport().RoundTrip(r)
	if err != nil {
		return answer{}
	}
	defer func() { _ = reply.Body.Close() }() // it was in memory
	data, err := io.ReadAll(reply.Body)
	if err != nil {
		return answer{}
	}
	a := answer{status: reply.StatusCode, header: reply.Header}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if d.Decode(&a.body) != nil {
		a.body = nil
	}
	return a
}

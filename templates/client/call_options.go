//contactsgen:feature core
//contactsgen:part client

package client

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

const (
	defaultTimeout  = time.Minute
	defaultMaxBytes = 64 << 20
)

// callOptions is what the options of one call add up to.
type callOptions struct {
	header    http.Header
	timeout   time.Duration // of one request; 0 is none
	maxBytes  int64         // of a success body
	response  *Response
	arguments []*arguments // at most one of an operation
	settings  []any        // one value of a type; kept by their own files, see adjust
}

// arguments are parameters and edits of the body that belong to one operation.
type arguments struct {
	op      *operation
	query   []pair
	encoded []string // query pairs whose delimiters must not be escaped
	header  []pair
	cookies []pair
	edits   []func(body []byte) ([]byte, error)

	narrowed string // a query parameter that may leave a part of the answer out; "": there is none
}

// pair is one name with its value.
type pair struct{ name, value string }

// clone lets a call change its options without changing the client's.
func (o *callOptions) clone() *callOptions {
	c := *o
	c.header = o.header.Clone()
	c.arguments = slices.Clone(o.arguments)
	c.settings = slices.Clone(o.settings)
	return &c
}

// argumentsOf is where options that belong to one operation add themselves.
func (o *callOptions) argumentsOf(op *operation) *arguments {
	if a := o.given(op); a != nil {
		return a
	}
	a := &arguments{op: op}
	o.arguments = append(o.arguments, a)
	return a
}

// given is what options that belong to one operation have added, nil when there is none.
func (o *callOptions) given(op *operation) *arguments {
	for _, a := range o.arguments {
		if a.op == op {
			return a
		}
	}
	return nil
}

// keepResponse hands a success to the caller who asked for it.
func (o *callOptions) keepResponse(a *answer) {
	if o.response != nil {
		*o.response = Response{Status: a.status, Header: a.header.Clone(), Body: bytes.Clone(a.body)}
	}
}

// options adds up the options of a call that sends the given operations, the one the call is named after first.
func (c *core) options(opts []CallOption, ops ...*operation) (*callOptions, error) {
	o := c.calls.clone()
	var errs []error
	for i, opt := range opts {
		if opt == nil {
			errs = append(errs, fmt.Errorf("option %d is nil", i+1))
			continue
		}
		if err := opt.applyCall(o); err != nil {
			errs = append(errs, err)
		}
	}
	for _, op := range ops {
		errs = append(errs, c.admit(op))
	}
	for _, a := range o.arguments {
		if !slices.Contains(ops, a.op) {
			errs = append(errs, fmt.Errorf("an option of %s does not fit %s", a.op.id, ops[0].id))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, c.refused(ops[0], err)
	}
	return o, nil
}

//contactsgen:feature core
//contactsgen:part resources

package fake

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
)

// bulk is how a route writes many resources at once, each as another route writes one. Places in a result are JSON
// Pointers; those that it lacks are "".
type bulk struct {
	Items, Results string // the lists in the request and in the answer
	Limit          int    // of items
	Each           *route // of one item: its request is the item

	Index, ID, Success, Status       string
	Code, Message, Description, Data string
	Resource                         string
}

// updateMany changes the resources of a request's items, in their order, and answers what became of each.
func (c *call) updateMany() (Answer, error) {
	k := c.route.Bulk
	if _, err := c.jsonBody(); err != nil {
		return Answer{}, err
	}
	field := fieldName(location{In: inBody, At: k.Items})
	v, _ := lookup(c.body, k.Items)
	items, ok := v.([]any)
	switch {
	case !ok || len(items) == 0:
		return Answer{}, invalid(field, "must be a list with at least one item", "REQUIRED_FIELD")
	case len(items) > k.Limit:
		return Answer{}, invalid(field, "has more than "+strconv.Itoa(k.Limit)+" items", "MAX_SIZE")
	}
	results := make([]any, len(items))
	for i, item := range items {
		result, err := c.updateOne(i, item)
		if err != nil {
			return Answer{}, err
		}
		results[i] = result
	}
	return Answer{Status: c.route.Status, Body: with(object{}, k.Results, results)}, nil
}

// updateOne changes one of many resources, and gives the result to show for it.
func (c *call) updateOne(index int, item any) (any, error) {
	k, one := c.route.Bulk, c.item(item)
	answer, err := one.update()
	var f *failure
	failed := errors.As(err, &f)
	if err != nil && !failed {
		return nil, err
	}
	var result any = object{}
	put := func(at string, v any) {
		if at != "" {
			result = with(result, at, v)
		}
	}
	put(k.Index, json.Number(strconv.Itoa(index)))
	put(k.ID, joinKey(one.keyParts()...))
	put(k.Success, !failed)
	if !failed {
		put(k.Status, json.Number(strconv.Itoa(http.StatusOK)))
		put(k.Resource, answer.Body)
		return result, nil
	}
	put(k.Status, json.Number(strconv.Itoa(f.answer(c.errors()).Status)))
	put(k.Code, f.code)
	put(k.Message, f.message)
	put(k.Description, f.words())
	if f.data != nil {
		put(k.Data, f.data)
	}
	return result, nil
}

// item is a call of its own for one item of many.
func (c *call) item(item any) *call {
	one := *c
	one.route, one.body, one.collection = c.route.Bulk.Each, item, c.s.collections[c.route.Bulk.Each.Collection]
	one.refuse = c.refuse && (c.refused == "" || c.refused == joinKey(one.keyParts()...))
	return &one
}

// each are the calls for what a request names: one for each item, or the call itself.
func (c *call) each() []*call {
	if c.route.Bulk == nil {
		return []*call{c}
	}
	v, _ := lookup(c.body, c.route.Bulk.Items)
	list, _ := v.([]any)
	out := make([]*call, len(list))
	for i, item := range list {
		out[i] = c.item(item)
	}
	return out
}

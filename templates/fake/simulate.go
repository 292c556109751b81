//contactsgen:feature core
//contactsgen:part server

package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// simulate does what the route's verb says.
func (c *call) simulate() (Answer, error) {
	if c.collection == nil && c.route.Verb != verbAnswer && c.route.Verb != verbBulk {
		return Answer{}, c.notSimulated()
	}
	switch c.route.Verb {
	case verbCreate:
		return c.create()
	case verbRead:
		return c.read()
	case verbUpdate:
		return c.update()
	case verbDelete:
		return c.remove()
	case verbTouch:
		return c.change(func(value object) (object, error) { return value, nil })
	case verbAdd:
		return c.change(c.added)
	case verbRemove:
		return c.change(c.removed)
	case verbList, verbQuery:
		return c.answerList()
	case verbCount:
		return c.answerCount()
	case verbAnswer:
		return c.fixed(), nil
	case verbBulk:
		return c.updateMany()
	}
	return Answer{}, c.notSimulated()
}

// notSimulated is the answer where neither the description nor a pack says what an operation does.
func (c *call) notSimulated() error {
	return &failure{
		status: http.StatusNotImplemented,
		message: fmt.Sprintf("The fake cannot simulate %s (%s %s): fill it in with srv.Handle(%q, func(r *Request) Answer { … }), or say what it does with x-fake in the description.",
			c.route.ID, c.route.Method, c.route.Path, c.route.ID),
	}
}

// fixed is the answer that is always the same.
func (c *call) fixed() Answer {
	if c.route.Value == "" {
		return Answer{Status: c.route.Status}
	}
	return Answer{Status: c.route.Status, Body: json.RawMessage(c.route.Value)}
}

func (c *call) read() (Answer, error) {
	e, err := c.entity()
	if err != nil {
		return Answer{}, err
	}
	return c.answer(e), nil
}

// answer shows a resource as the route does.
func (c *call) answer(e *entity) Answer {
	a := Answer{Status: c.route.Status, Header: http.Header{}}
	var body any
	if !c.route.Empty {
		body = with(object{}, c.route.Resource, c.shown(e))
	} else if a.Status != http.StatusNoContent {
		body = object{}
	}
	for i, l := range c.route.Show {
		if i < len(c.collection.def.Tokens) {
			body = setAt(body, a.Header, l, c.collection.def.write(i, e.key, e.version))
			if c.collection.def.Tokens[i].Form == formDate {
				a.Header.Set("Date", c.s.settings.now().UTC().Format(http.TimeFormat)) // without it the date says nothing
			}
		}
	}
	a.Body = body
	return a
}

// shown is the resource as it is put in the answer.
func (c *call) shown(e *entity) any {
	v := c.projected(e.value)
	if c.route.Hide {
		for _, t := range c.collection.def.Tokens {
			if t.At != "" {
				v = without(v, t.At)
			}
		}
	}
	return v
}

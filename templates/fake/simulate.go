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
	case verbAdjust:
		return c.change(c.adjusted)
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
		reason: "not-simulated:use-Handle",
		message: fmt.Sprintf("The fake cannot simulate %s (%s %s): fill it in with srv.Handle(%q, func(r *Request) Answer { … }), or say what "+
			"it does with x-fake in the description.",
			c.route.ID, c.route.Method, c.route.Path, c.route.ID),
	}
}

// fixed is the answer that is always the same, but for members that are called like a parameter of the path: these say what was asked for.
func (c *call) fixed() Answer {
	a := Answer{Status: c.route.Status}
	switch {
	case c.route.Stream != "":
		a.Header, a.Body = http.Header{"Content-Type": {c.route.Stream}}, []byte("example")
	case c.route.Value != "":
		a.Body = json.RawMessage(c.route.Value)
		if v, err := decode([]byte(c.route.Value)); err == nil && len(c.values) > 0 {
			a.Body = c.named(v)
		}
	}
	return a
}

// named gives an answer with the names that the request's path has, where it has members for them.
func (c *call) named(v any) any {
	o, ok := v.(object)
	if !ok {
		return v
	}
	for name, value := range c.Params {
		switch o[name].(type) {
		case string:
			v = with(v, "/"+name, value)
		case json.Number:
			if kindInteger.spells(value) {
				v = with(v, "/"+name, json.Number(value))
			}
		}
	}
	return v
}

// sampled puts what a resource has into an answer, or an item of a list, that is of another kind: members of the same name and form.
func (c *call) sampled(value object) any {
	v, err := decode([]byte(c.route.Sample))
	o, ok := v.(object)
	if err != nil || !ok {
		return value
	}
	for name, x := range o {
		if y, has := value[name]; has && formOf(x) == formOf(y) {
			o[name] = y
		}
	}
	return o
}

// formOf names the form of a JSON value.
func formOf(v any) string {
	switch v.(type) {
	case object:
		return "object"
	case []any:
		return "list"
	}
	return fmt.Sprintf("%T", v)
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
	switch {
	case c.route.Sample != "":
		body = c.sampled(e.value)
	case !c.route.Empty:
		body = with(object{}, c.route.Resource, c.shown(e))
	case a.Status != http.StatusNoContent:
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

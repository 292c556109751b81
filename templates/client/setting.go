//contactsgen:feature core
//contactsgen:part client

package client

import "reflect"

// setting is what one file of the runtime keeps among the options of a call: the value of type T, or its zero value. So
// files can have options of their own without the others knowing them.
func setting[T any](o *callOptions) T {
	for _, s := range o.settings {
		if v, ok := s.(T); ok {
			return v
		}
	}
	var zero T
	return zero
}

// adjust changes the value of type T. Values are replaced, never shared: a call's options don't reach the client's.
func adjust[T any](o *callOptions, change func(*T)) {
	v := setting[T](o)
	change(&v)
	for i, s := range o.settings {
		if _, ok := s.(T); ok {
			o.settings[i] = v
			return
		}
	}
	o.settings = append(o.settings, v)
}

// part is what a feature keeps for a client as a whole: one value of type T, made when it is first asked for.
func part[T any](c *core) *T {
	key := reflect.TypeFor[T]()
	if v, ok := c.parts.Load(key); ok {
		return v.(*T)
	}
	v, _ := c.parts.LoadOrStore(key, new(T))
	return v.(*T)
}

package client

// setting is what a feature keeps among the options of a call: the value of type T, or its zero value.
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

package client

// value turns the result of call into the value itself, for results that need no pointer: lists, maps, texts, numbers.
func value[T any](p *T, err error) (T, error) {
	if err != nil || p == nil {
		var zero T
		return zero, err
	}
	return *p, nil
}

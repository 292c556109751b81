//contactsgen:feature core
//contactsgen:part client

package client

// value is the result of a call whose type is no struct.
func value[T any](v *T, err error) (T, error) {
	if err != nil {
		var zero T
		return zero, err
	}
	return *v, nil
}

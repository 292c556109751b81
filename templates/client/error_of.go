//contactsgen:feature declared-errors
//contactsgen:part errors

// Errors that have the type which a response declares.

package client

// ErrorOf is an [APIError] with its body as the description declares it for the status of the answer. errors.As finds one:
//
//	var problem ErrorOf[Problem]
//	if errors.As(err, &problem) { … problem.Value … }
type ErrorOf[T any] struct {
	*APIError

	Value T
}

// failure is a declared error answer.
type failure struct {
	from, to int // statuses; 0 is any that is not declared otherwise
	kind     any // a nil pointer to its type
}

type failures []failure

func (list failures) of(status int) (declared any) {
	for _, f := range list {
		switch {
		case f.from == status:
			return f.kind
		case f.from <= status && status <= f.to, declared == nil && f.from == 0:
			declared = f.kind
		}
	}
	return declared
}

// As reports whether target is an [ErrorOf] the type that the description declares, and fills it in.
func (e *APIError) As(target any) bool {
	t, ok := target.(interface{ take(e *APIError) bool })
	return ok && t.take(e)
}

func (e *ErrorOf[T]) take(from *APIError) bool {
	if from.op.failures == nil {
		return false
	}
	if _, ok := from.op.failures.of(from.Status).(*T); !ok || decode(from.Body, &e.Value) != nil {
		return false
	}
	e.APIError = from
	return true
}

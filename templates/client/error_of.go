//contactsgen:feature declared-errors
//contactsgen:part errors

// Errors that have the type which a response declares.

package client

// ErrorOf is an [APIError] with what the description declares of it: the type of its body, for the status of the answer, or that of
// the data that comes with its code. errors.As finds one:
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

// declaredFailures are those of each operation. They are filled in while the package is initialised, and only read afterwards.
var declaredFailures = map[*operation][]failure{}

// declareFailures says which types the error responses of an operation have. It returns the operation, so that a variable can be declared
// by it.
func declareFailures(op *operation, list ...failure) *operation {
	declaredFailures[op] = list
	return op
}

// failureOf gives a nil pointer to the type that an operation declares for a status; nil where it declares none.
func failureOf(op *operation, status int) (declared any) {
	for _, f := range declaredFailures[op] {
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
	content := from.Body
	if data, ok := any(e.Value).(interface{ isDataOf(code ErrorCode) bool }); ok && data.isDataOf(from.Code) {
		content = from.Data
	} else if _, ok := failureOf(from.op, from.Status).(*T); !ok {
		return false
	}
	if len(content) == 0 || decode(content, &e.Value) != nil {
		return false
	}
	e.APIError = from
	return true
}

package client

// requiredParam is a parameter that is an argument of its method. It travels among the options, in front of the caller's.
type requiredParam struct {
	op    *operation
	param param
	value any
}

func (p requiredParam) applyCall(o *callOptions) error { return o.param(p.op, p.param, p.value) }

//contactsgen:feature core
//contactsgen:part client

package client

// requiredParam is a parameter that the generated method takes as an argument.
type requiredParam struct {
	op    *operation
	param param
	value any
}

func (p requiredParam) applyCall(o *callOptions) error { return o.addParam(p.op, p.param, p.value) }

//contactsgen:feature core
//contactsgen:part client

package client

import "errors"

// requiredParam is a parameter that the generated method takes as an argument.
type requiredParam struct {
	op    *operation
	param param
	value any
}

func (p requiredParam) applyCall(o *callOptions) error {
	tree, err := p.param.tree(p.value)
	if err == nil && tree.isEmpty() {
		err = errors.New("it is required, and has no value")
	}
	if err == nil {
		err = o.argumentsOf(p.op).addStyled(p.param, tree)
	}
	return p.param.named(err)
}

// isEmpty reports whether nothing would be sent of a value.
func (n *node) isEmpty() bool {
	return n.kind == kindNull || n.kind == kindArray && len(n.items) == 0 || n.kind == kindObject && len(n.entries) == 0
}

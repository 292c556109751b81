//contactsgen:generator

package client

// everyOperation is what options have that fit every operation. An output prints its own: what each of its operations with optional
// parameters asks of options.
type everyOperation interface{}

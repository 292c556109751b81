//contactsgen:feature core
//contactsgen:part client

package client

// Ptr returns a pointer to a copy of v, for optional members.
func Ptr[T any](v T) *T { return &v }

//contactsgen:feature core
//contactsgen:part client

package client

// withCredential sets the value of a security scheme that never changes.
func withCredential(scheme, value string) ClientOption {
	return clientOption(func(o *clientOptions) error {
		o.setCredential(scheme, constant(value))
		return nil
	})
}

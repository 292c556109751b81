//contactsgen:feature core
//contactsgen:part client

// The server's address with the variables that a description leaves to its users.

package client

import (
	"fmt"
	"slices"
	"strings"
)

// serverVariable is a variable of the server's address, and what the caller gives for it; "" is the default.
type serverVariable struct {
	name, given, standard string
	values                []string // the only ones there are; nil: any
}

// withServer fills in the variables of a server's address. Operations that have a server of their own stay there.
func withServer(option, address string, variables ...serverVariable) ClientOption {
	return clientOption(func(o *clientOptions) error {
		for _, v := range variables {
			value := v.given
			if value == "" {
				value = v.standard
			}
			switch {
			case v.values != nil && !slices.Contains(v.values, value):
				return fmt.Errorf("%s: %s is none of %s", option, v.name, strings.Join(v.values, ", "))
			case strings.ContainsAny(value, "@?#{}\\ ") || !validHeaderValue(value):
				return fmt.Errorf("%s: %s has characters that cannot be in the address of a server", option, v.name)
			}
			address = strings.ReplaceAll(address, "{"+v.name+"}", value)
		}
		if !o.baseURLGiven {
			o.baseURL = address
		}
		return nil
	})
}

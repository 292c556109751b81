//contactsgen:feature core
//contactsgen:part client

// Credentials that a function gives.

package client

import (
	"context"
	"encoding/base64"
	"errors"
)

// WithCredentialFunc has the credential of a security scheme, by its name in the description, come from a function: of a vault, or of the
// user whom a call is for. value is asked before each request, with the context of the call, and once more after an answer of 401; it is
// called concurrently. It gives what the scheme's option would: for HTTP's Basic scheme user and password with a colon between them, for a
// scheme whose tokens the client could ask for a token. Its error ends the call before anything is sent, and is found by errors.Is.
func WithCredentialFunc(scheme string, value func(context.Context) (string, error)) ClientOption {
	return clientOption(func(o *clientOptions) error {
		if scheme == "" || value == nil {
			return errors.New("WithCredentialFunc: the scheme is empty, or the function is nil")
		}
		o.setCredential(scheme, &askedCredential{ask: value})
		adjust(&o.calls, func(v *credentialsOfCalls) { *v = true })
		return nil
	})
}

// credentialsOfCalls says that each call may have credentials of its own: no other call's request can carry what it wants to be sent.
type credentialsOfCalls bool

// askedCredential is a credential that a function gives.
type askedCredential struct {
	ask    func(context.Context) (string, error)
	scheme *credentialScheme
}

func (a *askedCredential) check(s *credentialScheme, _ *clientOptions) error {
	a.scheme = s
	return nil
}

func (a *askedCredential) value(ctx context.Context, _ *core) (string, error) {
	v, err := a.ask(ctx)
	if err != nil {
		return "", &refusedCredential{err}
	}
	if a.scheme.prefix == "Basic " {
		if !validPair(v) {
			return "", &refusedCredential{errors.New("it gave no user and password with a colon between them, or control characters")}
		}
		v = base64.StdEncoding.EncodeToString([]byte(v))
	}
	if err := constant(v).check(a.scheme, nil); err != nil {
		return "", &refusedCredential{err}
	}
	return v, nil
}

// renew lets a request go again: the function may give another value.
func (*askedCredential) renew(string) bool { return true }

// refusedCredential is the error of a credential that was not given. Trying again would not help.
type refusedCredential struct{ err error }

func (e *refusedCredential) Error() string { return "the credential's function: " + describe(e.err) }

func (e *refusedCredential) Unwrap() error { return e.err }

// Is matches ErrUnauthenticated.
func (*refusedCredential) Is(target error) bool { return target == ErrUnauthenticated }

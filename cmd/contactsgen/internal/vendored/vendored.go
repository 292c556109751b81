// Package vendored gets descriptions from the network into files, and remembers in a lock where each came from and what it was.
//
// It is the one part of the command that uses a network. What it asks and what it takes is bounded: https, or http on this machine; a
// size; a time. An address that holds a credential is refused, since the lock would keep it.
package vendored

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// LockName is the file that holds the lock.
const LockName = "contactsgen.lock"

// MaxBytes bounds a description.
const MaxBytes = 32 << 20

// maxLock bounds a lock; a larger one was not written here.
const maxLock = 1 << 20

// maxRedirects is how many times an answer may send the request elsewhere.
const maxRedirects = 5

// A Lock holds the files that were fetched, by their path.
type Lock map[string]Entry

// An Entry is where a file came from, and the SHA-256 of what it was.
type Entry struct {
	URL    string `json:"url"`
	SHA256 string `json:"sha256"`
}

// lockFile is the form of a lock on disk.
type lockFile struct {
	Comment string `json:"//"`
	Files   Lock   `json:"files"`
}

// ReadLock reads a lock. One that is not there is empty.
func ReadLock(name string) (Lock, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return Lock{}, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // read only
	var file lockFile
	decoder := json.NewDecoder(io.LimitReader(f, maxLock))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("%s is no lock of this command: %w", name, err)
	}
	for path, entry := range file.Files {
		if !filepath.IsLocal(filepath.FromSlash(path)) {
			return nil, fmt.Errorf("%s names %q, which is not a file in this folder", name, path)
		}
		if _, err := Address(entry.URL); err != nil {
			return nil, fmt.Errorf("%s: the URL of %q: %w", name, path, err)
		}
	}
	if file.Files == nil {
		file.Files = Lock{}
	}
	return file.Files, nil
}

// Write writes a lock.
func (l Lock) Write(name string) error {
	data, err := json.MarshalIndent(lockFile{"contactsgen fetch wrote this; contactsgen fetch --check compares.", l}, "", "  ")
	if err != nil {
		return err
	}
	return WriteFile(name, append(data, '\n'))
}

// Names lists the files of a lock in order.
func (l Lock) Names() []string { return slices.Sorted(maps.Keys(l)) }

// Sum gives the SHA-256 of data, as an entry has it.
func Sum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// WriteFile writes a file whole or not at all, and not if that is what it says already.
func WriteFile(name string, data []byte) error {
	if old, err := os.ReadFile(name); err == nil && string(old) == string(data) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".contactsgen-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // best effort: the error on its way says what went wrong
	}
	return err
}

// secretive finds names of parameters that hold credentials.
var secretive = regexp.MustCompile(`(?i)token|secret|signature|^sig$|passw|credential|api[-_]?key|access[-_]?key|^key$|^auth|jwt|session`)

// Address reads the address of a description, without what is behind a number sign. Its errors do not repeat it, since it may hold a
// password.
func Address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return nil, errors.New("it is not a URL")
	}
	u.Fragment, u.RawFragment = "", ""
	switch {
	case u.User != nil:
		return nil, errors.New("it holds a user or a password, which would be kept: take it out, or download the file by other means")
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u):
	default:
		return nil, errors.New("descriptions come by https, or by http from this machine")
	}
	for name := range u.Query() {
		if secretive.MatchString(name) {
			return nil, errors.New("its query seems to hold a credential, which would be kept: take it out, or download the file by other means")
		}
	}
	return u, nil
}

// isLoopback tells whether an address is on this machine.
func isLoopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// Get gets a description. The context bounds how long that takes.
func Get(ctx context.Context, address *url.URL) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/yaml, application/json, text/yaml, text/plain, */*")
	request.Header.Set("User-Agent", "contactsgen")
	client := &http.Client{CheckRedirect: func(next *http.Request, via []*http.Request) error { return follow(address, next.URL, len(via)) }}
	response, err := client.Do(request)
	if err != nil {
		return nil, withoutAddress(ctx, err)
	}
	defer func() { _ = response.Body.Close() }() // read only
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answered %d", response.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, MaxBytes+1))
	switch {
	case err != nil:
		return nil, withoutAddress(ctx, err)
	case len(data) > MaxBytes:
		return nil, fmt.Errorf("the answer is larger than %d bytes", MaxBytes)
	}
	return data, recognise(data)
}

// follow says whether a redirect is followed: never to a connection that is less safe, and to this machine only from it.
func follow(from, to *url.URL, count int) error {
	switch {
	case count > maxRedirects:
		return errors.New("the server redirects without an end")
	case to.User != nil:
		return errors.New("the server redirects to an address with a user or a password")
	case to.Scheme != "https" && (to.Scheme != from.Scheme || !isLoopback(to)):
		return errors.New("the server redirects to an address that is not https")
	case isLoopback(to) && !isLoopback(from):
		return errors.New("the server redirects to this machine")
	}
	return nil
}

// withoutAddress drops the address from an error, and says what took too long in plain words.
func withoutAddress(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errors.New("the server took too long")
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// recognise refuses what is no description: a page that asks for a password is answered with 200, too.
func recognise(data []byte) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err == nil && len(doc.Content) == 1 && doc.Content[0].Kind == yaml.MappingNode {
		for i := 0; i < len(doc.Content[0].Content); i += 2 {
			if name := doc.Content[0].Content[i].Value; name == "openapi" || name == "swagger" || name == "overlay" {
				return nil
			}
		}
	}
	what := "it"
	if strings.HasPrefix(strings.TrimSpace(string(data[:min(len(data), 512)])), "<") {
		what = "it seems to be a page, and"
	}
	return fmt.Errorf("the answer is no OpenAPI description: %s has no `openapi` or `swagger`", what)
}

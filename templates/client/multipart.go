//contactsgen:feature multipart
//contactsgen:part transport

// Forms with files, streamed part by part.

package client

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strings"
)

// FormFile is a file in a multipart form.
type FormFile struct {
	// Name is what the file is called; "" is called like the form's field.
	Name string
	// ContentType is the media type of what is in it; "" is what the description says, or else application/octet-stream.
	ContentType string
	// Content is read while the request is sent, and never closed. One that is an [io.Seeker] too is read from where it
	// stands, and again from there when the request may be sent again; with any other the request is sent once.
	Content io.Reader
}

var errNoName = errors.New("a field has no name")

// formPart is one field of a multipart form.
type formPart struct {
	name      string // "": the members of the value are fields
	content   string // media type; "" is what suits the value
	delimiter string // stands between the elements of a list that is one field; "": each is a field of that name
	value     any
}

// multipartForm is the body that holds the parts; nil when there is no form. It is streamed: of the files nothing is kept.
func multipartForm(parts []formPart) uploadBody {
	if parts == nil {
		return nil
	}
	f := &formWriter{}
	f.w = multipart.NewWriter(&f.text)
	for _, p := range parts {
		if err := f.add(p); err != nil {
			return brokenForm{err: fmt.Errorf("field %s of the form: %w", p.name, err)}
		}
	}
	_ = f.w.Close() // writing to memory does not fail
	return newReaders(f.w.FormDataContentType(), append(f.readers, f.cut())...)
}

// brokenForm is a form that cannot be sent.
type brokenForm struct {
	uploadBody
	err error
}

func (b brokenForm) check() error { return b.err }

// formWriter writes a form: text into memory, and files as the readers they are.
type formWriter struct {
	w       *multipart.Writer
	text    bytes.Buffer // written since the last file
	readers []io.Reader
}

// cut is what was written since the last file.
func (f *formWriter) cut() io.Reader {
	text := bytes.Clone(f.text.Bytes())
	f.text.Reset()
	return bytes.NewReader(text)
}

// add writes one part, or those that are in it. What is nil is left out.
func (f *formWriter) add(p formPart) error {
	switch v := p.value.(type) {
	case FormFile:
		return f.file(p, v)
	case *FormFile:
		if v == nil {
			return nil
		}
		return f.file(p, *v)
	case []FormFile:
		return addEach(f, p, v)
	case map[string]FormFile:
		return addMembers(f, p, v)
	case map[string]any:
		if p.name == "" {
			return addMembers(f, p, v)
		}
	}
	return f.value(p)
}

func addEach[T any](f *formWriter, p formPart, list []T) error {
	for _, v := range list {
		p.value = v
		if err := f.add(p); err != nil {
			return err
		}
	}
	return nil
}

// addMembers writes the members of a map as parts, in the order of their names.
func addMembers[T any](f *formWriter, p formPart, m map[string]T) error {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if name == "" {
			return errNoName
		}
		p.name, p.value = name, m[name]
		if err := f.add(p); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// file puts a reader between what is written before it and what comes after.
func (f *formWriter) file(p formPart, v FormFile) error {
	if v.Content == nil {
		return errors.New("the file has no content")
	}
	name, content := v.Name, v.ContentType
	if name == "" {
		name = p.name
	}
	if content == "" {
		content = p.content
	}
	if content == "" {
		content = "application/octet-stream"
	}
	if !validHeaderValue(content) {
		return errors.New("the media type of the file has control characters")
	}
	f.head(p.name, `; filename="`+dispositionEscape(name)+`"`, content)
	f.readers = append(f.readers, f.cut(), v.Content)
	return nil
}

// value writes what is no file: a text as it is, an object as JSON, a list element by element.
func (f *formWriter) value(p formPart) error {
	tree, err := param{}.tree(p.value)
	if err != nil {
		return err
	}
	if tree.kind != kindObject || p.name != "" {
		f.parts(p, tree)
		return nil
	}
	for _, e := range tree.entries {
		if e.name == "" {
			return errNoName
		}
		f.parts(formPart{name: e.name}, e.value)
	}
	return nil
}

// parts writes the fields that a value is: none, one, or one for each element.
func (f *formWriter) parts(p formPart, v *node) {
	switch v.kind {
	case kindNull:
	case kindArray:
		f.list(p, v.items)
	default:
		f.scalar(p, v)
	}
}

// list writes each element as a field, or all of them as one where they are delimited.
func (f *formWriter) list(p formPart, items []*node) {
	switch {
	case p.delimiter == "":
		for _, item := range items {
			f.scalar(p, item)
		}
	case len(items) > 0:
		f.field(p.name, p.content, strings.Join(itemTexts(items), p.delimiter))
	}
}

// scalar writes one field: a text as it is unless the field is said to hold JSON, and what is no text as JSON.
func (f *formWriter) scalar(p formPart, v *node) {
	kind, _, _ := mime.ParseMediaType(p.content)
	switch {
	case isJSON(kind):
		f.field(p.name, p.content, string(v.bytes()))
	case v.kind == kindNull:
	case v.kind == kindObject || v.kind == kindArray:
		f.field(p.name, cmp.Or(p.content, "application/json"), string(v.bytes()))
	default:
		f.field(p.name, p.content, scalar(v))
	}
}

func (f *formWriter) field(name, content, text string) {
	f.head(name, "", content)
	f.text.WriteString(text)
}

// head begins a part. Without a media type it is text.
func (f *formWriter) head(name, more, content string) {
	h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + dispositionEscape(name) + `"` + more}}
	if content != "" {
		h.Set("Content-Type", content)
	}
	_, _ = f.w.CreatePart(h) // writing to memory does not fail
}

// dispositionEscape writes a name as browsers do: it cannot leave its quotes or its line.
func dispositionEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "%0D", "\n", "%0A").Replace(s)
}

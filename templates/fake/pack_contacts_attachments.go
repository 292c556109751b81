//contactsgen:pack contacts
//contactsgen:part pack

package fake

import (
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Paths beside the operations, where files are uploaded to and read from.
const (
	uploadPrefix = "/_fake/uploads/"
	filePrefix   = "/_fake/files/"
)

// upload is a file that may be uploaded.
type upload struct{ contactID, fileName, mimeType, origin string }

// documentTypes are the kinds of files that may be attached beside images.
var documentTypes = []string{
	"text/csv", "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
	"application/vnd.openxmlformats-officedocument.",
}

func (p *contacts) uploadURL(c *call) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	if _, err := p.contact(c); err != nil {
		return Answer{}, err
	}
	name, mimeType := text(body["fileName"]), text(body["mimeType"])
	if name == "" || utf8.RuneCountInString(name) > 260 {
		return Answer{}, invalid("fileName", "must have 1 to 260 characters", "SIZE")
	}
	if !attachable(mimeType) {
		return Answer{}, invalid("mimeType", "is not one that can be attached", "FORMAT")
	}
	id := p.s.settings.newID()
	p.uploads[id] = upload{c.values[0], name, mimeType, c.origin}
	return one("uploadUrl", c.origin+uploadPrefix+id)
}

func attachable(mimeType string) bool {
	for _, prefix := range documentTypes {
		if strings.HasPrefix(mimeType, prefix) {
			return true
		}
	}
	return isImage(mimeType)
}

func isImage(mimeType string) bool { return strings.HasPrefix(mimeType, "image/") }

// serveUpload takes a file at the URL that was made for it, once.
func (p *contacts) serveUpload(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPut && r.Method != http.MethodPost {
		http.Error(w, "PUT or POST the file", http.StatusMethodNotAllowed)
		return
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	token := strings.TrimPrefix(r.URL.Path, uploadPrefix)
	file, ok := p.uploads[token]
	if !ok {
		http.Error(w, "no such upload", http.StatusNotFound)
		return
	}
	delete(p.uploads, token)
	e := p.s.seed(p.files, file.attachment(p.s.settings.newID()), []string{file.contactID})
	p.contents[e.key] = data
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "{}")
}

// attachment is what the API says of a file.
func (u upload) attachment(id string) object {
	url := u.origin + filePrefix + u.contactID + "/" + id
	out := object{"id": id, "fileName": u.fileName, "mimeType": u.mimeType, "attachmentType": "OTHER"}
	if isImage(u.mimeType) {
		out["attachmentType"] = "IMAGE"
		out["image"] = object{"id": id, "url": url, "width": figure(1), "height": figure(1)}
		return out
	}
	out["document"] = object{"id": id, "url": url}
	return out
}

// serveFile gives a file back.
func (p *contacts) serveFile(w http.ResponseWriter, r *http.Request) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	key := strings.TrimPrefix(r.URL.Path, filePrefix)
	e := p.files.byKey[key]
	if e == nil {
		http.Error(w, "no such file", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", text(e.value["mimeType"]))
	_, _ = w.Write(p.contents[key])
}

// filesOf gives the attachments of a contact.
func (p *contacts) filesOf(contactID string) []*entity {
	var out []*entity
	for _, e := range p.files.order {
		if strings.HasPrefix(e.key, joinKey(contactID)+"/") {
			out = append(out, e)
		}
	}
	return out
}

func (p *contacts) removeFile(e *entity) {
	p.files.remove(e)
	delete(p.contents, e.key)
}

func (p *contacts) listAttachments(c *call) (Answer, error) {
	found := p.filesOf(c.values[0])
	from, to, metadata, err := pageOf(c, "/paging", len(found), 100, 100)
	if err != nil {
		return Answer{}, err
	}
	values := make([]any, 0, to-from)
	for _, e := range found[from:to] {
		values = append(values, e.value)
	}
	return Answer{Body: object{"attachments": values, "metadata": metadata}}, nil
}

func (p *contacts) getAttachment(c *call) (Answer, error) {
	e := p.files.byKey[joinKey(c.values...)]
	if e == nil {
		return Answer{}, notFound("Attachment")
	}
	return one("attachment", e.value)
}

func (p *contacts) deleteAttachment(c *call) (Answer, error) {
	e := p.files.byKey[joinKey(c.values...)]
	if e == nil {
		return Answer{}, notFound("Attachment")
	}
	p.removeFile(e)
	return nothing()
}

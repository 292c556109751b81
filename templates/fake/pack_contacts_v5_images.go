//contactsgen:pack contactsv5
//contactsgen:part pack

package fake

import (
	"cmp"
	"io"
	"net/http"
	"strings"
)

// imagePrefix is the path beside the operations where images are uploaded to.
const imagePrefix = "/_fake/images/"

// image is an image on its way to a contact.
type image struct {
	contact string // its key
	url     string // where it is fetched from, "" when it is uploaded
	reads   int    // how often its status was read
	status  string // IN_PROGRESS, SUCCESS or FAILURE
}

// withImage answers a contact and, where it has an image that is given by its URL and not fetched yet, what to ask for.
func (p *contactsV5) withImage(body object, e *entity) (Answer, error) {
	url, id := text(objectAt(e.value, "image")["url"]), text(objectAt(e.value, "image")["id"])
	if url == "" || id != "" {
		return Answer{Body: body}, nil
	}
	upload := p.s.settings.newID()
	p.images[upload] = &image{contact: e.key, url: url, status: "IN_PROGRESS"}
	body["imageUploadId"] = upload
	return Answer{Body: body}, nil
}

func (p *contactsV5) imageURL(c *call) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	e, err := p.contact(c)
	if err != nil {
		return Answer{}, err
	}
	if kind := text(body["mimeType"]); kind != "" && kind != "image/png" && kind != "image/jpeg" {
		return Answer{}, refusal(http.StatusBadRequest, "INVALID_MIME_TYPE", "An image is image/png or image/jpeg.")
	}
	id := p.s.settings.newID()
	p.images[id] = &image{contact: e.key, status: "IN_PROGRESS"}
	return Answer{Body: object{"uploadUrl": c.origin + imagePrefix + id, "imageUploadId": id}}, nil
}

// serveImage takes an image at the URL that was made for it.
func (p *contactsV5) serveImage(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPut && r.Method != http.MethodPost {
		http.Error(w, "PUT or POST the image", http.StatusMethodNotAllowed)
		return
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	id := strings.TrimPrefix(r.URL.Path, imagePrefix)
	i := p.images[id]
	if i == nil || i.url != "" || i.status != "IN_PROGRESS" {
		http.Error(w, "no such upload", http.StatusNotFound)
		return
	}
	p.arrived(i, id)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "{}")
}

// arrived gives a contact its image, which moves the contact's revision.
func (p *contactsV5) arrived(i *image, id string) {
	e := p.people.byKey[i.contact]
	if i.status = "FAILURE"; e == nil {
		return
	}
	i.status = "SUCCESS"
	had := cloned(objectAt(e.value, "image"))
	p.sideDoor(e, with(e.value, "/image", filledFrom(object{"id": id, "url": cmp.Or(i.url, "https://static.example.com/"+id)}, had)).(object))
}

func (p *contactsV5) imageStatus(c *call) (Answer, error) {
	id := c.values[1]
	i := p.images[id]
	if i == nil || i.contact != joinKey(c.values[0]) {
		return Answer{}, refusal(http.StatusNotFound, "UPLOAD_ID_NOT_FOUND", "There is no such upload.")
	}
	if i.reads++; i.url != "" && i.status == "IN_PROGRESS" && i.reads > cmp.Or(p.set.JobPolls, 2) {
		p.arrived(i, id)
	}
	return one("status", i.status)
}

//contactsgen:feature webhooks
//contactsgen:part server

package fake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// signedHeaders says how the headers of a delivery sign its body: data only, printed by the generator.
type signedHeaders struct {
	ID, Timestamp, Signature string // headers; "" is none
	Prefix                   string // of a signature
	Hex                      bool   // signatures are hexadecimal; else they are base64
	Signed                   string // what is signed, with {id}, {timestamp} and {body} in it
	Coded                    bool   // secrets are base64 behind "whsec_"
}

// eventSecret is the secret that deliveries are signed with. Everybody knows it.
const eventSecret = "no secret: tests alone trust it"

// Secret gives the secret that checks the deliveries that are signed with one, as the API would show it.
func (e *Events) Secret() string {
	if h := e.format.Headers; h != nil && h.Coded {
		return "whsec_" + base64.StdEncoding.EncodeToString([]byte(eventSecret))
	}
	return eventSecret
}

// sign makes the headers of a delivery.
func (h *signedHeaders) sign(id string, now time.Time, body []byte) http.Header {
	timestamp := strconv.FormatInt(now.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(eventSecret))
	mac.Write([]byte(strings.NewReplacer("{id}", id, "{timestamp}", timestamp, "{body}", string(body)).Replace(h.Signed)))
	signature := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if h.Hex {
		signature = hex.EncodeToString(mac.Sum(nil))
	}
	header := http.Header{"Content-Type": {"application/json"}}
	for _, one := range []struct{ name, value string }{{h.ID, id}, {h.Timestamp, timestamp}, {h.Signature, h.Prefix + signature}} {
		if one.name != "" {
			header.Set(one.name, one.value)
		}
	}
	return header
}

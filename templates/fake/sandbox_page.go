//contactsgen:generator

package fake

import (
	_ "embed"
	"io"
	"net/http"
)

// The page is of our own making: no framework, nothing fetched from elsewhere. What it shows is put in as text, never as markup.

//go:embed sandbox.html
var sandboxHTML string

//go:embed sandbox.css
var sandboxCSS string

//go:embed sandbox.js
var sandboxJS string

const sandboxIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect x="1" y="8" width="14" height="7" rx="1" fill="#c9a35b"/><path d="M3 8l5-6 5 6z" fill="#e6c98a"/></svg>
`

// pagePart serves a part of the page. Nothing is loaded from anywhere else.
func pagePart(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, body)
	}
}

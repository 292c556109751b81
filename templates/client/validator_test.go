package client

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// What a token has to look like before it is sent as what HTTP knows.
func TestValidators(t *testing.T) {
	const modified, later = "Fri, 02 Jan 2026 03:04:05 GMT", "Fri, 02 Jan 2026 03:04:06 GMT"
	tag, bare := tokenPart{form: entityTag{}}, tokenPart{form: entityTag{bare: true}}
	for _, tt := range []struct {
		name  string
		part  tokenPart
		value string
		date  string // of the answer
		want  error
	}{
		{"tag", tag, `"a"`, "", nil},
		{"empty tag", tag, `""`, "", nil},
		{"tag of a star", tag, `"*"`, "", nil},
		{"star", tag, `*`, "", errTagMalformed},
		{"list", tag, `"a", "b"`, "", errTagMalformed},
		{"weak", tag, `W/"a"`, "", errTagWeak},
		{"weak, sent", tokenPart{form: entityTag{weak: true}}, `W/"a"`, "", nil},
		{"weak star, sent", tokenPart{form: entityTag{weak: true}}, `W/*`, "", errTagMalformed},
		{"small w", tag, `w/"a"`, "", errTagMalformed},
		{"word", tag, `a`, "", errTagMalformed},
		{"control character", tag, "\"a\x01\"", "", errTagMalformed},
		{"one quote", tag, `"`, "", errTagMalformed},
		{"word where words will do", bare, `a`, "", nil},
		{"tag where words will do", bare, `"a"`, "", nil},
		{"star where words will do", bare, `*`, "", errTagNoWord},
		{"two words", bare, `a b`, "", errTagNoWord},
		{"list of words", bare, `a,b`, "", errTagNoWord},
		{"weak word", bare, `W/a`, "", errTagNoWord},
		{"star without its quotes", tokenPart{form: entityTag{bare: true}, unquoted: true}, `"*"`, "", errTagNoWord},
		{"list without its quotes", tokenPart{form: entityTag{bare: true}, unquoted: true}, `"a, b"`, "", errTagNoWord},
		{"date", tokenPart{form: httpDate{}}, modified, later, nil},
		{"date of now", tokenPart{form: httpDate{}}, modified, modified, errDateYoung},
		{"date of now, sent", tokenPart{form: httpDate{weak: true}}, modified, modified, nil},
		{"date to come", tokenPart{form: httpDate{}}, later, modified, errDateWeak},
		{"date alone", tokenPart{form: httpDate{}}, modified, "", errDateWeak},
		{"no date", tokenPart{form: httpDate{weak: true}}, "2026-01-02T03:04:05Z", later, errDateMalformed},
		{"anything", tokenPart{}, `*`, "", nil},
	} {
		if got := tt.part.faultOf(tt.value, http.Header{"Date": {tt.date}}); !errors.Is(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A header that comes twice says nothing, even when it says the same twice.
func TestTokenThatComesTwice(t *testing.T) {
	part := etagAPI(tokenPart{}).trait
	for _, lines := range [][]string{{`"a"`, `"b"`}, {`"a"`, `"a"`}, {}, {""}} {
		if got := part.findToken(readAt, nil, http.Header{"Etag": lines}); got != nil {
			t.Errorf("%q: %v", lines, got)
		}
	}
}

// An answer whose tag counts must not be compressed on its way, unless the caller asks for that.
func TestEncodingOfTaggedAnswers(t *testing.T) {
	tagged := opGet
	tagged.tagged = true
	for want, r := range map[string]*request{
		"":         {op: &opGet},
		"identity": {op: &tagged},
		"br":       {op: &tagged, header: http.Header{"Accept-Encoding": {"br"}}},
	} {
		r.url = mustURL(t, "https://api.example.com")
		if got := r.build(t.Context(), "agent").Header.Get("Accept-Encoding"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Others may still write in the second of a date: a helper waits until it is over, and not for ever.
func TestYoungDates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			name  string
			every bool // the resource changes all the time
			reads int
			want  error
		}{{"changed once", false, 2, nil}, {"changes all the time", true, 1 + maxYoungReads, ErrMissingRevision}} {
			api := etagAPI(tokenPart{form: httpDate{}})
			part := &api.trait.tokens[0]
			part.read, part.send, part.reply = inHeaderOf("Last-Modified"), inHeaderOf("If-Unmodified-Since"), inHeaderOf("Last-Modified")
			modified, reads := time.Now(), 0
			c, err := newMiniClient(api, through(func(r *http.Request) (*http.Response, error) {
				now := time.Now()
				if tt.every {
					modified = now
				}
				if r.Method == http.MethodGet {
					reads++
				}
				return reply(200, `{"id":"1","info":{"jobTitle":"was"}}`, "Date: "+now.UTC().Format(http.TimeFormat),
					"Last-Modified: "+modified.UTC().Format(http.TimeFormat)), nil
			}))
			if err != nil {
				t.Fatal(err)
			}
			_, err = updateWithRetry(t.Context(), c.core, api.trait, []string{"1"}, func(m *miniContact) error {
				m.Info.JobTitle = pointerTo("is")
				return nil
			}, nil)
			if !errors.Is(err, tt.want) || reads != tt.reads {
				t.Errorf("%s: %d reads, %v", tt.name, reads, err)
			}
		}
	})
}

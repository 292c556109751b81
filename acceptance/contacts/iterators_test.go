package contacts_test

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
)

// shelf is a list of items that is answered in pages.
type shelf struct {
	list, member, page string // names of the items, of what they are told by, of what is said of a page
	items              []string
	usual, most        int // on a page: when nothing is asked for, and whatever is
	total              func(offset int) string
	fails              int // the request that fails, from 1; 0: none
	asked              []string
}

func (s *shelf) handle(r *http.Request, body string) *http.Response {
	limit, offset := s.usual, 0
	if r.Method == "POST" {
		s.asked = append(s.asked, body)
		at := body[strings.Index(body, `"paging":{`):]
		_, _ = fmt.Sscanf(at, `"paging":{"limit":%d,"offset":%d`, &limit, &offset)
	} else {
		s.asked = append(s.asked, r.URL.RawQuery)
		_, _ = fmt.Sscan(r.URL.Query().Get("paging.limit"), &limit)
		_, _ = fmt.Sscan(r.URL.Query().Get("paging.offset"), &offset)
	}
	if len(s.asked) == s.fails {
		return reply(400, `{"details":{"applicationError":{"code":"ILLEGAL_LIMIT"}}}`)
	}
	end := min(len(s.items), offset+min(limit, s.most))
	var page []string
	for _, id := range s.items[min(offset, end):end] {
		page = append(page, fmt.Sprintf(`{"%s":"%s"}`, s.member, id))
	}
	total := ""
	if s.total != nil {
		total = s.total(offset)
	}
	return reply(200, fmt.Sprintf(`{"%s":[%s],"%s":{"count":%d,"offset":%d%s}}`, s.list, strings.Join(page, ","), s.page, len(page), offset,
		total))
}

func names(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint("n", i)
	}
	return list
}

func exactly(n int) func(int) string {
	return func(int) string { return fmt.Sprintf(`,"total":%d`, n) }
}

// collect runs an iterator to its end, and gives what told its items apart.
func collect[T any](seq iter.Seq2[*T, error], id func(*T) string) (list []string, err error) {
	for item, e := range seq {
		if e != nil {
			if err != nil || item != nil {
				return nil, errors.New("more than one error, or an item beside it")
			}
			err = e
			continue
		}
		if err != nil {
			return nil, errors.New("something followed an error")
		}
		list = append(list, id(item))
	}
	return list, err
}

// Every iterator goes through all pages in as few requests as the service allows, with and without a total.
func TestIterators(t *testing.T) {
	contact := func(c *contacts.Contact) string { return c.ID }
	facet := func(f *contacts.ContactsFacet) string { return *f.FacetKey }
	label := func(l *contacts.ContactLabel) string { return l.Key }
	field := func(f *contacts.ExtendedField) string { return f.Key }
	file := func(a *contacts.ContactAttachment) string { return a.ID }
	for name, tt := range map[string]struct {
		list, member, page string
		usual, most        int
		first              string // what the first request asks for
		run                func(*contacts.Client) ([]string, error)
	}{
		"ListAll": {"contacts", "id", "pagingMetadata", 50, 1000, "paging.limit=1000", func(c *contacts.Client) ([]string, error) {
			return collect(c.Contacts.ListAll(background()), contact)
		}},
		"QueryAll": {"contacts", "id", "pagingMetadata", 50, 1000, `{"query":{"filter":{"a":1},"paging":{"limit":1000}}}`,
			func(c *contacts.Client) ([]string, error) {
				return collect(c.Contacts.QueryAll(background(),
					contacts.QueryContactsRequest{Query: contacts.ContactQuery{Filter: contacts.Filter{"a": 1}}}), contact)
			}},
		"ListFacetsAll": {"facets", "facetKey", "pagingMetadata", 50, 1000, "paging.limit=1000", func(c *contacts.Client) ([]string, error) {
			return collect(c.Contacts.ListFacetsAll(background()), facet)
		}},
		"QueryFacetsAll": {"facets", "facetKey", "pagingMetadata", 50, 1000, `{"paging":{"limit":300}}`,
			func(c *contacts.Client) ([]string, error) {
				return collect(c.Contacts.QueryFacetsAll(background(), contacts.QueryFacetsRequest{Paging: contacts.Paging{Limit: ptr(int32(300))}}),
					facet)
			}},
		"labels' ListAll": {"labels", "key", "metadata", 50, 2000, "namespace=custom&paging.limit=2000",
			func(c *contacts.Client) ([]string, error) {
				return collect(c.Labels.ListAll(background(), contacts.ListLabelsParams{Namespace: ptr("custom")}), label)
			}},
		"labels' QueryAll": {"labels", "key", "pagingMetadata", 50, 2000, `{"query":{"paging":{"limit":2000}}}`,
			func(c *contacts.Client) ([]string, error) {
				return collect(c.Labels.QueryAll(background(), contacts.QueryLabelsRequest{}), label)
			}},
		"fields' ListAll": {"fields", "key", "metadata", 100, 100, "", func(c *contacts.Client) ([]string, error) {
			return collect(c.ExtendedFields.ListAll(background()), field)
		}},
		"fields' QueryAll": {"fields", "key", "pagingMetadata", 100, 100, `{"query":{"paging":{"limit":200}}}`,
			func(c *contacts.Client) ([]string, error) {
				return collect(c.ExtendedFields.QueryAll(background(),
					contacts.QueryExtendedFieldsRequest{Query: contacts.ExtendedFieldQuery{Paging: contacts.ExtendedFieldPaging{Limit: ptr(int32(200))}}}),
					field)
			}},
		"attachments' ListAll": {"attachments", "id", "metadata", 100, 100, "paging.limit=100", func(c *contacts.Client) ([]string, error) {
			return collect(c.Attachments.ListAll(background(), contactID), file)
		}},
	} {
		for what, total := range map[string]func(int) string{
			"total": exactly(2345), "no total": nil,
			"too many to count": func(int) string { return `,"tooManyToCount":true` },
			"shrinking total":   func(offset int) string { return fmt.Sprintf(`,"total":%d`, 2345-offset) },
		} {
			s := &shelf{list: tt.list, member: tt.member, page: tt.page, items: names(2345), usual: tt.usual, most: tt.most, total: total}
			client, _ := clientOf(t, s.handle)
			got, err := tt.run(client)
			if err != nil || !slices.Equal(got, s.items) {
				t.Errorf("%s, %s: %v after %d items in %d requests", name, what, err, len(got), len(s.asked))
			}
			if most := 2345/min(tt.most, 100) + 3; len(s.asked) > most || s.asked[0] != tt.first {
				t.Errorf("%s, %s: %d requests, first %q", name, what, len(s.asked), s.asked[0])
			}
		}
	}
}

// An error is the last thing an iterator gives, and beginning again asks again.
func TestIteratorErrors(t *testing.T) {
	s := &shelf{list: "contacts", member: "id", page: "pagingMetadata", items: names(2345), usual: 50, most: 1000, total: exactly(2345),
		fails: 2}
	client, _ := clientOf(t, s.handle)
	seq := client.Contacts.ListAll(background())
	got, err := collect(seq, func(c *contacts.Contact) string { return c.ID })
	if !errors.Is(err, contacts.CodeIllegalLimit) || len(got) != 1000 || len(s.asked) != 2 {
		t.Errorf("%v after %d items and %d requests", err, len(got), len(s.asked))
	}
	got, err = collect(seq, func(c *contacts.Contact) string { return c.ID })
	if err != nil || len(got) != 2345 {
		t.Errorf("again: %v after %d items", err, len(got))
	}
	for name, answer := range map[string]string{
		"no JSON":          `{"contacts":[`,
		"an odd item":      `{"contacts":[{"id":"a","revision":1},{"id":{}}],"pagingMetadata":{"total":9}}`,
		"the items oddly":  `{"contacts":{}}`,
		"the page forever": `{"contacts":[{"id":"a","revision":1}],"pagingMetadata":{"total":1000000}}`,
	} {
		client, s := clientOf(t, always(200, answer))
		if _, err := collect(client.Contacts.QueryAll(background(), contacts.QueryContactsRequest{}), func(c *contacts.Contact) string {
			return c.ID
		}); err == nil || len(s.requests()) > 2 {
			t.Errorf("%s: %v after %d requests", name, err, len(s.requests()))
		}
	}
	if _, err := collect(client.Contacts.ListAll(background(), contacts.ListLabelsParams{}), func(c *contacts.Contact) string {
		return c.ID
	}); err == nil {
		t.Error("an option of another operation was taken")
	}
}

// Whoever leaves the loop asks for nothing more.
func TestIteratorsAreLazy(t *testing.T) {
	s := &shelf{list: "contacts", member: "id", page: "pagingMetadata", items: names(30), usual: 50, most: 10, total: exactly(30)}
	client, _ := clientOf(t, s.handle)
	seq := client.Contacts.ListAll(background(), contacts.ListContactsParams{PagingLimit: ptr(int32(10)), PagingOffset: ptr(int32(5))})
	if len(s.asked) != 0 {
		t.Error("something was asked before the loop")
	}
	n := 0
	for c, err := range seq {
		if err != nil || c.ID != fmt.Sprint("n", 5+n) {
			t.Fatal(c, err)
		}
		if n++; n == 12 {
			break
		}
	}
	if want := []string{"paging.limit=10&paging.offset=5", "paging.limit=10&paging.offset=15"}; !slices.Equal(s.asked, want) {
		t.Errorf("asked %q", s.asked)
	}
}

// Pages give what a service says beside the items.
func TestPages(t *testing.T) {
	s := &shelf{list: "contacts", member: "id", page: "pagingMetadata", items: names(25), usual: 50, most: 10, total: exactly(25), fails: 4}
	client, _ := clientOf(t, s.handle)
	small := contacts.ListContactsParams{PagingLimit: ptr(int32(10))}
	var sizes []int
	for page, err := range client.Contacts.ListPages(background(), small) {
		if err != nil {
			t.Fatal(err)
		}
		if *page.PagingMetadata.Total != 25 || int(*page.PagingMetadata.Count) != len(page.Contacts) {
			t.Errorf("%+v", page.PagingMetadata)
		}
		sizes = append(sizes, len(page.Contacts))
	}
	if !slices.Equal(sizes, []int{10, 10, 5}) {
		t.Errorf("pages of %v", sizes)
	}
	pages := 0
	for page, err := range client.Contacts.ListPages(background(), small) {
		if pages++; err == nil || page != nil {
			t.Errorf("%v, %v", page, err)
		}
	}
	if pages != 1 {
		t.Errorf("%d pairs after an error", pages)
	}
}

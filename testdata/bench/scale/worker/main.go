// Command worker is the client of the scale benchmark: a process of its own, so that its memory is its own. It makes, lists or updates
// contacts and says how many there were, how many requests that took, and how many bytes of memory at most.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"

	api "github.com/contactsgen/contactsgen/testdata/bench/gen/whole"
)

// goroutines make contacts at once.
const goroutines = 16

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: worker URL create|list|update COUNT")
	}
	count, err := strconv.Atoi(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	counted := &counting{}
	client, err := api.NewClient(api.WithBaseURL(os.Args[1]), api.WithAPIKey("key"), api.WithSiteID("site"),
		api.WithHTTPClient(&http.Client{Transport: counted}))
	if err != nil {
		log.Fatal(err)
	}
	work := map[string]func(context.Context, *api.Client, int) (int, error){"create": create, "list": list, "update": update}[os.Args[2]]
	if work == nil {
		log.Fatal("no such work: ", os.Args[2])
	}
	done, err := work(context.Background(), client, count)
	if err != nil {
		log.Fatal(err)
	}
	most, err := peak()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(done, counted.requests.Load(), most)
}

// counting counts what is sent.
type counting struct{ requests atomic.Int64 }

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.requests.Add(1)
	return http.DefaultTransport.RoundTrip(r)
}

// create makes contacts until there are count more.
func create(ctx context.Context, client *api.Client, count int) (int, error) {
	numbers := make(chan int)
	failed := make(chan error, goroutines)
	var all sync.WaitGroup
	for range goroutines {
		all.Go(func() {
			for n := range numbers {
				_, err := client.Contacts.Create(ctx, api.CreateContactRequest{Info: info(n), AllowDuplicates: api.Ptr(true)})
				if err != nil {
					failed <- err
					return
				}
			}
		})
	}
	for n := range count {
		select {
		case numbers <- n:
		case err := <-failed:
			return n, err
		}
	}
	close(numbers)
	all.Wait()
	select {
	case err := <-failed:
		return count, err
	default:
		return count, nil
	}
}

func info(n int) api.ContactInfo {
	return api.ContactInfo{
		Name:    api.ContactName{First: api.Ptr("Ada"), Last: api.Ptr(fmt.Sprint("Example ", n))},
		Company: api.Ptr("Example Works"),
		Emails:  api.ContactEmails{Items: []api.ContactEmail{{Tag: api.EmailTagMain, Email: fmt.Sprintf("ada%d@example.com", n)}}},
	}
}

// list goes through all contacts there are, a page of count at a time.
func list(ctx context.Context, client *api.Client, page int) (int, error) {
	n := 0
	for c, err := range client.Contacts.ListAll(ctx, api.ListContactsParams{PagingLimit: api.Ptr(int32(page))}) {
		if err != nil {
			return n, err
		}
		if c.ID != "" {
			n++
		}
	}
	return n, nil
}

// update changes all contacts there are, as they are listed a page of count at a time.
func update(ctx context.Context, client *api.Client, page int) (int, error) {
	var failed error
	all := client.Contacts.ListAll(ctx, api.ListContactsParams{PagingLimit: api.Ptr(int32(page)),
		Fieldsets: []api.ContactFieldset{api.ContactFieldsetBasic}})
	n := 0
	keys := api.KeysOf(all, func(c *api.Contact) string { return c.ID }, &failed)
	for item, err := range client.Contacts.UpdateEach(ctx, keys, promote, api.WithConcurrency(goroutines),
		api.UpdateContactParams{AllowDuplicates: api.Ptr(true)}) {
		if err != nil {
			return n, err
		}
		if item.Value.Revision > 1 {
			n++
		}
	}
	return n, failed
}

func promote(c *api.Contact) error {
	title := "Clerk"
	if c.Info.JobTitle != nil && *c.Info.JobTitle == title {
		title = "Senior clerk"
	}
	c.Info.JobTitle = &title
	return nil
}

package contention

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/util/retry"

	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
	api "github.com/contactsgen/contactsgen/testdata/bench/gen/whole"
)

// delay is the time from asking to the answer, half of it on each way.
const delay = 20 * time.Millisecond

// service is the fake behind a network that takes its time.
type service struct {
	fake     *contactstest.Server
	server   *httptest.Server
	requests atomic.Int64
	key      string
}

func newService() *service {
	s := &service{fake: contactstest.New(contactstest.WithRecord(1))}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		time.Sleep(delay / 2)
		s.fake.ServeHTTP(w, r)
		time.Sleep(delay / 2)
	}))
	s.key = s.fake.Seed("Contact", counter())
	return s
}

func (s *service) close() { s.server.Close() }

// client makes a client with connections of its own for as many callers as there may be.
func (s *service) client() (*api.Client, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	return api.NewClient(api.WithBaseURL(s.server.URL), api.WithAPIKey("key"), api.WithSiteID("site"),
		api.WithHTTPClient(&http.Client{Transport: transport}))
}

// count is where the writers count.
func (s *service) count() (int, error) {
	var c api.Contact
	if !s.fake.Get("Contact", s.key, &c) {
		return 0, errors.New("the contact is gone")
	}
	return number(&c)
}

// counter is a contact that counts in its job title.
func counter() map[string]any {
	return map[string]any{"info": map[string]any{"name": map[string]any{"first": "Ada"}, "jobTitle": "0"}}
}

func number(c *api.Contact) (int, error) { return strconv.Atoi(*c.Info.JobTitle) }

// increment is what every writer wants to do once.
func increment(c *api.Contact) error {
	n, err := number(c)
	c.Info.JobTitle = api.Ptr(strconv.Itoa(n + 1))
	return err
}

// policy is a way to get an update through.
type policy struct {
	name   string
	update func(ctx context.Context, c *api.Client, key string) error
	shared bool // all writers use one client, as those of one process do
}

const (
	lane        = "lane"
	combined    = "combining"
	noLane      = "no lane"
	retryLoop   = "RetryOnConflict"
	withoutWait = "no backoff"
)

var policies = []policy{
	{lane, ours(), true},
	{combined, ours(api.WithCombining()), true},
	{noLane, ours(api.WithoutLane()), false},
	{retryLoop, onConflict, false},
	{withoutWait, again, false},
}

func ours(opts ...api.CallOption) func(context.Context, *api.Client, string) error {
	return func(ctx context.Context, c *api.Client, key string) error {
		_, err := c.Contacts.UpdateWithRetry(ctx, key, increment, opts...)
		return err
	}
}

// onConflict is the loop that people know from Kubernetes, with its defaults.
func onConflict(ctx context.Context, c *api.Client, key string) error {
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		err := once(ctx, c, key)
		if errors.Is(err, api.ErrConflict) {
			return apierrors.NewConflict(schema.GroupResource{Resource: "contacts"}, key, err)
		}
		return err
	})
}

// again is the loop that people write first.
func again(ctx context.Context, c *api.Client, key string) error {
	for {
		if err := once(ctx, c, key); !errors.Is(err, api.ErrConflict) {
			return err
		}
	}
}

// once reads and writes, and fails when another writer was faster.
func once(ctx context.Context, c *api.Client, key string) error {
	got, err := c.Contacts.Get(ctx, key)
	if err != nil {
		return err
	}
	if err := increment(got); err != nil {
		return err
	}
	_, err = c.Contacts.Update(ctx, key, api.UpdateContactRequest{Revision: got.Revision, Info: api.ContactInfo{JobTitle: got.Info.JobTitle}})
	return err
}

// outcome is what became of n writers who wanted one update each.
type outcome struct {
	perSuccess float64 // requests
	failed     float64 // share of the writers
	seconds    float64 // until the last was done
}

var errLostUpdate = errors.New("the counter is not the number of successes: an update was lost")

// contend has n writers update one contact at once.
func contend(ctx context.Context, p policy, n int) (outcome, error) {
	s := newService()
	defer s.close()
	clients := make([]*api.Client, n)
	for i := range clients {
		if p.shared && i > 0 {
			clients[i] = clients[0]
			continue
		}
		c, err := s.client()
		if err != nil {
			return outcome{}, err
		}
		clients[i] = c
	}
	var all sync.WaitGroup
	var succeeded atomic.Int64
	broken := make(chan error, n)
	started := time.Now()
	for _, c := range clients {
		all.Go(func() {
			switch err := p.update(ctx, c, s.key); {
			case err == nil:
				succeeded.Add(1)
			case !errors.Is(err, api.ErrConflict) && !apierrors.IsConflict(err):
				broken <- err
			}
		})
	}
	all.Wait()
	o := outcome{seconds: time.Since(started).Seconds()}
	ok := float64(succeeded.Load())
	o.perSuccess, o.failed = float64(s.requests.Load())/ok, 1-ok/float64(n)
	if len(broken) > 0 {
		return o, <-broken
	}
	if got, err := s.count(); err != nil || got != int(ok) {
		return o, errors.Join(err, errLostUpdate)
	}
	return o, nil
}

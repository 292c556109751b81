package contacts_test

import (
	"fmt"
	"net/http"

	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
	"github.com/contactsgen/contactsgen/testdata/judge/law"
	"github.com/contactsgen/contactsgen/testdata/judge/network"
)

// transported is a server in the same process.
type transported interface{ Transport() http.RoundTripper }

// historyServer is a server that a round is played on.
type historyServer interface {
	transported
	seed(i int) (id string)                                           // puts the contact number i in
	Requests(operationIDs ...string) (played []contactstest.Exchange) // what was sent, and how often it was applied
	Land()                                                            // has what is late arrive
	counter(id string) string
}

// fakedHistory is the fake that is generated beside the client.
type fakedHistory struct{ *contactstest.Server }

func newFakedHistory(seed uint64) historyServer {
	srv := contactstest.New(contactstest.WithSeed(seed))
	srv.Inject(historyFaults(seed)...)
	return fakedHistory{srv}
}

func (s fakedHistory) seed(i int) string { return s.Seed("Contact", fmt.Sprintf(historyContact, i)) }

func (s fakedHistory) counter(id string) string { return counted(s.Server, id) }

// historyContact has an email, so that phones are no reason to take two contacts for duplicates.
const historyContact = `{"info": {"jobTitle": "0", "emails": {"items": [{"email": "c%d@example.com"}]}}}`

// lawfulHistory is a server that was written from the rules of revision-aware writes alone, behind a network that fails.
type lawfulHistory struct{ *network.Rough }

// lawfulChances are what goes wrong there, where the fake has its faults.
var lawfulChances = []network.Chance{
	{Fate: network.LostBefore, Of: 0.07},
	{Fate: network.LostAfter, Of: 0.07},
	{Fate: network.Delayed, Of: 0.05},
	{Fate: network.TwiceFirst, Of: 0.02},
	{Fate: network.TwiceSeen, Of: 0.02},
	{Fate: network.Unreached, Of: 0.01},
	{Fate: network.HungBefore, Of: 0.005},
	{Fate: network.HungAfter, Of: 0.005},
	{Fate: network.Throttled, Of: 0.02},
	{Fate: network.FailedBefore, Of: 0.01},
	{Fate: network.FailedAfter, Of: 0.01},
	{Fate: network.Gateway, Of: 0.01},
	{Fate: network.TimedOut, Of: 0.01},
	{Fate: network.Stale, Of: 0.05},
	{Fate: network.Torn, Of: 0.02},
	{Fate: network.ThinEmpty, Of: 0.03},
	{Fate: network.ThinID, Of: 0.03},
	{Fate: network.NullAnswer, Of: 0.03},
	{Fate: network.OtherSuccess, Of: 0.03},
	{Fate: network.Redirected, Of: 0.03},
	{Fate: network.ThrottledFar, Of: 0.005},
}

func newLawfulHistory(seed uint64) historyServer {
	srv := law.NewServer(law.API{
		Path: "contacts/v4/contacts", Envelope: "contact", Member: "revision", Payload: law.MergePatch, Token: law.Integer, Sink: law.Body,
		Order: "increments", Step: 1, Reply: law.Whole, Stale: http.StatusConflict, Code: "CONTACT_ALREADY_CHANGED",
	})
	by := func(r *http.Request) string { return r.Header.Get(opHeader) }
	return lawfulHistory{network.NewRough(srv, seed, by, lawfulChances...)}
}

func (s lawfulHistory) Transport() http.RoundTripper { return s.Rough }

func (s lawfulHistory) Land() { s.Settle() }

func (s lawfulHistory) seed(i int) string {
	id := fmt.Sprintf("5f1cbe1d-0000-4000-8000-%012d", i)
	s.Server.Seed(id, fmt.Sprintf(`{"jobTitle": "0", "emails": {"items": [{"email": "c%d@example.com"}]}}`, i))
	return id
}

func (s lawfulHistory) counter(id string) string {
	all := s.Server.History(id)
	return fmt.Sprint(all[len(all)-1].Info["jobTitle"])
}

// Requests are told as the fake would.
func (s lawfulHistory) Requests(...string) (played []contactstest.Exchange) {
	for _, x := range s.Exchanges() {
		told := contactstest.Exchange{Time: x.Time, Status: x.Status, Applied: x.Applied, Faults: string(x.Fate)}
		told.Header, told.Method, told.Path, told.Body = x.Request.Header, x.Request.Method, x.Request.Path, x.Request.Body
		if told.Operation = "getContact"; x.Request.Method == http.MethodPatch {
			told.Operation = "updateContact"
		}
		switch x.Fate {
		case network.Deliver:
			told.Faults = ""
		case network.Torn:
			told.Faults = string(contactstest.Truncate)
		}
		played = append(played, told)
	}
	return played
}

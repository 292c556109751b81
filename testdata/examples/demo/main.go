// Command demo lets two programs write to one contact of a sandbox, so that one of them meets a conflict, and shows what goes over
// the wire: make demo.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/contactsgen/contactsgen/generated/contacts"
)

func main() {
	command := flag.String("contactsgen", "contactsgen", "the `command` whose sandbox is used")
	pace := flag.Duration("pace", 0, "`pause` between lines (default: 400ms on a terminal)")
	flag.Parse()
	terminal := isTerminal(os.Stdout)
	if *pace == 0 && terminal {
		*pace = 400 * time.Millisecond
	}
	s := &stage{out: os.Stdout, pace: *pace, color: terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
	if err := start(*command, s); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

var address = regexp.MustCompile(`http://[0-9.:]+`)

// start runs the demo on a sandbox that ends with it.
func start(command string, s *stage) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	sandbox := exec.CommandContext(ctx, command, "sandbox", "--api", "contacts-v4", "--addr", "127.0.0.1:0", "--for", "1m")
	sandbox.Stderr = os.Stderr
	said, err := sandbox.StdoutPipe()
	if err != nil {
		return err
	}
	if err := sandbox.Start(); err != nil {
		return err
	}
	defer func() {
		cancel()
		_ = sandbox.Wait() // it was ended on purpose
	}()
	line, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		return fmt.Errorf("the sandbox does not say where it is: %w", err)
	}
	return run(ctx, address.FindString(line), s)
}

const phone = "202 555 0143"

// run lets two writers meet. That they do is arranged: both have read before either writes, and the second writes first.
func run(ctx context.Context, base string, s *stage) error {
	left, right := &writer{stage: s}, &writer{stage: s, column: 1}
	phoneApp, office := left.client(base), right.client(base)
	ada, err := contacts.NewClient(contacts.WithBaseURL(base), contacts.WithAPIKey("key"), contacts.WithSiteID("site"))
	if err != nil {
		return err
	}
	created, err := ada.Contacts.Create(ctx,
		contacts.CreateContactRequest{Info: contacts.ContactInfo{Name: contacts.ContactName{First: contacts.Ptr("Ada")}}})
	if err != nil {
		return err
	}
	s.line("", fmt.Sprintf("One contact, two writers. Ada is at revision %d.", created.Revision))
	s.line("", "")
	s.columns(bold, "the phone app", bold, "the office")
	s.columns(dim, strings.Repeat("─", width), dim, strings.Repeat("─", width))

	phoneRead, officeWrote := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	var failed [2]error
	wait.Go(func() {
		first := true
		_, failed[0] = phoneApp.Contacts.UpdateWithRetry(ctx, created.ID, func(c *contacts.Contact) error {
			if first {
				left.say("", "runs its callback: adds a phone")
				close(phoneRead)
				<-officeWrote
			} else {
				left.say("", "runs it again, on what is there now")
			}
			first = false
			if !slices.ContainsFunc(c.Info.Phones.Items, func(p contacts.ContactPhone) bool { return p.Phone == phone }) {
				c.Info.Phones.Items = append(c.Info.Phones.Items, contacts.ContactPhone{Phone: phone, Tag: contacts.PhoneTagMobile})
			}
			return nil
		})
	})
	wait.Go(func() {
		defer close(officeWrote)
		select {
		case <-phoneRead:
		case <-ctx.Done():
			return
		}
		_, failed[1] = office.Contacts.UpdateWithRetry(ctx, created.ID, func(c *contacts.Contact) error {
			right.say("", "runs its callback: sets the company")
			c.Info.Company = contacts.Ptr("Example Works")
			return nil
		})
	})
	wait.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}

	now, err := ada.Contacts.Get(ctx, created.ID)
	if err != nil {
		return err
	}
	if len(now.Info.Phones.Items) != 1 || now.Info.Company == nil {
		return fmt.Errorf("a change was lost: %+v", now.Info)
	}
	s.line("", "")
	s.line(green, fmt.Sprintf("Nothing was lost. Ada is at revision %d, with the phone %s", now.Revision, now.Info.Phones.Items[0].Phone))
	s.line(green, fmt.Sprintf("and the company %s.", *now.Info.Company))
	return nil
}

// A writer is one of the two programs. Its requests are shown as they go.
type writer struct {
	stage  *stage
	column int
}

func (w *writer) client(base string) *contacts.Client {
	client, err := contacts.NewClient(contacts.WithBaseURL(base), contacts.WithAPIKey("key"), contacts.WithSiteID("site"),
		contacts.WithHTTPClient(&http.Client{Transport: w}), contacts.WithClock(w))
	if err != nil {
		panic(err) // the base is that of the sandbox
	}
	return client
}

func (w *writer) say(color, text string) {
	if w.column == 0 {
		w.stage.columns(color, text, "", "")
	} else {
		w.stage.columns("", "", color, text)
	}
}

// RoundTrip sends a request and shows it with its answer.
func (w *writer) RoundTrip(r *http.Request) (*http.Response, error) {
	what := r.Method
	if sent := revision(r); sent != "" {
		what += ", revision " + sent
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close() // it was read to its end
	if err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(strings.NewReader(string(body)))
	color, text := green, fmt.Sprint(answer.StatusCode)
	var got struct {
		Contact struct{ Revision json.Number }
	}
	switch {
	case answer.StatusCode == http.StatusConflict:
		color, text = red, text+", a conflict"
	case answer.StatusCode >= 400:
		color = red
	case json.Unmarshal(body, &got) == nil:
		text = "revision " + got.Contact.Revision.String()
		if r.Method == http.MethodGet {
			color = ""
		}
	}
	w.say(color, fmt.Sprintf("%-18s → %s", what, text))
	return answer, nil
}

// revision gives the revision that a request carries, "" when it carries none.
func revision(r *http.Request) string {
	if r.GetBody == nil {
		return ""
	}
	body, err := r.GetBody()
	if err != nil {
		return ""
	}
	defer func() { _ = body.Close() }() // a copy in memory
	var sent struct{ Revision json.Number }
	if json.NewDecoder(body).Decode(&sent) != nil {
		return ""
	}
	return sent.Revision.String()
}

// Now is the machine's clock.
func (w *writer) Now() time.Time { return time.Now() }

// Sleep shows a wait, and waits.
func (w *writer) Sleep(ctx context.Context, d time.Duration) error {
	w.say(yellow, fmt.Sprintf("waits %d ms", d.Milliseconds()))
	return sleep(ctx, d)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

const (
	bold   = "\x1b[1m"
	dim    = "\x1b[2m"
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	reset  = "\x1b[0m"

	width = 38 // of a column: two of them and what is between fit into 80
)

// A stage is what is shown, line by line.
type stage struct {
	out   io.Writer
	pace  time.Duration
	color bool
	mu    sync.Mutex
}

func (s *stage) columns(colorLeft, left, colorRight, right string) {
	pad := strings.Repeat(" ", max(0, width-utf8.RuneCountInString(left)))
	s.print(s.paint(colorLeft, left) + pad + "    " + s.paint(colorRight, right))
}

func (s *stage) line(color, text string) { s.print(s.paint(color, text)) }

func (s *stage) paint(color, text string) string {
	if !s.color || color == "" || text == "" {
		return text
	}
	return color + text + reset
}

func (s *stage) print(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintln(s.out, strings.TrimRight(line, " "))
	if s.pace > 0 {
		_ = sleep(context.Background(), s.pace) // nothing ends it early
	}
}

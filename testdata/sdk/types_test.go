package sdk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// beyondTypes are where what the fake answers, or what we ask, is not what the SDK's types say, each with the fact that it rests on.
var beyondTypes = []struct {
	fact string
	is   *regexp.Regexp
	seen int
}{
	{fact: "Internal types of the SDK have formattedPhone in the phones of a contact, so answers may, too.",
		is: regexp.MustCompile(`^contacts\.\w+: .*'"formattedPhone"' does not exist in type 'ContactPhone'`)},
	{fact: "The REST reference has fields and fieldsets in a query, as the SDK has in a list. " +
		"Its type of a query lacks them, and it sends them.",
		is: regexp.MustCompile(`^contacts\.queryContacts: .*'"fields"' does not exist in type 'ContactQuery'`)},
	{fact: "Deleting a contact is declared to give nothing, and gives the empty object that every delete answers.",
		is: regexp.MustCompile(`^contacts(V5)?\.deleteContact: Argument of type '\{\}' is not assignable to parameter of type 'void `)},
	{fact: "Where a query or a search is long enough to be posted, the SDK gives its caller dates as the texts they came as.",
		is: regexp.MustCompile(`^contactsV5\.(query|search)Contacts: Type 'string' is not assignable to type 'Date'`)},
}

// types has the compiler judge whether calls, and what the SDK gave for them, are what its types say. It gives what is wrong with each.
func types(t *testing.T, calls []sdkCall) map[int][]string {
	t.Helper()
	judged++
	var lines bytes.Buffer
	for _, c := range calls {
		line, err := json.Marshal(map[string]any{"method": c.Method, "types": c.Types})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&lines, "%s\n", line)
	}
	cmd := exec.CommandContext(t.Context(), "node", "types.mjs")
	cmd.Stdin, cmd.Stderr = &lines, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	wrong := map[int][]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var finding struct {
			Call    int
			Message string
		}
		if err := d.Decode(&finding); errors.Is(err, io.EOF) {
			return wrong
		} else if err != nil {
			t.Fatal(err)
		}
		if finding.Call < 0 {
			t.Fatal(finding.Message) // which is about the program and not about a call
		}
		if text := calls[finding.Call].Method + ": " + finding.Message; !isBeyondTypes(text) {
			wrong[finding.Call] = append(wrong[finding.Call], text)
		}
	}
}

func isBeyondTypes(text string) bool {
	for i := range beyondTypes {
		if beyondTypes[i].is.MatchString(text) {
			beyondTypes[i].seen++
			return true
		}
	}
	return false
}

// judged are how many scripts the compiler has seen; there are two.
var judged int

// TestMain says at the end what is beyond the types. When all was called, what no call has is a mistake in the list.
func TestMain(m *testing.M) {
	status := m.Run()
	for _, b := range beyondTypes {
		if b.seen > 0 {
			fmt.Printf("Beyond the SDK's types: %s (%d times)\n", b.fact, b.seen)
		} else if judged == 2 {
			fmt.Printf("NOT NEEDED %s\n", b.fact)
			status = 1
		}
	}
	os.Exit(status)
}

// What the SDK's types have, the descriptions have, and what differs is listed with a reason.
func TestMembersAreThoseOfTheSDK(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "node", "members.mjs").CombinedOutput()
	fmt.Printf("%s", out)
	if err != nil {
		t.Error(err)
	}
}

// What a description lacks is found out, by its name.
func TestMissingMembersAreFound(t *testing.T) {
	description, err := os.ReadFile("../../spec/contacts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var wants []string
	for what, x := range map[string]struct{ was, is, want string }{
		"a member":      {"        jobTitle:\n", "        jobTitel:\n", "NOT LISTED V4 ContactInfo.jobTitle: missing"},
		"an enum value": {", FAX]", "]", "missing values FAX"},
		"a code": {"code: CONTACT_ALREADY_CHANGED,", "code: CONTACT_CHANGED,",
			"NOT LISTED V4 updateContact CONTACT_ALREADY_CHANGED: missing"},
		"a length":     {"maxLength: 320", "maxLength: 300", "maxLength is 320, ours 300"},
		"an operation": {"  /contacts/v4/contacts/facets/query:", "  /contacts/v4/contacts/facets/ask:", "NOT LISTED V4 queryFacets: missing"},
	} {
		if !bytes.Contains(description, []byte(x.was)) {
			t.Fatalf("%s: the description has no %q", what, x.was)
		}
		description = bytes.ReplaceAll(description, []byte(x.was), []byte(x.is))
		wants = append(wants, x.want)
	}
	file := filepath.Join(t.TempDir(), "contacts.yaml")
	if err := os.WriteFile(file, description, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "node", "members.mjs", file).CombinedOutput()
	if err == nil {
		t.Error("nothing is wrong with a description that lacks a lot")
	}
	for _, want := range wants {
		if !strings.Contains(string(out), want) {
			t.Errorf("want %q in\n%s", want, out)
		}
	}
}

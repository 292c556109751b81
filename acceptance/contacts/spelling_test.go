package contacts_test

import "testing"

// A name in other capital letters is read where the exact one is missing, and never in its place, whoever reads the answer.
func TestSpelledOtherwise(t *testing.T) {
	for answer, want := range map[string]int32{
		`{"contact":{"id":"c","revision":7}}`:              7,
		`{"contact":{"id":"c","Revision":7}}`:              7,
		`{"contact":{"id":"c","revision":7,"Revision":9}}`: 7,
		`{"contact":{"id":"c","Revision":9,"revision":7}}`: 7,
		`{"contact":{"id":"c","revision":7},"Contact":{}}`: 7,
		`{"contact":{"id":"c","revisions":9}}`:             0,
	} {
		client, _ := clientOf(t, always(200, answer))
		got, err := client.Contacts.Get(background(), "c")
		if err != nil {
			t.Errorf("%s: %v", answer, err)
			continue
		}
		if got.ID != "c" || got.Revision != want {
			t.Errorf("%s is read as id %q and revision %d", answer, got.ID, got.Revision)
		}
	}
}

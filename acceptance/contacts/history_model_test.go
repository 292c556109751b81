package contacts_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/anishathalye/porcupine"

	"github.com/contactsgen/contactsgen/generated/contacts"
)

// historyInput is an operation as it was called.
type historyInput struct{ id, contact, kind, arg string }

func (in historyInput) ensures() bool { return in.kind == ensures || in.kind == ensuresTwice }

// edit is the callback of an operation.
func (in historyInput) edit(c *contacts.Contact) error {
	switch in.kind {
	case increments:
		return increment(c)
	case appends:
		c.Info.Phones.Items = append(c.Info.Phones.Items, phonesOf("+"+in.arg).Items...)
	case ensures, ensuresTwice:
		known := func(p contacts.ContactPhone) bool { return strings.TrimPrefix(p.Phone, "+") == in.arg }
		if !slices.ContainsFunc(c.Info.Phones.Items, known) {
			c.Info.Phones.Items = append(c.Info.Phones.Items, phonesOf("+"+in.arg).Items...)
		}
	case touches:
		c.Info.Company = ptr(in.arg)
	default:
		return fmt.Errorf("no edit %q", in.kind)
	}
	return nil
}

// historyOutput is what came of an operation.
type historyOutput struct {
	outcome contacts.Outcome // "" when nobody knows whether it was applied
	state   historyState     // of the result
}

// historyState is a contact as the model has it.
type historyState struct {
	counter int
	phones  string // each with a comma behind it
}

func stateOf(c *contacts.Contact) (s historyState) {
	s.counter, _ = strconv.Atoi(*c.Info.JobTitle) // anything else is a state that the model does not have
	for _, p := range c.Info.Phones.Items {
		s.phones += strings.TrimPrefix(p.Phone, "+") + ","
	}
	return s
}

// after is the state after an operation.
func (s historyState) after(in historyInput) historyState {
	switch {
	case in.kind == increments:
		s.counter++
	case in.kind == appends, in.ensures() && !strings.Contains(","+s.phones, ","+in.arg+","):
		s.phones += in.arg + ","
	}
	return s
}

// historyModel says which states an operation may lead to.
var historyModel = porcupine.NondeterministicModel{
	Init: func() []any { return []any{historyState{}} },
	Step: func(state, input, output any) []any {
		s, in, out := state.(historyState), input.(historyInput), output.(historyOutput)
		next := s.after(in)
		switch out.outcome {
		case contacts.Updated:
			if next == out.state {
				return []any{next}
			}
			return nil
		case contacts.Recovered:
			return []any{next} // its state was read, and may be from after the operation
		case contacts.Unchanged:
			if next == s {
				return []any{s}
			}
			return nil
		}
		return []any{s, next}
	},
	Equal: func(a, b any) bool { return a == b },
}

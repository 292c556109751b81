package contactsv5_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/acceptance/typecheck"
	"github.com/contactsgen/contactsgen/generated/contactsv5"
)

// everyOperator are the operators of filters, each with the method that stands for it.
var everyOperator = map[string]string{
	"$eq": "Eq", "$ne": "Ne", "$gt": "Gt", "$gte": "Gte", "$lt": "Lt", "$lte": "Lte", "$in": "In", "$nin": "Nin",
	"$startsWith": "StartsWith", "$hasSome": "HasSome", "$hasAll": "HasAll", "$exists": "Exists", "$isEmpty": "IsEmpty",
}

// The fields of a search and of a query have the operators that the server knows: no other, and all of them.
func TestFieldsHaveTheOperatorsOfTheServer(t *testing.T) {
	client, _ := faked(t)
	search := func(filter map[string]any) error {
		_, err := client.Contacts.Search(t.Context(), contactsv5.SearchContactsRequest{Search: contactsv5.CursorSearch{Filter: filter}})
		return err
	}
	query := func(filter map[string]any) error {
		_, err := client.Contacts.Query(t.Context(), contactsv5.QueryContactsRequest{Query: contactsv5.CursorQuery{Filter: filter}})
		return err
	}
	for _, c := range []struct {
		fields any
		ask    func(map[string]any) error
	}{{contactsv5.Where, search}, {contactsv5.WhereQuery, query}} {
		all := reflect.ValueOf(c.fields)
		for i := range all.NumField() {
			for operator, method := range everyOperator {
				name, field := all.Field(i).String(), all.Type().Field(i).Type
				var err error
				for _, operand := range operands(method) {
					if err = c.ask(map[string]any{name: map[string]any{operator: operand}}); err == nil {
						break
					}
					if !errors.Is(err, contactsv5.ErrInvalid) {
						t.Fatal(err)
					}
				}
				if _, has := field.MethodByName(method); has != (err == nil) {
					t.Errorf("%s has %s: %t, and the server says %v", name, method, has, err)
				}
			}
		}
	}
}

// operands are some of which an operator takes one, whatever the field: a date, which is a text as well, or a flag.
func operands(method string) []any {
	switch method {
	case "In", "Nin", "HasSome", "HasAll":
		return []any{[]string{"x"}}
	case "Exists", "IsEmpty":
		return []any{true}
	}
	return []any{"2024-02-29", true}
}

// Filters by field find whom they should.
func TestFilters(t *testing.T) {
	c, _ := faked(t)
	ada := created(t, c, person("Ada", "ada@example.com", "")).ID
	bob := created(t, c, person("Bob", "bob@example.com", "")).ID
	where := contactsv5.Where
	for want, filter := range map[string]contactsv5.Filter{
		ada: where.NameFirst.StartsWith("A").And(where.EmailEmail.In("ada@example.com")),
		bob: where.ID.Nin(ada).And(where.MemberInfoEmailVerified.Eq(true).Not(), where.TagsPrivateTagsTagIDs.IsEmpty(true)),
	} {
		found, err := c.Contacts.Search(t.Context(), contactsv5.SearchContactsRequest{Search: contactsv5.CursorSearch{Filter: filter}})
		if err != nil || len(found.Contacts) != 1 || found.Contacts[0].ID != want {
			t.Errorf("%v finds %+v, %v", filter, found, err)
		}
	}
	var got []string
	for contact, err := range c.Contacts.QueryAll(t.Context(), contactsv5.QueryContactsRequest{Query: contactsv5.CursorQuery{
		Filter: contactsv5.WhereQuery.ID.In(ada, bob).And(contactsv5.WhereQuery.PhonePhone.Exists(false)),
	}}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, contact.ID)
	}
	if slices.Sort(got); len(got) != 2 {
		t.Errorf("found %q", got)
	}
}

// A query knows less than a search, and that is a matter of types.
func TestFieldsOfASearchDoNotCompileInAQuery(t *testing.T) {
	checker := typecheck.New(t, "github.com/contactsgen/contactsgen/generated/contactsv5")
	if err := checker.Error(t, "", `contactsv5.CursorSearch{Filter: contactsv5.Where.NameLast.Eq("a")}`); err != nil {
		t.Error(err)
	}
	for wrong, want := range map[string]string{
		`contactsv5.CursorQuery{Filter: contactsv5.Where.NameLast.Eq("a")}`: "as contactsv5.QueryFilter value",
		`contactsv5.CursorQuery{Filter: contactsv5.WhereQuery.ID.Ne("a")}`:  "Ne undefined",
		`contactsv5.CursorQuery{Filter: contactsv5.WhereQuery.NameLast}`:    "NameLast undefined",
		`contactsv5.CursorSearch{Filter: contactsv5.Where.Birthdate.Gt(1)}`: "cannot use 1",
	} {
		if err := checker.Error(t, "", wrong); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", wrong, err, want)
		}
	}
}

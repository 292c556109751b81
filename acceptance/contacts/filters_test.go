package contacts_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/acceptance/typecheck"
	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// clientPath is the import path of the client.
const clientPath = "github.com/contactsgen/contactsgen/generated/contacts"

// everyOperator are the operators of filters, each with the method that stands for it.
var everyOperator = map[string]string{
	"$eq": "Eq", "$ne": "Ne", "$gt": "Gt", "$gte": "Gte", "$lt": "Lt", "$lte": "Lte", "$in": "In", "$nin": "Nin",
	"$startsWith": "StartsWith", "$hasSome": "HasSome", "$hasAll": "HasAll", "$exists": "Exists", "$isEmpty": "IsEmpty",
}

// Each operator finds whom it should, asked for by field and by type.
func TestEachOperatorOfAFilter(t *testing.T) {
	srv := contactstest.NewServer(t)
	client := clientFor(t, srv)
	ada := srv.Seed("Contact", `{"info": {"name": {"first": "Ada", "last": "Example"}, "company": "Works", "birthdate": "1990-05-01",
		"emails": {"items": [{"email": "ada@example.com", "primary": true}]}, "labelKeys": {"items": ["custom.a", "custom.b"]}}}`)
	bob := srv.Seed("Contact", `{"info": {"name": {"first": "Bob", "last": "Example"}, "birthdate": "1980-01-31",
		"labelKeys": {"items": ["custom.a"]}}}`)
	both, where := []string{ada, bob}, contacts.Where
	for name, c := range map[string]struct {
		filter contacts.Filter
		want   []string
	}{
		"Eq":              {where.InfoNameFirst.Eq("Ada"), []string{ada}},
		"Ne":              {where.InfoNameFirst.Ne("Ada"), []string{bob}},
		"In":              {where.ID.In(ada, bob, "nobody"), both},
		"In nothing":      {where.ID.In(), nil},
		"Nin":             {where.PrimaryEmailSubscriptionStatus.Nin(contacts.SubscriptionStatusPending).And(where.ID.Eq(bob)), []string{bob}},
		"Gt":              {where.InfoBirthdate.Gt("1980-01-31"), []string{ada}},
		"Gte":             {where.InfoBirthdate.Gte("1980-01-31"), both},
		"Lt":              {where.InfoBirthdate.Lt("1990-05-01"), []string{bob}},
		"Lte":             {where.InfoBirthdate.Lte("1990-05-01"), both},
		"StartsWith":      {where.InfoNameLast.StartsWith("Ex"), both},
		"Exists":          {where.InfoCompany.Exists(true), []string{ada}},
		"Exists not":      {where.PrimaryInfoEmail.Exists(false), []string{bob}},
		"HasSome":         {where.InfoLabelKeys.HasSome("custom.b", "custom.c"), []string{ada}},
		"HasAll":          {where.InfoLabelKeys.HasAll("custom.a", "custom.b"), []string{ada}},
		"And":             {where.InfoNameLast.Eq("Example").And(where.InfoCompany.Exists(false), where.ID.Ne("nobody")), []string{bob}},
		"And of nothing":  {contacts.Filter(nil).And(where.InfoNameFirst.Eq("Bob")), []string{bob}},
		"Or":              {where.InfoNameFirst.Eq("Ada").Or(where.InfoNameFirst.Eq("Bob")), both},
		"Or of nothing":   {where.InfoNameFirst.Eq("Ada").Or(nil), both},
		"Not":             {where.InfoNameFirst.Eq("Ada").Not(), []string{bob}},
		"Not of nothing":  {contacts.Filter(nil).Not(), nil},
		"by hand":         {contacts.Filter{"info.company": "Works"}.And(where.ID.Exists(true)), []string{ada}},
		"one condition":   {where.ID.Eq(ada).And(), []string{ada}},
		"nested":          {where.ID.Eq(ada).Or(where.ID.Eq(bob)).And(where.InfoCompany.Eq("Works").Not()), []string{bob}},
		"nothing at all":  {nil, both},
		"Timestamp":       {where.CreatedDate.Gt("2000-01-01T00:00:00Z"), both},
		"E.164 of nobody": {where.InfoPhonesE164Phone.Eq("+12025550100"), nil},
	} {
		var got []string
		for contact, err := range client.Contacts.QueryAll(background(), contacts.QueryContactsRequest{
			Query: contacts.ContactQuery{Filter: c.filter},
		}) {
			if err != nil {
				t.Fatalf("%s: %v: %v", name, c.filter, err)
			}
			got = append(got, contact.ID)
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v finds %q, want %q", name, c.filter, got, c.want)
		}
	}
}

// The fields of filters have the operators that the server knows: no other, and all of them.
func TestFieldsHaveTheOperatorsOfTheServer(t *testing.T) {
	srv := contactstest.NewServer(t)
	client := clientFor(t, srv)
	fields := []any{
		contacts.Where.CustomText(customField(t, client, contacts.ExtendedFieldDataTypeText)),
		contacts.Where.CustomNumber(customField(t, client, contacts.ExtendedFieldDataTypeNumber)),
		contacts.Where.CustomDate(customField(t, client, contacts.ExtendedFieldDataTypeDate)),
	}
	for i, all := 0, reflect.ValueOf(contacts.Where); i < all.NumField(); i++ {
		fields = append(fields, all.Field(i).Interface())
	}
	asked := 0
	for _, field := range fields {
		for operator, method := range everyOperator {
			name := reflect.ValueOf(field).String()
			_, err := client.Contacts.Query(background(), contacts.QueryContactsRequest{Query: contacts.ContactQuery{
				Filter: contacts.Filter{name: map[string]any{operator: operand(method)}},
			}})
			var answer *contacts.APIError
			if err != nil && !errors.As(err, &answer) {
				t.Fatal(err)
			}
			if err != nil && answer.Code != contacts.CodeUnsupportedFilterOperator && answer.Code != contacts.CodeUnsupportedFilterValueType {
				t.Errorf("%s %s: %v", name, operator, err)
			}
			known := err == nil || answer.Code != contacts.CodeUnsupportedFilterOperator
			if _, has := reflect.TypeOf(field).MethodByName(method); has != known {
				t.Errorf("%s has %s: %t, and the server knows it: %t", name, method, has, known)
			}
			asked++
		}
	}
	if asked != len(fields)*len(everyOperator) {
		t.Errorf("%d were asked", asked)
	}
}

// customField makes an extended field, and gives its name behind "custom.".
func customField(t *testing.T, client *contacts.Client, kind contacts.ExtendedFieldDataType) string {
	t.Helper()
	made, err := client.ExtendedFields.FindOrCreate(background(), contacts.FindOrCreateExtendedFieldRequest{
		DisplayName: "My " + strings.ToLower(string(kind)), DataType: &kind,
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(made.Field.Key, "custom.")
}

// operand is something that an operator takes.
func operand(method string) any {
	switch method {
	case "In", "Nin", "HasSome", "HasAll":
		return []string{"x"}
	case "Exists", "IsEmpty":
		return true
	}
	return "x"
}

// Filters of extended fields and facets have fields of their own.
func TestFiltersOfOtherThings(t *testing.T) {
	srv := contactstest.NewServer(t)
	client := clientFor(t, srv)
	key := "custom." + customField(t, client, contacts.ExtendedFieldDataTypeNumber)
	where := contacts.WhereExtendedField
	found, err := client.ExtendedFields.Query(background(), contacts.QueryExtendedFieldsRequest{Query: contacts.ExtendedFieldQuery{
		Filter: where.FieldType.Eq(contacts.ExtendedFieldTypeUserDefined).And(where.DataType.Ne(contacts.ExtendedFieldDataTypeText),
			where.DisplayName.StartsWith("My"), where.Key.In(key)),
	}})
	if err != nil || len(found.Fields) != 1 || found.Fields[0].Key != key {
		t.Errorf("found %+v, %v", found, err)
	}
	_, err = client.Contacts.QueryFacets(background(), contacts.QueryFacetsRequest{
		Filter: contacts.WhereFacet.InfoExtendedFieldsEmailSubscriptionsEffectiveEmail.Exists(true),
	})
	if err != nil {
		t.Error(err)
	}
}

// What the description does not allow is no Go.
func TestWrongFiltersDoNotCompile(t *testing.T) {
	checker := typecheck.New(t, clientPath)
	const query = "contacts.ContactQuery{Filter: %s}"
	for _, good := range []string{
		`contacts.Where.PrimaryInfoEmail.Eq("ada@example.com")`,
		`contacts.Where.PrimaryInfoEmail.In("a", "b").Or(contacts.Where.InfoLabelKeys.HasAll("custom.a")).Not()`,
		`contacts.Where.PrimaryEmailSubscriptionStatus.Eq(contacts.SubscriptionStatusPending)`,
		`contacts.Filter{"anything": 1}`,
	} {
		if err := checker.Error(t, "", fmt.Sprintf(query, good)); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for wrong, want := range map[string]string{
		`contacts.Where.PrimaryInfoMail.Eq("a")`:                                  "PrimaryInfoMail undefined",
		`contacts.Where.CreatedDate.StartsWith("2")`:                              "StartsWith undefined",
		`contacts.Where.InfoLabelKeys.Eq("custom.a")`:                             "Eq undefined",
		`contacts.Where.PrimaryInfoEmail.Eq(1)`:                                   "cannot use 1",
		`contacts.Where.PrimaryInfoEmail.Exists("yes")`:                           `cannot use "yes"`,
		`contacts.Where.PrimaryEmailSubscriptionStatus.Eq(contacts.EmailTagMain)`: "cannot use contacts.EmailTagMain",
		`contacts.Where.CustomNumber("size").Eq("large")`:                         `cannot use "large"`,
		`contacts.WhereExtendedField.Key.Eq("custom.a")`:                          "as contacts.Filter value",
		`contacts.Where.ID.Eq("a").And(contacts.WhereExtendedField.Key.Eq("b"))`:  "as contacts.Filter value",
	} {
		err := checker.Error(t, "", fmt.Sprintf(query, wrong))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", wrong, err, want)
		}
	}
}

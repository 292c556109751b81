//contactsgen:pack contacts
//contactsgen:part pack

package fake

import "net/http"

// facetFields are the names that filters of facets may use.
var facetFields = map[string]field{
	"info.extendedFields.emailSubscriptions.effectiveEmail": {[]string{"info", "extendedFields", "items",
		"emailSubscriptions.effectiveEmail"}, existsOperators, false, nil},
	"info.extendedFields.emailSubscriptions.subscriptionStatus": {[]string{"info", "extendedFields", "items",
		"emailSubscriptions.subscriptionStatus"}, statusOperators, false, nil},
	"info.extendedFields.emailSubscriptions.deliverabilityStatus": {[]string{"info", "extendedFields", "items",
		"emailSubscriptions.deliverabilityStatus"}, statusOperators, false, nil},
}

func (p *contacts) listFacets(c *call) (Answer, error) { return p.answerFacets(c, p.listed(c)) }

func (p *contacts) queryFacets(c *call) (Answer, error) {
	if _, err := c.jsonBody(); err != nil {
		return Answer{}, err
	}
	filter, _ := lookup(c.body, "/filter")
	match, err := compileFilter(filter, func(name string) (field, bool) { f, ok := facetFields[name]; return f, ok })
	if err != nil {
		return Answer{}, filterRefused(err, "UNSUPPORTED_FILTER_FIELD_UNKNOWN", "UNSUPPORTED_FILTER_VALUE_TYPE")
	}
	var among []*entity
	for _, e := range p.listed(c) {
		if match(e.value) {
			among = append(among, e)
		}
	}
	return p.answerFacets(c, among)
}

// answerFacets counts some contacts by what they have in common.
func (p *contacts) answerFacets(c *call, among []*entity) (Answer, error) {
	facets := p.facets(among)
	from, to, metadata, err := pageOf(c, "/paging", len(facets), 50, 1000)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Status: http.StatusOK, Body: object{"facets": facets[from:to], "pagingMetadata": metadata}}, nil
}

func (p *contacts) facets(among []*entity) []any {
	unlabelled := 0
	byLabel := map[string]int{}
	byStatus := map[string]map[string]int{"subscriptionStatus": {}, "membershipStatus": {}}
	for _, e := range among {
		keys := itemsIn(e.value["info"], "labelKeys")
		if len(keys) == 0 {
			unlabelled++
		}
		for _, key := range keys {
			byLabel[text(key)]++
		}
		for _, v := range valuesAt(e.value, []string{"info", "extendedFields", "items", "emailSubscriptions.subscriptionStatus"}) {
			byStatus["subscriptionStatus"][text(v)]++
		}
		for _, v := range valuesAt(e.value, []string{"info", "extendedFields", "items", "members.membershipStatus"}) {
			byStatus["membershipStatus"][text(v)]++
		}
	}
	out := []any{
		object{"facetType": "ALL_CONTACTS", "count": figure(len(among)), "queryFilter": object{}},
		object{"facetType": "NOT_LABELED", "count": figure(unlabelled), "queryFilter": p.withoutLabels()},
	}
	for _, label := range p.labels.order {
		key := text(label.value["key"])
		out = append(out, object{
			"facetType": "LABEL", "facetKey": key, "facetDisplayName": label.value["displayName"], "namespace": label.value["namespace"],
			"count": figure(byLabel[key]), "queryFilter": object{"info.labelKeys": object{"$hasSome": []any{key}}},
		})
	}
	out = append(out, statusFacets("SUBSCRIPTION_STATUS", "emailSubscriptions.subscriptionStatus", byStatus["subscriptionStatus"])...)
	return append(out, statusFacets("MEMBERSHIP_STATUS", "members.membershipStatus", byStatus["membershipStatus"])...)
}

// withoutLabels is the filter of the contacts that carry none of the labels there are.
func (p *contacts) withoutLabels() object {
	keys := make([]any, 0, len(p.labels.order))
	for _, label := range p.labels.order {
		keys = append(keys, label.value["key"])
	}
	return object{"$not": object{"info.labelKeys": object{"$hasSome": keys}}}
}

func statusFacets(kind, name string, counts map[string]int) []any {
	var out []any
	for _, status := range sortedNames(counts) {
		out = append(out, object{
			"facetType": kind, "facetKey": status, "count": figure(counts[status]),
			"queryFilter": object{"info.extendedFields." + name: object{"$eq": status}},
		})
	}
	return out
}

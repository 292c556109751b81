//contactsgen:pack contactsv5
//contactsgen:part pack

package fake

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// countable are the names that can be counted by beside those of dates.
var countable = strings.Fields("id addresses.address.country addresses.address.subdivision addresses.address.subdivisionFullname " +
	"assigneeId " +
	"email.deliverabilityStatus email.subscriptionStatus.status locale locationIds memberInfo.emailVerificationRequired " +
	"memberInfo.emailVerified " +
	"memberInfo.groupInfo.groupIds memberInfo.memberId memberInfo.profileInfo.muted memberInfo.profileInfo.privacyStatus " +
	"memberInfo.profileInfo.reported " +
	"memberInfo.requireProfileCompletion memberInfo.sessionInfo.mobileAppNames memberInfo.status memberInfo.userInfo.role " +
	"phone.deliverabilityStatus " +
	"phone.subscriptionStatus.status segmentIds source.additionalInfo source.appId source.userId tags.privateTags.tagIds timeZone " +
	"createdDate updatedDate lastActivity.date memberInfo.sessionInfo.lastMobileLogin memberInfo.sessionInfo.lastWebLogin " +
	"memberInfo.signupDate")

// The most of each kind of result.
const (
	mostValues = 250
	mostSpans  = 200
	mostNested = 1000
)

// aggregated gives the results of aggregations over some contacts.
func aggregated(wanted []any, among []*entity, zone string) (object, error) {
	location, err := time.LoadLocation(zone)
	if err != nil {
		return nil, invalid("search.timeZone", "is not a time zone", "FORMAT")
	}
	results := []any{}
	for _, x := range wanted {
		result, err := aggregate(x, among, location)
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return object{"results": results}, nil
}

// aggregate gives the result of one aggregation.
func aggregate(wanted any, among []*entity, zone *time.Location) (object, error) {
	kind, name := text(memberOf(wanted, "type")), text(memberOf(wanted, "fieldPath"))
	out := object{"name": text(memberOf(wanted, "name")), "type": kind, "fieldPath": name}
	if kind == "NESTED" {
		levels := listOf(wanted, "/nested/nestedAggregations")
		for _, level := range levels {
			if err := checkCountable(text(memberOf(level, "fieldPath"))); err != nil {
				return nil, err
			}
		}
		list := nested(levels, among, zone)
		out["nested"] = object{"results": list[:min(len(list), mostNested)]}
		return out, nil
	}
	if err := checkCountable(name); err != nil {
		return nil, err
	}
	switch kind {
	case "SCALAR":
		how := text(orElse(objectAt(wanted, "scalar")["type"], "COUNT_DISTINCT"))
		out["scalar"] = object{"type": how, "value": scalar(how, name, among)}
	case "RANGE", "DATE_HISTOGRAM":
		results := []any{}
		for _, b := range buckets(wanted, among, zone) {
			results = append(results, b.with("count"))
		}
		out[map[string]string{"RANGE": "ranges", "DATE_HISTOGRAM": "dateHistogram"}[kind]] = object{"results": results}
	default:
		results := []any{}
		for _, b := range buckets(wanted, among, zone) {
			results = append(results, b.with("count"))
		}
		out["values"] = object{"results": results}
	}
	return out, nil
}

func orElse(v, otherwise any) any {
	if v == nil {
		return otherwise
	}
	return v
}

func checkCountable(name string) error {
	if slices.Contains(countable, name) {
		return nil
	}
	return unfilterable(&filterFault{unknownField, name})
}

// bucket is some contacts with something in common.
type bucket struct {
	label   object // what they have in common, as results say it
	members []*entity
}

// with gives what results say of a bucket.
func (b bucket) with(count string) object {
	return filledFrom(b.label, object{count: figure(len(b.members))})
}

// buckets puts contacts into the buckets of an aggregation by value, by range or by span of time.
func buckets(wanted any, among []*entity, zone *time.Location) []bucket {
	path := strings.Split(text(memberOf(wanted, "fieldPath")), ".")
	switch memberOf(wanted, "type") {
	case "RANGE":
		return ranges(listOf(wanted, "/range/buckets"), path, among)
	case "DATE_HISTOGRAM":
		list := byLabel(among, func(value object) []string {
			return spans(value, path, text(objectAt(wanted, "dateHistogram")["interval"]), zone)
		})
		slices.SortStableFunc(list, func(a, b bucket) int { return strings.Compare(text(a.label["value"]), text(b.label["value"])) })
		return list[:min(len(list), mostSpans)]
	}
	how := objectAt(wanted, "value")
	missing := ""
	if how["missingValues"] == "INCLUDE" {
		missing = cmp.Or(text(objectAt(how, "includeOptions")["addToBucket"]), "N/A")
	}
	list := byLabel(among, func(value object) []string {
		values := texts(valuesAt(value, path))
		if len(values) == 0 && missing != "" {
			values = []string{missing}
		}
		slices.Sort(values)
		return slices.Compact(values)
	})
	sortBuckets(list, how["sortType"] == "VALUE", cmp.Or(text(how["sortDirection"]), "DESC") == "DESC")
	most := 10
	if n, err := strconv.Atoi(text(how["limit"])); err == nil && n >= 0 {
		most = min(n, mostValues)
	}
	return list[:min(len(list), most)]
}

// sortBuckets puts buckets in order of their values, or of how many there are.
func sortBuckets(list []bucket, byValue, descending bool) {
	slices.SortStableFunc(list, func(a, b bucket) int {
		n := len(a.members) - len(b.members)
		if byValue {
			n = strings.Compare(text(a.label["value"]), text(b.label["value"]))
		}
		if descending {
			n = -n
		}
		return cmp.Or(n, strings.Compare(text(a.label["value"]), text(b.label["value"])))
	})
}

// byLabel puts contacts into a bucket for each of the labels that they have.
func byLabel(among []*entity, labels func(object) []string) []bucket {
	var out []bucket
	at := map[string]int{}
	for _, e := range among {
		for _, label := range labels(e.value) {
			i, known := at[label]
			if !known {
				i = len(out)
				at[label] = i
				out = append(out, bucket{label: object{"value": label}})
			}
			out[i].members = append(out[i].members, e)
		}
	}
	return out
}

// ranges puts contacts into ranges of numbers: from the first bound, up to but not including the second. Dates are milliseconds since 1970.
func ranges(wanted []any, path []string, among []*entity) []bucket {
	var out []bucket
	for _, x := range wanted {
		b := bucket{label: object{}}
		from, to := memberOf(x, "from"), memberOf(x, "to")
		for name, bound := range map[string]any{"from": from, "to": to} {
			if bound != nil {
				b.label[name] = bound
			}
		}
		for _, e := range among {
			if slices.ContainsFunc(valuesAt(e.value, path), func(v any) bool { return within(asNumber(v), from, to) }) {
				b.members = append(b.members, e)
			}
		}
		out = append(out, b)
	}
	return out
}

func within(n json.Number, from, to any) bool {
	low, hasLow := from.(json.Number)
	high, hasHigh := to.(json.Number)
	return n != "" && (!hasLow || compareNumbers(n, low) >= 0) && (!hasHigh || compareNumbers(n, high) < 0)
}

// asNumber gives a number, or an instant's milliseconds since 1970; "" for anything else.
func asNumber(v any) json.Number {
	if n, ok := v.(json.Number); ok {
		return n
	}
	if t, err := time.Parse(time.RFC3339Nano, text(v)); err == nil {
		return json.Number(strconv.FormatInt(t.UnixMilli(), 10))
	}
	return ""
}

// spans gives the beginnings of the spans of time that a contact's dates are in.
func spans(value object, path []string, interval string, zone *time.Location) []string {
	var out []string
	for _, v := range valuesAt(value, path) {
		if t, err := time.Parse(time.RFC3339Nano, text(v)); err == nil {
			out = append(out, beginning(t.In(zone), interval).Format("2006-01-02T15:04:05.000Z07:00"))
		}
	}
	return out
}

// beginning gives the beginning of the span of time that an instant is in. Weeks begin on Monday.
func beginning(t time.Time, interval string) time.Time {
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	switch interval {
	case "YEAR":
		month, day, hour, minute, second = 1, 1, 0, 0, 0
	case "MONTH":
		day, hour, minute, second = 1, 0, 0, 0
	case "WEEK":
		day, hour, minute, second = day-(int(t.Weekday())+6)%7, 0, 0, 0
	case "DAY":
		hour, minute, second = 0, 0, 0
	case "HOUR":
		minute, second = 0, 0
	case "MINUTE":
		second = 0
	}
	return time.Date(year, month, day, hour, minute, second, 0, t.Location())
}

// scalar works out one number over contacts: of dates it is milliseconds since 1970, and 0 where there is nothing.
func scalar(how, name string, among []*entity) json.Number {
	path := strings.Split(name, ".")
	seen := map[string]bool{}
	best := json.Number("")
	for _, e := range among {
		for _, v := range valuesAt(e.value, path) {
			seen[text(v)] = true
			n := asNumber(v)
			if n != "" && (best == "" || how == "MIN" && compareNumbers(n, best) < 0 || how == "MAX" && compareNumbers(n, best) > 0) {
				best = n
			}
		}
	}
	if how == "COUNT_DISTINCT" {
		return figure(len(seen))
	}
	return cmp.Or(best, "0")
}

// nested gives a result for each combination of the buckets of some levels, the outer before the inner.
func nested(levels []any, among []*entity, zone *time.Location) []any {
	if len(levels) == 0 {
		return []any{object{"results": object{}}}
	}
	level := levels[0]
	name := cmp.Or(text(memberOf(level, "name")), text(memberOf(level, "fieldPath")))
	if memberOf(level, "type") == "SCALAR" {
		how := text(orElse(objectAt(level, "scalar")["type"], "COUNT_DISTINCT"))
		value := object{"scalar": object{"value": scalar(how, text(memberOf(level, "fieldPath")), among)}}
		return []any{object{"results": object{name: value}}}
	}
	member := map[any]string{"RANGE": "range", "DATE_HISTOGRAM": "dateHistogram"}[memberOf(level, "type")]
	var out []any
	for _, b := range buckets(level, among, zone) {
		for _, inner := range nested(levels[1:], b.members, zone) {
			results := cloned(objectAt(inner, "results"))
			results[name] = object{cmp.Or(member, "value"): b.with("count")}
			out = append(out, object{"results": results})
		}
	}
	return out
}

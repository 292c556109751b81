//contactsgen:pack contactsv5
//contactsgen:part pack

package fake

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"strings"
)

// mostAtOnce is how many contacts one request can name.
const mostAtOnce = 100

// each does something for each item of a list in the request, and answers what became of each. What it gives is shown for the item, beside
// what more says.
func (p *contactsV5) each(c *call, list string, do func(index int, item any) (e *entity, more object, err error)) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	items, _ := body[list].([]any)
	if len(items) == 0 || len(items) > mostAtOnce {
		return Answer{}, invalid(list, "must have 1 to 100 items", "SIZE")
	}
	results, failed := make([]any, len(items)), 0
	for i, item := range items {
		e, more, err := do(i, item)
		metadata := object{"originalIndex": figure(i), "success": err == nil}
		result := cloned(more)
		var f *failure
		switch {
		case errors.As(err, &f):
			failed++
			metadata["error"] = p.itemError(f)
		case err != nil:
			return Answer{}, err
		}
		if id := idOf(e, item); id != "" {
			metadata["id"] = id
		}
		if e != nil && err == nil && body["returnEntity"] == true {
			result["item"] = e.value
		}
		result["itemMetadata"] = metadata
		results[i] = result
	}
	totals := object{"totalSuccesses": figure(len(items) - failed), "totalFailures": figure(failed), "undetailedFailures": figure(0)}
	return Answer{Body: object{"results": results, "bulkActionMetadata": totals}}, nil
}

// itemError is what an item's result says of a failure.
func (p *contactsV5) itemError(f *failure) object {
	code := f.code
	if code == "" {
		code = map[int]string{http.StatusNotFound: "NOT_FOUND"}[f.status]
	}
	out := object{"code": cmp.Or(code, "INVALID_ARGUMENT"), "description": f.words()}
	if f.data != nil {
		out["data"] = f.data
	}
	return out
}

// idOf gives the id of an item's contact, as far as it is known.
func idOf(e *entity, item any) string {
	if e != nil {
		return text(e.value["id"])
	}
	return cmp.Or(text(item), text(objectAt(item, "contact")["id"]))
}

func (p *contactsV5) bulkCreate(c *call) (Answer, error) {
	return p.each(c, "contacts", func(_ int, item any) (*entity, object, error) {
		e, err := p.created(c, p.given(item), c.flag("/allowDuplicates"))
		return e, nil, err
	})
}

func (p *contactsV5) bulkUpdate(c *call) (Answer, error) {
	return p.each(c, "contacts", func(_ int, item any) (*entity, object, error) {
		one := c
		if c.route.Bulk != nil {
			one = c.item(item)
		}
		e := p.people.byKey[joinKey(text(objectAt(item, "contact")["id"]))]
		if e == nil {
			return nil, nil, notFound("Contact")
		}
		err := p.fresh(one, e)
		if err == nil {
			err = p.updated(c, e, p.given(objectAt(item, "contact")), c.flag("/allowDuplicates"))
		}
		return e, nil, err
	})
}

func (p *contactsV5) bulkUpsert(c *call) (Answer, error) {
	return p.each(c, "contacts", func(_ int, item any) (*entity, object, error) {
		e, action, err := p.upserted(c, p.given(objectAt(item, "contact")), text(c.value("/upsertMode")), c.flag("/updateMember"))
		return e, object{"action": cmp.Or(action, "UNKNOWN_ACTION")}, err
	})
}

func (p *contactsV5) bulkDelete(c *call) (Answer, error) {
	return p.each(c, "contactIds", func(_ int, id any) (*entity, object, error) {
		e := p.people.byKey[joinKey(text(id))]
		if e == nil {
			return nil, nil, notFound("Contact")
		}
		return nil, nil, p.trashed(e, c.flag("/deleteMembers"))
	})
}

func (p *contactsV5) bulkUpdateTags(c *call) (Answer, error) {
	assign, unassign, err := tagsIn(c)
	if err != nil {
		return Answer{}, err
	}
	return p.each(c, "contactIds", func(_ int, id any) (*entity, object, error) {
		e := p.people.byKey[joinKey(text(id))]
		if e == nil {
			return nil, nil, notFound("Contact")
		}
		p.retag(e, assign, unassign)
		return e, nil, nil
	})
}

func (p *contactsV5) bulkRestore(c *call) (Answer, error) {
	return p.each(c, "contactIds", func(_ int, id any) (*entity, object, error) {
		e, err := p.restored(text(id))
		return e, nil, err
	})
}

func (p *contactsV5) deleteByFilter(c *call) (Answer, error) {
	return p.start(c, func(e *entity) error {
		err := p.trashed(e, c.flag("/deleteMembers"))
		var f *failure
		if errors.As(err, &f) {
			f.code = "CANNOT_DELETE_SITE_MEMBERS"
		}
		return err
	})
}

func (p *contactsV5) updateTagsByFilter(c *call) (Answer, error) {
	assign, unassign, err := tagsIn(c)
	if err != nil {
		return Answer{}, err
	}
	return p.start(c, func(e *entity) error {
		p.retag(e, assign, unassign)
		return nil
	})
}

func (p *contactsV5) updateSubscriptions(c *call) (Answer, error) {
	statuses := map[string]string{"email": text(c.value("/emailSubscriptionStatus")), "phone": text(c.value("/phoneSubscriptionStatus"))}
	if statuses["email"]+statuses["phone"] == "" {
		return Answer{}, refusal(http.StatusBadRequest, "MISSING_SUBSCRIPTION_STATUS", "A status for emails or for phones is needed.")
	}
	return p.start(c, func(e *entity) error {
		value := e.value
		for _, way := range []string{"email", "phone"} {
			is := text(objectAt(value, way, "subscriptionStatus")["status"])
			if wanted := statuses[way]; objectAt(value, way) != nil && wanted != "" && is != wanted {
				status := object{"status": wanted, "updatedDate": p.s.instant()}
				value = with(value, "/"+way+"/subscriptionStatus", status).(object)
			}
		}
		if !equal(value, e.value) {
			p.sideDoor(e, value)
		}
		return nil
	})
}

func (p *contactsV5) updatePhoneCountry(c *call) (Answer, error) {
	country := strings.ToUpper(text(c.value("/countryCode")))
	return p.start(c, func(e *entity) error {
		phone := objectAt(e.value, "phone")
		if phone == nil || text(phone["e164"]) != "" {
			return nil
		}
		number := e164(text(phone["phone"]), country)
		if number == "" {
			return refusal(http.StatusBadRequest, "PHONE_CANNOT_BE_FIXED_WITH_COUNTRY_CODE", "The number is none of this country.")
		}
		next := maps.Clone(phone)
		next["e164"] = number
		if memberOf(next["subscriptionStatus"], "status") == "NO_SUBSCRIPTION_STATUS" {
			next["subscriptionStatus"] = object{"status": "NOT_SET"}
		}
		p.sideDoor(e, with(e.value, "/phone", next).(object))
		return nil
	})
}

// start starts a job on the contacts that the request's filter and search name.
func (p *contactsV5) start(c *call, do func(*entity) error) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	match, err := p.found(c, body["filter"], body["search"])
	if err != nil {
		return Answer{}, err
	}
	var now []*entity // a list may lag, work does not
	for _, e := range match {
		if current := p.people.byKey[e.key]; current != nil {
			now = append(now, current)
		}
	}
	done := workOn(now, do)
	id := p.s.settings.newID()
	p.jobs.keep(id, object{
		"id": id, "createdDate": p.s.instant(), "updatedDate": p.s.instant(), "metadata": object{}, "createdBy": object{},
		"succeeded": figure(len(now) - done.failed), "failed": figure(done.failed), "codes": codesOf(done),
	})
	items := make([]any, len(done.outcomes))
	for i, o := range done.outcomes {
		item := object{"id": id + "-" + figure(i).String(), "entityId": o.id, "success": o.failure == nil, "data": object{}}
		if o.failure != nil {
			item["error"] = p.itemError(o.failure)
		}
		items[i] = item
	}
	p.items[joinKey(id)] = items
	for key := range p.items {
		if p.jobs.byKey[key] == nil {
			delete(p.items, key)
		}
	}
	return one("jobId", id)
}

func codesOf(done *work) object {
	out := object{}
	for code, n := range done.codes {
		out[code] = figure(n)
	}
	return out
}

// job finds the job that the path names.
func (p *contactsV5) job(c *call) (*entity, error) {
	e := p.jobs.byKey[joinKey(c.values[0])]
	if e == nil {
		return nil, notFound("Job")
	}
	return e, nil
}

func (p *contactsV5) getJob(c *call) (Answer, error) {
	e, err := p.job(c)
	if err != nil {
		return Answer{}, err
	}
	stage := p.jobs.stage(e, p.set.JobPolls)
	p.jobs.polls[e.key]++
	job := maps.Clone(e.value)
	succeeded, failed, codes := job["succeeded"], job["failed"], job["codes"]
	for _, name := range []string{"succeeded", "failed", "codes"} {
		delete(job, name)
	}
	switch stage {
	case jobDone:
		job["status"] = "FINISHED"
	case jobRuns:
		job["status"], succeeded, failed, codes = "PROCESSING", figure(0), figure(0), object{}
	default:
		job["status"], succeeded, failed, codes = "INITIALIZED", figure(0), figure(0), object{}
	}
	if total := figure(len(p.items[e.key])); p.set.CountsInJobs {
		job["counts"] = object{"total": total, "successCount": succeeded, "failCount": failed, "errorByCodeCount": codes}
	} else {
		job["counters"] = object{"itemsToProcess": total, "itemsSucceeded": succeeded, "itemsFailed": failed}
	}
	return one("job", job)
}

func (p *contactsV5) listJobItems(c *call) (Answer, error) {
	e, err := p.job(c)
	if err != nil {
		return Answer{}, err
	}
	var found []any
	for _, item := range p.items[e.key] {
		failed := memberOf(item, "success") == false
		if status := c.word("/statusFilter"); status == "FAILED_ONLY" && !failed || status == "SUCCESSFUL_ONLY" && failed {
			continue
		}
		found = append(found, item)
	}
	at := func(name string) location { return location{In: inQuery, Name: "paging." + name} }
	from, to, err := c.page(&paging{Limit: at("limit"), Cursor: at("cursor"), Default: 50, Max: 100}, len(found))
	if err != nil {
		return Answer{}, err
	}
	cursors := object{}
	if to < len(found) {
		cursors["next"] = cursor(to)
	}
	metadata := object{"count": figure(to - from), "cursors": cursors, "hasNext": to < len(found)}
	return Answer{Body: object{"results": append([]any{}, found[from:to]...), "pagingMetadata": metadata}}, nil
}

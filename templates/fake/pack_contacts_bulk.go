//contactsgen:pack contacts
//contactsgen:part pack

package fake

import (
	"maps"
	"net/http"
	"strconv"
)

func (p *contacts) bulkDelete(c *call) (Answer, error) {
	return p.bulk(c, "DELETE", func(e *entity) error {
		if e.value["memberInfo"] != nil {
			return refusal(http.StatusPreconditionRequired, "CANNOT_DELETE_SITE_MEMBERS", "Members cannot be deleted.")
		}
		p.removed(e)
		return nil
	})
}

func (p *contacts) bulkUpdate(c *call) (Answer, error) {
	info, ok := lookup(c.body, "/info")
	patch, _ := info.(object)
	if !ok || len(patch) == 0 {
		return Answer{}, invalid("info", "is required", "REQUIRED_FIELD")
	}
	return p.bulk(c, "UPDATE", func(e *entity) error {
		value, err := p.changed(e, patch)
		if err == nil {
			info, _ := value["info"].(object)
			p.sideDoor(e, info)
		}
		return err
	})
}

func (p *contacts) bulkLabel(c *call) (Answer, error) {
	add, remove := c.list(location{In: inBody, At: "/labelKeysToAdd"}), c.list(location{In: inBody, At: "/labelKeysToRemove"})
	if len(add) > 100 || len(remove) > 100 || len(add)+len(remove) == 0 {
		return Answer{}, invalid("labelKeysToAdd", "must have 1 to 100 items", "SIZE")
	}
	if err := p.knownLabels(add); err != nil {
		return Answer{}, err
	}
	kind := "ADD_REMOVE_LABELS"
	switch {
	case len(remove) == 0:
		kind = "ADD_LABELS"
	case len(add) == 0:
		kind = "REMOVE_LABELS"
	}
	return p.bulk(c, kind, func(e *entity) error {
		p.sideDoor(e, relabelled(e.value["info"], add, remove))
		return nil
	})
}

// bulk starts a job on the contacts that the request's filter and search name. All of its work is done at once; what it
// says of itself lags behind, read by read.
func (p *contacts) bulk(c *call, kind string, do func(*entity) error) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	if body["filter"] == nil && text(body["search"]) == "" {
		return Answer{}, refusal(http.StatusBadRequest, "NEITHER_FILTER_NOR_SEARCH", "A filter or a search is required.")
	}
	found, err := p.matching(c, p.people.order, "/filter", "/search")
	if err != nil {
		return Answer{}, err
	}
	done := workOn(found, do)
	id := p.s.settings.newID()
	p.jobs.keep(id, object{
		"id": id, "type": kind, "startedDate": p.s.instant(), "errors": jobErrors(done),
		"totalItems": figure(len(found)), "successTotal": figure(len(found) - done.failed), "failedTotal": figure(done.failed),
	})
	return one("jobId", id)
}

func jobErrors(done *work) []any {
	out := []any{}
	for _, code := range sortedNames(done.codes) {
		out = append(out, object{"code": code, "count": figure(done.codes[code]), "message": done.messages[code]})
	}
	return out
}

func (p *contacts) getJob(c *call) (Answer, error) {
	e := p.jobs.byKey[joinKey(c.values[0])]
	if e == nil {
		return Answer{}, &failure{status: http.StatusNotFound, message: "Job not found."}
	}
	job := p.progress(e)
	p.jobs.polls[e.key]++
	return one("job", job)
}

func (p *contacts) listJobs(*call) (Answer, error) {
	jobs := []any{}
	for _, e := range p.jobs.order {
		jobs = append(jobs, p.progress(e))
	}
	return one("jobs", jobs)
}

// progress is a job as far as it is told: new at first, then running with half of its items, then completed.
func (p *contacts) progress(e *entity) object {
	job := maps.Clone(e.value)
	switch p.jobs.stage(e, p.set.JobPolls) {
	case jobDone:
		job["status"] = "COMPLETED"
		job["finishedDate"] = job["startedDate"]
	case jobRuns:
		total, _ := strconv.Atoi(text(job["successTotal"]))
		job["status"], job["successTotal"], job["failedTotal"], job["errors"] = "RUNNING", figure(total/2), figure(0), []any{}
	default:
		job["status"], job["successTotal"], job["failedTotal"], job["errors"] = "NEW", figure(0), figure(0), []any{}
	}
	return job
}

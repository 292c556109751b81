//contactsgen:feature core
//contactsgen:part resources

package fake

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// partStep keeps the parts of a compound token apart, so that sending one in the other's place is noticed.
const partStep = 100

// write gives one part of a resource's token as it is written at a version: a string or a json.Number.
func (c *collection) write(part int, key string, version int64) any {
	n := version + int64(part)*partStep
	switch c.Tokens[part].Form {
	case formNumber:
		return json.Number(strconv.FormatInt(n, 10))
	case formDigits:
		return strconv.FormatInt(n, 10)
	case formTag:
		return `"` + opaque(key, n) + `"`
	case formDate:
		return longAgo.Add(time.Duration(n) * time.Minute).Format(http.TimeFormat)
	case formBytes:
		return base64.StdEncoding.EncodeToString([]byte(opaque(key, n)))
	case formTime:
		return longAgo.Add(time.Duration(n) * time.Minute).Format(time.RFC3339)
	}
	return opaque(key, n)
}

// longAgo is before the clock of any test begins, so that no date that is a token is of the second of its answer.
var longAgo = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// opaque hides a number, so that nobody can count with it.
func opaque(key string, n int64) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s@%d", key, n)
	return strconv.FormatUint(h.Sum64(), 36)
}

// stamp gives the value with its token in the places that are within the resource.
func (c *collection) stamp(key string, value object, version int64) object {
	var v any = value
	for i, t := range c.Tokens {
		if t.At != "" {
			v = with(v, t.At, c.write(i, key, version))
		}
	}
	return v.(object)
}

// version reads the number that a value to be seeded carries in its token's place.
func (c *collection) version(value object) (int64, bool) {
	for i, t := range c.Tokens {
		if v, ok := lookup(value, t.At); ok && t.At != "" && (t.Form == formNumber || t.Form == formDigits) {
			n, err := strconv.ParseInt(text(v), 10, 64)
			return n - int64(i)*partStep, err == nil
		}
	}
	return 0, false
}

// checkToken refuses a request whose token is not the resource's current one.
func (c *call) checkToken(e *entity) error {
	g := c.route.Guard
	if g == nil {
		return nil
	}
	if c.refuse {
		return c.conflict(e)
	}
	if flag, ok := c.at(g.Flag); ok && text(flag) == g.On {
		return nil
	}
	for i, s := range g.Tokens {
		got, ok := c.at(s.In)
		switch {
		case !ok || got == nil || got == "":
			if g.MayOmit {
				continue
			}
			return c.missing(s.In)
		case g.Any != "" && got == g.Any:
			continue
		}
		want := c.expected(i, s, e)
		if fault := sameForm(s.In, got, want); fault != nil {
			return fault
		}
		if text(got) != text(want) {
			return c.conflict(e)
		}
	}
	return nil
}

// expected gives one part of the token as an up-to-date request carries it.
func (c *call) expected(part int, s sent, e *entity) any {
	version := e.version
	if c.route.Guard.Next {
		version++
	}
	want := c.collection.def.write(part, e.key, version)
	if s.Unquoted {
		want = strings.Trim(text(want), `"`)
	}
	if s.AsString {
		want = text(want)
	}
	return want
}

// sameForm refuses a body token that is a string where a number belongs, or the other way round.
func sameForm(l location, got, want any) error {
	if l.In != inBody {
		return nil
	}
	number, gotNumber := got.(json.Number)
	_, wantNumber := want.(json.Number)
	_, gotString := got.(string)
	switch {
	case gotNumber && wantNumber && strings.ContainsAny(string(number), ".eE"):
		return invalid(fieldName(l), "must be a whole number", "FORMAT")
	case gotNumber == wantNumber && (gotNumber || gotString):
		return nil
	}
	wanted := "a string"
	if wantNumber {
		wanted = "a number"
	}
	return invalid(fieldName(l), "must be "+wanted, "FORMAT")
}

// missing is the answer to a request without its token.
func (c *call) missing(l location) error {
	if l.In == inHeader {
		return &failure{status: http.StatusPreconditionRequired, message: "The header " + l.Name + " is required."}
	}
	return invalid(fieldName(l), "is required", "REQUIRED_FIELD")
}

// conflict is the answer to a stale token.
func (c *call) conflict(e *entity) error {
	g := c.route.Guard
	f := &failure{stale: true, status: g.Conflict.Status, code: g.Conflict.Code,
		message: "The resource has changed since the requested revision."}
	if f.status == 0 {
		f.status = http.StatusConflict
	}
	if g.Conflict.Text != "" {
		f.message = example(g.Conflict.Text, f.message)
	}
	if g.Conflict.Body != "" {
		f.body = json.RawMessage(g.Conflict.Body)
	}
	if g.CarriedToken.In != nowhere && len(c.collection.def.Tokens) > 0 {
		f.extra = append(f.extra, carried{g.CarriedToken, c.collection.def.write(0, e.key, e.version)})
	}
	if g.CarriedEntity.In != nowhere {
		f.extra = append(f.extra, carried{g.CarriedEntity, e.value})
	}
	return f
}

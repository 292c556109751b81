package law

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// How tokens are written, and where they and the payload are found in a request.

func (a API) path() string {
	if a.Path == "" {
		return "things"
	}
	return a.Path
}

func (a API) member() string {
	if a.Member == "" {
		return "version"
	}
	return a.Member
}

// SendMember is the token's name in the body or the query of a write.
func (a API) SendMember() string {
	if a.SentAs == "" {
		return a.member()
	}
	return a.SentAs
}

// ID is the segment of a path that names the resource.
func (a API) ID(path string) (string, bool) {
	id, ok := strings.CutPrefix(path, "/"+a.path()+"/")
	if a.Merges {
		id = strings.TrimSuffix(id, "/merge")
	}
	if a.Part != "" {
		id = strings.TrimSuffix(id, "/"+a.Part)
	}
	return id, ok && id != "" && !strings.Contains(id, "/")
}

// method is that of writes.
func (a API) method() string {
	switch a.Payload {
	case Replace:
		return http.MethodPut
	case Actions:
		return http.MethodPost
	}
	return http.MethodPatch
}

// wrap puts a resource where an answer has it.
func (a API) wrap(resource map[string]any) map[string]any {
	if a.Envelope == "" {
		return resource
	}
	return map[string]any{a.Envelope: resource}
}

// TokenText writes a token as a text, which no other token is written as, but for dates of one second.
func (a API) TokenText(number int64) string {
	switch a.Token {
	case Opaque:
		return "v" + strconv.FormatInt(number*7919, 36) // no order in it
	case Bytes:
		return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%08x", number*7919))
	case Pair:
		return strconv.FormatInt(number, 10) + "/" + strconv.FormatInt(term, 10)
	case ETag:
		return `"` + strconv.FormatInt(number*7919, 36) + `"`
	case Date:
		return time.Unix(number, 0).UTC().Format(http.TimeFormat)
	}
	return strconv.FormatInt(number, 10)
}

// term is the second part of a token that is a pair.
const term = 3

// token is what a body has of a token; an entity tag or a date is in a header.
func (a API) token(number int64) map[string]any {
	switch a.Token {
	case ETag, Date:
		return nil
	case Pair:
		return map[string]any{"seqNo": number, "term": term}
	case Integer:
		return map[string]any{a.member(): number}
	}
	return map[string]any{a.member(): a.TokenText(number)}
}

// Sent finds the token that a write names, as the text of the one that it was made on.
func (a API) Sent(r Request, body map[string]any) (token string, given bool) {
	query := func(name string) string {
		if values := r.Query[name]; len(values) > 0 {
			return values[0]
		}
		return ""
	}
	switch {
	case a.Token == Pair:
		token = query("ifSeqNo") + "/" + query("ifTerm")
		return token, token != "/"
	case a.Sink == Header:
		token = r.Header.Get(a.SendHeader())
	case a.Sink == Query:
		token = query(a.SendMember())
	default:
		token = text(body[a.SendMember()])
	}
	if n, err := strconv.ParseInt(token, 10, 64); err == nil && a.Next {
		token = strconv.FormatInt(n-max(a.Step, 1), 10)
	}
	return token, token != ""
}

// Handed finds the tokens that an answer hands out, for the resource of a request.
func (a API) Handed(answered Answer) (tokens []string) {
	if name := a.ReadHeader(); answered.Header.Get(name) != "" {
		tokens = append(tokens, answered.Header.Get(name))
	}
	return a.within(tokens, object(answered.Body))
}

// elsewhere are the numbers of tokens that none of the resources here has: a date, and any other.
const (
	elsewhereDate = 4102444800
	elsewhere     = 9007199254999993
)

// Elsewhere makes of the answer to a write what another resource would be answered: its id, and its token.
func (a API) Elsewhere(answered Answer) Answer {
	number := int64(elsewhere)
	if a.Token == Date {
		number = elsewhereDate
	}
	body := object(answered.Body)
	for _, thing := range a.thingsOf(body) {
		thing["id"] = "elsewhere"
		maps.Copy(thing, a.token(number))
	}
	out := answer(answered.Status, body)
	out.Applied, out.Elsewhere = answered.Applied, true
	if name := a.ReadHeader(); name != "" {
		out.Header.Set(name, a.TokenText(number))
	}
	return out
}

// thingsOf are the resources of the answer to a write.
func (a API) thingsOf(body map[string]any) (things []map[string]any) {
	results, many := body["results"].([]any)
	if !many {
		if inner, ok := body[a.Envelope].(map[string]any); ok {
			body = inner
		}
		return []map[string]any{body}
	}
	for _, result := range results {
		r, _ := result.(map[string]any)
		if thing, ok := r["thing"].(map[string]any); ok {
			things = append(things, thing)
		}
	}
	return things
}

// within finds the tokens in an object, wherever they are.
func (a API) within(tokens []string, body map[string]any) []string {
	if a.Token == Pair && body["seqNo"] != nil {
		tokens = append(tokens, text(body["seqNo"])+"/"+text(body["term"]))
	}
	for _, name := range []string{a.member(), "current"} {
		if t := text(body[name]); t != "" {
			tokens = append(tokens, t)
		}
	}
	for _, v := range body {
		switch v := v.(type) {
		case map[string]any:
			tokens = a.within(tokens, v)
		case []any:
			for _, item := range v {
				if m, ok := item.(map[string]any); ok {
					tokens = a.within(tokens, m)
				}
			}
		}
	}
	return tokens
}

// text is a scalar as a token.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// apply does to a payload what a write says, and says why it does not.
func (a API) apply(info, body map[string]any, query map[string][]string) string {
	if a.Payload == Actions {
		return act(info, body)
	}
	defer a.normalise(info)
	sent, ok := body["info"].(map[string]any)
	if !ok {
		return "no info"
	}
	switch a.Payload {
	case Replace:
		clear(info)
		for name, v := range sent {
			info[name] = copiedValue(v)
		}
	case Fields:
		mask := query["updateMask"]
		if len(mask) == 0 || mask[0] == "" {
			return "no mask"
		}
		for name := range strings.SplitSeq(mask[0], ",") {
			put(info, name, sent[name])
		}
	default:
		for name, v := range sent {
			put(info, name, v)
		}
	}
	return ""
}

// normalise stores tags in capital letters, where an API does.
func (a API) normalise(info map[string]any) {
	tags, _ := info["tags"].([]any)
	if !a.Normalises {
		return
	}
	for i, tag := range tags {
		tags[i] = strings.ToUpper(text(tag))
	}
}

// put sets a member, or removes it.
func put(info map[string]any, name string, v any) {
	if v == nil {
		delete(info, name)
		return
	}
	info[name] = copiedValue(v)
}

// act does one action after the other, or none.
func act(info, body map[string]any) string {
	list, _ := body["actions"].([]any)
	if len(list) == 0 {
		return "no actions"
	}
	for _, item := range list {
		action, _ := item.(map[string]any)
		switch action["action"] {
		case "add":
			increase(info, action["amount"])
		case "tag":
			tags, _ := info["tags"].([]any)
			info["tags"] = append(append([]any{}, tags...), action["text"])
		default:
			return "no such action"
		}
	}
	return ""
}

// increase adds to the count of a state.
func increase(info map[string]any, by any) {
	amount, _ := strconv.ParseInt(text(by), 10, 64)
	count, _ := strconv.ParseInt(text(info["count"]), 10, 64)
	info["count"] = json.Number(strconv.FormatInt(count+amount, 10))
}

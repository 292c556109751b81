package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// members is an API that writes many resources at once: each has a revision of its own, and the answer says for each what
// became of it.
func members() *api {
	return &api{many: true, refusal: func(State) (int, any) {
		return 409, nil
	}, answer: func(s State) (http.Header, any) { return nil, map[string]any{"member": s.member()} }}
}

// member is the state as that API has it.
func (s State) member() map[string]any {
	return map[string]any{"id": s.ID, "revision": s.Revision, "nickname": s.Info["nickname"]}
}

// bulkItem is one item of a request that writes many.
type bulkItem struct {
	Member struct {
		ID, Revision string
		Nickname     any
	}
	FieldMask string
}

func bulkItems(doc []byte) []bulkItem {
	var body struct{ Members []bulkItem }
	if json.Unmarshal(doc, &body) != nil {
		return nil
	}
	return body.Members
}

// describeMany is a request that writes many resources, in the notation of the cases: P(A=5 B=7).
func describeMany(doc []byte) string {
	var parts []string
	for _, item := range bulkItems(doc) {
		parts = append(parts, item.Member.ID+"="+item.Member.Revision)
	}
	return "P(" + strings.Join(parts, " ") + ")"
}

// of is the state of one of many resources.
func (s *script) of(id string) *State {
	if s.many == nil {
		s.many = map[string]*State{}
	}
	if s.many[id] == nil {
		s.many[id] = &State{ID: id, Info: MergePatch(s.state.Info, nil)}
	}
	return s.many[id]
}

// checkMany compares what a request sends for each resource.
func (s *script) checkMany(line step, doc []byte) {
	for _, item := range bulkItems(doc) {
		want, named := line.Sends[item.Member.ID]
		if item.FieldMask != "nickname" {
			s.t.Errorf("%s: changes %q", line.do, item.FieldMask)
		}
		if named && !sameValue(want, item.Member.Nickname) {
			s.t.Errorf("%s: sends %v for %s, want %v", line.do, item.Member.Nickname, item.Member.ID, want)
		}
	}
}

// composeMany makes the answer to a request that writes many resources. Words say what becomes of each: A=r6 is written,
// A=409 refused because of its revision, A=404 because it is not there, A=EMAIL_TAKEN for that reason; A=? leaves it out.
func (s *script) composeMany(doc []byte, words []string) *http.Response {
	status, header := 200, http.Header{}
	if _, err := fmt.Sscan(words[0], &status); err != nil && words[0] != "!" {
		s.t.Errorf("no status: %s", words[0])
	}
	results := []any{}
	for i, item := range bulkItems(doc) {
		id := item.Member.ID
		at := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, id+"=") })
		if at < 0 {
			continue
		}
		word := strings.TrimPrefix(words[at], id+"=")
		meta := map[string]any{"id": id, "originalIndex": i, "success": false}
		result := map[string]any{"itemMetadata": meta}
		code := map[string]string{"409": "REVISION_MISMATCH", "404": "MEMBER_NOT_FOUND"}[word]
		switch {
		case word == "?":
			continue
		case strings.HasPrefix(word, "r"):
			s.applied++
			state := s.of(id)
			state.Revision, state.Info["nickname"] = word[1:], item.Member.Nickname
			meta["success"], result["item"] = true, state.member()
		case code == "":
			code = word
			fallthrough
		default:
			meta["error"] = map[string]any{"code": code}
		}
		results = append([]any{result}, results...) // in another order than the request
	}
	for _, w := range words {
		if after, ok := strings.CutPrefix(w, "after="); ok {
			header.Set("Retry-After", after)
		}
	}
	text := string(JSON(map[string]any{"results": results}))
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(strings.NewReader(text)), ContentLength: -1,
	}
}

// BulkClient is a client that writes many resources at once.
type BulkClient interface {
	// CallMany updates the resources of a call's keys, and gives what came of each, in the order it was given in.
	CallMany(ctx context.Context, c Call, runs *int) []Result
}

// compareMany compares what came of a call about many resources.
func (s *script) compareMany(d Driver, c Call, got []Result, runs int) {
	s.t.Helper()
	if c.Want.Runs != nil && *c.Want.Runs != runs {
		s.t.Errorf("the callback ran %d times, want %d", runs, *c.Want.Runs)
	}
	if len(got) != len(c.Keys) || len(got) != len(c.Want.Items) {
		s.t.Fatalf("%d items of %d", len(got), len(c.Keys))
	}
	for i, r := range got {
		if r.Key != c.Keys[i] {
			s.t.Errorf("item %d is %s, want %s", i, r.Key, c.Keys[i])
		}
		s.compare(d, c.Want.Items[i], r, nil, 0)
	}
}

// EditNickname is what the callbacks that cases name make of a nickname.
func EditNickname(callback, nickname string) (string, error) {
	switch callback {
	case "increment":
		var n int
		_, err := fmt.Sscan(nickname, &n)
		return fmt.Sprint(n + 1), err
	case "set":
		return "ours", nil
	}
	return "", fmt.Errorf("no callback %q", callback)
}

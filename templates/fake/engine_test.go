package fake

import (
	"strings"
	"testing"
	"time"
)

func TestEntityTagIsRequiredAndStrict(t *testing.T) {
	c := newClient(t, &notes)
	c.want(201, "POST /v1/notes", `{"title":"a","id":"mine","parts":[{"id":"p","size":3,"text":"x"}]}`)
	id, tag := c.at("/id"), c.header.Get("ETag")
	c.is("/parts/0/id", "p", "/parts/0/size", "", "/parts/0/text", "x")
	if id == "mine" || !strings.HasPrefix(tag, `"`) {
		t.Fatalf("id %q, tag %q", id, tag)
	}
	path := "/notes/" + id
	c.want(200, "GET "+path, "")
	c.want(428, "PUT "+path, `{"title":"b"}`)
	c.want(412, "PUT "+path, `{"title":"b"}`, "If-Match: "+strings.Trim(tag, `"`))
	c.is("/error/status", "STALE")
	c.want(200, "PUT "+path, `{"title":"b"}`, "If-Match: "+tag)
	c.is("/title", "b", "/id", id, "/parts/0/id", "")
	if c.at("/created") == "" || c.header.Get("ETag") == tag {
		t.Errorf("created %q and tag %q after a replacing write", c.at("/created"), c.header.Get("ETag"))
	}
	c.want(412, "PUT "+path, `{"title":"c"}`, "If-Match: "+tag)
	c.want(400, "PUT "+path, `{}`, "If-Match: *")
	c.is("/error/fields/0/name", "title")
	c.want(412, "DELETE "+path, "", "If-Match: "+tag)
	c.want(204, "DELETE "+path, "", "If-Match: *")
	c.want(404, "GET "+path, "")
	c.is("/error/status", "NOT_FOUND")
	if c.raw == "" || c.header.Get("X-Request-Id") == "" {
		t.Error("no request id")
	}
}

func TestCompoundToken(t *testing.T) {
	c := newClient(t, &notes)
	if key := c.s.Seed("Document", `{"_id":"1","_seq_no":7,"a":1,"b":2}`, "books"); key != "books/1" {
		t.Fatal(key)
	}
	c.want(200, "GET /books/_doc/1", "")
	c.is("/_seq_no", "7", "/_primary_term", "107")
	const change = `{"doc":{"a":9,"b":9},"mask":["a"]}`
	c.want(400, "PUT /books/_doc/1?if_seq_no=7&if_primary_term=7", change)
	c.is("/error/message", "version conflict: stale term 0", "/seq", "7", "/current/a", "1")
	c.want(200, "PUT /books/_doc/1?if_seq_no=7&if_primary_term=107", change)
	c.is("/a", "9", "/b", "2", "/_seq_no", "")
	c.want(400, "PUT /books/_doc/1?if_seq_no=7&if_primary_term=107", change)
	c.want(200, "PUT /books/_doc/1?if_seq_no=7&if_primary_term=107&overwrite=true", change)
	c.want(200, "PUT /books/_doc/1", change)
	if got := c.s.Revision("Document", "books/1"); got != "10,110" {
		t.Errorf("revision %s", got)
	}
	c.s.Seed("Document", `{"_id":"1"}`, "films")
	c.want(200, "GET /books/_doc", "")
	c.is("/hits/0/_id", "1", "/hits/1/_id", "")
}

func TestNextVersionAndConflictInSuccess(t *testing.T) {
	c := newClient(t, &notes)
	c.s.Seed("Page", `{"id":"p","version":"9007199254740993","text":"a"}`)
	c.want(200, "PATCH /pages/p", `{"page":{"text":"b","version":"9007199254740993"}}`)
	if c.raw != "false" {
		t.Errorf("a stale token was answered with %s", c.raw)
	}
	c.want(400, "PATCH /pages/p", `{"page":{"text":"b","version":9007199254740994}}`)
	c.want(400, "PATCH /pages/p", `{"page":{"text":"b"}}`)
	for range 2 { // with the same idempotency key
		c.want(200, "PATCH /pages/p", `{"page":{"text":"b","version":"9007199254740994"}}`, "Idempotency-Key: k")
		c.is("/page/version", "9007199254740994", "/page/text", "b")
	}
	c.want(200, "POST /pages/p/publish", "", "If-Match: 9007199254740994")
	c.is("/page/version", "9007199254740995")
	c.want(409, "POST /pages/p/publish", "", "If-Match: 9007199254740994")
}

func TestListPagesNarrowsSortsFiltersAndProjects(t *testing.T) {
	c := newClient(t, &notes)
	for _, v := range []string{`{"id":"1","title":"b","n":10,"tags":["x"]}`, `{"id":"2","title":"a","n":9}`,
		`{"id":"3","title":"b","n":100,"tags":["x","y"]}`} {
		c.s.Seed("Note", v)
	}
	c.want(200, "GET /notes?orderBy=title,-n", "")
	c.is("/notes/0/id", "2", "/notes/1/id", "3", "/size", "3")
	c.want(200, "GET /notes?orderBy=title,-n&pageToken="+c.at("/nextPageToken"), "")
	c.is("/notes/0/id", "1", "/nextPageToken", "")
	c.want(200, "GET /notes?title=b&pageSize=1&fields=n", "")
	c.is("/size", "2", "/notes/0/id", "1", "/notes/0/n", "10", "/notes/0/title", "")
	for filter, want := range map[string]string{
		`{"n":{"$gt":9,"$lte":100}}`:                          "2",
		`{"tags":{"$hasAll":["x","y"]}}`:                      "1",
		`{"tags":{"$hasSome":["x","z"]}}`:                     "2",
		`{"tags":{"$exists":false}}`:                          "1",
		`{"$or":[{"title":"a"},{"n":{"$in":[100]}}]}`:         "2",
		`{"$not":{"title":{"$startsWith":"A"}}}`:              "2",
		`{"$and":[{"title":{"$ne":"a"}},{"n":{"$nin":[1]}}]}`: "2",
		`{"n":{"$lt":10},"title":{"$gte":"a"}}`:               "1",
	} {
		c.want(200, "GET /notes?filter="+escape(filter), "")
		if c.at("/size") != want {
			t.Errorf("%s matches %s, want %s", filter, c.at("/size"), want)
		}
	}
	for _, filter := range []string{`[]`, `{"$nor":[]}`, `{"n":{"$has":1}}`, `{"n":{"$in":1}}`, `{"$and":{}}`, `x`} {
		c.want(400, "GET /notes?filter="+escape(filter), "")
	}
	c.want(400, "GET /notes?pageSize=11", "")
	c.want(400, "GET /notes?pageSize=-1", "")
	c.want(400, "GET /notes?pageToken=x", "")
	c.want(200, "GET /notes:count", "")
	c.is("/n", "3")
}

func TestListItemsAreAddedAndRemoved(t *testing.T) {
	c := newClient(t, &notes)
	id := c.s.Seed("Note", `{"title":"a"}`)
	c.want(200, "POST /notes/"+id+":tag", `{"tag":["x","y"]}`)
	c.want(200, "POST /notes/"+id+":tag", `{"tag":"x"}`)
	c.is("/tags/1", "y", "/tags/2", "")
	c.want(200, "DELETE /notes/"+id+"/tags?tag=x&tag=z", "")
	c.is("/tags/0", "y", "/tags/1", "")
	c.want(400, "DELETE /notes/"+id+"/tags", "")
}

func TestOneRequestAddsAndRemovesListItems(t *testing.T) {
	c := newClient(t, &notes)
	id := c.s.Seed("Note", `{"title":"a","tags":["x","y"]}`)
	c.want(200, "POST /notes/"+id+":retag", `{"assign":{"ids":["z","z"]},"unassign":{"ids":["x","w"]}}`)
	c.is("/tags/0", "y", "/tags/1", "z", "/tags/2", "")
	c.want(200, "POST /notes/"+id+":retag", `{"unassign":{"ids":["y","z"]},"assign":{"ids":["z"]}}`) // what is in both stays
	c.is("/tags/0", "z", "/tags/1", "")
	c.want(200, "POST /notes/"+id+":retag", `{"unassign":{"ids":["z"]}}`)
	c.is("/tags/0", "")
	for _, nothing := range []string{`{}`, `{"assign":{"ids":[]},"unassign":{"ids":null}}`} {
		c.want(400, "POST /notes/"+id+":retag", nothing)
	}
}

// A cursor stands for what was asked at first, which is refused beside it.
func TestCursorsStandForWhatTheyReplace(t *testing.T) {
	c := newClient(t, &notes)
	for _, v := range []string{`{"id":"1","title":"b","n":3}`, `{"id":"2","title":"b","n":2}`, `{"id":"3","title":"c","n":1}`,
		`{"id":"4","title":"b","n":1}`} {
		c.s.Seed("Note", v)
	}
	const first = "POST /notes:search?orderBy=n"
	c.want(200, first, `{"size":1,"filter":{"n":{"$lt":3}}}`, "X-Title: b")
	c.is("/notes/0/id", "4")
	next := c.at("/next")
	for _, beside := range []string{`,"filter":{}`, `,"filter":{"n":{"$lt":3}}`} {
		c.want(400, "POST /notes:search", `{"size":1,"cursor":"`+next+`"`+beside+`}`)
	}
	c.want(400, first, `{"size":1,"cursor":"`+next+`"}`)
	c.want(400, "POST /notes:search", `{"size":1,"cursor":"`+next+`"}`, "X-Title: b")
	c.want(400, "POST /notes:search", `{"size":1,"cursor":"x"}`)
	c.want(200, "POST /notes:search", `{"size":1,"cursor":"`+next+`","filter":null}`)
	c.is("/notes/0/id", "2", "/notes/1", "", "/next", "")
}

func TestWhatIsNotSimulatedNamesHandle(t *testing.T) {
	c := newClient(t, &notes)
	c.want(200, "GET /health", "")
	c.is("/ok", "true")
	c.want(501, "POST /notes/1:paint", "")
	if !strings.Contains(c.raw, `srv.Handle(\"paintNote\"`) {
		t.Error(c.raw)
	}
	c.s.Handle("paintNote", func(r *Request) Answer { return Answer{Status: 202, Body: r.Params} })
	c.want(202, "POST /notes/1:paint", "")
	c.is("/noteId", "1")
	c.s.Handle("paintNote", nil)
	c.want(501, "POST /notes/1:paint", "")
	c.want(404, "GET /nowhere/at/all", "")
	c.want(405, "PATCH /notes", "")
	c.want(400, "POST /notes", `{`)
	c.want(400, "POST /notes", `[]`)
}

func TestSeedGetEditRemove(t *testing.T) {
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	n := 0
	c := newClient(t, &notes, WithClock(func() time.Time { return at }), WithIDs(func() string { n++; return strings.Repeat("i", n) }))
	key := c.s.Seed("Note", map[string]any{"title": "a"})
	var note struct{ ID, Title, Created string }
	if !c.s.Get("Note", key, &note) || note.ID != "i" || note.Created != "2030-01-02T03:04:05.000Z" {
		t.Errorf("%q %+v", key, note)
	}
	before := c.s.Revision("Note", key)
	c.s.Edit("Note", key, func(v map[string]any) { v["title"] = "b" })
	if c.s.Get("Note", key, &note); note.Title != "b" || c.s.Revision("Note", key) == before {
		t.Errorf("edit did not move the revision: %+v", note)
	}
	if !c.s.Remove("Note", key) || c.s.Get("Note", key, nil) || c.s.Edit("Note", key, nil) || c.s.Revision("Note", key) != "" {
		t.Error("the note is still there")
	}
	for name, misuse := range map[string]func(*Server){
		"Get":    func(s *Server) { s.Get("Nothing", "1", nil) },
		"Seed":   func(s *Server) { s.Seed("Note", `[]`) },
		"Handle": func(s *Server) { s.Handle("nothing", nil) },

		"Count":           func(s *Server) { s.Count("updateNotes") },
		"Requests":        func(s *Server) { s.Requests("updateNote", "updateNotes") },
		"fault's kind":    func(s *Server) { s.Inject(Fault{Kind: "conflikt"}) },
		"fault nowhere":   func(s *Server) { s.Inject(Fault{Kind: Drop, Operation: "updateNotes"}) },
		"conflict of get": func(s *Server) { s.Inject(Fault{Kind: Drop}, Fault{Kind: Conflict, Operation: "getNote"}) },
		"stale write":     func(s *Server) { s.Inject(Fault{Kind: Stale, Operation: "updateNote"}) },
		"lag of a read":   func(s *Server) { s.Inject(Fault{Kind: Lag, Operation: "getNote"}) },
		"late read":       func(s *Server) { s.Inject(Fault{Kind: Late, Operation: "getNote"}) },
	} {
		s := newServer(&notes, nil, nil)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: misuse went unnoticed", name)
				}
			}()
			misuse(s)
		}()
		s.Seed("Note", `{}`) // and left nothing locked
	}
}

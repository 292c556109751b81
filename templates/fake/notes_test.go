package fake

// notes is an API in the manner of HTTP: the token is an entity tag in headers, writes replace, pages have cursors; and beside it
// a compound token in the query, as search engines have it.
var notes = api{
	Title:    "Notes",
	BasePath: "/v1",
	Errors: errorFormat{
		Code:       location{In: inBody, At: "/error/status"},
		Message:    location{In: inBody, At: "/error/message"},
		Violations: location{In: inBody, At: "/error/fields"},
		Violation:  violationMembers{Field: "name", Description: "text"},
		RequestID:  location{In: inHeader, Name: "X-Request-Id"},
	},
	Shapes: []shape{{Name: "Note", Members: []member{
		{Name: "id", ReadOnly: true},
		{Name: "title", Required: true},
		{Name: "created", ReadOnly: true},
		{Name: "parts", Is: schema{Form: kindArray, Elem: &schema{Form: kindObject, Shape: "Part"}}},
	}}, {Name: "Part", ItemKey: "id", Members: []member{{Name: "id", ReadOnly: true}, {Name: "size", ReadOnly: true}, {Name: "text"}}}},
	Collections: []collection{
		{Name: "Note", Key: []string{"/id"}, Tokens: []token{{Form: formTag}}, Created: []string{"/created"}, Shape: "Note"},
		{Name: "Document", Key: []string{"", "/_id"}, Tokens: []token{{At: "/_seq_no", Form: formNumber},
			{At: "/_primary_term", Form: formNumber}}},
		{Name: "Page", Key: []string{"/id"}, Tokens: []token{{At: "/version", Form: formDigits}}},
	},
	Routes: []route{
		{ID: "listNotes", Method: "GET", Path: "/notes", Safe: true, Verb: verbList, Collection: "Note",
			Narrow: []narrow{{From: location{In: inQuery, Name: "title"}, At: "/title"}},
			Sort:   location{In: inQuery, Name: "orderBy"}, Fields: location{In: inQuery, Name: "fields"},
			Filter: location{In: inQuery, Name: "filter"},
			Paging: &paging{Items: "/notes", Total: "/size", Limit: location{In: inQuery, Name: "pageSize"}, Default: 2, Max: 10,
				Cursor: location{In: inQuery, Name: "pageToken"}, Next: location{In: inBody, At: "/nextPageToken"}}},
		{ID: "createNote", Method: "POST", Path: "/notes", Status: 201, Verb: verbCreate, Collection: "Note", Show: []location{eTag}},
		{ID: "getNote", Method: "GET", Path: "/notes/{noteId}", Safe: true, Verb: verbRead, Collection: "Note", Key: noteID,
			NotFound: "NOT_FOUND", Show: []location{eTag}},
		{ID: "replaceNote", Method: "PUT", Path: "/notes/{noteId}", Verb: verbUpdate, Collection: "Note", Key: noteID, Show: []location{eTag},
			Payload: payload{As: "replace"}, Guard: &ifMatch},
		{ID: "deleteNote", Method: "DELETE", Path: "/notes/{noteId}", Status: 204, Verb: verbDelete, Collection: "Note", Key: noteID, Empty: true,
			Guard: &ifMatch},
		{ID: "countNotes", Method: "GET", Path: "/notes:count", Safe: true, Verb: verbCount, Collection: "Note", Total: "/n"},
		{ID: "tagNote", Method: "POST", Path: "/notes/{noteId}:tag", Verb: verbAdd, Collection: "Note", Key: noteID, List: "/tags",
			Items: location{In: inBody, At: "/tag"}},
		{ID: "untagNote", Method: "DELETE", Path: "/notes/{noteId}/tags", Verb: verbRemove, Collection: "Note", Key: noteID, List: "/tags",
			Items: location{In: inQuery, Name: "tag"}},
		{ID: "retagNote", Method: "POST", Path: "/notes/{noteId}:retag", Verb: verbAdjust, Collection: "Note", Key: noteID, List: "/tags",
			Add: location{In: inBody, At: "/assign/ids"}, Off: location{In: inBody, At: "/unassign/ids"}},
		{ID: "searchNotes", Method: "POST", Path: "/notes:search", Safe: true, Verb: verbQuery, Collection: "Note",
			Filter: location{In: inBody, At: "/filter"}, Sort: location{In: inQuery, Name: "orderBy"},
			Narrow: []narrow{{From: location{In: inHeader, Name: "X-Title"}, At: "/title"}},
			Paging: &paging{Items: "/notes", Limit: location{In: inBody, At: "/size"}, Cursor: location{In: inBody, At: "/cursor"},
				Next: location{In: inBody, At: "/next"}, Replaces: []location{{In: inBody, At: "/filter"}, {In: inQuery, Name: "orderBy"},
					{In: inHeader, Name: "X-Title"}}}},
		{ID: "paintNote", Method: "POST", Path: "/notes/{noteId}:paint"},
		{ID: "health", Method: "GET", Path: "/health", Safe: true, Verb: verbAnswer, Value: `{"ok":true}`},

		{ID: "getDocument", Method: "GET", Path: "/{index}/_doc/{id}", Safe: true, Verb: verbRead, Collection: "Document", Key: docID},
		{ID: "listDocuments", Method: "GET", Path: "/{index}/_doc", Safe: true, Verb: verbList, Collection: "Document", Key: docID[:1],
			Resource: "/hits"},
		{ID: "putDocument", Method: "PUT", Path: "/{index}/_doc/{id}", Verb: verbUpdate, Collection: "Document", Key: docID, Hide: true,
			Payload: payload{As: "fields", Send: "/doc", Mask: location{In: inBody, At: "/mask"}},
			Guard: &guard{MayOmit: true, Conflict: conflictRule{Status: 400, Text: `^version conflict: (stale|old) term [0-9]+$`},
				CarriedEntity: location{In: inBody, At: "/current"}, CarriedToken: location{In: inBody, At: "/seq"},
				Flag: location{In: inQuery, Name: "overwrite"}, On: "true",
				Tokens: []sent{{In: location{In: inQuery, Name: "if_seq_no"}}, {In: location{In: inQuery, Name: "if_primary_term"}}}}},

		{ID: "updatePage", Method: "PATCH", Path: "/pages/{id}", Verb: verbUpdate, Collection: "Page", Key: docID[1:], Resource: "/page",
			Payload: payload{Send: "/page"},
			Guard: &guard{Next: true, Conflict: conflictRule{Status: 200, Body: "false"},
				Tokens:      []sent{{In: location{In: inBody, At: "/page/version"}, AsString: true}},
				Idempotency: location{In: inHeader, Name: "Idempotency-Key"}}},
		{ID: "publishPage", Method: "POST", Path: "/pages/{id}/publish", Verb: verbTouch, Collection: "Page", Key: docID[1:], Resource: "/page",
			Guard: &guard{Tokens: []sent{{In: location{In: inHeader, Name: "If-Match"}}}}},
	},
}

var (
	eTag    = location{In: inHeader, Name: "ETag"}
	noteID  = []location{{In: inPath, Name: "noteId"}}
	docID   = []location{{In: inPath, Name: "index"}, {In: inPath, Name: "id"}}
	ifMatch = guard{Any: "*", Conflict: conflictRule{Status: 412, Code: "STALE"},
		Tokens: []sent{{In: location{In: inHeader, Name: "If-Match"}}}}
)

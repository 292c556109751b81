package generator

import (
	"context"
	"fmt"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/emit"
	"github.com/contactsgen/contactsgen/generator/internal/suggest"
)

// Inspection is what a description amounts to: services, operations, and for every write whether it is guarded. Its JSON form is a
// contract: members may join, none leave.
type Inspection struct {
	Services []InspectedService `json:"services"`
	Errors   *InspectedErrors   `json:"suggestedErrors,omitempty"`
	ItemKeys []InspectedItemKey `json:"suggestedItemKeys,omitempty"`
	Skipped  []InspectedSkip    `json:"skipped,omitempty"`
	Notes    []string           `json:"notes,omitempty"` // with file:line:col, such as on extensions in an old spelling
}

// InspectedService is one group of operations.
type InspectedService struct {
	Name       string               `json:"name"`
	Operations []InspectedOperation `json:"operations"`
}

// InspectedOperation is one operation. Position is file:line:col. Revision is nil when the operation carries no token; Unguarded
// then says why, for operations that write.
type InspectedOperation struct {
	OperationID string             `json:"operationId"`
	Method      string             `json:"method"`
	HTTPMethod  string             `json:"httpMethod"`
	Path        string             `json:"path"`
	Position    string             `json:"position"`
	Revision    *InspectedRevision `json:"revision"`
	Bulk        *InspectedBulk     `json:"bulk,omitempty"`
	Unguarded   string             `json:"unguarded,omitempty"`

	Candidate *InspectedCandidate `json:"candidate,omitempty"`       // of what --suggest-overlay says
	Paging    *InspectedPaging    `json:"suggestedPaging,omitempty"` // the same
	Result    string              `json:"suggestedResult,omitempty"`
}

// InspectedCandidate is a token that an unguarded write seems to carry, as a suggested overlay has it.
type InspectedCandidate struct {
	Read     string           `json:"read"`
	Tokens   []InspectedToken `json:"tokens"`
	Next     bool             `json:"next,omitempty"`
	Payload  string           `json:"payload,omitempty"`
	Conflict []int            `json:"conflict,omitempty"` // statuses; none: to be filled in
	Reason   string           `json:"reason"`
}

// InspectedPaging is how an operation seems to answer in pages: by "cursor", "link", "page" or "offset".
type InspectedPaging struct {
	Style  string `json:"style"`
	Items  string `json:"items"`
	Asked  string `json:"asked"`          // place of the request that asks for a page: "query cursor"
	Read   string `json:"read,omitempty"` // place of the answer that says what the next one is asked for with
	Reason string `json:"reason"`
}

// InspectedErrors is where errors seem to carry what.
type InspectedErrors struct {
	Code    string `json:"code"`
	Message string `json:"message,omitempty"`
}

// InspectedItemKey is a member that items of lists seem to be told apart by.
type InspectedItemKey struct {
	Schema string `json:"schema"`
	Member string `json:"member"`
}

// InspectedBulk is how an operation writes many resources at once: each as another operation writes one.
type InspectedBulk struct {
	Position string   `json:"position"`
	Each     string   `json:"each"`
	Limit    int      `json:"limit"`
	Conflict []string `json:"conflict"`
	Helpers  []string `json:"helpers"`
}

// InspectedRevision is how an operation's token travels. Places are written as in the description.
type InspectedRevision struct {
	Position string           `json:"position"`
	Read     string           `json:"read"`
	Tokens   []InspectedToken `json:"tokens"`
	Order    string           `json:"order"`
	Payload  string           `json:"payload,omitempty"`
	Conflict []string         `json:"conflict"`
	Helpers  []string         `json:"helpers"`
}

// InspectedToken is one part of a token: where it is read, where it is sent, and where the answer carries the next one.
type InspectedToken struct {
	Read  string `json:"read"`
	Send  string `json:"send"`
	Reply string `json:"reply,omitempty"`
}

// InspectedSkip is an operation that was left out.
type InspectedSkip struct {
	OperationID string `json:"operationId"`
	HTTPMethod  string `json:"httpMethod"`
	Path        string `json:"path"`
	Reason      string `json:"reason"`
}

// Inspect says what Generate would make of the same options.
func Inspect(ctx context.Context, o Options) (*Inspection, error) {
	a, err := decide(ctx, o, true)
	if err != nil {
		return nil, err
	}
	out := &Inspection{Services: []InspectedService{}}
	for _, s := range a.Services {
		svc := InspectedService{Name: s.Name, Operations: []InspectedOperation{}}
		for _, op := range s.Operations {
			svc.Operations = append(svc.Operations, InspectedOperation{
				OperationID: op.ID, Method: op.Name, HTTPMethod: op.Method, Path: op.Path,
				Position: op.Pos.String(), Revision: inspectRevision(op.Revision), Bulk: inspectBulk(op.Bulk), Unguarded: op.Unguarded,
				Candidate: inspectCandidate(op.Candidate), Paging: inspectPaging(op.PagingCandidate), Result: op.ResultCandidate.Expression("response"),
			})
		}
		out.Services = append(out.Services, svc)
	}
	if e := a.ErrorsCandidate; e != nil {
		out.Errors = &InspectedErrors{e.Code.Expression("response"), e.Message.Expression("response")}
	}
	for _, k := range a.ItemKeyCandidates {
		out.ItemKeys = append(out.ItemKeys, InspectedItemKey(k))
	}
	for _, n := range append(a.Notes, a.Warnings...) {
		out.Notes = append(out.Notes, n.Error())
	}
	for _, s := range a.Skipped {
		out.Skipped = append(out.Skipped, InspectedSkip{OperationID: s.OperationID, HTTPMethod: s.Method, Path: s.Path,
			Reason: s.Problem.Error()})
	}
	return out, nil
}

// FirstCall gives a Go program that makes one call of the client that Generate would make, to begin with: the package is imported by
// importPath, and the server is at baseURL. It is "" where no operation is simple enough.
func FirstCall(ctx context.Context, o Options, importPath, baseURL string) (string, error) {
	a, err := decide(ctx, o, true)
	if err != nil {
		return "", err
	}
	return emit.FirstCall(a, importPath, baseURL), nil
}

// Suggested says how much a suggested overlay has: writes to guard, lists to page, other things, and places that are to be filled in.
type Suggested = suggest.Counts

// SuggestOverlay gives an OpenAPI Overlay of what the description could say, and how much that is. It guards every write that seems to
// carry a concurrency token, and works once its conflict rules are filled in: how a refused token shows can seldom be seen in a
// description.
func SuggestOverlay(ctx context.Context, o Options) ([]byte, Suggested, error) {
	a, err := decide(ctx, o, true)
	if err != nil {
		return nil, Suggested{}, err
	}
	return suggest.Overlay(a)
}

func inspectCandidate(c *api.Candidate) *InspectedCandidate {
	if c == nil {
		return nil
	}
	out := &InspectedCandidate{Read: c.Read.ID, Next: c.Next, Conflict: c.Conflict, Reason: c.Reason, Tokens: inspectTokens(c.Tokens)}
	if c.Payload != nil {
		out.Payload = c.Payload.As
	}
	return out
}

func inspectTokens(parts []api.TokenPart) []InspectedToken {
	var out []InspectedToken
	for _, t := range parts {
		out = append(out, InspectedToken{Read: t.Read.Expression("response"), Send: t.Send.Expression("request"),
			Reply: t.Reply.Expression("response")})
	}
	return out
}

func inspectPaging(p *api.PagingCandidate) *InspectedPaging {
	if p == nil {
		return nil
	}
	asked, read := p.Offset, ""
	switch {
	case p.CursorSend.In != api.Nowhere:
		asked, read = p.CursorSend, p.CursorRead.String()
	case p.Number.In != api.Nowhere:
		asked = p.Number
	}
	return &InspectedPaging{Style: p.Style(), Asked: asked.String(), Read: read,
		Items: api.Location{In: api.InBody, At: p.Items}.Expression("response"), Reason: p.Reason}
}

func inspectRevision(r *api.Revision) *InspectedRevision {
	if r == nil {
		return nil
	}
	out := &InspectedRevision{Position: r.Pos.String(), Read: r.Read.ID, Order: r.Order, Conflict: []string{}, Helpers: []string{}}
	out.Tokens = inspectTokens(r.Tokens)
	if r.Payload != nil {
		out.Payload = r.Payload.As
	}
	for _, c := range r.Conflict {
		out.Conflict = append(out.Conflict, rule(c))
	}
	for _, h := range []string{r.Helper, r.From, r.ThreeWay, r.Force, r.Each, r.EachFrom} {
		if h != "" {
			out.Helpers = append(out.Helpers, h)
		}
	}
	return out
}

func inspectBulk(k *api.Bulk) *InspectedBulk {
	if k == nil {
		return nil
	}
	out := &InspectedBulk{Position: k.Pos.String(), Each: k.Of.Write.ID, Limit: k.Limit, Conflict: []string{}, Helpers: []string{}}
	for _, c := range k.Each.Conflict {
		out.Conflict = append(out.Conflict, rule(c))
	}
	if k.Helper != "" {
		out.Helpers = append(out.Helpers, k.Helper)
	}
	return out
}

// rule writes a conflict rule as a short text.
func rule(c api.ConflictRule) string {
	text := ""
	add := func(format string, args ...any) {
		if text != "" {
			text += " "
		}
		text += fmt.Sprintf(format, args...)
	}
	if c.Status != 0 {
		add("%d", c.Status)
	}
	if c.Code != "" {
		add("%s", c.Code)
	}
	if c.Text != "" {
		add("text %q", c.Text)
	}
	if c.Body != "" {
		add("body %s", c.Body)
	}
	return text
}

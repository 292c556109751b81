package api

// What a description could say and does not. Nothing is made of it: inspect shows it, and an overlay can begin with it.

// Candidate is a concurrency token that a write seems to carry. How a conflict shows is seldom known from a description.
type Candidate struct {
	Read       *Operation
	Tokens     []TokenPart // parts of the token: where Read's answer, the request and the write's answer have them
	Next       bool        // the token plus one is sent
	Payload    *CandidatePayload
	Undeclared []Undeclared
	Conflict   []int    // statuses that tell a refused token, by HTTP's rules or in the description's words; nil: nobody knows
	Refusals   []string // other declared answers that may tell it
	Reason     string   // what speaks for it
	PassedOver []string // what else looks like a token, and why it is none
}

// CandidatePayload is the part of the resource that a write seems to take.
type CandidatePayload struct {
	Read, Send Location
	As         string
	Mask       Location
}

// Undeclared is a header that an answer carries by HTTP's rules and that its description leaves out.
type Undeclared struct {
	Header string
	Answer string // JSONPath of the answer in the description, as an overlay names it
}

// PagingCandidate is how an operation seems to answer in pages.
type PagingCandidate struct {
	*Paging
	Reason string
}

// ItemKeyCandidate is a member by which the items of some lists seem to keep their identity.
type ItemKeyCandidate struct {
	Schema string // JSONPath of the items' schema, as an overlay names it
	Member string
}

// Style names the way in which pages are asked for.
func (p *Paging) Style() string {
	switch {
	case p.CursorLink:
		return "link"
	case p.CursorSend.In != Nowhere:
		return "cursor"
	case p.Number.In != Nowhere:
		return "page"
	}
	return "offset"
}

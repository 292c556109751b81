package analyze

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
)

// nameKind says what a name may be.
type nameKind int

const (
	anyName    nameKind = iota // no token's
	manyThings                 // a token's, or that of many other things: most versions are of APIs, packages and files
	instant                    // when something changed: a token only where it is said
	likely                     // a token's as a rule
	tokenOnly                  // nothing else is called so
)

// tokenName is the name of what may be a token, less the words that say that it is a condition.
type tokenName struct {
	base      string // lower-case words, joined: "version" of "expectedVersion"
	condition string // the words that were taken off
	extra     string // the words before those that make it a token's: "cart" of "cartVersion"
	kind      nameKind
}

// nameKinds is what the last words of a name make of it.
var nameKinds = kindByName(map[nameKind]string{
	tokenOnly: "revision etag resourceversion rowversion lockversion revisionid revisionnumber locktoken changetoken conflicttoken " +
		"concurrencytoken concurrencystamp " +
		"concurrencyversion versiontoken versionstamp optimisticlock optlock entitytag metageneration seqno primaryterm changevector changekey modrevision",
	likely: "fingerprint rev rowver updatetoken ctag synctoken",
	manyThings: "version versionnumber versionid generation sequence sequencenumber versionindex versioncounter modifyindex sha hash " +
		"checksum stamp cas lock changenumber modificationnumber modificationcount rvn",
	instant: "timestamp updatedat modifiedat lastmodified lastupdated lastmodifiedat lastupdatedat updatetime modifiedtime lastmodifiedtime " +
		"modified updated",
})

// kindByName looks kinds up by their words.
func kindByName(words map[nameKind]string) map[string]nameKind {
	out := map[string]nameKind{}
	for kind, names := range words {
		for _, name := range strings.Fields(names) {
			out[name] = kind
		}
	}
	return out
}

// conditionWords say of a token that the write depends on it.
var conditionWords = naming.Set("if", "expected", "expect", "current", "known", "last", "previous", "prev", "base", "old", "original",
	"match", "matches", "matching",
	"equals", "eq", "precondition", "required", "observed", "seen")

// harmlessWords may stand before the words of a token without making it another thing's.
var harmlessWords = naming.Set("resource", "object", "entity", "row", "record", "item", "lock", "concurrency", "optimistic", "data", "edit",
	"target", "own", "my")

// readTokenName reads a name. One that says no more than that it is a number is called like what holds it: "version.number".
func readTokenName(name, holder string, about *operation) tokenName {
	if name == "__v" {
		return tokenName{base: "v", kind: tokenOnly}
	}
	words := lowerWords(name)
	if len(words) > 1 && words[0] == "x" {
		words = words[1:] // a header of one's own
	}
	if len(words) == 1 && slices.Contains([]string{"number", "index", "value"}, words[0]) && holder != "" {
		words = append(lowerWords(holder), words...)
	}
	if strings.EqualFold(name, "If-Match") {
		return tokenName{base: "etag", kind: tokenOnly}
	}
	if strings.EqualFold(name, "If-Unmodified-Since") {
		return tokenName{base: "lastmodified", kind: tokenOnly}
	}
	var t tokenName
	if slices.Contains(words, "not") || slices.Contains(words, "none") {
		return t
	}
	for len(words) > 1 && conditionWords[words[0]] && !(len(words) == 2 && nameKinds[words[0]+words[1]] != anyName) {
		t.condition, words = t.condition+words[0], words[1:]
	}
	if last := len(words) - 1; last > 0 && conditionWords[words[last]] {
		if t.condition == "" {
			return tokenName{} // resourceVersionMatch says how it is compared
		}
		t.condition, words = t.condition+words[last], words[:last]
	}
	t.base = strings.Join(words, "")
	for n := min(3, len(words)); n > 0 && t.kind == anyName; n-- {
		t.kind = nameKinds[strings.Join(words[len(words)-n:], "")]
		t.extra = strings.Join(words[:len(words)-n], "")
	}
	if t.kind == manyThings && strings.HasPrefix(name, "_") {
		t.kind = likely
	}
	if t.kind != anyName && t.kind != tokenOnly && t.extra != "" && !harmlessWords[t.extra] && !slices.Contains(about.nouns(), t.extra) {
		t.kind = anyName // schemaVersion, clientVersion
	}
	return t
}

func lowerWords(s string) []string {
	out := naming.Words(s)
	for i, w := range out {
		out[i] = strings.ToLower(w)
	}
	return out
}

// clue is something that speaks for a token, or against it.
type clue struct {
	points int
	text   string // "" is not worth mentioning
}

// certain is enough, whatever else there is.
const certain = 10

// threshold is how much has to speak for a token. The name alone is enough where nothing else is called so.
const threshold = 2

func sum(clues []clue) int {
	n := 0
	for _, c := range clues {
		n += c.points
	}
	return n
}

// reasonOf says what speaks for a token; where nothing else does, its name does.
func reasonOf(clues []clue) string {
	var out []string
	for _, c := range clues {
		if c.text != "" && !slices.Contains(out, c.text) {
			out = append(out, c.text)
		}
	}
	if len(out) == 0 {
		return "by its name"
	}
	return strings.Join(out, ", ")
}

var (
	// speaks finds the words of who describes a concurrency token.
	speaks = words(
		`(?i)concurren|conflict|optimistic|stale|overwrit|lost update|mismatch|out[- ]of[- ]date|since (it was|the) (last )?read|has(n't| not)? (been )?(changed|modified)|` +
			`(must|should|has to|needs to|does(n't| not)) (match|equal|be equal|be the (same|current|latest))|\bonly (if|when|write|update|change|delete|apply)\b|you (expect|read|saw)|expected|differs?\b|precondition|if[- ]match|being (replaced|updated|changed)|` +
			`\b(changes?|edits?|updates?|it|they) (was|were|is|are) (made|based) (on|from)\b`,
	)
	// movesOn finds the words of who describes what is another one after each write.
	movesOn = words(
		`(?i)\b(grows|increas\w+|increment\w*|chang\w+|raised|bumped|updated|goes up|counts) [^.]{0,40}` +
			`\b(with|on|by|after|at|for|upon|when|whenever|time) [^.]{0,40}\b(change|update|write|modif\w+|saved?|edit|mutation)`,
	)
	// another finds the words of who describes the version of something else.
	another = words(
		`(?i)\b(api|schema|format|protocol|package|software|release|semantic|semver|app|application|client|sdk|firmware|language|library|model|engine|kernel|browser|os|spec|dataset)\b['’s]* version|version of the (api|schema|format|protocol|package|software|app|client|sdk|library|model|engine)|` +
			`\b(e-?tag|revision|hash|checksum) of (the )?(remote|repository|upstream|url|image|download)|` +
			`\b(place|position|rank|order) (among|in|within|of)\b`,
	)
	// refusesStale finds the words of who describes the answer to a stale token.
	refusesStale = words(
		`(?i)stale|version|revision|concurren|modified|changed|out[- ]of[- ]date|optimistic|mismatch|does(n't| not) match|e-?tag|precondition|not the (next|current|latest)|fingerprint|sequence|edit conflict|update conflict`,
	)
	// nextWords find the words of who wants the token plus one.
	nextWords = words(
		`(?i)plus one|\+ ?1\b|increment(ed)? by (one|1)|\b(one|1) (more|higher|greater)|must be incremented|not the next|the next (one|version|revision|number)`,
	)
)

// add fills in what the request says for a place, and keeps those for which anything does.
func (s sending) add(out []sending, required bool, t *api.Type) []sending {
	said := speaks.MatchString(s.doc)
	if s.name.kind == anyName && (!said || s.rank != byText && !concurrencyToken.MatchString(s.doc)) {
		return out
	}
	note := func(points int, text string) { s.said = append(s.said, clue{points, text}) }
	named := map[nameKind]int{tokenOnly: 2, likely: 1, instant: -2}[s.name.kind]
	precondition := s.In == api.InHeader && (strings.EqualFold(s.Name, "If-Match") || strings.EqualFold(s.Name, "If-Unmodified-Since"))
	if precondition {
		named = certain
		s.rank, s.said = byPrecondition, append(s.said, clue{0, "it makes a write conditional"})
	}
	rank := byName
	if said {
		rank = byDescription
		note(3, "described as a concurrency token")
	}
	if required {
		rank = min(rank, byRequirement)
		note(1, "required")
	}
	if s.name.condition != "" && s.name.kind == tokenOnly {
		rank = byDescription
	}
	if !said && s.name.kind == manyThings && !isCounter(t) && !comparing.MatchString(s.name.condition) {
		note(-2, "") // texts are mostly versions of something else
		if s.doc != "" {
			note(-1, "")
		}
	}
	if !said && s.name.base == "sequence" {
		note(-1, "") // what is put in order has one, too
	}
	if s.name.kind != anyName && nextWords.MatchString(s.doc) {
		rank = byDescription
		note(3, "the one after the current one is asked for")
	}
	if s.name.condition != "" && s.name.kind != anyName {
		note(3, "named as a condition")
	}
	if another.MatchString(s.doc) && !concurrencyWords.MatchString(s.doc) {
		note(-4, "")
	}
	if isCounter(t) && s.name.kind != instant {
		note(1, "")
	}
	note(named, "")
	if s.rank == byElement {
		s.said = append(s.said, clue{-3, ""})
	} else if !precondition && s.rank != byText {
		s.rank = rank
	}
	s.said = append(s.said, s.write.saysOfTokens()...)
	return append(out, s)
}

// comparing finds the words for what is compared with the token; others may stand for what was there before.
var comparing = words(`^(if|expect|expected|precondition|match)`)

// fasterOther finds the words of who answers that somebody else was faster, or that a token is an old one.
var fasterOther = words(`(?i)since (it was|you|the) (last )?(read|retriev|fetch)|lost update|optimistic|concurren|` +
	`\b(another (user|client|writer)|someone else|somebody else)\b|(is|was) not the (current|latest|newest)`)

// concurrencyWords leave no doubt, whatever the name is.
var concurrencyWords = words(`(?i)concurren|optimistic|lost update|stale|conflict`)

// concurrencyToken finds the words of who calls something a token whose name does not say so.
var concurrencyToken = words(
	`(?i)concurrency|optimistic|lost update|stale|conflict|concurrent (change|update|edit|write|modif)`)

// isCounter tells whether a type is a number, or may be: tokens are counted, versions of things are texts.
func isCounter(t *api.Type) bool {
	t = t.Underlying()
	return t.Kind == api.KindScalar && (strings.HasPrefix(t.Go, "int") || strings.HasPrefix(t.Go, "uint") || t.Go == "float64")
}

// saysOfTokens gives what an operation's text and its declared answers say for tokens in its request.
func (o *operation) saysOfTokens() []clue {
	var out []clue
	if concurrencyWords.MatchString(o.Summary + " " + o.Doc) {
		out = append(out, clue{2, "the operation's description speaks of concurrent changes"})
	}
	for _, f := range o.failures {
		text := docOf(f.node)
		switch {
		case f.status == 412, f.status == 428:
			out = append(out, clue{2, statusText(f.status) + " is declared"})
		case f.status == 409 && fasterOther.MatchString(text):
			out = append(out, clue{4, "409 is declared for it"})
		case f.status == 409 && refusesStale.MatchString(text):
			out = append(out, clue{3, "409 is declared for it"})
		case f.status == 409:
			out = append(out, clue{1, "409 is declared"})
		}
	}
	return out
}

// refusals gives the statuses that tell a refused token, and what is said of others that may. HTTP says it of its own headers.
func (o *operation) refusals(s sending) (known []int, maybe []string) {
	http := s.rank == byPrecondition
	if http {
		known = []int{412}
	}
	for _, f := range o.failures {
		text := docOf(f.node)
		switch {
		case f.status == 409 && http && refusesStale.MatchString(text):
			known = append(known, 409)
		case f.status == 409, f.status == 412 && !http:
			maybe = append(maybe, strings.TrimSpace(statusText(f.status)+" "+firstLine(text)))
		}
	}
	return known, maybe
}

// isNext tells whether the token plus one is sent.
func (s sending) isNext() bool {
	if s.In != api.InBody && s.In != api.InQuery {
		return false
	}
	if nextWords.MatchString(s.doc) || makesNext.MatchString(s.write.Summary+" "+s.write.Doc) {
		return true
	}
	return slices.ContainsFunc(s.write.failures, func(f failure) bool {
		return f.status == 409 && nextWords.MatchString(docOf(f.node))
	})
}

// makesNext finds the words of who says of a write that it names the version that it makes.
var makesNext = words(`(?i)\bas (its|the) next (version|revision)\b|\b(version|revision)( number)? (has to|must) be the next\b`)

// clues gives all that speaks for a place, with what the read's answer says.
func (s sending) clues(source tokenSource, known tokensOf) []clue {
	out := slices.Clone(s.said)
	if concurrencyWords.MatchString(source.doc) {
		out = append(out, clue{2, "its source is described as a concurrency token"})
	} else if movesOn.MatchString(source.doc) {
		out = append(out, clue{2, "its source changes with every write"})
	}
	if another.MatchString(source.doc) && !concurrencyWords.MatchString(source.doc) {
		out = append(out, clue{-4, ""})
	}
	if found := known[source.read]; slices.ContainsFunc(found, func(at api.Location) bool {
		return at.In == source.In && at.String() == source.String()
	}) {
		out = append(out, clue{2, "another write sends the same"})
	} else if len(found) > 0 {
		out = append(out, clue{-2, ""})
	}
	return out
}

package naming

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxMethod and MaxType bound the names that are made of a description, in characters. What stands so in the description may be longer.
const (
	MaxMethod = 60
	MaxType   = 80
)

// Call is an operation as far as its name goes.
type Call struct {
	ID      string // operationId; "" when there is none
	Method  string // of HTTP, in capitals
	Path    string
	Noun    string // what the service is about; "" is nothing in particular
	Listing bool   // the answer is a list, or an object around one
	Single  bool   // the answer is known to be one thing
	Stream  bool   // the answer is text or bytes
	Creates bool   // a success is 201
}

// MethodForms lists the names of an operation's method, short to long, without the forms that are made of the whole operationId. A name
// says what the call does: the verb, and its object unless that is the service's noun.
func MethodForms(c Call) []string {
	id, isPath := pathless(c)
	if isPath {
		return c.derived()
	}
	if name := bounded(c.said(id), MaxMethod); name != "" {
		return []string{name}
	}
	return []string{Exported(id)}
}

// said is the name that an operationId gives.
func (c Call) said(id string) string {
	words, cut, plural := c.phrase(strings.TrimSpace(id))
	if len(words) == 0 {
		return ""
	}
	if cut && (len(words) == 1 || plural || c.Listing) && c.listsNoun(words[0], plural) || !cut && c.listsObject(words) {
		words[0] = "List"
		if len(words) > 1 && strings.EqualFold(words[1], "list") {
			words = words[1:]
		}
	}
	name := Camel(strings.Join(words, " "))
	if first, _ := utf8.DecodeRuneInString(name); !unicode.IsUpper(first) {
		return ""
	}
	return name
}

// listsNoun tells whether a call that "gets" the service's noun gets many of them: its answer is a list, or its path ends in the plural and
// not in the key of one.
func (c Call) listsNoun(verb string, plural bool) bool {
	if c.Method != "GET" || c.Single || c.Stream && !plural || !getters[strings.ToLower(verb)] || strings.HasSuffix(c.Path, "}") {
		return false
	}
	last, noun := lowered(Words(lastSegment(c.Path))), lowered(Words(c.Noun))
	if len(last) == 0 || len(noun) == 0 {
		return false
	}
	end := last[len(last)-1]
	same := Singular(end) == Singular(noun[len(noun)-1]) || Singular(strings.Join(last, "")) == Singular(strings.Join(noun, ""))
	return c.Listing && (plural || same) || IsPlural(end) && !masses[end] && same
}

// listsObject tells whether a call that "gets" something else than the service's noun gets many of it: what it gets is called by a plural,
// and its answer is a list.
func (c Call) listsObject(words []string) bool {
	if c.Method != "GET" || !c.Listing || !getters[strings.ToLower(words[0])] || strings.HasSuffix(c.Path, "}") {
		return false
	}
	end := 1
	for end < len(words) && !prepositions[strings.ToLower(words[end])] {
		if severals[strings.ToLower(words[end])] {
			return false
		}
		end++
	}
	object := strings.ToLower(words[end-1])
	return end > 1 && IsPlural(object) && !uncounted[object]
}

// phrase gives the words of an operationId less the noun, whether the noun was the object of the verb, and whether in the plural.
func (c Call) phrase(id string) (words []string, cut, plural bool) {
	noun := Words(c.Noun)
	if parts := strings.Split(id, "."); len(parts) > 1 {
		if words, ok := c.dotted(parts, noun); ok {
			return words, len(words) == 1, saysPlural(Words(id), noun)
		}
	}
	all := Words(id)
	rest := all
	for len(noun) > 0 && startsWith(rest, noun) {
		rest = rest[len(noun):]
	}
	switch {
	case len(rest) == 1 && len(all) > 1:
		return rest, true, saysPlural(all, noun)
	case len(rest) > 0 && len(rest) < len(all) && !isVerb(rest[0]):
		return rest, false, false
	case len(rest) > 0:
		all = rest
	}
	words, cut = c.withoutObject(all, noun)
	return words, cut, saysPlural(all, noun)
}

// saysPlural tells whether the noun stands among words, first in the plural.
func saysPlural(words, noun []string) bool {
	for ; len(noun) > 0 && len(words) >= len(noun); words = words[1:] {
		if startsWith(words, noun) {
			return IsPlural(strings.ToLower(words[len(noun)-1]))
		}
	}
	return false
}

// dotted reads an operationId that is a way to a verb ("people.contactGroups.members.modify"): verb first, then what stands between it and
// the noun.
func (c Call) dotted(parts, noun []string) ([]string, bool) {
	last := len(parts) - 1
	at := -1
	for i, part := range parts[:last] {
		if w := Words(part); len(noun) > 0 && len(w) == len(noun) && startsWith(w, noun) {
			at = i
		}
	}
	words, _ := c.withoutObject(Words(parts[last]), noun)
	if at < 0 || len(words) == 0 || !isVerb(words[0]) && !adverbs[strings.ToLower(words[0])] {
		return nil, false
	}
	var between []string
	for i, part := range parts[at+1 : last] {
		one := Words(part)
		if at+1+i < last-1 || strings.HasSuffix(c.Path, "}") {
			one[len(one)-1] = Singular(one[len(one)-1])
		}
		between = append(between, one...)
	}
	verb := 1
	if adverbs[strings.ToLower(words[0])] {
		verb = min(2, len(words))
	}
	return slices.Concat(words[:verb], between, words[verb:]), true
}

// withoutObject takes the noun from a phrase where it is the object of the verb, or the first word of it ("updateContact",
// "bulkDeleteContacts", "list all contacts", "get contact labels"), with its article. Elsewhere the noun says what no other word does: of
// what it is the object of ("getAttachmentComments"), what it is for ("listCompaniesForAPerson"), or which kind of thing ("getFieldSet", of
// /field_sets).
func (c Call) withoutObject(words, noun []string) (rest []string, cut bool) {
	if len(noun) == 0 || len(words) <= len(noun) {
		return words, false
	}
	at := 1
	if adverbs[strings.ToLower(words[0])] {
		at = min(2, len(words)-1)
	}
	begin := at
	for at < len(words) && !startsWith(words[at:], noun) {
		word := strings.ToLower(words[at])
		switch {
		case word == "and" || word == "or":
			at++ // whatever follows is another verb
		case articles[word], verbs[word] && !nounsToo[word], adverbs[word], strings.HasSuffix(word, "ed"), adjectives[word]:
		default:
			return words, false
		}
		at++
	}
	if at >= len(words) {
		return words, false
	}
	after := words[at+len(noun):]
	if mentions(after, noun) || len(after) > 0 && isVerb(after[0]) && c.hasSegment(words[at:]) ||
		adjectives[strings.ToLower(words[begin-1])] || !verbs[strings.ToLower(words[begin-1])] && slices.ContainsFunc(after, isVerb) {
		return words, false
	}
	before := slices.DeleteFunc(slices.Clone(words[:at]), func(w string) bool { return articles[strings.ToLower(w)] })
	return slices.Concat(before, after), len(after) == 0 || prepositions[strings.ToLower(after[0])]
}

// hasSegment tells whether a segment of the path is called by all of some words.
func (c Call) hasSegment(words []string) bool {
	for _, s := range placesOf(c.Path) {
		if list := Words(s.text); !s.param && len(list) == len(words) && startsWith(list, words) {
			return true
		}
	}
	return false
}

// mentions tells whether a noun stands in a list of words.
func mentions(list, noun []string) bool {
	for i := range list {
		if startsWith(list[i:], noun) {
			return true
		}
	}
	return false
}

func isVerb(word string) bool { return verbs[strings.ToLower(word)] }

// derived lists the names of a call that nothing but its method and path name: of the nearest things, of all things on the way, and with
// the parameters.
func (c Call) derived() []string {
	verb, things := c.verb()
	own := things
	noun := Words(c.Noun)
	for i, t := range things {
		if w := Words(t); len(noun) > 0 && len(w) == len(noun) && startsWith(w, noun) {
			own = things[i+1:]
		}
	}
	if len(own) == len(things) {
		own = things[max(0, len(things)-2):]
	}
	var list []string
	add := func(parts ...string) {
		name := ""
		for _, p := range parts {
			name += Camel(p)
		}
		list = append(list, bounded(verb+name, MaxMethod))
	}
	if len(Words(verb)) > 1 {
		add()
	}
	add(own...)
	add(append(slices.Clone(own), c.byLast())...)
	add(things...)
	add(append(slices.Clone(things), c.by())...)
	return WithoutRepeats(list)
}

// verb gives the verb of a call by method and path, and the things on the way: the last in the plural where the call is about all of them.
func (c Call) verb() (verb string, things []string) {
	segments := placesOf(c.Path)
	for i, s := range segments {
		if s.param {
			continue
		}
		name := s.text
		if i+1 < len(segments) {
			name = singularWords(name)
		}
		things = append(things, name)
	}
	verb = Title(strings.ToLower(c.Method))
	if len(segments) == 0 || segments[len(segments)-1].param {
		return verb, things
	}
	last := things[len(things)-1]
	words := Words(last)
	end := strings.ToLower(words[len(words)-1])
	switch {
	case c.Method == "GET" && getters[strings.ToLower(words[0])] && c.listsObject(words):
		return Camel("list " + strings.Join(words[1:], " ")), things[:len(things)-1]
	case acts(c.Method, strings.ToLower(words[0])):
		return Camel(last), things[:len(things)-1]
	case c.Method == "POST" && c.Creates:
		things[len(things)-1] = singularWords(last)
		return "Create", things
	case c.Method == "GET" && (c.Listing || IsPlural(end) && !masses[end] && !c.Single):
		return "List", things
	}
	return verb, things
}

// acts tells whether a word at the end of a path is what the call does: a verb, and no noun that is spelled like one.
func acts(method, word string) bool {
	switch method {
	case "GET":
		return finders[word]
	case "POST":
		return verbs[word] && !nounsToo[word]
	}
	return false
}

// by names the parameters of a path.
func (c Call) by() string {
	var names []string
	for _, m := range braces.FindAllStringSubmatch(c.Path, -1) {
		names = append(names, m[1])
	}
	if len(names) == 0 {
		return ""
	}
	return "by " + strings.Join(names, " and ")
}

// byLast names the parameter that a path ends in.
func (c Call) byLast() string {
	if list := placesOf(c.Path); len(list) > 0 && list[len(list)-1].param {
		return "by " + list[len(list)-1].text
	}
	return ""
}

// place is a segment of a path that says something: neither a version nor a parameter that only says of which kind things are.
type place struct {
	text  string
	param bool
}

var (
	braces  = regexp.MustCompile(`\{\+?([^{}]*)\}`)
	named   = regexp.MustCompile(`^[^{}=]+=\{\+?([^{}]*)\}$`) // "key={key}"
	version = regexp.MustCompile(`(?i)^(v\d[\w.]*|\d{4}-\d{2}(-\d{2})?|api|apis|rest)$`)
	parts   = regexp.MustCompile(`\{[^{}]*\}|[^{}/:]+`)
	kind    = regexp.MustCompile(`(?i)(type|kind|version)$`)
	aPath   = regexp.MustCompile(`(?i)^\s*(get|put|post|patch|delete|head|options|trace)?[\s_:-]*/`)
)

// placesOf lists the segments of a path that say something.
func placesOf(path string) []place {
	var out []place
	for _, s := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == ':' || r == '?' || r == '#' }) {
		m := braces.FindStringSubmatch(s)
		switch {
		case m != nil && m[0] == s && kind.MatchString(m[1]), version.MatchString(s):
		case m != nil && m[0] == s, named.MatchString(s):
			out = append(out, place{m[1], true})
		case len(Words(braces.ReplaceAllString(s, ""))) > 0:
			out = append(out, place{braces.ReplaceAllString(s, " "), false})
		}
	}
	return out
}

// lastSegment is what a path ends in.
func lastSegment(path string) string {
	path = strings.TrimRight(path, "/")
	return path[strings.LastIndexAny(path, "/:")+1:]
}

// Group names what a call is about where nobody says it: the first thing on its path. "" is nothing in particular.
func Group(path string) string {
	for _, s := range placesOf(path) {
		if !s.param {
			return strings.TrimSpace(s.text)
		}
	}
	return ""
}

// pathless gives the operationId without the method and path that are written in it, or tells that there is nothing else.
func pathless(c Call) (id string, isPath bool) {
	if c.ID == "" {
		return "", true
	}
	if aPath.MatchString(c.ID) {
		_, tail, found := strings.Cut(c.ID, c.Path)
		if tail = strings.Trim(tail, " _-:."); !found || tail == "" || strings.ContainsAny(tail, "/{") {
			return "", true
		}
		return tail, false
	}
	words := lowered(Words(c.ID))
	method := strings.ToLower(c.Method)
	n := len(words)
	switch {
	case n > 1 && words[0] == method && !slices.Contains(words, "by") && isWay(words[1:], c.Path):
		if strings.Contains(c.Path, "{") || strings.ContainsAny(c.ID, "_-") {
			return "", true
		}
		return c.ID, false
	case n > 1 && words[n-1] == method && isWay(words[:n-1], c.Path), n > 0 && words[0] != method && c.isMethodAndEnd():
		return "", true
	case n > 1 && words[n-1] == method && strings.Contains(c.ID, "_"): // a function's name, the path and the method, as frameworks make them
		for i := 1; i < n-1; i++ {
			if isWay(words[i:n-1], c.Path) {
				return strings.Join(Words(c.ID)[:i], " "), false
			}
		}
	}
	return c.ID, false
}

// isMethodAndEnd tells whether an operationId is the method and the end of the path, run together ("getdictionary").
func (c Call) isMethodAndEnd() bool {
	return strings.EqualFold(c.ID, c.Method+strings.Join(Words(lastSegment(c.Path)), "")) && !strings.HasSuffix(c.Path, "}")
}

// isWay tells whether words are those of a path, where a parameter may stand behind "by", and "id" for any of them.
func isWay(words []string, path string) bool {
	found := false
	for _, part := range parts.FindAllString(path, -1) {
		mine := lowered(Words(part))
		isParam := strings.HasPrefix(part, "{")
		if isParam && len(words) > 0 && words[0] == "by" {
			words = words[1:]
		}
		switch {
		case len(mine) > 0 && len(words) >= len(mine) && slices.Equal(words[:len(mine)], mine):
			words = words[len(mine):]
		case isParam && len(words) > 0 && words[0] == "id":
			words = words[1:]
		case len(mine) > 0 || isParam:
			return false
		}
		found = found || len(mine) > 0
	}
	return len(words) == 0 && found
}

func lowered(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = strings.ToLower(w)
	}
	return out
}

// Label names what is made for an operation beside its method, as types and options: the operationId, or a name of method and path where
// that is what the operationId is.
func Label(c Call) string { return Labels(c)[0] }

// Labels lists such names, short to long, without the forms that are made of the whole operationId.
func Labels(c Call) []string {
	_, isPath := pathless(c)
	c.Noun = ""
	if isPath {
		verb, things := c.verb()
		name := verb + Camel(strings.Join(things, " "))
		return WithoutRepeats([]string{bounded(name, MaxMethod), bounded(name+Camel(c.byLast()), MaxMethod)})
	}
	if aPath.MatchString(c.ID) {
		return []string{bounded(Exported(MethodForms(c)[0])+Exported(Group(c.Path)), MaxMethod)}
	}
	return []string{Exported(c.ID)}
}

// Bounded shortens a name that is made of several others to the most a type's name may have.
func Bounded(name string) string { return bounded(name, MaxType) }

// bounded keeps the first word of a name, and as many of the last ones as there is room for.
func bounded(name string, most int) string {
	if len([]rune(name)) <= most {
		return name
	}
	words := appendWords(nil, name)
	short, room := "", most-len([]rune(words[0]))
	for i := len(words) - 1; i > 0 && len([]rune(words[i]))+len([]rune(short)) <= room; i-- {
		short = words[i] + short
	}
	if short == "" {
		return name
	}
	return words[0] + short
}

// IsPlural tells whether an English word in lower case is a plural, well enough.
func IsPlural(w string) bool { return Singular(w) != w || irregular[w] }

// singularWords takes the plural off the last of some words, keeping what is between them.
func singularWords(s string) string {
	words := Words(s)
	if len(words) == 0 {
		return s
	}
	last := words[len(words)-1]
	if masses[strings.ToLower(last)] {
		return s
	}
	words[len(words)-1] = Singular(last)
	return strings.Join(words, " ")
}

var (
	getters  = Set("get", "retrieve", "fetch", "read", "show")
	finders  = Set("search", "lookup", "find", "export", "download", "count", "list", "get", "preview", "validate", "check")
	nounsToo = Set("label", "report", "review", "quote", "book", "tag", "request", "test", "track", "link", "star", "vote", "block", "share",
		"post",
		"view", "issue", "pin", "reply", "auth", "store", "run", "sign", "list", "set")
	adverbs    = Set("bulk", "batch", "mass", "multi", "async", "all", "admin")
	severals   = Set("multiple", "several", "many") // who gets several of them was told which
	adjectives = Set("active", "current", "existing", "following", "inactive", "latest", "manual", "matching", "missing", "new", "outstanding",
		"own",
		"pending", "recent", "recurring", "remaining", "running", "upcoming")
	articles     = Set("a", "an", "the", "one", "single")
	prepositions = Set("by", "for", "from", "in", "to", "with", "on", "of", "as", "at", "using", "via", "and", "or", "into", "without",
		"within",
		"under", "per", "after", "before", "between", "since", "v1", "v2", "v3")
	irregular = Set("people", "children", "men", "women", "data", "media", "criteria")

	// masses are plurals of which one answer is the whole: what is read of them is no list.
	masses = Set("settings", "preferences", "stats", "statistics", "metrics", "analytics", "details", "news", "series", "terms", "credentials",
		"capabilities", "limits", "defaults", "status", "basics", "economics", "insights", "properties", "options", "contents", "data", "media",
		"metadata")
	uncounted = Set("analytics", "data", "economics", "media", "metadata", "metrics", "news", "stats", "statistics", "status")

	verbs = Set("abort", "accept", "acknowledge", "activate", "add", "allow", "append", "apply", "approve", "archive", "assign", "attach",
		"auth",
		"authorize", "authenticate", "ban", "block", "book", "build", "calculate", "cancel", "capture", "change", "check", "clear", "clone",
		"close",
		"complete", "compute", "confirm", "connect", "convert", "copy", "count", "create", "deactivate", "decline", "delete", "deny", "deploy",
		"describe", "destroy", "detach", "disable", "disconnect", "dismiss", "download", "duplicate", "edit", "enable", "end", "enroll",
		"execute",
		"expire", "export", "extend", "fetch", "filter", "finalize", "find", "finish", "follow", "force", "generate", "get", "give", "grant",
		"hide",
		"identify", "import", "insert", "inspect", "install", "invite", "issue", "join", "kick", "kill", "label", "leave", "link", "list", "lock",
		"login", "logout", "lookup", "make", "mark", "merge", "modify", "move", "mute", "notify", "open", "overwrite", "patch", "pause", "pay",
		"pin",
		"post", "preview", "process", "promote", "prune", "publish", "pull", "purge", "push", "put", "query", "quote", "read", "rebuild",
		"redact",
		"refresh", "refund", "register", "reject", "release", "reload", "remove", "rename", "renew", "reopen", "reorder", "replace", "replicate",
		"reply", "report",
		"request", "resend", "reset", "resize", "resolve", "restart", "restore", "resume", "retrieve", "retry", "revert", "review", "revoke",
		"rotate",
		"run", "save", "schedule", "search", "send", "set", "share", "show", "sign", "skip", "snooze", "split", "star", "start", "stop", "store",
		"submit", "subscribe", "suspend", "swap", "sync", "tag", "terminate", "test", "toggle", "track", "transfer", "trigger", "unarchive",
		"unassign", "unblock", "undelete", "unfollow", "uninstall", "unlabel", "unlink", "unlock", "unmute", "unpin", "unpublish", "unstar",
		"unsubscribe", "untag", "update", "upgrade", "upload", "upsert", "validate", "verify", "view", "void", "vote", "wait", "watch", "write")
)

package naming

import (
	"regexp"
	"slices"
	"strings"
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
	Listing bool   // the whole answer is a list
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
	words, cut := c.phrase(strings.TrimSpace(id))
	if len(words) == 0 {
		return ""
	}
	if cut && (len(words) == 1 || c.saysPlural(id)) && c.lists(words[0]) {
		words[0] = "List"
	}
	name := Camel(strings.Join(words, " "))
	if name == "" || !isUpper(name[0]) {
		return ""
	}
	return name
}

// lists tells whether a call that "gets" the service's noun gets all of them: its path ends in the plural, and not in the key of one.
func (c Call) lists(verb string) bool {
	if c.Method != "GET" || !getters[strings.ToLower(verb)] {
		return false
	}
	last := Words(lastSegment(c.Path))
	noun := Words(c.Noun)
	if len(last) == 0 || len(noun) == 0 || strings.HasSuffix(c.Path, "}") {
		return false
	}
	end := strings.ToLower(last[len(last)-1])
	return c.Listing || isPlural(end) && !masses[end] && Singular(end) == Singular(strings.ToLower(noun[len(noun)-1]))
}

// saysPlural tells whether the noun stands in the plural in an operationId.
func (c Call) saysPlural(id string) bool {
	noun := Words(c.Noun)
	for list := Words(id); len(list) >= len(noun); list = list[1:] {
		if startsWith(list, noun) {
			return isPlural(strings.ToLower(list[len(noun)-1]))
		}
	}
	return false
}

// phrase gives the words of an operationId less the noun, and whether the noun was the object of the verb.
func (c Call) phrase(id string) (words []string, cut bool) {
	noun := Words(c.Noun)
	if parts := strings.Split(id, "."); len(parts) > 1 {
		if words, ok := c.dotted(parts, noun); ok {
			return words, len(words) == 1
		}
	}
	all := Words(id)
	rest := all
	for len(noun) > 0 && startsWith(rest, noun) {
		rest = rest[len(noun):]
	}
	if len(rest) > 0 && len(rest) < len(all) {
		return rest, len(rest) == 1
	}
	return withoutObject(all, noun)
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
	words, _ := withoutObject(Words(parts[last]), noun)
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
// what it is the object of ("getAttachmentComments"), or what it is for ("listCompaniesForAPerson").
func withoutObject(words, noun []string) (rest []string, cut bool) {
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
		case articles[word], verbs[word], adverbs[word], strings.HasSuffix(word, "ed"), adjectives[word]:
		default:
			return words, false
		}
		at++
	}
	if at >= len(words) {
		return words, false
	}
	after := words[at+len(noun):]
	if mentions(after, noun) || !verbs[strings.ToLower(words[begin-1])] && slices.ContainsFunc(after, isVerb) {
		return words, false
	}
	before := slices.DeleteFunc(slices.Clone(words[:at]), func(w string) bool { return articles[strings.ToLower(w)] })
	return slices.Concat(before, after), len(after) == 0 || prepositions[strings.ToLower(after[0])]
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
	case acts(c.Method, strings.ToLower(words[0])):
		return Camel(last), things[:len(things)-1]
	case c.Method == "POST" && c.Creates:
		things[len(things)-1] = singularWords(last)
		return "Create", things
	case c.Method == "GET" && (c.Listing || isPlural(end) && !masses[end]):
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

// place is a segment of a path that says something: neither a version nor a parameter that only says of which kind things are.
type place struct {
	text  string
	param bool
}

var (
	braces  = regexp.MustCompile(`\{\+?([^{}]*)\}`)
	version = regexp.MustCompile(`(?i)^(v\d[\w.]*|\d{4}-\d{2}(-\d{2})?|api|apis|rest)$`)
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
		case m != nil && m[0] == s:
			out = append(out, place{m[1], true})
		case len(Words(braces.ReplaceAllString(s, ""))) > 0:
			out = append(out, place{braces.ReplaceAllString(s, " "), false})
		}
	}
	return out
}

// lastSegment is what a path ends in.
func lastSegment(path string) string { return path[strings.LastIndexAny(path, "/:")+1:] }

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
	if n := len(words); n > 1 && words[0] == method && isWay(words[1:], c.Path) {
		if strings.Contains(c.Path, "{") || strings.ContainsAny(c.ID, "_-") {
			return "", true
		}
		return c.ID, false
	}
	if n := len(words); n > 1 && words[n-1] == method && strings.Contains(c.ID, "_") { // a function's name, the path and the method, as frameworks make them
		for i := 1; i < n-1; i++ {
			if isWay(words[i:n-1], c.Path) {
				return strings.Join(Words(c.ID)[:i], " "), false
			}
		}
	}
	return c.ID, false
}

// isWay tells whether words are those of a path, where "id" may stand for any parameter.
func isWay(words []string, path string) bool {
	for _, s := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == ':' }) {
		mine := lowered(Words(s))
		switch {
		case len(mine) > 0 && len(words) >= len(mine) && slices.Equal(words[:len(mine)], mine):
			words = words[len(mine):]
		case strings.HasPrefix(s, "{") && len(words) > 0 && words[0] == "id":
			words = words[1:]
		default:
			return false
		}
	}
	return len(words) == 0 && path != "/"
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
func Label(c Call) string {
	if _, isPath := pathless(c); !isPath {
		if aPath.MatchString(c.ID) {
			c.Noun = ""
			return bounded(strings.Join([]string{Exported(MethodForms(c)[0]), Exported(Group(c.Path))}, ""), MaxMethod)
		}
		return Exported(c.ID)
	}
	c.Noun = ""
	list := c.derived()
	return list[min(1, len(list)-1)]
}

// Bounded shortens a name that is made of several others to the most a type's name may have.
func Bounded(name string) string { return bounded(name, MaxType) }

// bounded keeps the first word of a name, and as many of the last ones as there is room for.
func bounded(name string, most int) string {
	if len([]rune(name)) <= most {
		return name
	}
	words := splitCase(name)
	short, room := "", most-len([]rune(words[0]))
	for i := len(words) - 1; i > 0 && len([]rune(words[i]))+len([]rune(short)) <= room; i-- {
		short = words[i] + short
	}
	if short == "" {
		return name
	}
	return words[0] + short
}

// isPlural tells whether an English word in lower case is a plural, well enough.
func isPlural(w string) bool { return Singular(w) != w || irregular[w] }

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
	nounsToo = Set("label", "report", "review", "quote", "book", "tag", "request", "test", "track", "link", "star", "vote", "block", "share", "post",
		"view", "issue", "pin", "reply", "auth", "store", "run", "sign", "list", "set")
	adverbs    = Set("bulk", "batch", "mass", "multi", "async", "all", "admin")
	adjectives = Set("active", "current", "existing", "following", "inactive", "latest", "matching", "missing", "new", "outstanding", "own",
		"pending", "recent", "recurring", "remaining", "running", "upcoming")
	articles     = Set("a", "an", "the", "one", "single")
	prepositions = Set("by", "for", "from", "in", "to", "with", "on", "of", "as", "at", "using", "via", "and", "or", "into", "without", "within",
		"under", "per", "after", "before", "between", "since", "v1", "v2", "v3")
	irregular = Set("people", "children", "men", "women", "data", "media", "criteria")

	// masses are plurals of which one answer is the whole: what is read of them is no list.
	masses = Set("settings", "preferences", "stats", "statistics", "metrics", "analytics", "details", "news", "series", "terms", "credentials",
		"capabilities", "limits", "defaults", "status", "basics", "economics", "insights", "properties", "options", "contents", "data", "media", "metadata")
	verbs = Set("abort", "accept", "acknowledge", "activate", "add", "allow", "append", "apply", "approve", "archive", "assign", "attach", "auth",
		"authorize", "authenticate", "ban", "block", "book", "build", "calculate", "cancel", "capture", "change", "check", "clear", "clone", "close",
		"complete", "compute", "confirm", "connect", "convert", "copy", "count", "create", "deactivate", "decline", "delete", "deny", "deploy",
		"describe", "destroy", "detach", "disable", "disconnect", "dismiss", "download", "duplicate", "edit", "enable", "end", "enroll", "execute",
		"expire", "export", "extend", "fetch", "filter", "finalize", "find", "finish", "follow", "force", "generate", "get", "give", "grant", "hide",
		"identify", "import", "insert", "inspect", "install", "invite", "issue", "join", "kick", "kill", "label", "leave", "link", "list", "lock",
		"login", "logout", "lookup", "make", "mark", "merge", "modify", "move", "mute", "notify", "open", "overwrite", "patch", "pause", "pay", "pin",
		"post", "preview", "process", "promote", "prune", "publish", "pull", "purge", "push", "put", "query", "quote", "read", "rebuild", "redact",
		"refresh", "refund", "register", "reject", "release", "reload", "remove", "rename", "renew", "reopen", "reorder", "replace", "reply", "report",
		"request", "resend", "reset", "resize", "resolve", "restart", "restore", "resume", "retrieve", "retry", "revert", "review", "revoke", "rotate",
		"run", "save", "schedule", "search", "send", "set", "share", "show", "sign", "skip", "snooze", "split", "star", "start", "stop", "store",
		"submit", "subscribe", "suspend", "swap", "sync", "tag", "terminate", "test", "toggle", "track", "transfer", "trigger", "unarchive",
		"unassign", "unblock", "undelete", "unfollow", "uninstall", "unlabel", "unlink", "unlock", "unmute", "unpin", "unpublish", "unstar",
		"unsubscribe", "untag", "update", "upgrade", "upload", "upsert", "validate", "verify", "view", "void", "vote", "wait", "watch", "write")
)

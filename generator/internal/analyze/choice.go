package analyze

import (
	"slices"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// Choice says which operations of a description are generated: those that an include names, or all when there is none, without those that
// an exclude names.
type Choice struct {
	IncludeTags, ExcludeTags             []Chosen
	IncludeOperations, ExcludeOperations []Chosen
}

// Chosen is a tag or an operationId, and where the caller names it; complaints lead there.
type Chosen struct {
	Name string
	Pos  diag.Position
}

// isAll tells whether nothing was chosen, which is everything.
func (c Choice) isAll() bool { return len(c.all()) == 0 }

func (c Choice) all() []Chosen {
	return slices.Concat(c.IncludeTags, c.IncludeOperations, c.ExcludeTags, c.ExcludeOperations)
}

// offer is what a caller can choose: the operationIds and tags that there are, each once and in the order of the description.
type offer struct{ ids, tags []string }

// isWanted applies the caller's choice to an operation, and keeps in mind what there was to choose.
func (b *builder) isWanted(n source.Node) bool {
	o := b.options.Choice
	if o.isAll() {
		return true
	}
	id, tags := n.Get("operationId").Text(), tagsOf(n)
	b.offer.ids = addNew(b.offer.ids, id)
	for _, t := range tags {
		b.offer.tags = addNew(b.offer.tags, t)
	}
	hasID := func(c Chosen) bool { return c.Name == id && id != "" }
	hasTag := func(c Chosen) bool { return slices.Contains(tags, c.Name) }
	switch {
	case slices.ContainsFunc(o.ExcludeOperations, hasID) || slices.ContainsFunc(o.ExcludeTags, hasTag):
		return false
	case len(o.IncludeOperations) == 0 && len(o.IncludeTags) == 0:
		return true
	}
	return slices.ContainsFunc(o.IncludeOperations, hasID) || slices.ContainsFunc(o.IncludeTags, hasTag)
}

func tagsOf(operation source.Node) []string {
	var tags []string
	for _, t := range operation.Get("tags").Items() {
		tags = append(tags, t.Text())
	}
	return tags
}

// checkChoice complains of names that the description does not have, and of a choice that leaves nothing: a client without methods is never
// what was meant.
func (b *builder) checkChoice() {
	o := b.options.Choice
	if o.isAll() {
		return
	}
	ids, tags := b.offer.ids, b.offer.tags
	for _, t := range b.root.Get("tags").Items() {
		tags = addNew(tags, t.Get("name").Text()) // one that no operation has is not misspelt
	}
	before := b.problems.Len()
	b.checkChosen("tag", o.IncludeTags, tags)
	b.checkChosen("tag", o.ExcludeTags, tags)
	b.checkChosen("operation", o.IncludeOperations, ids)
	b.checkChosen("operation", o.ExcludeOperations, ids)
	if len(b.operations) == 0 && len(b.leftOut) > 0 && b.problems.Len() == before {
		b.problems.Add(&diag.Problem{
			Pos: o.all()[0].Pos, Message: "the choice of operations leaves none of the description",
			Help: "choose fewer to exclude, or others to include",
		})
	}
}

func (b *builder) checkChosen(kind string, chosen []Chosen, have []string) {
	for _, c := range chosen {
		if !slices.Contains(have, c.Name) {
			b.problems.Add(diag.Missing(c.Pos, "the description", kind, c.Name, have))
		}
	}
}

// addNew adds a name to a list that does not have it. Nobody can choose what has no name.
func addNew(list []string, name string) []string {
	if name == "" || slices.Contains(list, name) {
		return list
	}
	return append(list, name)
}

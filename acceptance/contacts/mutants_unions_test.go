package contacts_test

// unionMutants are mistakes about values of several types, and about what stands beside what is known of a value.
var unionMutants = []mutant{
	{"variant in the place of the value", "union.go", "return overlay(base, before, t.stamp(base, before, after))", "return t.stamp(base, " +
		"before, after)", ofRuntime},
	{
		"members beside variants in the place of the value",
		"union.go",
		"return overlayDocument(v.doc, before, after)",
		"_ = before\n\treturn after, nil",
		ofRuntime,
	},
	{"members of another variant stay", "union.go", "base = base.without(t.others)\n", "", ofRuntime},
	{"discriminator not set", "union.go", "after = after.withMember(t.discriminator, jsonNode(t.kinds[0]))", "", ofRuntime},
	{"members with one value not set", "union.go", "after = after.withMember(f.name, jsonNode(f.value))", "", ofRuntime},
	{"any value taken for the variant", "union.go", "return isOneOf(t.kinds, kind)", "return true", ofRuntime},
	{"items without a key are written anew", "json_tree.go", "\t\tmatchPlaces(from, len(before))\n", "", ofRuntime},
	{"places believed though items have moved", "json_tree.go", "if i >= 0 && i < last {\n\t\t\treturn\n\t\t}", "", ofRuntime},
	{"young date given up at once", "update_states.go", "!errors.Is(err, errDateYoung) ||", "err != nil ||", ofRuntime},
	{"young date waited for without end", "update_states.go", "|| r.young > maxYoungReads {", "|| r.young > 1000 {", ofRuntime},
}

// unionProofs are the tests of the runtime that kill them.
var unionProofs = []string{
	"TestUnionIsWrittenAsItWasRead", "TestFromChangesWhatWasChanged", "TestFromOfAnotherVariant", "TestHolds", "TestUnionOfNothing", "TestDiscriminator",
	"TestMembersThatAreNotDeclared", "TestOriginsByPlace", "TestYoungDates",
}

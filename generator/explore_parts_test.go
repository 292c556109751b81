package generator_test

// partSlips are mistakes about writes below the resource whose token they carry, and about those that carry several.
var partSlips = []slip{
	{"token in a query left out", "update_token.go", "\tcase inQuery:\n\t\tr.setQuery(at.name, v.raw)", "\tcase inQuery:",
		"part", "UpdateWithRetry/add", "gave up"},
	{"lost answer of a part taken for a refusal", "update_states.go", "s.ambiguous = true\n\t\treturn r.lost(ctx, err)",
		"return r.resend(ctx, stateWrite, err)", "part", "UpdateWithRetry/add", "twice"},
	{"item that was not written taken for written", "bulk_write.go", `return string(valueAt(t.success, a.body)) == "true"`,
		"return valueAt(t.success, a.body) != nil", "items", "BulkUpdateWithRetry/add", "lost"},
	{"result of another item", "bulk_write.go", "if id := text(valueAt(t.id, result)); t.id != \"\" && id != \"\" && id != r.key[0] {",
		"if result = results[0]; false {", "items", "BulkUpdateWithRetry+many/add", "twice"},
}

// elsewhereSlips are mistakes about answers that speak of another resource.
var elsewhereSlips = []slip{
	{"answer about another resource taken for the resource", "update_reply.go", " || !r.isOurs(resource)", "", "replace", "UpdateWithRetry/add",
		"dishonest"},
	{"token of another resource believed", "update_reply.go", "ok && !r.isOurs(resource) {", "ok && resource == nil {", "patch",
		"UpdateWithRetry/add", "unbounded"},
	{"read of another resource taken for the resource", "update_states.go", "if id == \"\" || id == r.key[i] {",
		"if id == \"\" || id != \"\" {", "patch", "UpdateWithRetry/add", "token"},
}

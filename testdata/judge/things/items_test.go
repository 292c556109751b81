package things_test

import (
	"github.com/contactsgen/contactsgen/testdata/judge/explore"
	"github.com/contactsgen/contactsgen/testdata/judge/law"
)

// ofItems are the scenarios of writes that carry several resources, each with its token, and whose answer tells item by item what became
// of it.
func ofItems(api law.API) (out []explore.Scenario) {
	for _, edit := range []explore.Edit{explore.Add, explore.Ensure, explore.Set} {
		out = append(out, worlds(api, "BulkUpdateWithRetry", bulkUpdate, explore.Writer{IDs: one, Edit: edit}, nil)...)
	}
	for _, edit := range []explore.Edit{explore.Add, explore.Append} {
		for _, sc := range worlds(api, "BulkUpdateWithRetry+many", bulkUpdate, explore.Writer{IDs: many, Edit: edit}, nil) {
			sc.IDs = many
			out = append(out, sc)
		}
	}
	return out
}

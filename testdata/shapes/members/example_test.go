package members_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"shapes/members"
	"shapes/members/memberstest"
	"shapes/script"
)

// One request for all members, and a second one for Bob alone, whom another writer changed in between.
func ExampleMembersService_BulkUpdateWithRetry() {
	srv := memberstest.New()
	for _, id := range []string{"ada", "bob", "eve"} {
		srv.Seed("Member", `{"id": "`+id+`", "roles": ["reader"]}`)
	}
	srv.Inject(memberstest.Fault{Kind: memberstest.Conflict, Operation: "bulkUpdateMembers", Key: "bob"})
	client, err := members.NewClient(members.WithAPIKey("key"), members.WithClock(&script.Clock{}),
		members.WithHTTPClient(&http.Client{Transport: srv.Transport()}))
	if err != nil {
		fmt.Println(err)
		return
	}

	ids := slices.Values([]string{"ada", "bob", "nobody", "eve"})
	for item, err := range client.Members.BulkUpdateWithRetry(context.Background(), ids, func(m *members.Member) error {
		if !slices.Contains(m.Roles, "author") {
			m.Roles = append(m.Roles, "author")
		}
		return nil
	}) {
		if err != nil {
			fmt.Println(item.Index, item.Key, err)
			continue
		}
		fmt.Println(item.Index, item.Key, item.Value.Roles, item.Report.Writes)
	}
	fmt.Println(srv.Count("bulkUpdateMembers"), "requests")
	// Output:
	// 0 ada [reader author] 1
	// 1 bob [reader author] 2
	// 2 nobody bulkUpdateMembers after 0 writes, 1 read, 0 conflicts: members: getMember: GET /members/v5/members/{member.id}: 404
	// 3 eve [reader author] 1
	// 2 requests
}

package main

import "github.com/contactsgen/contactsgen/testdata/judge/network"

// schedule is what happens around one call.
type schedule struct {
	do    string       // add, or ensure
	rival int          // somebody else writes just before the request of this number; 0 is never
	at    int          // the request that meets the fate, from 1; 0 is none
	fate  network.Fate // of it
}

// kinds group fates for a page.
var kinds = map[network.Fate]string{
	network.Deliver:    "conflict",
	network.LostBefore: "lost", network.LostAfter: "lost", network.Delayed: "lost", network.Torn: "lost",
	network.Twice: "duplicated", network.TwiceFirst: "duplicated",
	network.ThinEmpty: "thin", network.ThinID: "thin", network.ThinChange: "thin", network.NullAnswer: "thin",
	network.OtherSuccess: "undeclared", network.Redirected: "undeclared",
	network.Throttled: "refused", network.Refused: "refused", network.FailedBefore: "failed", network.FailedAfter: "failed",
	network.Gateway: "failed", network.TimedOut: "failed", network.Stale: "stale",
}

// requests are how many of a call can meet a fate.
const requests = 4

// schedules are all of them: every fate at every request, with a rival and without.
func schedules() (out []schedule) {
	for _, do := range []string{"add", "ensure"} {
		for _, rival := range []int{0, 2, 3} {
			out = append(out, schedule{do: do, rival: rival, fate: network.Deliver})
			for at := 1; at <= requests; at++ {
				for _, fate := range network.WriteFates {
					if kinds[fate] != "" && fate != network.Deliver {
						out = append(out, schedule{do, rival, at, fate})
					}
				}
				out = append(out, schedule{do, rival, at, network.Stale})
			}
		}
	}
	return out
}

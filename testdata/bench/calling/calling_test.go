package calling

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/contactsgen/contactsgen/testdata/bench/calling/calls"
)

// The calls as ordinary benchmarks: go test -bench . ./calling
func BenchmarkCalls(b *testing.B) {
	server, err := calls.NewServer()
	if err != nil {
		b.Fatal(err)
	}
	listening := httptest.NewServer(server)
	defer listening.Close()
	for _, way := range []struct {
		name, base string
		http       *http.Client
	}{
		{"memory", "http://127.0.0.1", &http.Client{Transport: server}},
		{"loopback", listening.URL, listening.Client()},
	} {
		all, err := clients(way.base, way.http)
		if err != nil {
			b.Fatal(err)
		}
		for _, k := range kinds {
			for _, c := range all {
				b.Run(way.name+"/"+k.name+"/"+c.Name, func(b *testing.B) {
					b.ReportAllocs()
					do := k.of(c)
					for b.Loop() {
						if err := do(b.Context()); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}

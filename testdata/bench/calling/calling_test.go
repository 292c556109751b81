package calling

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/contactsgen/contactsgen/testdata/bench/calling/calls"
	"github.com/contactsgen/contactsgen/testdata/bench/calling/plain"
	"github.com/contactsgen/contactsgen/testdata/bench/calling/stock"
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

// What a call allocates can be counted, and is held to the goal here.
func TestAllocations(t *testing.T) {
	server, err := calls.NewServer()
	if err != nil {
		t.Fatal(err)
	}
	all, err := clients("http://127.0.0.1", &http.Client{Transport: server})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kinds {
		counts := map[string]float64{}
		for _, c := range all {
			a, err := k.allocated(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			counts[c.Name] = a.Times
		}
		t.Logf("%s: %v", k.name, counts)
		if most := goal * counts[stock.Name]; counts[plain.Name] > most {
			t.Errorf("%s allocates %.1f times, want %.1f at most", k.name, counts[plain.Name], most)
		}
	}
}

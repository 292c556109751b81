// Command prepare builds what the benchmarks compare and generates the clients, before the rest of this module can be compiled.
package main

import (
	"context"
	"log"

	"github.com/contactsgen/contactsgen/testdata/bench/peers"
)

func main() {
	log.SetFlags(0)
	ctx := context.Background()
	if err := peers.Build(ctx); err != nil {
		log.Fatal(err)
	}
	if err := peers.Generate(ctx); err != nil {
		log.Fatal(err)
	}
}

//contactsgen:feature webhooks
//contactsgen:part server

package fake

import (
	"crypto/rsa"
	"math/big"
	"sync"
)

// eventKey is the key that deliveries are signed with. Everybody knows it, and it is the same everywhere, so that tests see the same bytes in every run.
var eventKey = sync.OnceValue(func() *rsa.PrivateKey {
	const exponent = 65537
	p, q, one := new(big.Int), new(big.Int), big.NewInt(1)
	p.SetString("db74140574efa8f0cc575097665a54b736635c06ac6a9c8fe91d5c1db870d049"+
		"72f20cf8805025668bc9a8c64128cef7dc3b04a64eb3cbc6586c4002b0d3ce76"+
		"f627c20b7f827bcd0e0637e7b09c6db80c10b724d0a1cf1d172c01fb612ebb37"+
		"c7cd1356154c9d39e822bc5d34c63843031779345f04a68618d915a5a20461e3", 16)
	q.SetString("d792bcc171af19bf337fde34405dcf9dd6656e58786d861bbe01fd22a8c87186"+
		"20ae1dc244a7b685d3e71635a29859bb1085d887835fa1fc372a4ce5ea99c912"+
		"e67b6722be4043992aa188761188ff5a707c382037befe910e2b309b704dce60"+
		"994a1fbf930cac06a33763ec373c65bfb3bf09e434aec952db386a77357990bb", 16)
	totient := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: exponent},
		D:         new(big.Int).ModInverse(big.NewInt(exponent), totient),
		Primes:    []*big.Int{p, q},
	}
	key.Precompute()
	return key
})

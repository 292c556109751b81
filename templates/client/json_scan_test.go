package client

import (
	"encoding/json"
	"strings"
	"testing"
)

// The scanner is compared with encoding/json on whatever FuzzNodeRoundTrip makes, too.
func TestValidJSONIsEncodingJSONs(t *testing.T) {
	docs := []string{
		"", " ", "nul", "null", "nulll", "true", "tru", "false", "falsey", "0", "-0", "-", "00", "01", "1.", "1.5", ".5", "1e", "1e+", "1e+5",
		"1E-05", "+1", "1 2",
		`"`, `"a"`, `"a`, `"\"`, `"\\"`, `"\/\b\f\n\r\t\""`, `"\x"`, `"\u12"`, `"\u12aF"`, `"\u12g4"`, `"\ud800"`, `"\u12`, "\"\t\"", "\"\x7f\"",
		"\"\xff\"", `'a'`,
		"[", "[]", "[1", "[1,]", "[,1]", "[1,2]", "[1 2]", "]", "[[]", "[1}", "{", "{}", `{"a"}`, `{"a":}`, `{"a":1`, `{"a":1,}`, `{"a":1,"a":2}`,
		`{a:1}`, `{"a" : 1 , "b" : [ ] }`, `{1:2}`, "}",
		"\ufeff1", "1\x00", " \t\r\n1\n", "\v1", "1\f",
	}
	for _, depth := range []int{9999, 10_000, 10_001} {
		docs = append(docs, strings.Repeat("[", depth)+strings.Repeat("]", depth), strings.Repeat(`{"a":`, depth)+"1"+strings.Repeat("}", depth))
	}
	for _, doc := range docs {
		if got, want := validJSON([]byte(doc)), json.Valid([]byte(doc)); got != want {
			t.Errorf("%.40q: %v, want %v", doc, got, want)
		}
	}
}

func BenchmarkValidJSON(b *testing.B) {
	doc := []byte(
		`{"contact":{"id":"00000000-0000-4000-8000-000000000001","revision":7,"info":{"name":{"first":"Ada","last":"Example"},"emails":{"items":[{"tag":"MAIN","email":"ada@example.com","primary":true}]}}}}`,
	)
	for name, valid := range map[string]func([]byte) bool{"ours": validJSON, "encoding/json": json.Valid} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if !valid(doc) {
					b.Fatal("not valid")
				}
			}
		})
	}
}

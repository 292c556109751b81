package client

import (
	"encoding/json"
	"math"
	"testing"
)

// figure is a union as the generator prints one: two variants, told by kind, with a name and labels beside them.
type figure struct {
	union  variant
	Kind   string   `json:"kind"`
	Name   *string  `json:"name,omitempty"`
	Labels []string `json:"labels,omitzero"`
}

type circle struct {
	Kind   string         `json:"kind"`
	Radius *float64       `json:"radius,omitempty"`
	Unit   *string        `json:"unit,omitempty"`
	Extra  map[string]any `json:"extra,omitempty"`
}

type square struct {
	Side *int64 `json:"side,omitempty"`
}

var figureVariants = []variantDescriptor{
	{discriminator: "kind", kinds: []string{`"circle"`}, fixed: []fixedMember{{"unit", `"m"`}}, own: []string{"extra", "radius", "unit"},
		others: []string{"side"}},
	{discriminator: "kind", kinds: []string{`"square"`, `"box"`}, own: []string{"side"}, others: []string{"extra", "radius", "unit"}},
}

func (u figure) MarshalJSON() ([]byte, error) {
	type fields figure
	return writeUnion(u.union, (*fields)(&u))
}

func (u *figure) UnmarshalJSON(doc []byte) error {
	type fields figure
	return readUnion(doc, &u.union, (*fields)(u))
}

func readFigure(t *testing.T, doc string) figure {
	t.Helper()
	var f figure
	if err := json.Unmarshal([]byte(doc), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func wantJSON(t *testing.T, what string, v any, want string) {
	t.Helper()
	if got, err := encode(v); err != nil || string(got) != want {
		t.Errorf("%s: %s, %v\nwant %s", what, got, err, want)
	}
}

const readCircle = `{"kind":"circle","name":null,"radius":1.50,"unit":"m","extra":{"big":9007199254740993},"side":7,"later":1e400}`

func TestUnionIsWrittenAsItWasRead(t *testing.T) {
	f := readFigure(t, readCircle)
	wantJSON(t, "untouched", f, readCircle)
	c, err := asVariant[circle](f)
	if err != nil || *c.Radius != 1.5 || c.Extra["big"] != json.Number("9007199254740993") {
		t.Errorf("%+v, %v", c, err)
	}
	if err := fromVariant(&f, f.union, c, &figureVariants[0]); err != nil {
		t.Fatal(err)
	}
	wantJSON(t, "taken out and put back", f, readCircle)
}

func TestFromChangesWhatWasChanged(t *testing.T) {
	f := readFigure(t, readCircle)
	if err := fromVariant(&f, f.union, circle{Radius: pointerTo(2.0), Unit: pointerTo("m"),
		Extra: map[string]any{"big": json.Number("9007199254740993")}}, &figureVariants[0]); err != nil {
		t.Fatal(err)
	}
	wantJSON(
		t,
		"one member changed",
		f,
		`{"kind":"circle","name":null,"radius":2,"unit":"m","extra":{"big":9007199254740993},"side":7,"later":1e400}`,
	)
}

func TestFromOfAnotherVariant(t *testing.T) {
	f := readFigure(t, readCircle)
	f.Labels = []string{"a"}
	if err := fromVariant(&f, f.union, square{Side: pointerTo(int64(3))}, &figureVariants[1]); err != nil {
		t.Fatal(err)
	}
	wantJSON(t, "circle made square", f, `{"kind":"circle","name":null,"side":3,"later":1e400,"labels":["a"]}`)
	f.Kind = "box"
	wantJSON(t, "a kind of two is the caller's", f, `{"kind":"box","name":null,"side":3,"later":1e400,"labels":["a"]}`)
	if err := fromVariant(&f, f.union, circle{}, &figureVariants[0]); err != nil {
		t.Fatal(err)
	}
	wantJSON(t, "and back", f, `{"kind":"circle","name":null,"later":1e400,"labels":["a"],"unit":"m"}`)
	if f.Kind != "circle" {
		t.Errorf("the field beside is %q", f.Kind)
	}
}

func TestUnionOfNothing(t *testing.T) {
	var f figure
	f.union.err = fromVariant(&f, f.union, circle{Radius: pointerTo(1.0)}, &figureVariants[0])
	wantJSON(t, "made", f, `{"kind":"circle","radius":1,"unit":"m"}`)
	wantJSON(t, "fields alone", figure{Kind: "dot", Name: pointerTo("n")}, `{"kind":"dot","name":"n"}`)

	f.union.err = fromVariant(&f, f.union, circle{Radius: pointerTo(math.NaN())}, &figureVariants[0])
	if _, err := encode(f); err == nil {
		t.Error("what cannot be written is no error")
	}
	if err := fromVariant(&f, f.union, square{}, &figureVariants[1]); err != nil {
		t.Errorf("a union that could not be made stays so: %v", err)
	}
	if _, err := asVariant[circle](readFigure(t, `"text"`)); err == nil {
		t.Error("a text is a circle")
	}
}

func TestDiscriminator(t *testing.T) {
	for doc, want := range map[string]string{`{"kind":"a"}`: "a", `{"kind":1}`: "1", `{"kind":true}`: "true", `{}`: ""} {
		if got, err := discriminatorOf(json.RawMessage(doc), "kind"); got != want || err != nil {
			t.Errorf("%s: %q, %v", doc, got, err)
		}
	}
	if _, err := discriminatorOf(json.RawMessage(`[]`), "kind"); err == nil {
		t.Error("an array says what it is")
	}
}

// Without a discriminator a value is what its members say.
func TestHolds(t *testing.T) {
	v := variantDescriptor{own: []string{"a"}, others: []string{"b"}}
	for doc, want := range map[string]bool{`{"a":1}`: true, `{"b":1}`: false, `{"a":1,"b":1}`: true, `{}`: true, `{"c":1}`: true} {
		if got := v.holds(jsonNode(doc)); got != want {
			t.Errorf("%s: %t", doc, got)
		}
	}
	if v := (&variantDescriptor{others: []string{"b"}}); !v.holds(jsonNode(`{"b":1}`)) {
		t.Error("a variant without members of its own is not held")
	}
}

// open is an object that takes members beside those that are declared.
type open struct {
	ID                   int64          `json:"id,omitempty"`
	Free                 any            `json:"free,omitempty"`
	AdditionalProperties map[string]any `json:"-"`
}

func (a *open) UnmarshalJSON(doc []byte) error {
	type fields open
	return readOpen(doc, (*fields)(a), &a.AdditionalProperties)
}

func (a open) MarshalJSON() ([]byte, error) {
	type fields open
	return writeOpen(fields(a), a.AdditionalProperties)
}

func TestMembersThatAreNotDeclared(t *testing.T) {
	const doc = `{"id":1,"ID":2,"big":9007199254740993,"list":[1e400,0.10]}`
	var v open
	if err := json.Unmarshal([]byte(doc), &v); err != nil {
		t.Fatal(err)
	}
	if v.ID != 1 {
		t.Errorf("id %d", v.ID)
	}
	wantJSON(t, "read and written", v, doc)
	wantJSON(t, "nothing set", open{}, `{}`)
	if err := json.Unmarshal([]byte(`null`), &v); err != nil {
		t.Error(err)
	}
	if err := json.Unmarshal([]byte(`[]`), &v); err == nil {
		t.Error("an array is an object")
	}
}

package patches

import (
	"context"
	"testing"

	"shapes/script"
)

// A patch says null for what is to be cleared, nothing for what is to stay, and is read by the same rules.
func TestPatchesSayNull(t *testing.T) {
	ctx := context.Background()
	c, err := NewClient(WithBaseURL(script.Serve(t, `
		> PATCH /pets/1
		> Content-Type: application/merge-patch+json
		> {"nick":null,"phones":null,"owner":null,"mother":null,"born":null,"kind":null}
		< 200
		< {"nick":null,"owner":{"name":"o"}}
		> PATCH /pets/1
		> {"nick":"n","phones":[],"owner":{"name":null},"age":3}
		< 200
		< {}
		> PATCH /pets/1
		> {}
		< 200
		< {"phones":["1"]}
		> PUT /pets/1
		> {"nick":"n"}
		< 204
	`)))
	if err != nil {
		t.Fatal(err)
	}
	read, err := c.Pets.Patch(ctx, "1", PetPatch{
		Nick: Null[string](), Phones: Null[[]string](), Owner: Null[PetPatchOwner](), Mother: Null[PetPatch](), Born: Null[Timestamp](),
		Kind: Null[PetPatchKind](),
	})
	if err != nil {
		t.Fatal(err)
	}
	owner, ok := read.Owner.Get()
	name, named := owner.Name.Get()
	if !read.Nick.IsNull() || !read.Phones.IsZero() || !ok || !named || name != "o" {
		t.Errorf("%+v", read)
	}
	if _, err := c.Pets.Patch(ctx, "1", PetPatch{
		Nick: NotNull("n"), Phones: NotNull([]string{}), Owner: NotNull(PetPatchOwner{Name: Null[string]()}), Age: Ptr(int64(3)),
	}); err != nil {
		t.Error(err)
	}
	read, err = c.Pets.Patch(ctx, "1", PetPatch{})
	if err != nil {
		t.Fatal(err)
	}
	if phones, ok := read.Phones.Get(); !ok || len(phones) != 1 {
		t.Errorf("%+v", read)
	}
	if err := c.Pets.Put(ctx, "1", Pet{Nick: Ptr("n")}); err != nil {
		t.Error(err)
	}
}

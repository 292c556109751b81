package parallel

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

func TestMapKeepsTheOrder(t *testing.T) {
	in := make([]int, 1000)
	for i := range in {
		in[i] = i
	}
	out, err := Map(in, func(i int) (int, error) { return 2 * i, nil })
	if err != nil || !slices.Equal(in, slices.Collect(func(yield func(int) bool) {
		for _, v := range out {
			if !yield(v / 2) {
				return
			}
		}
	})) {
		t.Errorf("%v %v", out, err)
	}
}

func TestMapGivesTheFirstError(t *testing.T) {
	for range 100 {
		_, err := Map([]int{0, 1, 2, 3}, func(i int) (int, error) {
			if i%2 == 1 {
				return 0, fmt.Errorf("error %d", i)
			}
			return i, nil
		})
		if err == nil || err.Error() != "error 1" {
			t.Fatal(err)
		}
	}
	if out, err := Map(nil, func(int) (int, error) { return 0, errors.New("nobody calls this") }); err != nil || len(out) != 0 {
		t.Error(out, err)
	}
}

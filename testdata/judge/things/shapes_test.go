package things_test

import (
	"errors"

	"github.com/contactsgen/contactsgen/testdata/judge/explore"
	"github.com/contactsgen/contactsgen/testdata/judge/law"
	"github.com/contactsgen/contactsgen/testdata/judge/things"
)

// ofUnions are the scenarios of an API whose resources hold values of several types. They are larger than others, so there are fewer: what
// becomes of such a value hangs on the kind of payload, and each kind takes some of the helpers.
func ofUnions(api law.API) []explore.Scenario {
	shape := explore.Writer{IDs: one, Edit: explore.Shape}
	copied := shape
	copied.Copy = true
	out := worlds(api, "UpdateWithRetry", updateWithRetry(), shape, nil)
	switch api.Payload {
	case law.Fields:
		copied.Declares = true
		out = append(out, worlds(api, "UpdateThreeWay", updateThreeWay, copied, nil)...)
		return append(out, worlds(api, "combining", updateWithRetry(), shape, []things.ClientOption{things.WithCombining()})...)
	case law.MergePatch:
		out = append(out, worlds(api, "UpdateFrom", updateFrom, copied, nil)...)
	}
	out = append(out, worlds(api, "ForceUpdate", forceUpdate, explore.Writer{IDs: one, Edit: explore.Force}, nil)...)
	return append(out, worlds(api, "UpdateWithRetry", updateWithRetry(), explore.Writer{IDs: one, Edit: explore.Add}, nil)...)
}

// reshape sets a writer's letter in values that are one of several types, and in an item of a list: each is taken out as what it is,
// changed, and put back.
func reshape(info *things.Info, w explore.Writer) error {
	named, there := info.Named["x"]
	if info.Shape == nil || len(info.Shapes) < 2 || len(info.Rows) < 2 || !there {
		return errors.New("the values to change are not there")
	}
	setLetter(&info.Rows[1], w)
	for _, shape := range []*things.Shape{info.Shape, &info.Shapes[1], &named} {
		round, err := shape.AsRound()
		if err != nil {
			return err
		}
		setLetter(&round, w)
		if err := shape.FromRound(round); err != nil {
			return err
		}
	}
	info.Named["x"] = named
	return nil
}

func setLetter(round *things.Round, w explore.Writer) {
	switch w.Letter() {
	case "a":
		round.A = things.Ptr(w.Text())
	case "b":
		round.B = things.Ptr(w.Text())
	default:
		round.C = things.Ptr(w.Text())
	}
}

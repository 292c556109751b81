package generating

import (
	"context"
	"fmt"

	"github.com/contactsgen/contactsgen/testdata/bench/measure"
	"github.com/contactsgen/contactsgen/testdata/bench/report"
)

// linear is how much dearer a copy may be among eight than alone and still be called linear: what grows with the square would be 8 times as
// dear.
const linear = 1.25

// growth measures how time grows with the description.
func growth(ctx context.Context, s *report.Section, dir string, rounds int) error {
	times := []int{1, 2, 4, 8}
	table := report.Table{Title: "Growth", Head: []string{"Contacts V4", "size", ours, oapi, ogen, "ours, for each copy"}}
	plot := report.Plot{Name: "growth", Title: "Generating: how time grows with the description", Unit: "seconds", Across: "times Contacts V4",
		Log:    true,
		Series: []report.Series{{Name: ours}, {Name: oapi}, {Name: ogen}}}
	perCopy := map[int]float64{}
	for _, n := range times {
		d, err := multiplied(dir, n)
		if err != nil {
			return err
		}
		samples, err := d.measure(ctx, dir, rounds)
		if err != nil {
			return err
		}
		row := []string{fmt.Sprintf("%d×", n), d.title}
		for i, name := range []string{ours, oapi, ogen} {
			v := samples.Of(name).Median
			row = append(row, report.Seconds(v))
			plot.Series[i].Values = append(plot.Series[i].Values, v)
		}
		perCopy[n] = samples.Of(ours).Median / float64(n)
		table.Rows = append(table.Rows, append(row, report.Seconds(perCopy[n])))
		plot.X = append(plot.X, float64(n))
	}
	ratio := perCopy[8] / perCopy[1]
	goal := report.AtMost("time for each copy, of 8 against 1", linear, measure.Spread{Median: ratio, Min: ratio, Max: ratio})
	goal.Got = fmt.Sprintf("%.2f×", ratio)
	s.Goals = append(s.Goals, goal)
	s.Tables = append(s.Tables, table)
	s.Plots = append(s.Plots, plot)
	return nil
}

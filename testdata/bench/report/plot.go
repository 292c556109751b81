package report

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// Plot is a picture of numbers: bars when it has no X values, lines otherwise.
type Plot struct {
	Name     string // of the file, without suffix
	Title    string
	Unit     string    // of the values
	Across   string    `json:",omitempty"` // what X counts
	Labels   []string  `json:",omitempty"` // bars: what each group is about
	X        []float64 `json:",omitempty"` // lines: where the values are
	Log      bool      `json:",omitempty"` // both axes of lines, by powers of two and ten
	Mark     float64   `json:",omitempty"` // a value to draw a line at; 0 is none
	Series   []Series
	Headline bool `json:",omitempty"` // shown in the README
}

// Series is the values of one contestant. Ours come first and are drawn boldest.
type Series struct {
	Name   string
	Values []float64
}

// Colours keep apart for people who do not see all of them, in light and in dark.
const style = `<style>
svg { background: #fff }
text { font: 13px ui-sans-serif, system-ui, "Liberation Sans", Arial, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 15px }
.soft { fill: #57606a }
.grid { stroke: #d0d7de; stroke-width: 1 }
.mark { stroke: #57606a; stroke-width: 1.2; stroke-dasharray: 5 4 }
.s0 { fill: #0969da; stroke: #0969da } .s1 { fill: #bf8700; stroke: #bf8700 } .s2 { fill: #8250df; stroke: #8250df }
.s3 { fill: #cf222e; stroke: #cf222e } .s4 { fill: #1a7f37; stroke: #1a7f37 } .s5 { fill: #57606a; stroke: #57606a }
rect { stroke: none }
polyline { stroke-width: 2.2; stroke-linejoin: round }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117 } text { fill: #e6edf3 } .soft { fill: #9198a1 } .grid { stroke: #30363d } .mark { stroke: #9198a1 }
.s0 { fill: #4493f8; stroke: #4493f8 } .s1 { fill: #d29922; stroke: #d29922 } .s2 { fill: #ab7df8; stroke: #ab7df8 }
.s3 { fill: #f85149; stroke: #f85149 } .s4 { fill: #3fb950; stroke: #3fb950 } .s5 { fill: #9198a1; stroke: #9198a1 }
}
</style>
`

const plotWidth = 760

// canvas collects the elements of a picture.
type canvas struct{ strings.Builder }

func (c *canvas) text(x, y float64, anchor, class, text string) {
	fmt.Fprintf(c, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>\n", x, y, anchor, class, html.EscapeString(text))
}

func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(c, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n", x1, y1, x2, y2, class)
}

// SVG draws the plot.
func (p Plot) SVG() string {
	c := &canvas{}
	var height float64
	if p.X == nil {
		height = p.bars(c)
	} else {
		height = p.lines(c)
	}
	return fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" viewBox=\"0 0 %d %.0f\" role=\"img\" "+
		"aria-labelledby=\"title\">\n"+
		"<title id=\"title\">%s</title>\n%s%s</svg>\n", plotWidth, height, plotWidth, height, html.EscapeString(p.Title), style, c.String())
}

// legend names the series below the title, and gives where the picture may begin.
func (p Plot) legend(c *canvas) float64 {
	c.text(16, 28, "start", "title", p.Title)
	x := 16.0
	for i, s := range p.Series {
		fmt.Fprintf(c, "<rect x=\"%.1f\" y=\"43\" width=\"12\" height=\"12\" rx=\"2\" class=\"s%d\"/>\n", x, i)
		c.text(x+18, 54, "start", "", s.Name)
		x += 18 + textWidth(s.Name) + 22
	}
	return 74
}

// textWidth is about how wide a text is.
func textWidth(s string) float64 { return 7 * float64(len([]rune(s))) }

// bars draws groups of horizontal bars, and writes every value at the end of its bar.
func (p Plot) bars(c *canvas) float64 {
	const thick, gap, right = 16.0, 14.0, 110.0
	left := 24.0
	for _, l := range p.Labels {
		left = max(left, 24+textWidth(l))
	}
	scale := (plotWidth - left - right) / max(p.largest(), p.Mark)
	top := p.legend(c)
	y := top
	for i, label := range p.Labels {
		c.text(left-10, y+thick*float64(len(p.Series))/2+5, "end", "", label)
		for n, s := range p.Series {
			if v := s.Values[i]; v >= 0 {
				fmt.Fprintf(c, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" class=\"s%d\"/>\n", left, y, max(v*scale, 1),
					thick-3, n)
				c.text(left+v*scale+7, y+thick-5, "start", "soft", number(v)+p.Unit)
			}
			y += thick
		}
		y += gap
	}
	c.line(left, top-4, left, y-gap+4, "grid")
	if p.Mark > 0 {
		c.line(left+p.Mark*scale, top-8, left+p.Mark*scale, y-gap+4, "mark")
	}
	return y
}

func (p Plot) largest() float64 {
	most := 0.0
	for _, s := range p.Series {
		for _, v := range s.Values {
			most = max(most, v)
		}
	}
	return most
}

// number writes a value with as many digits as say something.
func number(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v < 10:
		return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
	case v < 100:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
	}
	return fmt.Sprintf("%.0f", v)
}

// lines draws one line for each series over X.
func (p Plot) lines(c *canvas) float64 {
	const left, right, height = 64.0, 28.0, 250.0
	top := p.legend(c) + 22
	bottom := top + height
	place := func(v, low, high, from, to float64) float64 {
		if p.Log {
			v, low, high = math.Log(v), math.Log(low), math.Log(high)
		}
		return from + (v-low)/(high-low)*(to-from)
	}
	low, high := p.X[0], p.X[len(p.X)-1]
	x := func(v float64) float64 { return place(v, low, high, left, plotWidth-right) }
	ticks := p.ticks()
	y := func(v float64) float64 {
		return place(max(v, ticks[0]), ticks[0], ticks[len(ticks)-1], bottom, top)
	}
	for _, t := range ticks {
		c.line(left, y(t), plotWidth-right, y(t), "grid")
		c.text(left-8, y(t)+4, "end", "soft", number(t))
	}
	c.text(16, top-14, "start", "soft", p.Unit)
	for _, v := range p.X {
		c.text(x(v), bottom+20, "middle", "soft", fmt.Sprintf("%.0f", v))
	}
	c.text((left+plotWidth-right)/2, bottom+42, "middle", "soft", p.Across)
	for n := len(p.Series) - 1; n >= 0; n-- {
		var points []string
		for i, v := range p.Series[n].Values {
			points = append(points, fmt.Sprintf("%.1f,%.1f", x(p.X[i]), y(v)))
			fmt.Fprintf(c, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" class=\"s%d\"/>\n", x(p.X[i]), y(v), n)
		}
		fmt.Fprintf(c, "<polyline points=\"%s\" style=\"fill:none\" class=\"s%d\"/>\n", strings.Join(points, " "), n)
	}
	return bottom + 58
}

// ticks are round values that the vertical axis names, from below the smallest value to above the largest.
func (p Plot) ticks() []float64 {
	least := math.Inf(1)
	for _, s := range p.Series {
		for _, v := range s.Values {
			least = min(least, v)
		}
	}
	var ticks []float64
	if p.Log {
		for t := math.Pow(10, math.Floor(math.Log10(least))); ; t *= 10 {
			ticks = append(ticks, t)
			if t >= p.largest() {
				return ticks
			}
		}
	}
	step := math.Pow(10, math.Floor(math.Log10(p.largest())))
	switch steps := p.largest() / step; {
	case steps < 2:
		step /= 5
	case steps < 5:
		step /= 2
	}
	for t := 0.0; ; t += step {
		ticks = append(ticks, t)
		if t >= p.largest() {
			return ticks
		}
	}
}

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// fitHelp keeps help within the columns of the screen: it wraps paragraphs, and what flags are for.
func fitHelp(root *cobra.Command, s *screen) {
	if s.width == 0 {
		return
	}
	wrapped := fmt.Sprintf(".FlagUsagesWrapped %d", s.width)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", wrapped))
	for _, cmd := range append(root.Commands(), root) {
		cmd.Long = fitText(cmd.Long, s.width)
	}
}

// fitText breaks paragraphs anew, into lines of at most so many columns. A word that is longer stays whole.
func fitText(text string, columns int) string {
	var paragraphs []string
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		var lines []string
		line := ""
		for _, word := range strings.Fields(paragraph) {
			if line != "" && len(line)+1+len(word) > columns {
				lines, line = append(lines, line), ""
			}
			line = strings.TrimPrefix(line+" "+word, " ")
		}
		paragraphs = append(paragraphs, strings.Join(append(lines, line), "\n"))
	}
	return strings.Join(paragraphs, "\n\n")
}

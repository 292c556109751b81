package templates

import (
	"slices"
	"strings"
)

// Packs gives the names of the packs that the fake can be stamped with, in order. A pack is what has a file of its name and others that begin with
// it and an underscore.
func Packs() ([]string, error) {
	all, err := sources(fakeFiles, "fake", fakeFeatures)
	if err != nil {
		return nil, err
	}
	var packs []string
	for _, s := range all {
		owner, _, several := strings.Cut(s.Name, "_")
		own := slices.ContainsFunc(all, func(other Source) bool { return other.Name == owner })
		if several && own && !slices.Contains(packs, owner) {
			packs = append(packs, owner)
		}
	}
	slices.Sort(packs)
	return packs, nil
}

package model

import (
	"fmt"
	"slices"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
)

// Feature is a part of the output that stands for itself: a caller can ask for it, or leave it out.
type Feature string

// The features.
const (
	FeatureClient    Feature = "client"    // methods and models; there is no output without
	FeatureHelpers   Feature = "helpers"   // revision-aware writes
	FeatureIterators Feature = "iterators" // all items of all pages
	FeatureWaiters   Feature = "waiters"   // for jobs to end
	FeatureFake      Feature = "fake"      // a server of the description, for tests
	FeatureCombining Feature = "combining" // one write for the edits that wait
	FeatureThreeWay  Feature = "three-way" // what the caller made of a copy, on top of what others changed since
	FeatureBulk      Feature = "bulk"      // one edit of many resources

	// FeatureToken is there whenever a security scheme asks for app tokens, and not for a caller to choose.
	FeatureToken Feature = "token"
	// FeatureProgress is there with what says how far it is, and not for a caller to choose.
	FeatureProgress Feature = "progress"
)

// DefaultFeatures are made unless the caller chooses.
var DefaultFeatures = []Feature{FeatureClient, FeatureHelpers, FeatureIterators, FeatureWaiters, FeatureFake}

// FeaturesOnRequest are made only where the caller names them.
var FeaturesOnRequest = []Feature{FeatureCombining, FeatureThreeWay, FeatureBulk}

// featureNeeds says which feature another one is part of.
var featureNeeds = map[Feature]Feature{FeatureCombining: FeatureHelpers, FeatureThreeWay: FeatureHelpers, FeatureBulk: FeatureHelpers}

// knownFeatures complains of a feature that does not exist.
func knownFeatures(list []Feature) error {
	for _, f := range list {
		if all := slices.Concat(DefaultFeatures, FeaturesOnRequest); !slices.Contains(all, f) {
			return fmt.Errorf("there is no feature %s: features are %v", diag.Quote(string(f)), all)
		}
	}
	return nil
}

// Features are the optional parts that an output has.
type Features map[Feature]bool

// chooseFeatures decides which optional parts the output has: those that were chosen and that the description has a use for.
func (b *builder) chooseFeatures() {
	chosen := Features{}
	list := b.options.Features
	if list == nil {
		list = DefaultFeatures
	}
	for _, f := range list {
		chosen[f] = true
		if needed, ok := featureNeeds[f]; ok {
			chosen[needed] = true
		}
	}
	useful := Features{FeatureClient: true, FeatureFake: true}
	for _, o := range b.operations {
		if o.Revision != nil {
			useful[FeatureHelpers] = true
			if o.Revision.Payload != nil {
				useful[FeatureCombining], useful[FeatureThreeWay], useful[FeatureBulk] = true, true, true
			}
		}
		if o.Paging != nil {
			useful[FeatureIterators] = true
		}
		if o.Job != nil {
			useful[FeatureWaiters] = true
		}
	}
	b.api.Features = Features{}
	for f := range chosen {
		if useful[f] {
			b.api.Features[f] = true
		}
	}
	if b.api.Features[FeatureWaiters] || b.api.Features[FeatureBulk] {
		b.api.Features[FeatureProgress] = true
	}
	if slices.ContainsFunc(b.api.Credentials, func(c *Credential) bool { return c.Token != nil }) {
		b.api.Features[FeatureToken] = true
	}
}

// forgetUnmade takes the names of what is not made. They were given all the same, so that no other name changes with the choice of features.
func (b *builder) forgetUnmade() {
	has := b.api.Features
	for _, o := range b.operations {
		if r := o.Revision; r != nil {
			if !has[FeatureHelpers] {
				r.Helper, r.Force, r.From = "", "", ""
			}
			if !has[FeatureThreeWay] {
				r.ThreeWay = ""
			}
			if !has[FeatureBulk] {
				r.Each, r.KeyName = "", ""
			}
		}
		if o.Bulk != nil && !has[FeatureBulk] {
			o.Bulk.Helper = ""
		}
		if o.Paging != nil && !has[FeatureIterators] {
			o.Paging.Method, o.Paging.Pages = "", ""
		}
		if o.Job != nil && !has[FeatureWaiters] {
			o.Job.Method = ""
		}
	}
}

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
	FeatureCodec     Feature = "codec"     // types that read and write themselves
	FeatureWebhooks  Feature = "webhooks"  // events that the API tells of
	FeatureBulk      Feature = "bulk"      // one edit of many resources

	// These are there whenever there is a use for them, and not for a caller to choose.
	FeatureToken     Feature = "token"           // a security scheme that asks for app tokens
	FeatureMultipart Feature = "multipart"       // an operation that sends a form with files
	FeatureBulkWrite Feature = "bulk-write"      // an operation that writes many resources, where bulk was asked for
	FeatureNullable  Feature = "nullable"        // a request that can say null
	FeatureDeclared  Feature = "declared-errors" // errors with the type that the description declares
	FeatureProgress  Feature = "progress"        // something that says how far it is
)

// DefaultFeatures are made unless the caller chooses.
var DefaultFeatures = []Feature{FeatureClient, FeatureHelpers, FeatureIterators, FeatureWaiters, FeatureFake, FeatureCodec}

// FeaturesOnRequest are made only where the caller names them.
var FeaturesOnRequest = []Feature{FeatureCombining, FeatureThreeWay, FeatureBulk, FeatureWebhooks}

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

// chosen tells whether the caller chose a feature by its name, or the default set has it.
func (b *builder) chosen(f Feature) bool {
	if b.options.Features == nil {
		return slices.Contains(DefaultFeatures, f)
	}
	return slices.Contains(b.options.Features, f)
}

// chooseFeatures decides which optional parts the output has: those that were chosen and that the description has a use for.
func (b *builder) chooseFeatures() {
	list := b.options.Features
	if list == nil {
		list = DefaultFeatures
	}
	chosen := Features{FeatureToken: true, FeatureMultipart: true, FeatureNullable: true, FeatureDeclared: true}
	for _, f := range list {
		chosen[f] = true
		if needed, ok := featureNeeds[f]; ok {
			chosen[needed] = true
		}
	}
	chosen[FeatureBulkWrite] = chosen[FeatureBulk]
	b.api.Features = Features{}
	for f, useful := range b.usefulFeatures() {
		if useful && chosen[f] {
			b.api.Features[f] = true
		}
	}
	if b.api.Features[FeatureWaiters] || b.api.Features[FeatureBulk] {
		b.api.Features[FeatureProgress] = true
	}
}

// usefulFeatures says which features the description has a use for.
func (b *builder) usefulFeatures() Features {
	useful := Features{
		FeatureClient:    true,
		FeatureFake:      true,
		FeatureCodec:     true,
		FeatureWebhooks:  b.api.Webhooks != nil,
		FeatureMultipart: len(b.api.Forms) > 0,
		FeatureNullable:  b.decideClearing(),
		FeatureToken:     slices.ContainsFunc(b.api.Credentials, func(c *Credential) bool { return c.Token != nil }),
	}
	for _, o := range b.operations {
		if len(o.Failures) > 0 {
			useful[FeatureDeclared] = true
		}
		if o.Revision != nil {
			useful[FeatureHelpers] = true
			if o.Revision.Payload != nil {
				useful[FeatureCombining], useful[FeatureThreeWay], useful[FeatureBulk] = true, true, true
			}
		}
		if o.Bulk != nil && o.Bulk.Helper != "" {
			useful[FeatureBulk], useful[FeatureBulkWrite] = true, true
		}
		if o.Paging != nil {
			useful[FeatureIterators] = true
		}
		if o.Job != nil {
			useful[FeatureWaiters] = true
		}
	}
	return useful
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

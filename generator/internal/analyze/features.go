package analyze

import (
	"fmt"
	"slices"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
)

// featureNeeds says which feature another one is part of.
var featureNeeds = map[api.Feature]api.Feature{
	api.FeatureCombining: api.FeatureHelpers,
	api.FeatureThreeWay:  api.FeatureHelpers,
	api.FeatureBulk:      api.FeatureHelpers,
	api.FeatureProcesses: api.FeatureHelpers,
	api.FeatureDatabase:  api.FeatureProcesses,
}

// knownFeatures complains of a feature that does not exist.
func knownFeatures(list []api.Feature) error {
	for _, f := range list {
		if all := slices.Concat(api.DefaultFeatures, api.OptInFeatures); !slices.Contains(all, f) {
			return fmt.Errorf("there is no feature %s: features are %v", diag.Quote(string(f)), all)
		}
	}
	return nil
}

// chosen tells whether the caller chose a feature by its name, or the default set has it.
func (b *builder) chosen(f api.Feature) bool {
	if b.options.Features == nil {
		return slices.Contains(api.DefaultFeatures, f)
	}
	return slices.Contains(b.options.Features, f)
}

// chooseFeatures decides which optional parts the output has: those that were chosen and that the description has a use for.
func (b *builder) chooseFeatures() {
	list := b.options.Features
	if list == nil {
		list = api.DefaultFeatures
	}
	chosen := api.Features{api.FeatureOAuth: true, api.FeatureMultipart: true, api.FeatureNullable: true, api.FeatureDeclared: true,
		api.FeatureFilters: true}
	for _, f := range list {
		for known := true; known; f, known = featureNeeds[f] {
			chosen[f] = true
		}
	}
	chosen[api.FeatureBulkWrite], chosen[api.FeatureUpsert] = chosen[api.FeatureBulk], chosen[api.FeatureHelpers]
	b.api.Features = api.Features{}
	for f, useful := range b.usefulFeatures() {
		if useful && chosen[f] {
			b.api.Features[f] = true
		}
	}
	if b.api.Features[api.FeatureWaiters] || b.api.Features[api.FeatureBulk] {
		b.api.Features[api.FeatureProgress] = true
	}
}

// usefulFeatures says which features the description has a use for.
func (b *builder) usefulFeatures() api.Features {
	useful := api.Features{
		api.FeatureClient:    true,
		api.FeatureFake:      true,
		api.FeatureCodec:     true,
		api.FeatureExamples:  true,
		api.FeatureWebhooks:  b.api.Webhooks != nil,
		api.FeatureMultipart: len(b.api.Forms) > 0,
		api.FeatureFilters:   len(b.api.Filters) > 0,
		api.FeatureNullable:  b.decideClearing(),
		api.FeatureOAuth:     slices.ContainsFunc(b.api.Credentials, func(c *api.Credential) bool { return c.Token != nil || c.Flow != nil }),
	}
	for _, o := range b.operations {
		if len(o.Failures) > 0 || slices.ContainsFunc(o.Codes, func(c *api.Code) bool { return c.Data != nil }) {
			useful[api.FeatureDeclared] = true
		}
		if o.Revision != nil {
			useful[api.FeatureHelpers], useful[api.FeatureProcesses], useful[api.FeatureDatabase] = true, true, true
			if o.Revision.Payload != nil {
				useful[api.FeatureCombining], useful[api.FeatureThreeWay], useful[api.FeatureBulk] = true, true, true
			}
		}
		if o.Bulk != nil && o.Bulk.Helper != "" {
			useful[api.FeatureBulk], useful[api.FeatureBulkWrite] = true, true
		}
		if o.Upsert != nil {
			useful[api.FeatureUpsert] = true
		}
		if o.Paging != nil {
			useful[api.FeatureIterators] = true
		}
		if o.Job != nil {
			useful[api.FeatureWaiters] = true
		}
	}
	return useful
}

// forgetUnmade takes the names of what is not made. They were given all the same, so that no other name changes with the choice of
// features.
func (b *builder) forgetUnmade() {
	has := b.api.Features
	for _, o := range b.operations {
		if r := o.Revision; r != nil {
			if !has[api.FeatureHelpers] {
				r.Helper, r.Force, r.From = "", "", ""
			}
			if !has[api.FeatureThreeWay] {
				r.ThreeWay = ""
			}
			if !has[api.FeatureBulk] {
				r.Each, r.EachFrom, r.KeyName = "", "", ""
			}
		}
		if o.Upsert != nil && !has[api.FeatureUpsert] {
			o.Upsert.Method = ""
		}
		if o.Bulk != nil && !has[api.FeatureBulk] {
			o.Bulk.Helper = ""
		}
		if o.Paging != nil && !has[api.FeatureIterators] {
			o.Paging.Method, o.Paging.Pages = "", ""
		}
		if o.Job != nil && !has[api.FeatureWaiters] {
			o.Job.Method = ""
		}
	}
}

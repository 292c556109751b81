package api

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
	FeatureProcesses Feature = "processes" // helpers that share resources with other processes, and outlive their own
	FeatureDatabase  Feature = "database"  // limits, locks and journals in a database
	FeatureExamples  Feature = "examples"  // programs that go test runs against the fake

	// These are there whenever there is a use for them, and not for a caller to choose.
	FeatureOAuth     Feature = "token"           // a security scheme that asks for app tokens
	FeatureMultipart Feature = "multipart"       // an operation that sends a form with files
	FeatureBulkWrite Feature = "bulk-write"      // an operation that writes many resources, where bulk was asked for
	FeatureNullable  Feature = "nullable"        // a request that can say null
	FeatureUpsert    Feature = "upsert"          // creating, or changing who is there
	FeatureDeclared  Feature = "declared-errors" // errors with the type that the description declares
	FeatureFilters   Feature = "filters"         // filters made field by field
	FeatureProgress  Feature = "progress"        // something that says how far it is
)

// DefaultFeatures are made unless the caller chooses.
var DefaultFeatures = []Feature{FeatureClient, FeatureHelpers, FeatureIterators, FeatureWaiters, FeatureFake, FeatureCodec, FeatureExamples}

// OptInFeatures are made only where the caller names them.
var OptInFeatures = []Feature{FeatureCombining, FeatureThreeWay, FeatureBulk, FeatureWebhooks, FeatureProcesses, FeatureDatabase}

// Features are the optional parts that an output has.
type Features map[Feature]bool

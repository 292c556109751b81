// Package source reads descriptions: bytes in, a tree of nodes with positions out.
//
// It knows YAML, JSON, JSON Pointers, references, overlays and the two OpenAPI generations, and nothing of what an operation or a schema means.
// Everything it is given is untrusted: size, depth, names and alias expansion are bounded, references stay inside the description's
// folder, and nothing is ever fetched.
package source

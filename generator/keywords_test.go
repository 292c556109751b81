package generator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"

	"github.com/contactsgen/contactsgen/generator"
	"github.com/contactsgen/contactsgen/generator/internal/analyze"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
)

// keywords are all that OpenAPI 3.0.3, OpenAPI 3.1.1 and JSON Schema 2020-12 have, by the kind of object, as their documents list them.
var keywords = map[string]string{
	"document":        "openapi info jsonSchemaDialect servers paths webhooks components security tags externalDocs",
	"info":            "title summary description termsOfService contact license version",
	"server":          "url description variables",
	"server variable": "enum default description",
	"tag":             "name description externalDocs",
	"components":      "schemas responses parameters examples requestBodies headers securitySchemes links callbacks pathItems",
	"path item":       "$ref summary description get put post delete options head patch trace servers parameters",
	"operation": "tags summary description externalDocs operationId parameters requestBody responses callbacks deprecated security " +
		"servers",
	"parameter": "$ref summary name in description required deprecated allowEmptyValue style explode allowReserved schema example " +
		"examples content",
	"request body": "$ref summary description content required",
	"media type":   "schema example examples encoding",
	"encoding":     "contentType headers style explode allowReserved",
	"response":     "$ref summary description headers content links",
	"header": "$ref summary description required deprecated style explode schema example examples content allowEmptyValue " +
		"allowReserved",
	"security scheme": "$ref summary type description name in scheme bearerFormat flows openIdConnectUrl",
	"set of flows":    "implicit password clientCredentials authorizationCode",
	"flow":            "authorizationUrl tokenUrl refreshUrl scopes",
	"discriminator":   "propertyName mapping",
	"schema": "title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems " +
		"maxProperties " +
		"minProperties required enum type allOf oneOf anyOf not items properties additionalProperties description format default nullable " +
		"discriminator " +
		"readOnly writeOnly xml externalDocs example deprecated $ref $schema $vocabulary $id $anchor $dynamicAnchor $dynamicRef $defs $comment " +
		"if then else " +
		"dependentSchemas prefixItems contains patternProperties propertyNames unevaluatedItems unevaluatedProperties const minContains " +
		"maxContains " +
		"dependentRequired contentEncoding contentMediaType contentSchema examples definitions dependencies $recursiveRef $recursiveAnchor",
}

// others are the keywords of objects that are for people, or named as a whole, and where one of each is in a description.
var others = map[string]struct{ at, words string }{
	"contact":                {"/info/contact", "name url email"},
	"license":                {"/info/license", "name identifier url"},
	"external documentation": {"/externalDocs", "description url"},
	"example":                {probedAnswer + "/content/application~1json/examples/e", "$ref summary description value externalValue"},
	"link":                   {probedAnswer + "/links/l", "$ref summary operationRef operationId parameters requestBody description server"},
	"callback":               {probedOperation + "/callbacks/c", "$ref summary"},
	"XML":                    {probedProperty + "/xml", "name namespace prefix attribute wrapped"},
}

// probe is a description in two forms, which differ in what is at a place: once without a keyword, or with another value of it, and once
// with it.
type probe struct{ at, without, with string }

// The places of the description that probes begin with.
const (
	probedOperation = "/paths/~1things/post"
	probedBody      = probedOperation + "/requestBody"
	probedAnswer    = probedOperation + "/responses/200"
	probedProperty  = "/components/schemas/Thing/properties/p"
	probedForm      = "/paths/~1forms/post/requestBody/content/application~1x-www-form-urlencoded/encoding"
	probedFiles     = "/paths/~1files/post/requestBody/content/multipart~1form-data/encoding"
	probedScheme    = "/components/securitySchemes/key"
	probedHeader    = probedAnswer + "/headers/X-Count"
)

const probedDescription = `{
	"openapi": "3.1.0", "info": {"title": "Probes", "version": "1"}, "servers": [{"url": "https://api.example.com"}], "tags": [{"name": "Things"}],
	"security": [{"key": []}],
	"paths": {
		"/things": {"post": {
			"operationId": "addThing", "tags": ["Things"], "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
			"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
			"responses": {"200": {"description": "A thing.", "headers": {"X-Count": {}},
				"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}
		}},
		"/forms": {"post": {
			"operationId": "addForm", "tags": ["Things"], "responses": {"204": {"description": "Done."}},
			"requestBody": {"content": {"application/x-www-form-urlencoded": {"encoding": {"list": {}}, "schema": {"type": "object", "properties": {
				"list": {"type": "array", "items": {"type": "string"}}, "object": {"type": "object", "properties": {"a": {"type": "string"}}}}}}}}
		}},
		"/files": {"post": {
			"operationId": "addFile", "tags": ["Things"], "responses": {"204": {"description": "Done."}},
			"requestBody": {"content": {"multipart/form-data": {"encoding": {"file": {}}, "schema": {"type": "object", "properties": {
				"file": {"type": "string", "format": "binary"}}}}}}
		}}
	},
	"components": {
		"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}, "other": {"type": "http", "scheme": "bearer"}},
		"parameters": {"Q": {"name": "r", "in": "query", "schema": {"type": "string"}}},
		"requestBodies": {"Body": {"content": {"application/json": {"schema": {"type": "string"}}}}},
		"responses": {"Answer": {"description": "Another.", "content": {"application/json": {"schema": {"type": "string"}}}}},
		"headers": {"Count": {"description": "How many."}},
		"pathItems": {"Item": {"get": {"operationId": "getItem", "tags": ["Things"], "responses": {"204": {"description": "Done."}}}}},
		"schemas": {
			"Thing": {"type": "object", "properties": {"p": {"type": "string"}}},
			"A": {"type": "object", "required": ["a"], "properties": {"kind": {"type": "string"}, "a": {"type": "string"}}},
			"B": {"type": "object", "required": ["b"], "properties": {"kind": {"type": "string"}, "b": {"type": "string"}}}
		}
	}
}`

func ofSchema(without, with string) probe { return probe{probedProperty, without, with} }

// beside probes a keyword of a schema beside others.
func beside(others, keyword string) probe {
	return ofSchema("{"+others+"}", "{"+others+strings.Repeat(", ", min(1, len(others)))+keyword+"}")
}

func ofParameter(without, with string) probe {
	const before = `[{"name": "q", "in": "query", "schema": {"type": "string"}`
	both := func(more string) string {
		if strings.HasPrefix(more, "[") {
			return more
		}
		return before + more + "}]"
	}
	return probe{probedOperation + "/parameters", both(without), both(with)}
}

// ofQuery probes a limit of a query parameter.
func ofQuery(schema, keyword string) probe {
	query := func(schema string) string { return `[{"name": "q", "in": "query", "schema": {` + schema + `}}]` }
	return ofParameter(query(schema), query(schema+", "+keyword))
}

// ofFlows probes the flows of a scheme, and ofFlow that of client credentials.
func ofFlows(without, with string) probe {
	const before = `{"type": "oauth2", "flows": `
	return probe{probedScheme, before + without + "}", before + with + "}"}
}

func ofFlow(without, with string) probe {
	return ofFlows(`{"clientCredentials": `+without+"}", `{"clientCredentials": `+with+"}")
}

const (
	union     = `"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]`
	answering = `"responses": {"204": {"description": "Done."}}`
	told      = `{"content": {"application/json": {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}}}}`
	document  = `{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/x": {"get": {` + answering + `}}}`
)

// probes has one for each keyword. What is at "" is the whole description.
var probes = map[string]probe{
	"document openapi": {"", strings.Replace(refAndMore, "3.1.0", "3.0.3", 1), refAndMore},
	"document info":    {"/info/title", `"T"`, `"U"`}, "document servers": {"/servers/0/url", `"https://a.example.com"`,
		`"https://b.example.com"`},
	"document jsonSchemaDialect": {"", document + `}`, document + `, "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema"}`},
	"document paths":             {"/paths/~1more", `null`, `{"get": {` + answering + `}}`},
	"document webhooks": {"", document + `}`, document + `, "webhooks": {"made": {"post": {"requestBody": ` + told + `, ` +
		answering + `}}}}`},
	"document components":   ofSchema(`{"type": "string"}`, `{"type": "integer"}`),
	"document security":     {"/security", `[{"key": []}]`, `[{"other": []}]`},
	"document tags":         {"/tags", `[{"name": "Things"}]`, `[{"name": "Things", "description": "All of them."}]`},
	"document externalDocs": {"/externalDocs", `null`, `{"url": "https://example.com"}`},

	"info title": {"/info/title", `"T"`, `"U"`}, "info version": {"/info/version", `"1"`, `"2"`},
	"info description": {"/info/description", `null`, `"d"`},
	"info summary":     {"/info/summary", `null`, `"s"`}, "info termsOfService": {"/info/termsOfService", `null`, `"https://example.com"`},
	"info contact": {"/info/contact", `null`, `{"name": "N"}`}, "info license": {"/info/license", `null`, `{"name": "MIT"}`},

	"server url":         {"/servers/0/url", `"https://a.example.com"`, `"https://b.example.com"`},
	"server description": {"/servers/0/description", `null`, `"d"`},
	"server variables": {"/servers", `[{"url": "https://{v}.example.com", "variables": {"v": {"default": "a"}}}]`,
		`[{"url": "https://{v}.example.com", "variables": {"v": {"default": "b"}}}]`},
	"server variable default": {"/servers", `[{"url": "https://{v}.example.com", "variables": {"v": {"default": "a"}}}]`,
		`[{"url": "https://{v}.example.com", "variables": {"v": {"default": "b"}}}]`},
	"server variable enum": {"/servers", `[{"url": "https://{v}.example.com", "variables": {"v": {"default": "a"}}}]`,
		`[{"url": "https://{v}.example.com", "variables": {"v": {"default": "a", "enum": ["a", "b"]}}}]`},
	"server variable description": {"/servers", `[{"url": "https://{v}.example.com", "variables": {"v": {"default": "a"}}}]`,
		`[{"url": "https://{v}.example.com", "variables": {"v": {"default": "a", "description": "d"}}}]`},

	"tag name":         {"/tags", `[{"name": "Things", "description": "All."}]`, `[{"name": "Others", "description": "All."}]`},
	"tag description":  {"/tags/0/description", `null`, `"All of them."`},
	"tag externalDocs": {"/tags/0/externalDocs", `null`, `{"url": "https://example.com"}`},

	"components schemas":    {"/components/schemas/More", `null`, `{"type": "object", "properties": {"a": {"type": "string"}}}`},
	"components responses":  {probedAnswer, `{"description": "A thing."}`, `{"$ref": "#/components/responses/Answer"}`},
	"components parameters": ofParameter(`[]`, `[{"$ref": "#/components/parameters/Q"}]`),
	"components requestBodies": {probedBody, `{"content": {"application/json": {"schema": {"type": "integer"}}}}`,
		`{"$ref": "#/components/requestBodies/Body"}`},
	"components headers": {probedAnswer + "/headers", `{}`, `{"X-Count": {"$ref": "#/components/headers/Count"}}`},
	"components securitySchemes": {probedScheme, `{"type": "apiKey", "in": "header", "name": "X-Key"}`,
		`{"type": "apiKey", "in": "query", "name": "key"}`},
	"components examples":  {probedAnswer + "/content/application~1json/examples", `null`, `{"e": {"$ref": "#/components/examples/E"}}`},
	"components links":     {"/components/links", `null`, `{"L": {"operationId": "addForm"}}`},
	"components callbacks": {"/components/callbacks", `null`, `{"C": {"{$request.query.url}": {"post": {` + answering + `}}}}`},
	"components pathItems": {"/paths/~1more", `null`, `{"$ref": "#/components/pathItems/Item"}`},

	"path item $ref": {"/paths/~1more", `{"put": {` + answering + `}}`, `{"put": {` + answering +
		`}, "$ref": "#/components/pathItems/Item"}`},
	"path item summary": {"/paths/~1things/summary", `null`, `"s"`}, "path item description": {"/paths/~1things/description", `null`, `"d"`},
	"path item servers":    {"/paths/~1things/servers", `null`, `[{"url": "https://other.example.com"}]`},
	"path item parameters": {"/paths/~1things/parameters", `null`, `[{"name": "z", "in": "query", "schema": {"type": "string"}}]`},

	"operation tags": {probedOperation + "/tags", `["Things"]`, `["Others"]`}, "operation summary": {probedOperation + "/summary", `null`,
		`"Adds it"`},
	"operation description":  {probedOperation + "/description", `null`, `"Adds it."`},
	"operation externalDocs": {probedOperation + "/externalDocs", `null`, `{"url": "https://example.com"}`},
	"operation operationId":  {probedOperation + "/operationId", `"addThing"`, `"makeThing"`},
	"operation parameters":   ofParameter(`[]`, ``), "operation requestBody": {probedBody, `null`,
		`{"content": {"application/json": {"schema": {"type": "string"}}}}`},
	"operation responses":  {probedOperation + "/responses", `{"200": {"description": "A"}}`, `{"202": {"description": "A"}}`},
	"operation callbacks":  {probedOperation + "/callbacks", `null`, `{"made": {"{$request.body#/url}": {"post": {` + answering + `}}}}`},
	"operation deprecated": {probedOperation + "/deprecated", `false`, `true`}, "operation security": {probedOperation + "/security", `null`,
		`[]`},
	"operation servers": {probedOperation + "/servers", `null`, `[{"url": "https://other.example.com"}]`},

	"parameter $ref":    ofParameter(`[]`, `[{"$ref": "#/components/parameters/Q"}]`),
	"parameter summary": ofParameter(`[{"$ref": "#/components/parameters/Q"}]`, `[{"$ref": "#/components/parameters/Q", "summary": "s"}]`),
	"parameter name":    ofParameter(`, "name": "a"`, `, "name": "b"`), "parameter in": ofParameter(``, `, "in": "header"`),
	"parameter description": ofParameter(``, `, "description": "What is looked for."`),
	"parameter required":    ofParameter(``, `, "required": true`),
	"parameter deprecated":  ofParameter(``, `, "deprecated": true`), "parameter allowEmptyValue": ofParameter(``,
		`, "allowEmptyValue": true`),
	"parameter style": ofParameter(`, "schema": {"type": "array", "items": {"type": "string"}}, "explode": false`,
		`, "schema": {"type": "array", "items": {"type": "string"}}, "explode": false, "style": "pipeDelimited"`),
	"parameter explode": ofParameter(`, "schema": {"type": "array", "items": {"type": "string"}}`,
		`, "schema": {"type": "array", "items": {"type": "string"}}, "explode": false`),
	"parameter allowReserved": ofParameter(``, `, "allowReserved": true`),
	"parameter schema":        ofParameter(``, `, "schema": {"type": "integer"}`),
	"parameter content": ofParameter(``,
		`, "schema": null, "content": {"application/json": {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}}}`),
	"parameter example": ofParameter(``, `, "example": "e"`), "parameter examples": ofParameter(``, `, "examples": {"e": {"value": "e"}}`),

	"request body $ref": {probedBody, `{"content": {"application/json": {"schema": {"type": "integer"}}}}`,
		`{"$ref": "#/components/requestBodies/Body"}`},
	"request body summary": {probedBody, `{"$ref": "#/components/requestBodies/Body"}`,
		`{"$ref": "#/components/requestBodies/Body", "summary": "s"}`},
	"request body description": {probedBody + "/description", `null`, `"What to add."`}, "request body required": {probedBody + "/required",
		`false`, `true`},
	"request body content": {probedBody + "/content", `{"application/json": {"schema": {"type": "integer"}}}`, `{"image/png": {}}`},

	"media type schema":   {probedBody + "/content/application~1json/schema", `{"type": "integer"}`, `{"type": "string"}`},
	"media type example":  {probedAnswer + "/content/application~1json/example", `null`, `{"p": "example"}`},
	"media type examples": {probedAnswer + "/content/application~1json/examples", `null`, `{"e": {"value": {"p": "example"}}}`},
	"media type encoding": {probedFiles, `null`, `{"file": {"contentType": "text/csv"}}`},

	"encoding contentType": {probedFiles + "/file", `{}`, `{"contentType": "text/csv"}`}, "encoding headers": {probedFiles + "/file", `{}`,
		`{"headers": {"X-A": {"schema": {"type": "string"}}}}`},
	"encoding style":         {probedForm, `{}`, `{"object": {"style": "deepObject"}}`},
	"encoding explode":       {probedForm, `{}`, `{"list": {"explode": false}}`},
	"encoding allowReserved": {probedForm, `{}`, `{"list": {"allowReserved": true}}`},

	"response $ref": {probedAnswer, `{"description": "A thing."}`, `{"$ref": "#/components/responses/Answer"}`},
	"response summary": {probedAnswer, `{"$ref": "#/components/responses/Answer"}`,
		`{"$ref": "#/components/responses/Answer", "summary": "s"}`},
	"response description": {probedAnswer + "/description", `"A thing."`, `"The thing as it is now."`},
	"response headers":     {probedAnswer + "/headers", `null`, `{"X-Count": {}}`},
	"response content":     {probedAnswer + "/content", `null`, `{"application/json": {"schema": {"type": "string"}}}`},
	"response links":       {probedAnswer + "/links", `null`, `{"next": {"operationId": "addForm"}}`},

	"header $ref":        {probedAnswer + "/headers", `{}`, `{"X-Count": {"$ref": "#/components/headers/Count"}}`},
	"header summary":     {probedHeader, `{"$ref": "#/components/headers/Count"}`, `{"$ref": "#/components/headers/Count", "summary": "s"}`},
	"header description": {probedHeader, `{}`, `{"description": "d"}`}, "header required": {probedHeader, `{}`, `{"required": true}`},
	"header deprecated": {probedHeader, `{}`, `{"deprecated": true}`}, "header style": {probedHeader, `{}`, `{"style": "simple"}`},
	"header explode": {probedHeader, `{}`, `{"explode": true}`}, "header schema": {probedHeader, `{}`, `{"schema": {"type": "integer"}}`},
	"header content":         {probedHeader, `{}`, `{"content": {"application/json": {}}}`},
	"header example":         {probedHeader, `{}`, `{"example": "1"}`},
	"header allowEmptyValue": {probedHeader, `{}`, `{"allowEmptyValue": true}`},
	"header allowReserved":   {probedHeader, `{}`, `{"allowReserved": true}`},
	"header examples":        {probedHeader, `{}`, `{"examples": {"e": {"value": "1"}}}`},

	"security scheme $ref": {"/components/securitySchemes/key", `{"type": "apiKey", "in": "query", "name": "key"}`,
		`{"$ref": "#/components/securitySchemes/other"}`},
	"security scheme summary": {"/components/securitySchemes/key", `{"$ref": "#/components/securitySchemes/other"}`,
		`{"$ref": "#/components/securitySchemes/other", "summary": "s"}`},
	"security scheme type":        {probedScheme, `{"type": "http", "scheme": "basic"}`, `{"type": "oauth2"}`},
	"security scheme description": {probedScheme + "/description", `null`, `"The key of the app."`},
	"security scheme name":        {probedScheme + "/name", `"A"`, `"B"`},
	"security scheme in":          {probedScheme + "/in", `"header"`, `"query"`},
	"security scheme scheme": { //nolint:dupword // the keyword scheme of a security scheme
		probedScheme, `{"type": "http", "scheme": "basic"}`, `{"type": "http", "scheme": "bearer"}`},
	"security scheme bearerFormat": {probedScheme, `{"type": "http", "scheme": "bearer"}`,
		`{"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}`},
	"security scheme flows": {probedScheme, `{"type": "oauth2"}`,
		`{"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://example.com", "scopes": {}}}}`},
	"security scheme openIdConnectUrl": {probedScheme, `{"type": "openIdConnect"}`,
		`{"type": "openIdConnect", "openIdConnectUrl": "https://example.com"}`},

	"set of flows clientCredentials": ofFlows(`{}`, `{"clientCredentials": {"tokenUrl": "https://example.com", "scopes": {}}}`),
	"set of flows implicit":          ofFlows(`{}`, `{"implicit": {"authorizationUrl": "https://example.com", "scopes": {}}}`),
	"set of flows password":          ofFlows(`{}`, `{"password": {"tokenUrl": "https://example.com", "scopes": {}}}`),
	"set of flows authorizationCode": ofFlows(`{}`,
		`{"authorizationCode": {"authorizationUrl": "https://example.com", "tokenUrl": "https://example.com", "scopes": {}}}`),
	"flow tokenUrl":         ofFlow(`{"tokenUrl": "https://a.example.com"}`, `{"tokenUrl": "https://b.example.com"}`),
	"flow scopes":           ofFlow(`{"tokenUrl": "/t"}`, `{"tokenUrl": "/t", "scopes": {"read": "To read."}}`),
	"flow refreshUrl":       ofFlow(`{"tokenUrl": "/t"}`, `{"tokenUrl": "/t", "refreshUrl": "https://example.com"}`),
	"flow authorizationUrl": ofFlow(`{"tokenUrl": "/t"}`, `{"tokenUrl": "/t", "authorizationUrl": "https://example.com"}`),

	"discriminator propertyName": ofSchema(`{`+union+`}`, `{`+union+`, "discriminator": {"propertyName": "kind"}}`),
	"discriminator mapping": ofSchema(`{`+union+`, "discriminator": {"propertyName": "kind"}}`, `{`+union+
		`, "discriminator": {"propertyName": "kind", "mapping": {"one": "#/components/schemas/A"}}}`),

	"schema $ref": ofSchema(`{}`, `{"$ref": "#/components/schemas/A"}`), "schema $defs": beside(`"$ref": "#/components/schemas/A/$defs/D"`,
		`"description": "d"`),
	"schema $dynamicRef":    ofSchema(`{}`, `{"$dynamicRef": "#here"}`),
	"schema $dynamicAnchor": ofSchema(`{}`, `{"$dynamicRef": "#here"}`),
	"schema $id":            beside(`"type": "string"`, `"$id": "https://example.com/s"`),
	"schema $anchor":        beside(`"type": "string"`, `"$anchor": "a"`),
	"schema $schema":        beside(`"type": "string"`, `"$schema": "https://json-schema.org/draft/2020-12/schema"`),
	"schema $vocabulary":    beside(`"type": "string"`, `"$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": true}`),
	"schema $comment":       beside(`"type": "string"`, `"$comment": "c"`),
	"schema title": ofSchema(
		`{"oneOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "object", "properties": {"b": {"type": "string"}}}]}`,
		`{"oneOf": [{"title": "First", "type": "object", "properties": {"a": {"type": "string"}}}, {"type": "object", "properties": {"b": {"type": "string"}}}]}`,
	),
	"schema description": beside(`"type": "string"`, `"description": "What it is."`), "schema type": ofSchema(`{"type": "string"}`,
		`{"type": "integer"}`),
	"schema format": beside(`"type": "string"`, `"format": "date-time"`), "schema enum": beside(`"type": "string"`, `"enum": ["a", "b"]`),
	"schema const": ofSchema(
		`{"oneOf": [{"type": "object", "properties": {"k": {}, "a": {"type": "string"}}}, {"type": "object", "properties": {"k": {"const": "b"}, "b": {"type": "string"}}}]}`,
		`{"oneOf": [{"type": "object", "properties": {"k": {"const": "a"}, "a": {"type": "string"}}}, {"type": "object", "properties": {"k": {"const": "b"}, "b": {"type": "string"}}}]}`,
	),
	"schema default": beside(`"type": "string"`, `"default": "d"`),
	"schema nullable": ofSchema(`{"type": "array", "items": {"type": "string"}}`,
		`{"type": "array", "items": {"type": "string", "nullable": true}}`),
	"schema readOnly": {"/components/schemas/Thing", `{"type": "object", "required": ["p"], "properties": {"p": {"type": "string"}}}`,
		`{"type": "object", "required": ["p"], "properties": {"p": {"type": "string", "readOnly": true}}}`},
	"schema writeOnly":  ofSchema(`{"type": "string"}`, `{"type": "string", "writeOnly": true}`),
	"schema deprecated": beside(`"type": "string"`, `"deprecated": true`), "schema example": beside(`"type": "string"`, `"example": "e"`),
	"schema examples": beside(`"type": "string"`, `"examples": ["e"]`), "schema externalDocs": beside(`"type": "string"`,
		`"externalDocs": {"url": "https://example.com"}`),
	"schema allOf": ofSchema(`{"type": "object"}`,
		`{"allOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]}`),
	"schema oneOf":                 ofSchema(`{"type": "object"}`, `{`+union+`}`),
	"schema anyOf":                 ofSchema(`{"type": "object"}`, strings.Replace(`{`+union+`}`, "oneOf", "anyOf", 1)),
	"schema discriminator":         ofSchema(`{`+union+`}`, `{`+union+`, "discriminator": {"propertyName": "kind"}}`),
	"schema properties":            beside(`"type": "object"`, `"properties": {"a": {"type": "string"}}`),
	"schema required":              beside(`"type": "object", "properties": {"a": {"type": "string"}}`, `"required": ["a"]`),
	"schema additionalProperties":  beside(`"type": "object"`, `"additionalProperties": {"type": "string"}`),
	"schema unevaluatedProperties": beside(`"type": "object"`, `"unevaluatedProperties": {"type": "string"}`),
	"schema patternProperties": beside(`"type": "object", "properties": {"a": {"type": "string"}}`,
		`"patternProperties": {"^x-": {"type": "string"}}`),
	"schema items":       beside(`"type": "array"`, `"items": {"type": "string"}`),
	"schema prefixItems": beside(`"type": "array", "items": {"type": "string"}`, `"prefixItems": [{"type": "integer"}]`),
	"schema minLength":   ofQuery(`"type": "string"`, `"minLength": 2`), "schema maxLength": ofQuery(`"type": "string"`, `"maxLength": 2`),
	"schema minItems": ofQuery(`"type": "array", "items": {"type": "string"}`, `"minItems": 2`),
	"schema maxItems": ofQuery(`"type": "array", "items": {"type": "string"}`, `"maxItems": 2`),
	"schema minimum":  ofQuery(`"type": "integer"`, `"minimum": 2`), "schema maximum": ofQuery(`"type": "integer"`, `"maximum": 2`),
	"schema contentEncoding": beside(`"type": "string"`, `"contentEncoding": "base64"`),
	"schema contentMediaType": {"/paths/~1files/post/requestBody/content/multipart~1form-data/schema/properties/file", `{"type": "string"}`,
		`{"type": "string", "contentMediaType": "image/png"}`},
	"schema contentSchema": beside(`"type": "string"`, `"contentSchema": {"type": "object"}`),

	"schema pattern": beside(`"type": "string"`, `"pattern": "^a"`), "schema multipleOf": beside(`"type": "integer"`, `"multipleOf": 2`),
	"schema exclusiveMinimum": beside(`"type": "integer"`, `"exclusiveMinimum": 2`), "schema exclusiveMaximum": beside(`"type": "integer"`,
		`"exclusiveMaximum": 2`),
	"schema uniqueItems":   beside(`"type": "array", "items": {"type": "string"}`, `"uniqueItems": true`),
	"schema minProperties": beside(`"type": "object"`, `"minProperties": 1`), "schema maxProperties": beside(`"type": "object"`,
		`"maxProperties": 1`),
	"schema minContains":       beside(`"type": "array", "items": {"type": "string"}`, `"minContains": 1`),
	"schema maxContains":       beside(`"type": "array", "items": {"type": "string"}`, `"maxContains": 1`),
	"schema propertyNames":     beside(`"type": "object", "additionalProperties": {"type": "string"}`, `"propertyNames": {"pattern": "^a"}`),
	"schema dependentRequired": beside(`"type": "object", "properties": {"a": {"type": "string"}}`, `"dependentRequired": {"a": ["b"]}`),
	"schema not":               beside(``, `"not": {"type": "string"}`), "schema if": beside(``, `"if": {"type": "string"}`),
	"schema then":             beside(``, `"then": {"type": "string"}`),
	"schema else":             beside(``, `"else": {"type": "string"}`),
	"schema dependentSchemas": beside(``, `"dependentSchemas": {"a": {"type": "object"}}`),
	"schema contains":         beside(``, `"contains": {"type": "string"}`),
	"schema unevaluatedItems": beside(``, `"unevaluatedItems": {"type": "string"}`),
	"schema definitions":      beside(`"$ref": "#/components/schemas/A/definitions/D"`, `"description": "d"`),
	"schema dependencies":     beside(`"type": "object"`, `"dependencies": {"a": ["b"]}`),
	"schema $recursiveRef":    beside(``, `"$recursiveRef": "#"`),
	"schema $recursiveAnchor": beside(`"type": "object"`, `"$recursiveAnchor": true`),
	"schema xml":              beside(`"type": "string"`, `"xml": {"name": "n"}`),
}

// refAndMore is a description in which something stands beside a reference.
const refAndMore = `{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/x": {"get": {"responses": {"200": {"description": "d", "content": {"application/json":
	{"schema": {"$ref": "#/components/schemas/A", "properties": {"b": {"type": "string"}}}}}}}}}}, "components": {"schemas": {"A": {"type": "object", "properties": {"a": {"type": "string"}}}}}}`

// probeVerbs adds a probe for each method of a path item.
func probeVerbs() {
	for verb := range strings.FieldsSeq("get put post delete options head patch trace") {
		probes["path item "+verb] = probe{"/paths/~1more", `{"parameters": []}`, `{"` + verb + `": {` + answering + `}}`}
	}
}

// TestKeywords keeps the promise that no keyword of a description is passed over in silence: docs/reference.md says of each what becomes of
// it, and so it is.
func TestKeywords(t *testing.T) {
	probeVerbs()
	said, read := verdicts(t), analyze.Keywords()
	for kind, words := range keywords {
		for word := range strings.FieldsSeq(words) {
			verdict, ok := said[kind+" "+word]
			if _, is := read[kind][word]; !ok || !is {
				t.Errorf("%s of %s: it is in docs/reference.md: %v; the reader knows it: %v", word, kind, ok, is)
				continue
			}
			t.Run(kind+" "+word, func(t *testing.T) {
				t.Parallel()
				p, ok := probes[kind+" "+word]
				if !ok {
					t.Fatal("nothing shows what becomes of it")
				}
				p.check(t, kind, word, verdict)
			})
			delete(said, kind+" "+word)
		}
	}
	for name := range said {
		t.Errorf("docs/reference.md has %s, which is no keyword", name)
	}
}

var (
	keywordSection = regexp.MustCompile(`(?m)^### Keywords of (?:an? )?(.+)\n((?:\n|\|.*\n)+)`)
	keywordRow     = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (done|for people|named|raw) \\|(.*)\\|$")
)

// verdicts are the rows of the tables of keywords.
func verdicts(t *testing.T) map[string]string {
	t.Helper()
	page, err := os.ReadFile("../docs/reference.md")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, section := range keywordSection.FindAllStringSubmatch(string(page), -1) {
		for _, row := range keywordRow.FindAllStringSubmatch(section[2], -1) {
			out[section[1]+" "+row[1]] = row[2]
		}
	}
	if len(out) == 0 {
		t.Fatal("docs/reference.md has no keywords")
	}
	return out
}

// TestKeywordsOfOtherObjects: what is in objects that are for people, or named as a whole, stands in docs/reference.md too, and changes
// nothing.
func TestKeywordsOfOtherObjects(t *testing.T) {
	page, err := os.ReadFile("../docs/reference.md")
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal([]byte(probedDescription), &doc); err != nil {
		t.Fatal(err)
	}
	generated := func() []generator.File {
		files, err := generator.Generate(t.Context(), probe{}.options(marshal(t, doc)))
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	without := generated()
	for kind, o := range others {
		row := regexp.MustCompile(`(?m)^\| ` + kind + ` \| .*$`).FindString(string(page))
		object := map[string]any{}
		for word := range strings.FieldsSeq(o.words) {
			if !strings.Contains(row, "`"+word+"`") {
				t.Errorf("docs/reference.md does not have %s of %s", word, kind)
			}
			if word != "$ref" && word != "value" { // the one leads away, and the fake answers with the other
				object[word] = map[string]any{}
			}
		}
		into := doc
		path := strings.Split(o.at, "/")[1:]
		for _, name := range path[:len(path)-1] {
			at := into.(map[string]any)
			name = jsonpointer.Unescape(name)
			if at[name] == nil {
				at[name] = map[string]any{}
			}
			into = at[name]
		}
		known, _ := into.(map[string]any)[path[len(path)-1]].(map[string]any)
		for word, value := range known {
			object[word] = value
		}
		into.(map[string]any)[path[len(path)-1]] = object
	}
	with := generated()
	if len(with) != len(without) {
		t.Fatalf("%d files became %d", len(without), len(with))
	}
	for i, f := range without {
		if !bytes.Equal(f.Data, with[i].Data) {
			t.Errorf("what nothing comes of changes %s:\n%s", f.Path, udiff.Unified("without", "with", string(f.Data), string(with[i].Data)))
		}
	}
}

// check compares what a verdict promises with what the generator does and with what inspect says.
func (p probe) check(t *testing.T, kind, word, verdict string) {
	t.Helper()
	without, with := p.files(t, p.without), p.files(t, p.with)
	same := slices.EqualFunc(without, with, func(a, b generator.File) bool { return a.Path == b.Path && bytes.Equal(a.Data, b.Data) })
	note := p.note(t, fmt.Sprintf("nothing comes of %s on %s", word, kind), word)
	switch verdict {
	case "done":
		if same || note != "" {
			t.Errorf("it is said to be done; the output is the same: %v; inspect says %q", same, note)
		}
	case "for people":
		if !same || note != "" {
			t.Errorf("it is said to be for people; the output is the same: %v; inspect says %q", same, note)
		}
	default:
		if !same || note == "" {
			t.Errorf("it is said to be named; the output is the same: %v; inspect says %q", same, note)
		}
	}
	if raw := regexp.MustCompile(`\n\tP +(any|json\.RawMessage) `); verdict == "raw" &&
		!slices.ContainsFunc(with, func(f generator.File) bool {
			return raw.Match(f.Data)
		}) {
		t.Error("it is said that its value is kept as raw JSON")
	}
}

// description is the one that is probed with something at the place.
func (p probe) description(t *testing.T, value string) []byte {
	t.Helper()
	var put any
	if err := json.Unmarshal([]byte(value), &put); err != nil {
		t.Fatalf("%s: %v", value, err)
	}
	var doc any
	if err := json.Unmarshal([]byte(probedDescription), &doc); err != nil {
		t.Fatal(err)
	}
	if p.at == "" {
		doc = put
	} else {
		set(doc, strings.Split(p.at, "/")[1:], put)
	}
	if m, ok := doc.(map[string]any); ok && p.at != "" {
		m["components"].(map[string]any)["examples"] = map[string]any{"E": map[string]any{"value": map[string]any{"p": "example"}}}
		set(doc, strings.Fields("components schemas A $defs"),
			map[string]any{"D": map[string]any{"type": "object", "properties": map[string]any{}}})
		set(doc, strings.Fields("components schemas A definitions"),
			map[string]any{"D": map[string]any{"type": "object", "properties": map[string]any{}}})
		set(doc, strings.Fields("components schemas A $dynamicAnchor"), "here")
	}
	text, err := json.MarshalIndent(doc, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// set puts a value into a tree; null takes away what is there.
func set(tree any, path []string, value any) {
	name := jsonpointer.Unescape(path[0])
	switch at := tree.(type) {
	case []any:
		set(at[name[0]-'0'], path[1:], value)
	case map[string]any:
		switch {
		case len(path) > 1:
			set(at[name], path[1:], value)
		case value == nil:
			delete(at, name)
		default:
			at[name] = value
		}
	}
}

func (p probe) options(data []byte) generator.Options {
	return generator.Options{Spec: generator.Input{Name: "probe.json", Data: data}, Package: "probe"}
}

func (p probe) files(t *testing.T, value string) []generator.File {
	t.Helper()
	files, err := generator.Generate(t.Context(), p.options(p.description(t, value)))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// note gives what inspect says that begins so, if it is where the keyword stands, and is not said without the keyword.
func (p probe) note(t *testing.T, begins, word string) string {
	t.Helper()
	for _, value := range []string{p.without, p.with} {
		data := p.description(t, value)
		found, err := generator.Inspect(t.Context(), p.options(data))
		if err != nil {
			t.Fatal(err)
		}
		for _, note := range found.Notes {
			place, text, _ := strings.Cut(note, ": ")
			if strings.Contains(text, "is no keyword of") {
				t.Errorf("a keyword is not known: %s", note)
			}
			if !strings.HasPrefix(text, begins[:strings.LastIndex(begins, " on ")]+" on ") ||
				!strings.Contains(text, strings.SplitAfter(begins, " on ")[1]) {
				continue
			}
			var line, column int
			if _, err := fmt.Sscanf(strings.TrimPrefix(place, "probe.json:"), "%d:%d", &line, &column); err != nil {
				t.Fatal(err)
			}
			here := strings.Split(string(data), "\n")[line-1][column-1:]
			if !strings.HasPrefix(here, `"`+word+`"`) {
				t.Errorf("%s: there stands %s", note, here)
			}
			if value == p.without {
				t.Errorf("it is named where it is not: %s", note)
			}
			return note
		}
	}
	return ""
}

// TestUnknownKeywords: what is no keyword where it stands is named with what could have been meant, however often it is there.
func TestUnknownKeywords(t *testing.T) {
	data := []byte(`openapi: 3.0.3
info: {title: T, version: '1'}
paths: {/x: {get: {operationID: x, responses: {'204': {description: Done.}}}}}
components:
  schemas:
    A: {type: object, descripti0n: An A.}
    B: {type: object, descripti0n: A B., x-mine: 1}
    C: {$ref: '#/components/schemas/A', description: A C., required: [a]}
`)
	found, err := generator.Inspect(t.Context(), generator.Options{Spec: generator.Input{Name: "a.yaml", Data: data}, Package: "a"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"a.yaml:8:60: required stands beside a $ref, where it is not heard\n\tput both into an allOf",
		"a.yaml:3:20: \"operationID\" is no keyword of an operation\n\tdid you mean operationId?",
		"a.yaml:6:23: \"descripti0n\" is no keyword of a schema (and in 1 place more)\n\tdid you mean description?",
	}
	if !slices.Equal(found.Notes, want) {
		t.Errorf("%s", strings.Join(found.Notes, "\n"))
	}
}

// TestMediaTypesThatAreNeverSent: a body has one media type, and those that are described beside it are named.
func TestMediaTypesThatAreNeverSent(t *testing.T) {
	data := []byte(`openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /x:
    patch:
      operationId: x
      requestBody:
        content:
          application/json-patch+json: {schema: {type: array, items: {type: object, additionalProperties: true}}}
          application/merge-patch+json: {schema: {type: object, additionalProperties: true}}
      responses: {'204': {description: Done.}}
`)
	found, err := generator.Inspect(t.Context(), generator.Options{Spec: generator.Input{Name: "a.yaml", Data: data}, Package: "a"})
	if err != nil {
		t.Fatal(err)
	}
	const want = "a.yaml:10:11: x sends its body as application/json-patch+json, and never as application/merge-patch+json"
	if len(found.Notes) != 1 || !strings.HasPrefix(found.Notes[0], want) {
		t.Errorf("%s", strings.Join(found.Notes, "\n"))
	}
}

package analyze

import (
	"fmt"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// What a keyword says and nothing comes of is named, and so is what is no keyword where it stands. docs/reference.md has all of them in a
// table, which a test holds against what is made of each.

// objectKind is a kind of object of a description.
type objectKind string

// keyword is what is known of one keyword of a kind of object.
type keyword struct {
	below  objectKind // what its value is; "" is nothing with keywords
	nested nesting    // how
	unread string     // why nothing comes of it; "" when it is read, or is there for people
}

// nesting is how the objects of a keyword's value stand in it.
type nesting int

const (
	alone nesting = iota
	inList
	inMap
)

// read is a keyword that is read, or is for people: what its value says is theirs.
var read = keyword{}

func oneOf(kind objectKind) keyword  { return keyword{below: kind} }
func listOf(kind objectKind) keyword { return keyword{below: kind, nested: inList} }
func mapOf(kind objectKind) keyword  { return keyword{below: kind, nested: inMap} }

// unread is a keyword that nothing comes of. What its value holds is named with it.
func unread(why string) keyword { return keyword{unread: why} }

const (
	streamed   = "what is a stream is the program's to take apart"
	givenToken = "a person takes part in it, so the token is the program's to get, and is given to the client"
	unchecked  = "clients do not check it: the server does"
	anyValue   = "values that only it allows are read as any other, and those that it forbids are sent"
)

// keywordsOf are the keywords of OpenAPI 3.0 to 3.2, and of JSON Schema 2020-12, by the objects that have them.
var keywordsOf = map[objectKind]map[string]keyword{
	"document": {
		"openapi": read, "info": oneOf("info"), "servers": listOf("server"), "paths": mapOf("path item"), "components": oneOf("components"),
		"security": read,
		"tags":     listOf("tag"), "externalDocs": read, "webhooks": mapOf("path item"),
		"$self":             unread("references are read from where the file is"),
		"jsonSchemaDialect": unread("schemas are read as those of OpenAPI"),
	},
	"info": {
		"title": read, "version": read, "description": read, "summary": read, "termsOfService": read, "contact": read, "license": read,
	},
	"server":          {"name": read, "url": read, "description": read, "variables": mapOf("server variable")},
	"server variable": {"default": read, "description": read, "enum": read},
	"tag":             {"name": read, "summary": read, "description": read, "externalDocs": read, "parent": read, "kind": read},
	"components": {
		"schemas": mapOf("schema"), "responses": mapOf("response"), "parameters": mapOf("parameter"), "examples": read,
		"requestBodies": mapOf("request body"),
		"headers":       mapOf("header"), "securitySchemes": mapOf("security scheme"), "links": read, "callbacks": read,
		"pathItems":  mapOf("path item"),
		"mediaTypes": mapOf("media type"),
	},
	"path item": {
		"$ref": read, "summary": read, "description": read, "servers": listOf("server"), "parameters": listOf("parameter"),
		"get": oneOf("operation"),
		"put": oneOf("operation"), "post": oneOf("operation"), "delete": oneOf("operation"), "options": oneOf("operation"),
		"head":  oneOf("operation"),
		"patch": oneOf("operation"), "trace": oneOf("operation"), "query": oneOf("operation"), "additionalOperations": mapOf("operation"),
	},
	"operation": {
		"tags": read, "summary": read, "description": read, "externalDocs": read, "operationId": read, "parameters": listOf("parameter"),
		"requestBody": oneOf("request body"), "responses": mapOf("response"), "deprecated": read, "security": read, "servers": listOf("server"),
		"callbacks": unread("the requests that the server makes then are the program's to answer"),
	},
	"parameter": {
		"$ref": read, "summary": read, "name": read, "in": read, "description": read, "required": read, "deprecated": read, "style": read,
		"explode": read, "allowReserved": read,
		"schema": oneOf("schema"), "content": mapOf("media type"), "example": read, "examples": read,
		"allowEmptyValue": unread("a value that is set and empty is sent anyway"),
	},
	"request body": {"$ref": read, "summary": read, "description": read, "content": mapOf("media type"), "required": read},
	"media type": {
		"$ref": read, "schema": oneOf("schema"), "example": read, "examples": read, "encoding": mapOf("encoding"), "itemSchema": unread(streamed),
		"itemEncoding": unread(streamed), "prefixEncoding": unread(streamed),
	},
	"encoding": {
		"contentType": read, "style": read, "explode": read, "allowReserved": read,
		"headers": unread("a part has no headers but those that say what it is"),
	},
	"response": {
		"$ref": read, "summary": read, "description": read, "headers": mapOf("header"), "content": mapOf("media type"),
		"links": unread("it names calls that can follow, and those are the program's to make"),
	},
	"header": {
		"$ref": read, "summary": read, "description": read, "required": read, "deprecated": read, "style": read, "explode": read, "example": read,
		"examples": read, "schema": read, "content": read,
		"allowReserved": read, "allowEmptyValue": read,
	},
	"security scheme": {
		"$ref": read, "summary": read, "type": read, "description": read, "name": read, "in": read, "scheme": read, "bearerFormat": read,
		"deprecated": read, "oauth2MetadataUrl": read,
		"flows":            oneOf("set of flows"),
		"openIdConnectUrl": unread("the client asks for no token, unless x-contactsgen-token-request says how"),
	},
	"set of flows": {
		"clientCredentials": oneOf("flow"), "authorizationCode": unread(givenToken), "implicit": unread(givenToken),
		"password": unread(givenToken), "deviceAuthorization": unread(givenToken),
	},
	"flow": {
		"tokenUrl": read, "scopes": read, "authorizationUrl": read,
		"refreshUrl": unread("a new token is asked for as the first one was"),
	},
	"discriminator": {"propertyName": read, "mapping": read, "defaultMapping": unread("a value of no kind that is known stays what it is")},
	"schema": {
		"$ref": read, "$dynamicRef": read, "$dynamicAnchor": read, "$defs": mapOf("schema"), "$comment": read, "title": read, "description": read,
		"type":   read,
		"format": read, "enum": read, "const": read, "default": read, "nullable": read, "readOnly": read, "deprecated": read,
		"example": read, "examples": read, "externalDocs": read, "allOf": listOf("schema"), "oneOf": listOf("schema"), "anyOf": listOf("schema"),
		"discriminator": oneOf("discriminator"), "properties": mapOf("schema"), "required": read, "additionalProperties": oneOf("schema"),
		"unevaluatedProperties": oneOf("schema"), "patternProperties": mapOf("schema"), "items": oneOf("schema"), "prefixItems": listOf("schema"),
		"minLength": read, "maxLength": read, "minItems": read, "maxItems": read, "minimum": read, "maximum": read,
		"contentEncoding": read, "contentMediaType": read,

		"pattern": read, "multipleOf": read, "exclusiveMinimum": read, "exclusiveMaximum": read, "uniqueItems": read, "minProperties": read,
		"maxProperties": read,
		"minContains":   unread(unchecked),
		"maxContains":   unread(unchecked), "propertyNames": unread(unchecked), "dependentRequired": unread(unchecked),
		"not": unread(anyValue), "if": unread(anyValue), "then": unread(anyValue), "else": unread(anyValue), "dependentSchemas": unread(anyValue),
		"contains": unread(anyValue), "unevaluatedItems": unread(anyValue),
		"contentSchema": unread("the text is read as it is; decode it where it is used"),
		"writeOnly":     read,
		"xml":           unread("XML is sent and read as it is given"),
		"$id":           unread("references are read from where they stand, whatever it says"),
		"$anchor":       unread("references to it lead nowhere; write a JSON Pointer"),
		"$schema":       unread("schemas are read as those of OpenAPI"),
		"$vocabulary":   unread("schemas are read as those of OpenAPI"),

		// What JSON Schema had before, and still knows.
		"definitions":      mapOf("schema"),
		"dependencies":     unread("they are dependentSchemas and dependentRequired now, and the server checks them"),
		"$recursiveRef":    unread("it is $dynamicRef now; values are read as any other"),
		"$recursiveAnchor": unread("it is $dynamicAnchor now"),
	},
}

// nameKeywords notes the keywords that nothing comes of, and what is no keyword where it stands: each where it stands first, and how often
// it is there.
func (b *builder) nameKeywords() {
	k := &keywordReader{builder: b, seen: map[source.Node]bool{}, noted: map[string]*keywordNote{}}
	k.object(b.root, "document")
	for _, n := range k.notes {
		if n.count > 1 {
			n.problem.Message += fmt.Sprintf(" (and in %s more)", plural(n.count-1, "place"))
		}
		b.api.Notes = append(b.api.Notes, n.problem)
	}
}

// keywordReader goes through a description, each object once.
type keywordReader struct {
	*builder
	seen  map[source.Node]bool
	noted map[string]*keywordNote
	notes []*keywordNote // in the order in which they were met
}

// keywordNote is what is to be said of a keyword, and how often it was met.
type keywordNote struct {
	problem *diag.Problem
	count   int
}

func (k *keywordReader) object(n source.Node, kind objectKind) {
	if n.Kind() != source.Mapping || k.seen[n] {
		return
	}
	k.seen[n] = true
	known := keywordsOf[kind]
	if n.Has("$ref") && (kind != "schema" || k.ignoresBesides()) {
		k.besides(n, kind)
		return
	}
	for _, m := range n.Members() {
		switch word, ok := known[m.Key]; {
		case strings.HasPrefix(m.Key, "x-"):
		case kind == "schema" && m.Key == "not" && onlyRequired([]source.Node{m.Value}): // which members are there: the fake holds requests to it
		case !ok: // what is no keyword is warned of (slips.go)
		case word.unread != "":
			k.note(m, string(kind)+" "+m.Key, "nothing comes of "+m.Key+" on "+article(kind)+": "+word.unread, "")
		default:
			k.below(m, word)
		}
	}
}

// besides names what stands beside a reference and is not heard. In a path item it is.
func (k *keywordReader) besides(n source.Node, kind objectKind) {
	for _, m := range n.Members() {
		word, ok := keywordsOf[kind][m.Key]
		switch {
		case kind == "path item":
			k.below(m, word)
		case ok && !annotations[m.Key] && m.Key != "$ref" && m.Key != "summary":
			k.note(m, string(kind)+" beside "+m.Key, m.Key+" stands beside a $ref, where it is not heard", "put both into an allOf")
		}
	}
}

// below goes on with what a keyword holds.
func (k *keywordReader) below(m source.Member, word keyword) {
	switch {
	case word.below == "":
	case word.nested == inList:
		for _, n := range m.Value.Items() {
			k.object(n, word.below)
		}
	case word.nested == inMap:
		for _, each := range m.Value.Members() {
			k.object(each.Value, word.below)
		}
	default:
		k.object(m.Value, word.below)
	}
}

// note notes something, or that it is so in one more place.
func (k *keywordReader) note(m source.Member, key, message, help string) {
	if known := k.noted[key]; known != nil {
		known.count++
		return
	}
	n := &keywordNote{&diag.Problem{Pos: m.KeyPos, Message: message, Help: help}, 1}
	k.noted[key], k.notes = n, append(k.notes, n)
}

// article writes a kind of object with its article.
func article(kind objectKind) string {
	if strings.ContainsRune("aeiou", rune(kind[0])) {
		return "an " + string(kind)
	}
	return "a " + string(kind)
}

func keywordNames(of map[string]keyword) []string {
	var out []string
	for name := range of {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// Keywords lists the keywords that the reader knows, by the objects that have them, and whether it names them because nothing comes of
// them.
func Keywords() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for kind, words := range keywordsOf {
		out[string(kind)] = map[string]bool{}
		for name, word := range words {
			out[string(kind)][name] = word.unread != ""
		}
	}
	return out
}

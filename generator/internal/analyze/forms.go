package analyze

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// A keyword whose value has another form than its own says nothing. Where that decides a type it is an error of what the schema belongs
// to; anything else is a warning.

// jsonTypes are the types of JSON Schema.
var jsonTypes = []string{"string", "integer", "number", "boolean", "array", "object", "null"}

// The keywords of a schema by the form of their values.
var (
	ofMapping = naming.Set("properties", "patternProperties", "$defs", "dependentSchemas", "dependentRequired")
	ofList    = naming.Set("allOf", "oneOf", "anyOf", "prefixItems", "enum", "required")
	ofSchema  = naming.Set("items", "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "not", "contains", "propertyNames",
		"if", "then", "else")
	ofFlag   = naming.Set("nullable", "readOnly", "writeOnly", "deprecated", "uniqueItems")
	ofText   = naming.Set("format", "pattern", "contentEncoding", "contentMediaType")
	ofNumber = naming.Set("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains",
		"maxContains", "minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum")
)

// forms complains of keywords of a schema whose values have another form than theirs.
func (f *slipFinder) forms(n source.Node) {
	for _, m := range n.Members() {
		help := misformed(m.Key, m.Value)
		if help == "" {
			continue
		}
		p := &diag.Problem{Pos: m.Value.Pos(), Message: m.Key + " is " + formName(m.Value), Help: help}
		if f.to != nil && decides(m) {
			f.to(p)
			continue
		}
		f.warn("form of "+m.Key+" "+formName(m.Value), p)
	}
	f.types(n.Get("type"))
}

// types complains of types that JSON Schema does not have.
func (f *slipFinder) types(typ source.Node) {
	for _, t := range append(typ.Items(), typ) {
		switch {
		case t.Kind() != source.Scalar || slices.Contains(jsonTypes, t.Text()):
		case t.Text() == "file":
			f.to(&diag.Problem{Pos: t.Pos(), Message: `"file" is no type`, Help: "write {type: string, format: binary}"})
		default:
			f.to(&diag.Problem{Pos: t.Pos(), Message: diag.Quote(t.Text()) + " is no type", Help: "the types are " + strings.Join(jsonTypes, ", ")})
		}
	}
}

// decides tells whether a keyword that has another form than its own would have decided a type. Of a null or an empty list nothing is lost,
// and a list of items is kept as a list of anything.
func decides(m source.Member) bool {
	if kind := m.Value.Kind(); kind == source.Null || kind == source.Sequence && !ofMapping[m.Key] {
		return false
	}
	return ofMapping[m.Key] || ofList[m.Key] || ofSchema[m.Key] || m.Key == "nullable"
}

// misformed tells how to mend the value of a keyword that has another form than the keyword's; "" when there is nothing to mend.
func misformed(key string, n source.Node) string {
	_, isFlag := n.Bool()
	isNumber := n.Kind() == source.Scalar && !isFlag && !n.IsString()
	switch kind := n.Kind(); {
	case ofMapping[key] && kind != source.Mapping:
		return "write names and what belongs to each: {name: {type: string}}"
	case key == "required" && n.IsString():
		return "write a list: [" + n.Text() + "]"
	case key == "required" && isFlag:
		return "name the property in the list of the object that has it: required: [name]"
	case ofList[key] && kind != source.Sequence:
		return "write a list"
	case ofList[key] && len(n.Items()) == 0 && key != "required" && key != "prefixItems":
		return "no value is allowed by that; leave it out, or list what is"
	case key == "items" && kind == source.Sequence:
		return "write prefixItems for schemas by their place, and one schema for items"
	case ofSchema[key] && kind != source.Mapping && !isFlag:
		return "write a schema"
	case ofFlag[key] && !isFlag:
		return "write true or false without quotes"
	case ofText[key] && !n.IsString():
		return "write it in quotes"
	case ofNumber[key] && !isNumber && !(isFlag && strings.HasPrefix(key, "exclusive")):
		return "write a number without quotes"
	case key == "type" && kind != source.Scalar && kind != source.Sequence:
		return "write one of " + strings.Join(jsonTypes, ", ") + "; null in quotes"
	}
	return ""
}

// formName says what form a value has.
func formName(n source.Node) string {
	_, isFlag := n.Bool()
	switch {
	case n.Kind() == source.Null:
		return "null"
	case n.Kind() == source.Mapping:
		return "a mapping"
	case n.Kind() == source.Sequence && len(n.Items()) == 0:
		return "an empty list"
	case n.Kind() == source.Sequence:
		return "a list"
	case isFlag:
		return "true or false"
	case n.IsString():
		return "a text"
	}
	return "a number"
}

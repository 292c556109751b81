package api

import "github.com/contactsgen/contactsgen/generator/internal/diag"

// Filter is a type of filters of which the description says what they can ask.
type Filter struct {
	Type         *Type  // a map of free-form values
	VarName      string // package variable that has the fields: "Where"
	FieldsName   string // Go type of it: "FilterFields"
	And, Or, Not string // members that combine filters; "" is none
	Fields       []*FilterField
	Pos          diag.Position
}

// FilterField is a field that filters can be about.
type FilterField struct {
	Name   string // in filters; of an open field, what its names begin with
	GoName string
	Chosen string // Go name that the description chooses; "" is none
	Open   string // argument that is the rest of the name; "": the name is whole
	Type   *Type  // of one value
	Kind   *FilterKind
	Pos    diag.Position
}

// FilterKind is a set of operators. Fields that know the same ones share it, in all filters.
type FilterKind struct {
	Name      string // Go type: "FieldEqIn"
	Operators []*FilterOperator
}

// FilterOperator is a way in which a filter compares a field.
type FilterOperator struct {
	Name   string // in filters: "$eq"
	Method string // "Eq"
	Takes  Takes
}

// Takes says what an operator compares with.
type Takes string

// What an operator can take.
const (
	TakesValue Takes = "value"
	TakesList  Takes = "list"
	TakesFlag  Takes = "flag"
)

//contactsgen:feature core
//contactsgen:part server

package fake

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// checkParams refuses a query that breaks what the description says of its parameters. What is wrong is named, its value is not.
func (c *call) checkParams() error {
	var list []violation
	for i := range c.route.Params {
		if v := c.route.Params[i].broken(c); v != nil {
			list = append(list, *v)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return &failure{status: http.StatusBadRequest, message: list[0].field + " " + list[0].description, violations: list}
}

// broken gives what is wrong with a parameter, nil if nothing is. One without a value is not there.
func (p *parameter) broken(c *call) *violation {
	values := c.Query[p.Name]
	if p.Many {
		values = c.list(location{In: inQuery, Name: p.Name})
	}
	if len(values) == 0 || len(values) == 1 && values[0] == "" {
		return nil
	}
	switch n := len(values); {
	case p.MaxItems > 0 && n > p.MaxItems:
		return &violation{p.Name, "must have at most " + strconv.Itoa(p.MaxItems) + " items", "MAX"}
	case n < p.MinItems:
		return &violation{p.Name, "must have at least " + strconv.Itoa(p.MinItems) + " items", "MIN"}
	}
	for _, value := range values {
		if description, rule := p.wrong(value); rule != "" {
			return &violation{p.Name, description, rule}
		}
	}
	return nil
}

// wrong says what is wrong with one value, and the rule that it breaks; "" and "" if nothing is.
func (p *parameter) wrong(value string) (description, rule string) {
	if !p.Form.spells(value) {
		return "must be of the type " + string(p.Form), "FORMAT"
	}
	if len(p.Enum) > 0 && !slices.Contains(p.Enum, value) {
		return "must be one of the values that are declared", "FORMAT"
	}
	switch n := utf8.RuneCountInString(value); {
	case p.MaxLength > 0 && n > p.MaxLength:
		return "must have at most " + strconv.Itoa(p.MaxLength) + " characters", "MAX"
	case n < p.MinLength:
		return "must have at least " + strconv.Itoa(p.MinLength) + " characters", "MIN"
	case p.Minimum != "" && compareNumbers(json.Number(value), json.Number(p.Minimum)) < 0:
		return "must be at least " + p.Minimum, "MIN"
	case p.Maximum != "" && compareNumbers(json.Number(value), json.Number(p.Maximum)) > 0:
		return "must be at most " + p.Maximum, "MAX"
	}
	return "", ""
}

// spells tells whether a text is one of a kind.
func (k kind) spells(value string) bool {
	var err error
	switch k {
	case kindInteger:
		if _, err = strconv.ParseInt(value, 10, 64); err != nil {
			_, err = strconv.ParseUint(value, 10, 64)
		}
	case kindNumber:
		var v any
		v, err = decode([]byte(value))
		_, isNumber := v.(json.Number)
		return err == nil && isNumber
	case kindBoolean:
		return value == "true" || value == "false"
	case kindInstant:
		_, err = time.Parse(time.RFC3339, value)
	}
	return err == nil
}

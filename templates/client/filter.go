//contactsgen:feature filters
//contactsgen:part client

// Filters that are made field by field.

package client

// comparison is the filter that compares one field.
func comparison[F ~map[string]any](field, operator string, with any) F {
	return F{field: map[string]any{operator: with}}
}

// listed is a comparison with a list of values. No values are an empty list, which is not null.
func listed[F ~map[string]any, T any](field, operator string, values []T) F {
	if values == nil {
		values = []T{}
	}
	return comparison[F](field, operator, values)
}

// joinedFilters combines filters. Of those that all have to hold, one that asks nothing adds nothing.
func joinedFilters[F ~map[string]any](operator string, first F, more []F, all bool) F {
	list := make([]F, 0, 1+len(more))
	for _, f := range append([]F{first}, more...) {
		switch {
		case f != nil:
			list = append(list, f)
		case !all:
			list = append(list, F{})
		}
	}
	if len(list) == 1 {
		return list[0]
	}
	return F{operator: list}
}

// negated is the filter that holds where another one does not. One that is nil holds everywhere.
func negated[F ~map[string]any](operator string, f F) F {
	if f == nil {
		f = F{}
	}
	return F{operator: f}
}

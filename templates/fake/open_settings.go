//contactsgen:generator

package fake

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"unicode"
)

// packSettings are the settings of packs that have some, by the pack's name: the zero value of their type.
var packSettings = map[string]any{}

// SettingsType gives the name of the Go type that has a pack's settings, "" for a pack without.
func SettingsType(pack string) string {
	if packSettings[pack] == nil {
		return ""
	}
	return reflect.TypeOf(packSettings[pack]).Name()
}

// A Setting is one of a pack's. A flag is true or false, what is no flag is a number from 0.
type Setting struct {
	Name  string // as people write it: listLag
	Field string // of the type that has it: ListLag
	Flag  bool
}

// Settings gives a pack's settings, in the order of their type.
func Settings(pack string) (all []Setting) {
	if packSettings[pack] == nil {
		return nil
	}
	for _, field := range reflect.VisibleFields(reflect.TypeOf(packSettings[pack])) {
		letters := []rune(field.Name)
		letters[0] = unicode.ToLower(letters[0])
		all = append(all, Setting{string(letters), field.Name, field.Type.Kind() == reflect.Bool})
	}
	return all
}

// Configuration is what some of a pack's settings are set to.
type Configuration struct {
	pack  string
	value reflect.Value
}

// Configure begins with what a pack does unless it is told otherwise.
func Configure(pack string) *Configuration {
	c := &Configuration{pack: pack}
	if zero := packSettings[pack]; zero != nil {
		c.value = reflect.New(reflect.TypeOf(zero)).Elem()
	}
	return c
}

// Set sets one setting, by its name. An error says why there is no such thing, or what else it could be.
func (c *Configuration) Set(name, value string) error {
	all := Settings(c.pack)
	if len(all) == 0 {
		return fmt.Errorf("there is no setting %q: the description asks for no pack that has any", name)
	}
	i := slices.IndexFunc(all, func(s Setting) bool { return s.Name == name })
	if i < 0 {
		var names []string
		for _, s := range all {
			names = append(names, s.Name)
		}
		return fmt.Errorf("%s", unknown("setting", name, names))
	}
	field := c.value.FieldByName(all[i].Field)
	if all[i].Flag {
		on, err := strconv.ParseBool(value)
		if err != nil {
			return fmt.Errorf("%s is true or false, not %q", name, value)
		}
		field.SetBool(on)
		return nil
	}
	n, err := strconv.ParseUint(value, 10, 31)
	if err != nil {
		return fmt.Errorf("%s is a number from 0, not %q", name, value)
	}
	field.SetInt(int64(n))
	return nil
}

// Option makes a server behave so.
func (c *Configuration) Option() Option {
	return func(s *settings) {
		if c.value.IsValid() {
			s.pack = c.value.Interface()
		}
	}
}

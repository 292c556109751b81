// Command suggested calls every helper of some clients while somebody else writes in between.
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"
)

// clientCase is a client at a sandbox, and the path of a resource that is there.
type clientCase struct {
	name, url, sample string
	open              func() (client, withReport, report any, err error)
}

func main() {
	failed := false
	for _, c := range cases {
		if err := c.run(); err != nil {
			failed = true
			fmt.Printf("%s: %v\n", c.name, err)
			continue
		}
		fmt.Println(c.name, "survived")
	}
	if failed {
		os.Exit(1)
	}
}

// run finds the client's helper and calls it with a conflict in the middle.
func (c clientCase) run() error {
	client, withReport, report, err := c.open()
	if err != nil {
		return err
	}
	name, helper := helperOf(client)
	if !helper.IsValid() {
		return fmt.Errorf("it has no helper")
	}
	r, err := http.Post(c.url+"/_fake/faults?script="+url.QueryEscape("conflict*1"), "", nil)
	if err != nil {
		return err
	}
	_ = r.Body.Close()
	key := c.sample[strings.LastIndexByte(c.sample, '/')+1:]
	args, calls := []reflect.Value{reflect.ValueOf(context.Background())}, 0
	for i := 1; i < helper.Type().NumIn()-1; i++ {
		switch in := helper.Type().In(i); in.Kind() {
		case reflect.Func:
			args = append(args, callback(in, &calls))
		case reflect.String:
			args = append(args, reflect.ValueOf(key))
			key = "part"
		default:
			args = append(args, reflect.Zero(in))
		}
	}
	out := helper.Call(append(args, reflect.ValueOf(withReport)))
	if err, _ := out[len(out)-1].Interface().(error); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	said := reflect.ValueOf(report).Elem()
	conflicts, writes := said.FieldByName("Conflicts").Int(), said.FieldByName("Writes").Int()
	if conflicts != 1 || writes != 2 || calls != 2 {
		return fmt.Errorf("%s: %d conflicts, %d writes, the callback ran %d times", name, conflicts, writes, calls)
	}
	return nil
}

// helperOf finds the method that ends in WithRetry.
func helperOf(client any) (string, reflect.Value) {
	v := reflect.ValueOf(client).Elem()
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		service := v.Field(i)
		for j := range service.NumMethod() {
			if name := service.Type().Method(j).Name; strings.HasSuffix(name, "WithRetry") {
				return name, service.Method(j)
			}
		}
	}
	return "", reflect.Value{}
}

// callback makes a function that changes the first text it can, or that builds a request.
func callback(t reflect.Type, calls *int) reflect.Value {
	return reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value {
		*calls++
		if t.NumOut() == 1 {
			setText(args[0].Elem(), "changed")
		}
		out := make([]reflect.Value, t.NumOut())
		for i := range out {
			out[i] = reflect.Zero(t.Out(i))
		}
		return out
	})
}

// setText sets the member that descriptions here call what changes; false when there is none.
func setText(v reflect.Value, text string) bool {
	for _, name := range []string{"Title", "GivenName", "Holder"} {
		f := v.FieldByName(name)
		switch {
		case !f.IsValid():
		case f.Kind() == reflect.String:
			f.SetString(text)
			return true
		case f.Kind() == reflect.Pointer:
			f.Set(reflect.ValueOf(&text))
			return true
		}
	}
	return false
}

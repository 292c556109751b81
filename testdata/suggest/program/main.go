// Command program calls every helper of a client while somebody else writes in between, and goes through every list. It says of each what
// came of it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"

	"tried/suggested"
)

// attempt is a helper or an iterator to be called, the key of a resource that is there, and the members that lead to what is changed.
type attempt struct {
	name        string
	method      func(*suggested.Client) any
	key, change []string
}

func main() {
	client, err := suggested.NewClient(suggested.WithBaseURL(address))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for _, a := range cases {
		fmt.Printf("%s: %s\n", a.name, a.run(reflect.ValueOf(a.method(client))))
	}
}

// run calls the method, and gives in a line what came of it.
func (a attempt) run(method reflect.Value) string {
	var report suggested.Report
	args, runs, keys := []reflect.Value{reflect.ValueOf(context.Background())}, 0, a.key
	for i := 1; i < method.Type().NumIn()-1; i++ {
		in := method.Type().In(i)
		key := "part"
		if len(keys) > 0 {
			key, keys = keys[0], keys[1:]
		}
		switch in.Kind() {
		case reflect.Func:
			args = append(args, a.callback(in, &runs))
		case reflect.String:
			args = append(args, reflect.ValueOf(key).Convert(in))
		case reflect.Int64, reflect.Int32, reflect.Int:
			n, _ := strconv.Atoi(key)
			args = append(args, reflect.ValueOf(n).Convert(in))
		default:
			args = append(args, reflect.Zero(in))
		}
	}
	out := method.Call(append(args, reflect.ValueOf(suggested.WithReport(&report))))
	if out[0].Kind() == reflect.Func {
		return walked(out[0])
	}
	if err, _ := out[len(out)-1].Interface().(error); err != nil {
		return fmt.Sprintf("%q", err)
	}
	return fmt.Sprintf("%d conflicts, %d writes, %d runs", report.Conflicts, report.Writes, runs)
}

// walked goes through a list, and counts what it gave.
func walked(all reflect.Value) string {
	items, different := 0, map[string]bool{}
	for item, err := range all.Seq2() {
		if !err.IsNil() {
			return fmt.Sprintf("%q after %d items", err.Interface(), items)
		}
		text, _ := json.Marshal(item.Interface())
		items, different[string(text)] = items+1, true
	}
	return fmt.Sprintf("%d items, %d different", items, len(different))
}

// callback makes a function that changes a text, or that builds a request.
func (a attempt) callback(t reflect.Type, runs *int) reflect.Value {
	return reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value {
		*runs++
		if t.NumOut() == 1 {
			set(args[0].Elem(), a.change)
		}
		out := make([]reflect.Value, t.NumOut())
		for i := range out {
			out[i] = reflect.Zero(t.Out(i))
		}
		return out
	})
}

// set changes the text, the number or the map that a path of members leads to, to something else if it was changed before.
func set(v reflect.Value, path []string) {
	for _, name := range path {
		v = inside(inside(v).FieldByName(name))
	}
	switch {
	case len(path) == 0:
	case v.Kind() == reflect.String:
		v.SetString("changed" + strings.Repeat("!", strings.Count(v.String(), "changed")))
	case v.Kind() == reflect.Map:
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		v.SetMapIndex(reflect.ValueOf("text"), reflect.ValueOf("changed"))
	case v.Kind() == reflect.Struct: // one that can be null
		if json.Unmarshal([]byte(`"changed"`), v.Addr().Interface()) != nil {
			_ = json.Unmarshal([]byte("4711"), v.Addr().Interface())
		}
	case v.Kind() == reflect.Float64:
		v.SetFloat(4711 + float64(int(v.Float())%2))
	default:
		v.SetInt(4711 + v.Int()%2)
	}
}

// inside gives what a pointer points at, and the first item of a list.
func inside(v reflect.Value) reflect.Value {
	switch {
	case v.Kind() == reflect.Pointer && v.IsNil():
		v.Set(reflect.New(v.Type().Elem()))
		return inside(v.Elem())
	case v.Kind() == reflect.Pointer:
		return inside(v.Elem())
	case v.Kind() == reflect.Slice && v.Len() == 0:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		return inside(v.Index(0))
	case v.Kind() == reflect.Slice:
		return inside(v.Index(0))
	}
	return v
}

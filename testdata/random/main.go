// A program that makes the calls of a list with a client of an invented description. It knows no operation by name: what is called, with
// what, and what the server answers are in calls.json; what was sent, and what the client made of the answer, are written out, one line for
// each call.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"os"
	"reflect"
	"strings"

	"random/invented"
)

type call struct {
	Method string
	Args   []json.RawMessage
	Params map[string]json.RawMessage
	Body   *struct {
		Type  string
		Value json.RawMessage
	}
	Status       int
	Type, Answer string
}

// outcome is what became of a call.
type outcome struct {
	Request       []byte
	Result, Error string
}

// server keeps one request and answers as the call says.
type server struct {
	call    call
	request []byte
}

func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	var err error
	if s.request, err = httputil.DumpRequestOut(r, true); err != nil {
		return nil, err
	}
	header := http.Header{}
	if s.call.Type != "" {
		header.Set("Content-Type", s.call.Type)
	}
	return &http.Response{StatusCode: s.call.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r, Header: header,
		ContentLength: int64(len(s.call.Answer)), Body: io.NopCloser(strings.NewReader(s.call.Answer))}, nil
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	must(err)
	var calls []call
	must(json.Unmarshal(text, &calls))
	var s server
	c, err := invented.NewClient(invented.WithBaseURL("https://api.example.com"), invented.WithHTTPClient(&http.Client{Transport: &s}))
	must(err)
	out := json.NewEncoder(os.Stdout)
	for _, one := range calls {
		s = server{call: one}
		o := play(reflect.ValueOf(c.Things), one)
		o.Request = s.request
		must(out.Encode(o))
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// play makes a call, and says what came of it.
func play(service reflect.Value, c call) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			o.Error = fmt.Sprint("panic: ", p)
		}
	}()
	method := service.MethodByName(c.Method)
	if !method.IsValid() {
		return outcome{Error: "there is no method " + c.Method}
	}
	in := []reflect.Value{reflect.ValueOf(context.Background())}
	take := func() reflect.Type { return method.Type().In(len(in)) }
	for _, a := range c.Args {
		v, err := value(take(), a)
		if err != nil {
			return outcome{Error: "argument: " + err.Error()}
		}
		in = append(in, v)
	}
	if c.Body != nil {
		v, err := body(take(), c.Body.Type, c.Body.Value)
		if err != nil {
			return outcome{Error: "body: " + err.Error()}
		}
		in = append(in, v)
	}
	if c.Params != nil {
		v := reflect.New(params[c.Method]).Elem()
		if err := fill(v, c.Params); err != nil {
			return outcome{Error: "parameters: " + err.Error()}
		}
		in = append(in, v)
	}
	results := method.Call(in)
	if err, _ := results[len(results)-1].Interface().(error); err != nil {
		return outcome{Error: err.Error()}
	}
	if len(results) == 1 {
		return outcome{}
	}
	if stream, ok := results[0].Interface().(io.Reader); ok {
		text, err := io.ReadAll(stream)
		must(err)
		return outcome{Result: string(text)}
	}
	text, err := json.Marshal(results[0].Interface())
	if err != nil {
		return outcome{Error: "result: " + err.Error()}
	}
	return outcome{Result: string(text)}
}

// value makes a value of a type from JSON.
func value(t reflect.Type, text json.RawMessage) (reflect.Value, error) {
	v := reflect.New(t)
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return v.Elem(), d.Decode(v.Interface())
}

// body makes the body of a media type.
func body(t reflect.Type, media string, text json.RawMessage) (reflect.Value, error) {
	var s string
	switch {
	case media == "multipart/form-data":
		var members map[string]json.RawMessage
		if err := json.Unmarshal(text, &members); err != nil {
			return reflect.Value{}, err
		}
		v := reflect.New(t).Elem()
		return v, fill(v, members)
	case t == reflect.TypeFor[io.Reader]():
		err := json.Unmarshal(text, &s)
		return reflect.ValueOf(strings.NewReader(s)), err
	}
	return value(t, text)
}

// fill fills the fields of a struct in, which are called like what they are sent as but for the case of letters.
func fill(v reflect.Value, members map[string]json.RawMessage) error {
	for name, text := range members {
		f := v.FieldByNameFunc(func(field string) bool { return strings.EqualFold(field, name) })
		if !f.IsValid() {
			return fmt.Errorf("%s has no field for %s", v.Type(), name)
		}
		one, err := file(f.Type(), text)
		if !one.IsValid() {
			one, err = value(f.Type(), text)
		}
		if err != nil {
			return err
		}
		f.Set(one)
	}
	return nil
}

// file makes a file of a form; no value for any other type.
func file(t reflect.Type, text json.RawMessage) (reflect.Value, error) {
	of := t
	if t.Kind() == reflect.Pointer {
		of = t.Elem()
	}
	if of.Name() != "FormFile" {
		return reflect.Value{}, nil
	}
	var s string
	err := json.Unmarshal(text, &s)
	v := reflect.New(of)
	v.Elem().FieldByName("Content").Set(reflect.ValueOf(strings.NewReader(s)))
	if t.Kind() == reflect.Pointer {
		return v, err
	}
	return v.Elem(), err
}

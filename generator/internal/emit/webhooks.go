package emit

import (
	"reflect"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/faketable"
	"github.com/contactsgen/contactsgen/generator/internal/godoc"
)

// webhooks prints
//
//	var webhooks = webhookDescriptor{…}
//	func NewWebhooks(config WebhookConfig) (*Webhooks, error) { return newWebhooks(&webhooks, config) }
//	type ThingCreatedEvent struct { WebhookInfo; Payload *Thing }
func (p *printer) webhooks(f *jen.File) {
	w := p.api.Webhooks
	f.Comment("webhooks says how deliveries are signed, and where the parts of an event are.")
	f.Var().Id("webhooks").Op("=").Id("webhookDescriptor").Add(rows(
		[]pair{{"issuer", text(w.Issuer)}, {"audience", flag(w.Audience != "")}, {"patience", milliseconds(w.AnswerWithin)}},
		[]pair{{"headers", signedHeaders(w.Headers)}},
		[]pair{{"event", text(w.Event)}, {"typ", text(w.Type)}, {"instance", text(w.Instance)}},
		[]pair{{"id", text(w.ID)}, {"entity", text(w.Entity)}, {"entityID", text(w.EntityID)}},
		[]pair{{"slug", text(w.Slug)}, {"sequence", text(w.Sequence)}, {"time", text(w.Time)}},
		[]pair{{"kinds", jen.Index().Id("eventKind").Add(list(eventKinds(w)))}},
	))
	f.Line()
	f.Add(p.newWebhooks())
	for _, e := range w.Events {
		f.Line()
		f.Add(eventType(e))
	}
}

// signedHeaders prints how headers sign a delivery.
func signedHeaders(h *api.SignedHeaders) jen.Code {
	if h == nil {
		return nil
	}
	return jen.Op("&").Id("signedHeaders").Add(rows(
		[]pair{{"id", text(h.ID)}, {"timestamp", text(h.Timestamp)}, {"signature", text(h.Signature)}},
		[]pair{{"prefix", text(h.Prefix)}, {"hex", flag(h.Hex)}, {"signed", text(h.Signed)}, {"coded", flag(h.Coded)}},
	))
}

func milliseconds(n int) jen.Code {
	if n == 0 {
		return nil
	}
	return jen.Lit(n).Op("*").Qual("time", "Millisecond")
}

func (p *printer) newWebhooks() jen.Code {
	w := p.api.Webhooks
	audience := ""
	if w.Audience != "" {
		audience = " Audience is " + w.Audience + "."
	}
	with := "key"
	if w.Headers != nil {
		with = "secret"
	}
	return doc(
		"NewWebhooks makes what checks the deliveries of "+p.title()+"."+audience+
			" It fails for a "+with+" that cannot be used. [Webhooks.Handler] is what a server needs.",
	).Line().Func().Id("NewWebhooks").Params(jen.Id("config").Id("WebhookConfig")).Params(jen.Op("*").Id("Webhooks"), jen.Error()).
		Block(jen.Return(jen.Id("newWebhooks").Call(jen.Op("&").Id("webhooks"), jen.Id("config"))))
}

// eventKinds prints what is known of each kind of event.
func eventKinds(w *api.Webhooks) []jen.Code {
	var out []jen.Code
	for _, e := range w.Events {
		info := jen.Id("info").Id("WebhookInfo")
		build := jen.Id("bareEvent").Call(jen.Func().Params(info.Clone()).Id("WebhookEvent").
			Block(jen.Return(jen.Op("&").Id(e.Name).Values(jen.Id("info")))))
		if e.Schema != nil {
			build = jen.Id("eventOf").Call(jen.Func().Params(info, jen.Id("payload").Op("*").Add(goType(e.Schema))).Id("WebhookEvent").
				Block(jen.Return(jen.Op("&").Id(e.Name).Values(jen.Id("info"), jen.Id("payload")))))
		}
		out = append(out, rows(
			[]pair{{"types", strs(e.Types)}},
			[]pair{{"payload", pointers(e.Payload)}},
			[]pair{{"make", build}},
		))
	}
	return out
}

// eventType prints the type of an event.
func eventType(e *api.Event) jen.Code {
	s := doc(e.Name + " is an event of type " + strings.Join(e.Types, " or ") + ". " + godoc.Sentence(e.Doc)).Line().Type().Id(e.Name)
	if e.Schema == nil {
		return s.Struct(jen.Id("WebhookInfo"))
	}
	return s.Struct(
		jen.Id("WebhookInfo"),
		doc("Payload is what the event carried when it was sent; nil if it carried nothing.").Line().Id("Payload").Op("*").Add(goType(e.Schema)),
	)
}

// webhookManual is what the package comment says of events.
func (p *printer) webhookManual(para func(string), b *strings.Builder) {
	if !p.api.Features[api.FeatureWebhooks] {
		return
	}
	para("# Webhooks")
	para("[NewWebhooks] verifies what the API delivers to your server, and [Webhooks.Handler] serves it. An event is one of the types " +
		"below, for a type switch, or an [*UnknownEvent]; " +
		"[InOrder] drops duplicates and late events. A payload may be out of date when it arrives: read the resource before you change it.")
	for _, e := range p.api.Webhooks.Events {
		b.WriteString("  - [" + e.Name + "]")
		if e.Doc != "" {
			b.WriteString(": " + sentenceOf(e.Doc))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

// fakeEvents prints
//
//	var deliveries = eventFormat{…}
//	func NewEvents(audience string, options ...Option) *Events { return newEvents(&deliveries, audience, options) }
func fakeEvents(f *jen.File, a *api.API) {
	f.Comment("deliveries says how the API delivers events.")
	f.Var().Id("deliveries").Op("=").Id("eventFormat").Add(data(reflect.ValueOf(*faketable.Events(a)), false))
	f.Line()
	about, audience := " for an audience, with a key that all tests share.", jen.Code(jen.Id("audience"))
	params := []jen.Code{jen.Id("audience").String()}
	if a.Webhooks.Headers != nil {
		about, audience, params = " with a secret that all tests share.", jen.Lit(""), nil
	}
	f.Add(doc("NewEvents makes what signs deliveries of " + title(a) + about + " It takes WithClock and WithIDs.")).Line().
		Func().Id("NewEvents").Params(append(params, jen.Id("options").Op("...").Id("Option"))...).Op("*").Id("Events").
		Block(jen.Return(jen.Id("newEvents").Call(jen.Op("&").Id("deliveries"), audience, jen.Id("options"))))
}

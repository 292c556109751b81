//contactsgen:feature webhooks
//contactsgen:part webhooks

package client

import (
	"context"
	"errors"
	"io"
	"net/http"
)

// Handler answers deliveries. Each that is good is handed to handle, and the answer is 200 when that returns nil, and 500 when it fails, so that
// the event is delivered again. Anything else never reaches handle: 405 for what is no POST, 413 for what is too long, 400 for what is no
// delivery, 401 for what is not signed by the key, expired or meant for others.
//
// The API waits for the answer, and not for long: handle should put the event where it is safe, a queue or a table, and return; what takes longer
// belongs behind that. Its context ends when there is no use in going on. It is called by many goroutines at once, and may see an event several
// times and late; [InOrder] keeps that away.
func (w *Webhooks) Handler(handle func(context.Context, WebhookEvent) error) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		event, err := w.receive(rw, r)
		if err != nil {
			w.refuse(rw, r, err)
			return
		}
		ctx := r.Context()
		if within := w.config.AnswerWithin; within > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, within)
			defer cancel()
		}
		if handle(ctx, event) != nil {
			http.Error(rw, "the event was not handled", http.StatusInternalServerError)
			return
		}
		rw.WriteHeader(http.StatusOK)
	})
}

// receive reads the event of a request.
func (w *Webhooks) receive(rw http.ResponseWriter, r *http.Request) (WebhookEvent, error) {
	if r.Method != http.MethodPost {
		return nil, &refusal{http.StatusMethodNotAllowed, ErrInvalid, "a delivery is a POST"}
	}
	if r.ContentLength > w.config.MaxBytes {
		return nil, tooLarge(w.config.MaxBytes)
	}
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, w.config.MaxBytes))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return nil, tooLarge(w.config.MaxBytes)
	case err != nil:
		return nil, malformed("the delivery could not be read to its end")
	}
	return w.Verify(body)
}

// refuse answers what is no good delivery.
func (w *Webhooks) refuse(rw http.ResponseWriter, r *http.Request, err error) {
	if w.config.Refused != nil {
		w.config.Refused(r, err)
	}
	status := http.StatusBadRequest
	var why *refusal
	if errors.As(err, &why) {
		status = why.status
	}
	if status == http.StatusMethodNotAllowed {
		rw.Header().Set("Allow", http.MethodPost)
	}
	http.Error(rw, http.StatusText(status), status)
}

package apptest

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// Refused checks that a page refuses for a reason, as every refusal must: no fault of ours, explained in the reader's language, with a support code that finds an event
// which names the cause. It gives that event.
func (h *House) Refused(p *Page, reason string) *model.Event {
	h.t.Helper()
	if p.Status < 400 || p.Status > 499 {
		h.t.Fatalf("status %d, want one of 400 to 499:\n%s", p.Status, p)
	}
	h.explained(p, reason)
	code := p.SupportCode()
	if code == "" {
		h.t.Fatalf("the page shows no support code:\n%s", p)
	}
	events := h.Refusals(code)
	if len(events) != 1 {
		h.t.Fatalf("%d refusals have the support code %s, want 1", len(events), code)
	}
	if got := events[0].Context["reason"]; got != reason {
		h.t.Errorf("the event's reason is %v, want %s: %v", got, reason, events[0].Context)
	}
	if text, _ := events[0].Context["message"].(string); text == "" {
		h.t.Errorf("the event does not name the cause: %v", events[0].Context)
	}
	return events[0]
}

// Refusals gives the events of refusals that a support code finds. It finds what else the run did too.
func (h *House) Refusals(code string) []*model.Event {
	return slices.DeleteFunc(h.EventsWhere("support_code", code), func(e *model.Event) bool {
		return e.Context["reason"] == nil || e.Action == model.ActionFlowExecution
	})
}

// explained checks that the page says what happened in its reader's language.
func (h *House) explained(p *Page, reason string) {
	h.t.Helper()
	language := "en"
	if p.Lang() != "en" {
		language = "zh"
	}
	key := "refusal." + reason + ".title"
	if !h.catalogue.Has(language, key) {
		h.t.Errorf("nobody wrote %s in %s", key, language)
		return
	}
	if want := h.catalogue.Text(language, key, nil); p.Heading() != want && !strings.Contains(want, "{{") {
		h.t.Errorf("the heading is %q, want %q (%s)", p.Heading(), want, reason)
	}
}

// Unavailable checks that a page says that the database is not there just now.
func (h *House) Unavailable(p *Page) {
	h.t.Helper()
	if seconds, err := strconv.Atoi(p.Header.Get("Retry-After")); p.Status != http.StatusServiceUnavailable || err != nil || seconds < 1 {
		h.t.Errorf("status %d, Retry-After %q, want 503 and some seconds:\n%s", p.Status, p.Header.Get("Retry-After"), p)
	}
	h.explained(p, "unavailable")
}

// EventsWhere gives the events whose field has a value, the oldest first.
func (h *House) EventsWhere(field, value string) []*model.Event {
	h.t.Helper()
	events, _, err := h.App().Store.ListEvents(context.Background(), store.List{
		Where: []store.Where{{Field: field, Op: store.OpEq, Values: []string{value}}}, Order: []string{"created"}, Limit: 1000,
	})
	must(h.t, err)
	return events
}

// Events gives all events, the oldest first.
func (h *House) Events() []*model.Event {
	h.t.Helper()
	events, _, err := h.App().Store.ListEvents(context.Background(), store.List{Order: []string{"created", "pk"}, Limit: 5000})
	must(h.t, err)
	return events
}

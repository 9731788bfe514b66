package api

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

// volumeStep is how long the stretches are by which events are counted: authentik's.
const volumeStep = 6 * time.Hour

// mostActions is how many actions events are counted of at once: more than there are. Each costs as much as all others.
const mostActions = 50

// volume counts events by action and time, as authentik does.
func (c *call) volume() error {
	if err := c.need(access.View, resource.ModelEvent); err != nil {
		return err
	}
	q := c.r.URL.Query()
	if err := onlyActions(q); err != nil {
		return err
	}
	days := 7
	if text := q.Get("history_days"); text != "" {
		n, err := strconv.ParseFloat(text, 64) // authentik's clients send a float
		if err != nil || math.IsNaN(n) || n < 1 || n > mostDays {
			return model.Invalid("history_days", "Ensure this is a number from 1 to "+strconv.Itoa(mostDays)+".")
		}
		days = int(n)
	}
	actions := slices.Compact(without(slices.Sorted(slices.Values(slices.Concat(q["actions"], q["action"]))), ""))
	if len(actions) > mostActions {
		return model.Invalid("actions", "Ensure these are no more than "+strconv.Itoa(mostActions)+".")
	}
	now := c.Now().UTC()
	begin := now.AddDate(0, 0, -days)
	var steps []store.Period
	for at := begin.Truncate(volumeStep); !at.After(now); at = at.Add(volumeStep) {
		steps = append(steps, store.Period{From: at, Until: at.Add(volumeStep)})
	}
	names := make([]time.Time, len(steps))
	for i, x := range steps {
		names[i] = x.From
	}
	steps[0].From = begin
	counts, err := c.Store.CountActions(c.ctx(), actions, steps)
	if err != nil {
		return err
	}
	slices.SortFunc(counts, func(a, b store.Count) int {
		return cmp.Or(cmp.Compare(a.Period, b.Period), cmp.Compare(a.Key, b.Key))
	})
	out := []any{}
	for _, x := range counts {
		out = append(out, row{"action": x.Key, "time": names[x.Period], "count": x.Count})
	}
	return c.ok(out)
}

// onlyActions refuses filters that events are not counted by.
func onlyActions(q url.Values) error {
	for name, values := range q {
		if _, filters := eventFilters[name]; filters && name != "action" && name != "actions" && len(without(values, "")) > 0 {
			return errUnsupported(name)
		}
	}
	return nil
}

func without(texts []string, text string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(s string) bool { return s == text })
}

// topPerUser tells which applications are used most, as authentik does.
func (c *call) topPerUser() error {
	if err := c.need(access.View, resource.ModelEvent); err != nil {
		return err
	}
	q, most := c.r.URL.Query(), 15
	if text := q.Get("top_n"); text != "" {
		var err error
		if most, err = strconv.Atoi(text); err != nil || most < 1 || most > 100 {
			return model.Invalid("top_n", "Ensure this is a number from 1 to 100.")
		}
	}
	apps, err := c.Store.TopApplications(c.ctx(), cmp.Or(q.Get("action"), string(model.ActionAuthorizeApplication)), most)
	if err != nil {
		return err
	}
	out := []any{}
	for _, x := range apps {
		out = append(out, row{"application": object(x.Application), "counted_events": x.Count, "unique_users": x.People})
	}
	return c.ok(out)
}

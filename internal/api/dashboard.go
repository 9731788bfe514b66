package api

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"
	_ "time/tzdata" // a container may have no time zones of its own

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

// mostDays bounds the days that are counted at once.
const mostDays = 90

// dashboard is the part of the store that counts.
type dashboard struct {
	signIns, enrolled, failures []store.Count
	reasons                     []store.FailureCount
	people, sessions            int
}

// mountDashboard serves what an administrator looks at first. It is Weimen's own.
func (a *API) mountDashboard() {
	a.handle(http.MethodGet, "/admin/sign_ins/", func(c *call) error {
		if err := c.need(access.View, resource.ModelEvent); err != nil {
			return err
		}
		return c.signIns()
	})
	a.handle(http.MethodGet, "/admin/attention/", func(c *call) error {
		if err := c.superuser(); err != nil {
			return err
		}
		return c.attention()
	})
	a.handle(http.MethodGet, "/admin/status/", func(c *call) error {
		if err := c.superuser(); err != nil {
			return err
		}
		return c.status()
	})
}

// signIns tells how people came in day by day, and what kept the others out.
func (c *call) signIns() error {
	days, err := c.days()
	if err != nil {
		return err
	}
	slug := c.r.URL.Query().Get("source")
	d, err := c.countSignIns(slug, days)
	if err != nil {
		return err
	}
	today := len(days) - 1
	names := make([]string, len(days))
	for i, day := range days {
		names[i] = day.From.Format(time.DateOnly)
	}
	return c.ok(row{
		"days": names, "series": c.series(d.signIns, slug, len(days)), "failures": c.failureRows(d.reasons),
		"today": row{
			"sign_ins": total(d.signIns, slug, today), "enrolled": total(d.enrolled, slug, today), "failures": total(d.failures, "", 0),
			"active_sessions": d.sessions, "people": d.people,
		},
	})
}

func (c *call) countSignIns(slug string, days []store.Period) (d dashboard, err error) {
	ctx, today := c.ctx(), days[len(days)-1:]
	if d.signIns, err = c.Store.CountTally(ctx, model.TallySignIn, days); err != nil {
		return d, err
	}
	if d.enrolled, err = c.Store.CountTally(ctx, model.TallyEnrolled, days); err != nil {
		return d, err
	}
	if d.failures, err = c.Store.CountReasons(ctx, slug, today); err != nil {
		return d, err
	}
	if d.reasons, err = c.Store.Failures(ctx, slug, store.Period{From: days[0].From, Until: today[0].Until}); err != nil {
		return d, err
	}
	d.people, d.sessions, err = c.Store.CountPeople(ctx, c.Now())
	return d, err
}

// days are those that the query asks for, the last of them today, from midnight to midnight in the reader's time zone. A day is not 24 hours long where the clocks change.
func (c *call) days() ([]store.Period, error) {
	q, n, zone := c.r.URL.Query(), 14, time.UTC
	if text := q.Get("days"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 1 || n > mostDays {
			return nil, model.Invalid("days", "Ensure this is a number from 1 to "+strconv.Itoa(mostDays)+".")
		}
	}
	if name := q.Get("tz"); name != "" {
		var err error
		if zone, err = time.LoadLocation(name); err != nil || name == "Local" {
			return nil, model.Invalid("tz", "Ensure this is a time zone, such as Asia/Shanghai.")
		}
	}
	year, month, day := c.Now().In(zone).Date()
	days := make([]store.Period, n)
	for i := range days {
		of := day - n + 1 + i
		days[i] = store.Period{From: midnight(year, month, of, zone), Until: midnight(year, month, of+1, zone)}
	}
	return days, nil
}

// midnight is when a day begins. Where the clocks leave midnight out it is one o'clock, for which package time may give the hour before.
func midnight(year int, month time.Month, day int, zone *time.Location) time.Time {
	at := time.Date(year, month, day, 0, 0, 0, 0, zone)
	if at.Hour() == 23 {
		at = at.Add(time.Hour)
	}
	return at
}

// total adds up what was counted in one period; for one source, unless it is "".
func total(counts []store.Count, slug string, period int) int {
	n := 0
	for _, x := range counts {
		if x.Period == period && (slug == "" || x.Key == slug) {
			n += x.Count
		}
	}
	return n
}

// series gives the counts of each source day by day, the busiest source first.
func (c *call) series(counts []store.Count, slug string, days int) []any {
	byKey, sums := map[string][]int{}, map[string]int{}
	for _, x := range counts {
		if slug != "" && x.Key != slug {
			continue
		}
		if byKey[x.Key] == nil {
			byKey[x.Key] = make([]int, days)
		}
		byKey[x.Key][x.Period] += x.Count
		sums[x.Key] += x.Count
	}
	keys := make([]string, 0, len(byKey))
	for key := range byKey {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(a, b)) })
	out := []any{}
	for _, key := range keys {
		out = append(out, row{"source": c.sourceRef(key), "counts": byKey[key]})
	}
	return out
}

// sourceRef names a source by its slug, also one that is gone; nil for none.
func (c *call) sourceRef(slug string) any {
	if slug == "" {
		return nil
	}
	if src := c.s.SourceBySlug(slug); src != nil {
		return row{"slug": slug, "name": src.Name}
	}
	return row{"slug": slug, "name": slug}
}

func (c *call) failureRows(failures []store.FailureCount) []any {
	out := []any{}
	for _, f := range failures {
		x := row{"reason": f.Reason, "count": f.Count, "last": f.Last, "support_code": f.SupportCode, "source": c.sourceRef(f.Source)}
		for part, text := range c.refusalTexts(f.Reason, f.Source) {
			x[part] = text
		}
		out = append(out, x)
	}
	return out
}

// refusalTexts is what people read who are refused for a reason, in the language of who asks now. A reason that the catalogue does not know is its own title.
func (c *call) refusalTexts(reason, slug string) map[string]string {
	args := c.namesOf(slug)
	out := map[string]string{"title": reason, "happened": "", "who": "", "next": ""}
	for part := range out {
		key := "refusal." + reason + "." + part
		if text := c.text(key, args); text != key {
			out[part] = text
		}
	}
	return out
}

// namesOf are what the texts of a refusal name, in words where it is not known.
func (c *call) namesOf(slug string) map[string]string {
	args := map[string]string{
		"source": c.text("pages.refusal.this_source", nil), "application": c.text("pages.refusal.this_application", nil), "errcode": "…", "minutes": "…",
	}
	if src := c.s.SourceBySlug(slug); src != nil {
		args["source"] = src.Name
	}
	return args
}

// dashboards describes it for clients.
func (d *describer) dashboards() {
	text, whole, yes := typed("string"), typed("integer"), typed("boolean")
	moment := node{"type": "string", "format": "date-time"}
	d.schemas["SourceName"] = full(node{"slug": text, "name": text})
	some := node{"allOf": []any{ref("SourceName")}, "nullable": true}
	d.schemas["SignIns"] = full(node{
		"days":   list(node{"type": "string", "format": "date"}),
		"today":  full(node{"sign_ins": whole, "failures": whole, "enrolled": whole, "active_sessions": whole, "people": whole}),
		"series": list(full(node{"source": some, "counts": list(whole)})),
		"failures": list(full(node{
			"reason": text, "title": text, "happened": text, "who": text, "next": text, "count": whole, "last": moment, "support_code": text, "source": some,
		})),
	})
	d.schemas["Attention"] = full(node{
		"code": text, "level": node{"type": "string", "enum": []string{"error", "warning", "info"}}, "title": text, "text": text, "ref": text, "key": text, "name": text,
	})
	d.schemas["Status"] = full(node{
		"version": text, "started": moment, "uptime_seconds": whole, "runtime": text, "memory_bytes": whole,
		"database": full(node{"dialect": node{"type": "string", "enum": []string{"sqlite", "postgres"}}, "version": text, "size_bytes": whole}),
		"snapshot": full(node{"version": whole, "objects": whole}), "url": text, "https": yes, "console": yes,
		"mail": full(node{"configured": yes, "from": text}), "geoip": full(node{"city": yes, "asn": yes}),
		"counts": full(node{"users": whole, "groups": whole, "sessions": whole, "connections": whole, "tokens": whole, "events": whole}),
	})
	d.schemas["EventVolume"] = full(node{"action": text, "time": moment, "count": whole})
	d.schemas["EventTopPerUser"] = full(node{"application": node{"type": "object", "additionalProperties": node{}}, "counted_events": whole, "unique_users": whole})
}

package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// Period is a stretch of time: from its beginning on, and up to its end without it.
type Period struct{ From, Until time.Time }

// Count is how many events of one sort there were in one period. Sorts and periods without any are left out.
type Count struct {
	// Key is what the events have in common: the slug of a source ("" for none), a reason, or an action.
	Key string
	// Period is the number of the period, from 0.
	Period int
	Count  int
}

// FailureCount tells of all failures with one reason at one source.
type FailureCount struct {
	Reason, Source string
	Count          int
	// Last is when the last of them happened, SupportCode what its page showed.
	Last        time.Time
	SupportCode string
}

// ApplicationCount is how often an application was opened, and by how many people.
type ApplicationCount struct {
	// Application is as the events name it.
	Application   map[string]any
	Count, People int
}

// mostFailures bounds the reasons that are told apart.
const mostFailures = 100

// CountTally counts what counts as one thing, by source and period. It reads nothing but a range of an index for each source.
func (s *Store) CountTally(ctx context.Context, tally model.Tally, periods []Period) ([]Count, error) {
	counts, err := s.count(ctx, counting{key: "source", where: "tally = '" + string(tally) + "' AND tally <> ''"}, periods)
	return counts, wrap("count "+string(tally), err)
}

// CountReasons counts failures by reason and period; those at one source, unless it is "".
func (s *Store) CountReasons(ctx context.Context, source string, periods []Period) ([]Count, error) {
	c := counting{key: "reason", where: "reason <> ''"}
	if source != "" {
		c.also, c.args = " AND e.source = $1", []any{source}
	}
	counts, err := s.count(ctx, c, periods)
	return counts, wrap("count failures", err)
}

// CountActions counts events by action and period; those of some actions, unless there are none.
func (s *Store) CountActions(ctx context.Context, actions []string, periods []Period) ([]Count, error) {
	counts, err := s.count(ctx, counting{key: "action", where: "TRUE", only: actions}, periods)
	return counts, wrap("count events", err)
}

// counting says which events are counted, by which column. There must be an index of what where asks for, then the column, then the time.
type counting struct {
	key, where string
	// also narrows what is counted, with its args first among those of the statement.
	also string
	args []any
	// only are the keys that are counted; none for all.
	only []string
}

// count counts events by a column and by period. The values of the column are few, and are found by skipping from each to the next, so that the database reads neither the events nor
// more of the index than it counts.
func (s *Store) count(ctx context.Context, c counting, periods []Period) ([]Count, error) {
	if len(periods) == 0 {
		return nil, nil
	}
	args := c.args
	arg := func(v any, cast string) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args)) + s.pick("", cast)
	}
	keys := make([]string, len(c.only))
	for i, key := range c.only {
		keys[i] = "(" + arg(key, "::text") + ")"
	}
	stretches := make([]string, len(periods))
	for i, p := range periods {
		stretches[i] = fmt.Sprintf("(%d, %s, %s)", i, arg(moment(p.From), "::timestamptz"), arg(moment(p.Until), "::timestamptz"))
	}
	names := "VALUES " + strings.Join(keys, ", ")
	if len(keys) == 0 {
		names = fmt.Sprintf(`SELECT min(%[1]s) FROM events WHERE %[2]s
			UNION ALL SELECT (SELECT min(%[1]s) FROM events WHERE %[2]s AND %[1]s > names.name) FROM names WHERE names.name IS NOT NULL`, c.key, c.where)
	}
	text := fmt.Sprintf(`WITH RECURSIVE names (name) AS (%[3]s), periods (n, since, until) AS (VALUES %[4]s)
		SELECT name, n, (SELECT count(*) FROM events e WHERE %[2]s AND e.%[1]s = names.name AND e.created >= periods.since AND e.created < periods.until%[5]s)
		FROM names CROSS JOIN periods WHERE name IS NOT NULL`, c.key, c.where, names, strings.Join(stretches, ", "), c.also)
	var counts []Count
	err := s.read(ctx, statement{text: text, args: args, adhoc: true, each: func(scan row) error {
		var x Count
		if err := scan(&x.Key, &x.Period, &x.Count); err != nil || x.Count == 0 {
			return err
		}
		counts = append(counts, x)
		return nil
	}})
	return counts, err
}

// countFailures finds the reasons, and the sources of each, by skipping, as count does.
const countFailures = `WITH RECURSIVE reasons (reason) AS (SELECT min(reason) FROM events WHERE reason <> ''
		UNION ALL SELECT (SELECT min(reason) FROM events WHERE reason <> '' AND reason > reasons.reason) FROM reasons WHERE reasons.reason IS NOT NULL),
	pairs (reason, source) AS (
		SELECT reason, (SELECT min(e.source) FROM events e WHERE e.reason = reasons.reason AND e.reason <> '') FROM reasons WHERE reason IS NOT NULL
		UNION ALL SELECT reason, (SELECT min(e.source) FROM events e WHERE e.reason = pairs.reason AND e.reason <> '' AND e.source > pairs.source)
		FROM pairs WHERE pairs.source IS NOT NULL),
	found (reason, source, n, last) AS (
		SELECT reason, source,
			(SELECT count(*) FROM events e WHERE e.reason = pairs.reason AND e.reason <> '' AND e.source = pairs.source AND e.created >= $1 AND e.created < $2),
			(SELECT max(e.created) FROM events e WHERE e.reason = pairs.reason AND e.reason <> '' AND e.source = pairs.source AND e.created >= $1 AND e.created < $2)
		FROM pairs WHERE source IS NOT NULL AND ($3 = '' OR source = $3))
	SELECT reason, source, n, last, (SELECT e.support_code FROM events e
		WHERE e.reason = found.reason AND e.reason <> '' AND e.source = found.source AND e.created = found.last LIMIT 1)
	FROM found WHERE n > 0 ORDER BY n DESC, last DESC, reason, source LIMIT $4`

// Failures tells what went wrong in a period, the most frequent first; at one source, unless it is "".
func (s *Store) Failures(ctx context.Context, source string, p Period) ([]FailureCount, error) {
	var all []FailureCount
	err := s.read(ctx, statement{text: countFailures, args: []any{moment(p.From), moment(p.Until), source, mostFailures}, each: func(scan row) error {
		var f FailureCount
		err := scan(&f.Reason, &f.Source, &f.Count, intoTime{&f.Last}, &f.SupportCode)
		all = append(all, f)
		return err
	}})
	return all, wrap("read failures", err)
}

// countApplications finds the applications by skipping, as count does.
const countApplications = `WITH RECURSIVE apps (id) AS (SELECT min(application) FROM events WHERE application <> ''
	UNION ALL SELECT (SELECT min(application) FROM events WHERE application <> '' AND application > apps.id) FROM apps WHERE apps.id IS NOT NULL),
	found (id, n, people) AS (
		SELECT id, (SELECT count(*) FROM events e WHERE e.application = apps.id AND e.application <> '' AND e.action = $1),
			(SELECT count(DISTINCT e.user_id) FROM events e WHERE e.application = apps.id AND e.application <> '' AND e.action = $1)
		FROM apps WHERE id IS NOT NULL)
	SELECT n, people, (SELECT e.context FROM events e WHERE e.application = found.id AND e.application <> '' LIMIT 1)
	FROM found WHERE n > 0 ORDER BY n DESC, id LIMIT $2`

// TopApplications tells which applications events of an action are about, the most frequent first.
func (s *Store) TopApplications(ctx context.Context, action string, most int) ([]ApplicationCount, error) {
	var all []ApplicationCount
	err := s.read(ctx, statement{text: countApplications, args: []any{action, most}, each: func(scan row) error {
		var a ApplicationCount
		var details struct {
			Application map[string]any `json:"authorized_application"`
		}
		err := scan(&a.Count, &a.People, intoJSON{&details})
		a.Application = details.Application
		all = append(all, a)
		return err
	}})
	return all, wrap("count applications", err)
}

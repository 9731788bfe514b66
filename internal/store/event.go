package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/huandu/go-sqlbuilder"

	"github.com/weimen-id/weimen/internal/model"
)

// eventColumns are what eventInto scans.
const eventColumns = `id, action, app, user_id, username, email, context, client_ip, support_code, created, expires, source, application, reason, tally, flow`

const eventWidth = 16

// eventLife is how long an event is kept where neither it nor the settings say so.
const eventLife = 365 * 24 * time.Hour

// eventRetention is how long an event is kept that does not say so itself.
func (s *Store) eventRetention() time.Duration {
	if snap := s.Snapshot(); snap != nil {
		return snap.Settings.EventRetention.Or(eventLife)
	}
	return eventLife
}

// eventChunk bounds the rows of one INSERT: SQLite takes 32,766 parameters.
const eventChunk = 500

func eventInto(e *model.Event) []any {
	u := &model.EventUser{}
	return []any{
		&e.ID, &e.Action, &e.App,
		intoEventUser{e, u},
		&u.Username, &u.Email,
		intoJSON{&e.Context},
		&e.ClientIP, &e.SupportCode,
		intoTime{&e.Created},
		intoTime{&e.Expires},
		&e.Source, &e.Application, &e.Reason, &e.Tally, &e.Flow,
	}
}

// intoEventUser scans the user's id and sets the event's user where there is one.
type intoEventUser struct {
	e *model.Event
	u *model.EventUser
}

// Scan takes an integer or null.
func (i intoEventUser) Scan(src any) error {
	if id, ok := src.(int64); ok {
		i.u.ID = model.UserID(id)
		i.e.User = i.u
	}
	return nil
}

// InsertEvents adds events in one statement, and sets their IDs and creation times where they are empty.
func (s *Store) InsertEvents(ctx context.Context, events ...*model.Event) error {
	for chunk := range slices.Chunk(events, eventChunk) {
		args := make([]any, 0, len(chunk)*eventWidth)
		for _, e := range chunk {
			values, err := s.eventValues(e)
			if err != nil {
				return wrap("insert events", err)
			}
			args = append(args, values...)
		}
		text := insertEvent
		if len(chunk) > 1 {
			tuples := make([]string, len(chunk))
			for i := range chunk {
				tuples[i] = "(" + places(i*eventWidth+1, eventWidth) + ")"
			}
			text = insertEventValues + strings.Join(tuples, ", ")
		}
		if err := s.write(ctx, statement{text: text, args: args, adhoc: len(chunk) > keptRows}); err != nil {
			return wrap("insert events", err)
		}
	}
	return nil
}

const (
	insertEventValues = `INSERT INTO events (` + eventColumns + `) VALUES `
	insertEvent       = insertEventValues + `($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`
)

func (s *Store) eventValues(e *model.Event) ([]any, error) {
	if e.ID == "" {
		e.ID = model.EventID(newID())
	}
	if e.Created.IsZero() {
		e.Created = moment(s.now())
	}
	if e.Expires.IsZero() {
		e.Expires = e.Created.Add(s.eventRetention())
	}
	details, err := jsonText(object(e.Context))
	if err != nil {
		return nil, err
	}
	var user any
	var username, email string
	if e.User != nil {
		user, username, email = e.User.ID, e.User.Username, e.User.Email
	}
	return []any{
		e.ID, e.Action, e.App, user, username, email, details, e.ClientIP, e.SupportCode, moment(e.Created), moment(e.Expires),
		indexed(e.Source), indexed(e.Application), indexed(e.Reason), e.Tally, indexed(e.Flow),
	}, nil
}

// longestIndexed is the most bytes of a value that events are looked for by. PostgreSQL refuses rows whose indexed values are longer than a few thousand, and expressions record
// what they like.
const longestIndexed = 255

// indexed gives a text that can be the slug or the id of something here, or a reason; "" for a longer one, which is kept in the event's context alone.
func indexed(text string) string {
	if len(text) <= longestIndexed {
		return text
	}
	return ""
}

// Event reads an event.
func (s *Store) Event(ctx context.Context, id model.EventID) (*model.Event, error) {
	e := &model.Event{}
	if err := s.readOne(ctx, `SELECT `+eventColumns+` FROM events WHERE id = $1`, eventInto(e), id); err != nil {
		return nil, wrap("read event", err)
	}
	return e, nil
}

var events = listing[model.Event]{
	noun: "events", columns: eventColumns, from: "events", id: "id DESC", order: "created DESC", into: eventInto,
	fields: map[string]column{
		"pk": {sql: "id"}, "action": {sql: "action", then: "created"}, "created": {sql: "created", is: moments}, "expires": {sql: "expires", is: moments},
		"app": {sql: "app", scattered: true}, "context": {sql: "CAST(context AS text)", scattered: true}, "user": {sql: "user_id", is: integers, nullable: true, scattered: true},
		"client_ip": {sql: "client_ip", present: true, scattered: true}, "username": {sql: "username", present: true, scattered: true},
		"support_code": {sql: "support_code", present: true, scattered: true}, "source": {sql: "source", present: true, scattered: true},
		"application": {sql: "application", present: true, scattered: true}, "reason": {sql: "reason", present: true, scattered: true},
		"flow": {sql: "flow", present: true, scattered: true},
	},
	find: findEvents(""),
}

// mostFound is how many events a search counts, and how many runs of a flow: each sign-in is one.
const mostFound = 10_000

// findEvents looks a text up where people look for events: the beginning of a username, of an address or of an action, or a support code. Each has an index, so that it holds with
// millions of events; a text in the middle would be looked for in all of them.
//
// A plus before the columns keeps SQLite from those indexes: what many events have in common is found sooner by going through them from the newest on.
func findEvents(plus string) func(b *sqlbuilder.SelectBuilder, text string) []string {
	username, address, action := plus+"username", plus+"client_ip", plus+"action"
	return func(b *sqlbuilder.SelectBuilder, text string) []string {
		text = strings.TrimSpace(text)
		lower := strings.ToLower(text)
		found := []string{
			b.And("username <> ''", begins(b, username, text)),
			b.And("client_ip <> ''", begins(b, address, lower)),
			begins(b, action, strings.ReplaceAll(lower, " ", "_")),
		}
		if lower != text {
			found = append(found, b.And("username <> ''", begins(b, username, lower)))
		}
		if code := supportCode(text); code != "" {
			found = append(found, b.And("support_code <> ''", b.Equal("support_code", code)))
		}
		return found
	}
}

// supportCode gives a support code as it is stored, however it was typed; "" for what is none.
func supportCode(text string) string {
	code := strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(text))
	if len(code) != 8 || strings.ContainsFunc(code, func(r rune) bool { return r > 'Z' }) {
		return ""
	}
	return code[:4] + "-" + code[4:]
}

// RecentLogins reads the events of a user's last n sign-ins, the newest first. Those from before a change of the username are not among them: events are found by it.
func (s *Store) RecentLogins(ctx context.Context, u *model.User, n int) ([]*model.Event, error) {
	const text = `SELECT ` + eventColumns + ` FROM events WHERE username = $1 AND username <> '' AND user_id = $2 AND action = $3 ORDER BY created DESC LIMIT $4`
	var logins []*model.Event
	err := s.read(ctx, statement{text: text, args: []any{u.Username, u.ID, model.ActionLogin, n}, each: func(scan row) error {
		e := &model.Event{}
		logins = append(logins, e)
		return scan(eventInto(e)...)
	}})
	return logins, wrap("read sign-ins", err)
}

// ListEvents lists events, the newest first unless asked otherwise, and how many there are in all. A search, and the runs of one flow, are counted to ten thousand.
func (s *Store) ListEvents(ctx context.Context, l List) ([]*model.Event, int, error) {
	n := events
	if l.Search != "" || slices.ContainsFunc(l.Where, func(w Where) bool { return w.Field == "flow" }) {
		n.most = mostFound
	}
	if l.Search == "" {
		return list(ctx, s, n, l)
	}
	if s.postgres {
		return list(ctx, s, n, l) // it knows by its statistics what is common
	}
	many, err := s.manyEvents(ctx, l.Search)
	if err != nil {
		return nil, 0, err
	}
	if many && len(l.Where) == 0 {
		n.known = mostFound
	}
	if many || l.Walk != nil {
		n.find = findEvents("+")
	}
	return list(ctx, s, n, l)
}

// manyEvents reports whether a text is found in so many events that they are not counted.
func (s *Store) manyEvents(ctx context.Context, text string) (bool, error) {
	b := sqlbuilder.SQLite.NewSelectBuilder()
	b.From("events").Where(b.Or(findEvents("")(b, text)...))
	n := events
	n.most = mostFound
	count, args := n.count(b)
	total := 0
	err := s.read(ctx, statement{text: count, args: args, adhoc: true, each: func(scan row) error { return scan(&total) }})
	return total >= mostFound, wrap("search events", err)
}

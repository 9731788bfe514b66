package source

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// ConnectStage is the name of the inline stage that this package appends to the flows it starts.
const ConnectStage = "source.connect"

// The slots of a run that a source began, under authentik's names.
var (
	// SlotUserInfo is the upstream's profile as it came.
	SlotUserInfo = model.NewSlot[map[string]any]("oauth_userinfo")
	// SlotConnection is the connection that the run will make.
	SlotConnection = model.NewSlot[*Connecting]("goauthentik.io/sources/connection")
)

// Connecting is a connection on its way into the database.
type Connecting struct {
	User        model.UserID       `json:"user"`
	Source      model.SourceID     `json:"source"`
	Identifiers []model.Identifier `json:"identifiers"`
	Profile     json.RawMessage    `json:"profile,omitempty"`
	// State is the hash of the request's state, where the outcome is noted.
	State string `json:"state"`
	// Told is what the source says of the person, flat, for [Manager.refresh].
	Told map[string]any `json:"told,omitempty"`
	// Enrolls says that the run makes its user.
	Enrolls bool `json:"enrolls,omitempty"`
	// Wanted is the username that the source gave to a newcomer who has got another, because it is somebody else's.
	Wanted string `json:"wanted,omitempty"`

	// noted says that the outcome was noted in this request.
	noted bool
}

type connectStage struct{ manager *Manager }

var (
	_ stage.Driver = (*connectStage)(nil)
	_ stage.Closer = (*connectStage)(nil)
)

// Keeps are the account, and what is told about it. Whatever else the run forgets, they are connected in the end.
func (d *connectStage) Keeps() []string {
	return []string{SlotConnection.Name(), SlotGroups.Name(), slotArrivals.Name(), stage.SlotSource.Name(), stage.SlotRedirect.Name()}
}

// Stage gives the inline stage that connects an account to the user whom a flow has made or recognised. Give it to the executor as [ConnectStage].
func (m *Manager) Stage() stage.Driver { return &connectStage{m} }

// Enter connects. The flow must have found or made its user by now.
func (d *connectStage) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	c, groups, destination := arriving(v)
	u := user(v)
	if c == nil || u == nil {
		return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "flow.misconfigured", "The flow made no user that the account could be connected to.").
			With("action", model.ActionConfigurationError)}, nil
	}
	if c.User != 0 && c.User != u.ID {
		return stage.Refuse{Err: model.Refuse(model.CodeDenied, "source.not_this_user", "The flow went on with somebody else than the account is for.")}, nil
	}
	src := v.Snapshot.Sources[c.Source]
	if src == nil || !src.Enabled {
		return stage.Refuse{Err: model.Refuse(model.CodeNotFound, "source.disabled", "The source was removed or switched off meanwhile.")}, nil
	}
	visitor := *v.Visitor
	a := arrival{
		Connecting: c, visitor: &visitor, user: u, source: src, destination: destination, follows: !c.Enrolls, groups: groups,
	}
	v.Write(func(ctx context.Context) error {
		events, err := d.manager.save(ctx, a)
		for _, ev := range events {
			v.Record(ev)
		}
		return err
	})
	return stage.Done{}, nil
}

// arriving gives the account that is to be connected: the one that the step names, else that of the source which began the run; and where the run leads.
func arriving(v *stage.Visit) (c *Connecting, groups map[string]map[string]any, destination string) {
	destination = stage.SlotRedirect.Value(v.Context)
	if v.Argument == "" {
		return SlotConnection.Value(v.Context), SlotGroups.Value(v.Context), destination
	}
	b := slotArrivals.Value(v.Context)[v.Argument]
	if b == nil {
		return nil, nil, ""
	}
	return b.Connecting, b.Groups, cmp.Or(destination, b.Page)
}

// user is whom an account is connected to: the run's user, if they have shown who they are, else who is signed in. A flow that merely asks for a name proves nothing.
func user(v *stage.Visit) *model.User {
	u := stage.SlotPendingUser.Value(v.Context)
	if u == nil || v.SignedIn() && v.User.ID == u.ID {
		return v.User
	}
	if _, authenticated := stage.SlotUserBackend.Get(v.Context); !authenticated {
		return nil
	}
	return u
}

// Submit asks for nothing, so nothing is submitted to it.
func (d *connectStage) Submit(ctx context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	return d.Enter(ctx, v)
}

// arrival is an account that is to be connected to a user, or is already.
type arrival struct {
	*Connecting
	visitor     *model.Visitor
	user        *model.User
	source      *model.Source
	destination string
	// follows says that the user's fields follow the source by its rules.
	follows bool
	// groups are those that the source tells; nil where it tells of none.
	groups map[string]map[string]any
}

// save writes a connection: a new one, or what has changed in a known one; and what follows from it for the user. It notes the outcome for a second callback in the same
// transaction, and gives the events to record in it.
func (m *Manager) save(ctx context.Context, a arrival) (events []*model.Event, err error) {
	known, err := m.Store.ConnectionOf(ctx, a.user.ID, a.source.ID)
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return nil, err
	}
	if known != nil && !overlap(known.Identifiers, a.Identifiers) {
		return nil, m.keep(ctx, a.Connecting, a.user, a.destination)
	}
	var written map[string]any
	if known != nil {
		written = known.Written
	}
	if a.follows {
		if events, err = m.refresh(ctx, a.Connecting, written, a.visitor, a.user, a.source); err != nil {
			return nil, err
		}
	}
	if known == nil || len(a.source.AttributeRefresh) > 0 {
		written = agreed(a.user, a.Told, written)
	}
	conn := &model.Connection{
		User: a.user.ID, Source: a.source.ID, Identifier: shown(known, a.Identifiers), Identifiers: a.Identifiers, Profile: a.Profile, Written: written,
	}
	events = append(events, connected(a, known)...)
	if known == nil || !same(known, conn) {
		if err := m.write(ctx, conn, known == nil); err != nil {
			return nil, err
		}
	}
	if a.groups != nil {
		joined, err := m.join(ctx, a.visitor, a.user, a.source, a.groups)
		if err != nil {
			return nil, err
		}
		events = append(events, joined...)
	}
	return events, m.note(ctx, a.Connecting, a.destination)
}

// write writes a connection. Whatever has come in between is decided anew.
func (m *Manager) write(ctx context.Context, conn *model.Connection, isNew bool) error {
	if err := m.Store.SaveConnection(ctx, conn); err != nil {
		if errors.Is(err, model.ErrConflict) {
			return model.Refuse(model.CodeConflict, "source.linked_to_other", "The account is connected to another user.").Because(err)
		}
		return err
	}
	if isNew && !conn.Created.Equal(conn.LastUpdated) {
		// Another request has connected an account since this one looked, which only PostgreSQL lets happen: it is to be decided anew.
		return model.Refuse(model.CodeConflict, "source.already_linked_other_account", "Another account of this source was connected at the same moment.")
	}
	return nil
}

// connected gives the events of an account that is connected, or known.
func connected(a arrival, known *model.Connection) (events []*model.Event) {
	if known == nil {
		events = append(events, linked(a.visitor, a.user, a.source, a.Identifiers[0]))
		if a.Wanted != "" {
			events = append(events, event.New(model.ActionConfigurationWarning, app, a.visitor, map[string]any{
				"message": "The username that the source gives is somebody else's, so a newcomer got another. If they are one person, connect the account to the first user; " +
					"sources of one WeChat Open Platform account need the same label",
				"source": a.source.Slug, "wanted": a.Wanted, "username": a.user.Username,
			}))
		}
		return events
	}
	for _, old := range Replaced(known.Identifiers, a.Identifiers) {
		events = append(events, event.New(model.ActionConfigurationWarning, app, a.visitor, map[string]any{
			"message": "An identifier of a connection changed at the source", "source": a.source.Slug, "identifier_kind": string(old.Kind),
			"before": old.Value, "username": a.user.Username,
		}))
	}
	return events
}

// keep deals with a user who has another account of this source. One whom another source's connection has recognised signs in, and the connection stays as it is;
// a new account takes nobody's place.
func (m *Manager) keep(ctx context.Context, c *Connecting, u *model.User, destination string) error {
	owners, err := m.Store.OwnersOf(ctx, c.Identifiers)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(owners, func(o model.IdentifierOwner) bool { return o.User == u.ID }) {
		return model.Refuse(model.CodeDenied, "source.already_linked_other_account", "The user has another account of this source.")
	}
	return m.note(ctx, c, destination)
}

// note notes where the first callback led.
func (m *Manager) note(ctx context.Context, c *Connecting, destination string) error {
	err := m.remember(ctx, c.State, destination)
	c.noted = err == nil
	return err
}

// overlap reports whether two accounts share an identifier; one of which none is known is taken for any.
func overlap(known, account []model.Identifier) bool {
	return len(known) == 0 || slices.ContainsFunc(known, func(id model.Identifier) bool { return slices.Contains(account, id) })
}

// shown chooses the identifier that a connection shows. It stays where the account tells nothing new: WeChat does not give the unionid every time.
func shown(known *model.Connection, account []model.Identifier) string {
	if known != nil && known.Identifier != "" && !slices.ContainsFunc(account, func(id model.Identifier) bool { return !slices.Contains(known.Identifiers, id) }) {
		return known.Identifier
	}
	return account[0].Value
}

// same reports whether saving would change nothing.
func same(known, conn *model.Connection) bool {
	if known.Identifier != conn.Identifier || !sameJSON(known.Profile, conn.Profile) || !sameObject(known.Written, conn.Written) {
		return false
	}
	have := map[model.Identifier]bool{}
	for _, id := range known.Identifiers {
		have[id] = true
	}
	for _, id := range conn.Identifiers {
		if !have[id] {
			return false
		}
	}
	return true
}

// sameJSON compares meaning, because PostgreSQL keeps keys in an order of its own.
func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	return reflect.DeepEqual(x, y)
}

// sameObject compares objects of which one may be nil for an empty one.
func sameObject(a, b map[string]any) bool {
	return len(a) == 0 && len(b) == 0 || mapping.SameValue(a, b)
}

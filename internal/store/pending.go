package store

import (
	"context"
	"errors"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

type Change struct{}
type Counter struct{}

// Statements is how many SQL statements ran, without BEGIN and COMMIT.
func (c *Counter) Statements() int { return 0 }

// Transactions is how many transactions were begun.
func (c *Counter) Transactions() int { return 0 }

func CountStatements(ctx context.Context) (context.Context, *Counter) { return ctx, &Counter{} }

func (c *Change) Snapshot() *model.Snapshot                  { return nil }
func (c *Change) Put(ctx context.Context, noun any) error    { return errors.ErrUnsupported }
func (c *Change) Delete(ctx context.Context, noun any) error { return errors.ErrUnsupported }

func Open(ctx context.Context, o Options) (*Store, error) { return nil, errors.ErrUnsupported }
func (s *Store) Migrate(ctx context.Context) error        { return errors.ErrUnsupported }
func (s *Store) Close() error                             { return errors.ErrUnsupported }
func (s *Store) Ping(ctx context.Context) error           { return errors.ErrUnsupported }
func (s *Store) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	return errors.ErrUnsupported
}
func (s *Store) Load(ctx context.Context) error { return errors.ErrUnsupported }
func (s *Store) Snapshot() *model.Snapshot      { return nil }
func (s *Store) Run(ctx context.Context) error  { return errors.ErrUnsupported }
func (s *Store) Change(ctx context.Context, fn func(ctx context.Context, tx *Change) error) error {
	return errors.ErrUnsupported
}

func (s *Store) InsertUser(ctx context.Context, u *model.User) error { return errors.ErrUnsupported }
func (s *Store) UpdateUser(ctx context.Context, id model.UserID, fn func(*model.User) error) (*model.User, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) DeleteUser(ctx context.Context, id model.UserID) error { return errors.ErrUnsupported }
func (s *Store) User(ctx context.Context, id model.UserID) (*model.User, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) UserByUsername(ctx context.Context, name string) (*model.User, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) FindUser(ctx context.Context, fields []string, value string, fold bool) (*model.User, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) ListUsers(ctx context.Context, l List) ([]*model.User, int, error) {
	return nil, 0, errors.ErrUnsupported
}
func (s *Store) GroupsOf(ctx context.Context, id model.UserID) ([]model.UserGroup, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) SetUserGroups(ctx context.Context, id model.UserID, groups []model.GroupID) error {
	return errors.ErrUnsupported
}
func (s *Store) UserPaths(ctx context.Context) ([]string, error) { return nil, errors.ErrUnsupported }
func (s *Store) CountActiveSuperusers(ctx context.Context) (int, error) {
	return 0, errors.ErrUnsupported
}

func (s *Store) InsertGroup(ctx context.Context, g *model.Group) error { return errors.ErrUnsupported }
func (s *Store) UpdateGroup(ctx context.Context, id model.GroupID, fn func(*model.Group) error) (*model.Group, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) DeleteGroup(ctx context.Context, id model.GroupID) error {
	return errors.ErrUnsupported
}
func (s *Store) Group(ctx context.Context, id model.GroupID) (*model.Group, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) ListGroups(ctx context.Context, l List) ([]*model.Group, int, error) {
	return nil, 0, errors.ErrUnsupported
}
func (s *Store) SetGroupUsers(ctx context.Context, id model.GroupID, users []model.UserID) error {
	return errors.ErrUnsupported
}
func (s *Store) AddUserToGroup(ctx context.Context, id model.GroupID, user model.UserID) error {
	return errors.ErrUnsupported
}
func (s *Store) RemoveUserFromGroup(ctx context.Context, id model.GroupID, user model.UserID) (bool, error) {
	return false, errors.ErrUnsupported
}

func (s *Store) InsertToken(ctx context.Context, t *model.Token) error { return errors.ErrUnsupported }
func (s *Store) UpdateToken(ctx context.Context, id model.TokenID, fn func(*model.Token) error) (*model.Token, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) DeleteToken(ctx context.Context, id model.TokenID) error {
	return errors.ErrUnsupported
}
func (s *Store) TokenByIdentifier(ctx context.Context, identifier string) (*model.Token, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) TokenByKeyHash(ctx context.Context, hash string) (*model.Token, *model.User, error) {
	return nil, nil, errors.ErrUnsupported
}
func (s *Store) ListTokens(ctx context.Context, l List) ([]*model.Token, int, error) {
	return nil, 0, errors.ErrUnsupported
}

func (s *Store) OwnersOf(ctx context.Context, ids []model.Identifier) ([]model.IdentifierOwner, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) SaveConnection(ctx context.Context, c *model.Connection) error {
	return errors.ErrUnsupported
}
func (s *Store) Connection(ctx context.Context, id model.ConnectionID) (*model.Connection, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) ConnectionOf(ctx context.Context, user model.UserID, source model.SourceID) (*model.Connection, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) DeleteConnection(ctx context.Context, id model.ConnectionID) error {
	return errors.ErrUnsupported
}
func (s *Store) ListConnections(ctx context.Context, l List) ([]*model.Connection, int, error) {
	return nil, 0, errors.ErrUnsupported
}
func (s *Store) CountConnections(ctx context.Context, user model.UserID) (int, error) {
	return 0, errors.ErrUnsupported
}

func (s *Store) InsertSession(ctx context.Context, x *model.Session) error {
	return errors.ErrUnsupported
}
func (s *Store) SessionByTokenHash(ctx context.Context, hash string) (*model.Session, *model.User, error) {
	return nil, nil, errors.ErrUnsupported
}
func (s *Store) TouchSession(ctx context.Context, id model.SessionID, at time.Time, ip, userAgent string) error {
	return errors.ErrUnsupported
}
func (s *Store) DeleteSession(ctx context.Context, id model.SessionID) error {
	return errors.ErrUnsupported
}
func (s *Store) DeleteSessionsOf(ctx context.Context, user model.UserID, except model.SessionID) (int, error) {
	return 0, errors.ErrUnsupported
}
func (s *Store) ListSessions(ctx context.Context, user model.UserID) ([]*model.Session, error) {
	return nil, errors.ErrUnsupported
}

func (s *Store) FlowRun(ctx context.Context, id, browser string) (*model.FlowRun, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) SaveFlowRun(ctx context.Context, r *model.FlowRun) error {
	return errors.ErrUnsupported
}
func (s *Store) DeleteFlowRun(ctx context.Context, id string, revision int64) error {
	return errors.ErrUnsupported
}

func (s *Store) InsertSourceRequest(ctx context.Context, r *model.SourceRequest) error {
	return errors.ErrUnsupported
}
func (s *Store) ConsumeSourceRequest(ctx context.Context, stateHash, browser string, source model.SourceID, now time.Time) (*model.SourceRequest, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) SourceRequest(ctx context.Context, stateHash string) (*model.SourceRequest, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) SetSourceRequestOutcome(ctx context.Context, stateHash, path string) error {
	return errors.ErrUnsupported
}

func (s *Store) InsertOneTimeLink(ctx context.Context, l *model.OneTimeLink) error {
	return errors.ErrUnsupported
}
func (s *Store) ConsumeOneTimeLink(ctx context.Context, tokenHash, purpose string, now time.Time) (*model.OneTimeLink, error) {
	return nil, errors.ErrUnsupported
}

func (s *Store) InsertAuthorizationCode(ctx context.Context, c *model.AuthorizationCode) error {
	return errors.ErrUnsupported
}
func (s *Store) ConsumeAuthorizationCode(ctx context.Context, hash string, provider model.ProviderID, now time.Time) (*model.AuthorizationCode, *model.User, error) {
	return nil, nil, errors.ErrUnsupported
}
func (s *Store) AuthorizationCode(ctx context.Context, hash string) (*model.AuthorizationCode, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) InsertTokens(ctx context.Context, a *model.AccessToken, r *model.RefreshToken) error {
	return errors.ErrUnsupported
}
func (s *Store) AccessToken(ctx context.Context, hash string) (*model.AccessToken, *model.User, error) {
	return nil, nil, errors.ErrUnsupported
}
func (s *Store) RefreshToken(ctx context.Context, hash string) (*model.RefreshToken, *model.User, error) {
	return nil, nil, errors.ErrUnsupported
}
func (s *Store) ConsumeRefreshToken(ctx context.Context, hash string, now time.Time) error {
	return errors.ErrUnsupported
}
func (s *Store) RevokeGrant(ctx context.Context, grant string, now time.Time) error {
	return errors.ErrUnsupported
}
func (s *Store) RevokeAccessToken(ctx context.Context, hash string, now time.Time) error {
	return errors.ErrUnsupported
}
func (s *Store) RevokeSessionTokens(ctx context.Context, session model.SessionID, now time.Time) error {
	return errors.ErrUnsupported
}
func (s *Store) RevokeUserTokens(ctx context.Context, user model.UserID, now time.Time) error {
	return errors.ErrUnsupported
}

func (s *Store) Consent(ctx context.Context, user model.UserID, app model.ApplicationID) (*model.Consent, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) SaveConsent(ctx context.Context, c *model.Consent) error {
	return errors.ErrUnsupported
}
func (s *Store) ListConsents(ctx context.Context, user model.UserID) ([]*model.Consent, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) DeleteConsent(ctx context.Context, id model.ConsentID) error {
	return errors.ErrUnsupported
}

func (s *Store) InsertEvents(ctx context.Context, events ...*model.Event) error {
	return errors.ErrUnsupported
}
func (s *Store) Event(ctx context.Context, id model.EventID) (*model.Event, error) {
	return nil, errors.ErrUnsupported
}
func (s *Store) ListEvents(ctx context.Context, l List) ([]*model.Event, int, error) {
	return nil, 0, errors.ErrUnsupported
}

package resource

import (
	"context"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// People is what this package needs of the tables of people. Package store has it.
type People interface {
	InsertUser(ctx context.Context, u *model.User) error
	UpdateUser(ctx context.Context, id model.UserID, fn func(*model.User) error) (*model.User, error)
	DeleteUser(ctx context.Context, id model.UserID) error
	User(ctx context.Context, id model.UserID) (*model.User, error)
	UserByUsername(ctx context.Context, name string) (*model.User, error)
	GroupsOf(ctx context.Context, id model.UserID) ([]model.UserGroup, error)
	Administrators(ctx context.Context) ([]*model.Administrator, error)
	SetUserGroups(ctx context.Context, id model.UserID, groups []model.GroupID) error
	DeleteSessionsOf(ctx context.Context, user model.UserID, except model.SessionID) (int, error)
	DeleteSession(ctx context.Context, id model.SessionID) error
	DeleteConsent(ctx context.Context, id model.ConsentID) error
	RevokeSessionTokens(ctx context.Context, session model.SessionID, now time.Time) error
	RevokeUserTokens(ctx context.Context, user model.UserID, now time.Time) error

	InsertGroup(ctx context.Context, g *model.Group) error
	UpdateGroup(ctx context.Context, id model.GroupID, fn func(*model.Group) error) (*model.Group, error)
	DeleteGroup(ctx context.Context, id model.GroupID) error
	Group(ctx context.Context, id model.GroupID) (*model.Group, error)
	MembersOf(ctx context.Context, groups ...model.GroupID) (map[model.GroupID][]model.UserID, error)
	AddUserToGroup(ctx context.Context, id model.GroupID, user model.UserID) error
	RemoveUserFromGroup(ctx context.Context, id model.GroupID, user model.UserID) (bool, error)

	InsertToken(ctx context.Context, t *model.Token) error
	UpdateToken(ctx context.Context, id model.TokenID, fn func(*model.Token) error) (*model.Token, error)
	DeleteToken(ctx context.Context, id model.TokenID) error
	TokenByIdentifier(ctx context.Context, identifier string) (*model.Token, error)

	SaveConnection(ctx context.Context, c *model.Connection) error
	Connection(ctx context.Context, id model.ConnectionID) (*model.Connection, error)
	ConnectionOf(ctx context.Context, user model.UserID, source model.SourceID) (*model.Connection, error)
	DeleteConnection(ctx context.Context, id model.ConnectionID) error
	ListConnections(ctx context.Context, l store.List) ([]*model.Connection, int, error)

	Device(ctx context.Context, id model.DeviceID) (*model.Device, error)
	UpdateDevice(ctx context.Context, id model.DeviceID, fn func(*model.Device) error) error
	DeleteDevice(ctx context.Context, id model.DeviceID) error

	Invitation(ctx context.Context, id model.InvitationID) (*model.Invitation, error)
	InsertInvitation(ctx context.Context, i *model.Invitation) error
	UpdateInvitation(ctx context.Context, id model.InvitationID, fn func(*model.Invitation) error) (*model.Invitation, error)
	DeleteInvitation(ctx context.Context, id model.InvitationID) error

	ReputationScore(ctx context.Context, id string) (*model.Reputation, error)
	DeleteReputation(ctx context.Context, id string) error

	GroupConnection(ctx context.Context, id model.GroupConnectionID) (*model.GroupConnection, error)
	InsertGroupConnection(ctx context.Context, c *model.GroupConnection) error
	RenameGroupConnection(ctx context.Context, id model.GroupConnectionID, identifier string) (*model.GroupConnection, error)
	DeleteGroupConnection(ctx context.Context, id model.GroupConnectionID) error
}

// The model names of people's nouns, and of the settings.
const (
	ModelUser            = "authentik_core.user"
	ModelGroup           = "authentik_core.group"
	ModelToken           = "authentik_core.token"
	ModelSession         = "authentik_core.authenticatedsession"
	ModelConsent         = "authentik_core.userconsent"
	ModelConnection      = "authentik_sources_oauth.useroauthsourceconnection"
	ModelGroupConnection = "authentik_sources_oauth.groupoauthsourceconnection"
	ModelInvitation      = "authentik_stages_invitation.invitation"
	ModelReputation      = "authentik_policies_reputation.reputation"
	ModelEvent           = "authentik_events.event"
	ModelSettings        = "authentik_tenants.tenant"
)

// pathFault says what is wrong with the path of a user, "" if nothing is.
func pathFault(path string) string {
	switch {
	case path == "":
		return "This field may not be blank."
	case strings.HasPrefix(path, "/") || strings.HasSuffix(path, "/"):
		return "No leading or trailing slashes allowed."
	case strings.Contains(path, "//"):
		return "No empty segments in user path allowed."
	}
	return ""
}

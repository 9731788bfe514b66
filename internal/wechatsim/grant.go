package wechatsim

import "time"

// grant is what a person allowed an application.
type grant struct {
	appID  string
	userID string
	openID string
	scope  string
	// snapshot is the behaviour at the exchange; it stays with the tokens.
	snapshot Snapshot
}

type code struct {
	grant
	issued time.Time
	used   bool
}

type accessToken struct {
	grant
	expires time.Time
}

type refreshToken struct {
	grant
	access  string
	expires time.Time
}

// virtual says that the grant is for the virtual account of a snapshot page.
func (g grant) virtual() bool {
	switch g.snapshot {
	case SnapshotFlagged, SnapshotUnflagged, SnapshotUserinfoRefused:
		return true
	default:
		return false
	}
}

// flagged says that the token answer carries is_snapshotuser.
func (g grant) flagged() bool {
	switch g.snapshot {
	case SnapshotFlagged, SnapshotReal, SnapshotUserinfoRefused:
		return true
	default:
		return false
	}
}

// snapshotUser is whom unionid, nickname and picture of a snapshot grant belong to. Real snapshot users were seen to
// share one unionid with many openids.
const snapshotUser = "snapshot"

// person is the user id the profile and the unionid are drawn from.
func (g grant) person() string {
	if g.virtual() {
		return snapshotUser
	}
	return g.userID
}

// issueCode makes an authorisation code. The caller holds the lock.
func (s *Simulator) issueCode(appID, userID, scope string) string {
	value := newCode()
	s.codes.put(value, &code{
		grant:  grant{appID: appID, userID: userID, openID: OpenID(userID, appID), scope: scope},
		issued: s.now(),
	})
	return value
}

// spendCode uses a code up, for one caller only; everybody else gets an errcode. The caller holds the lock.
func (s *Simulator) spendCode(value, appID string) (grant, int) {
	c, ok := s.codes.get(value)
	switch {
	case !ok || c.appID != appID:
		return grant{}, 40029
	case c.used:
		return grant{}, s.behaviour.SecondExchange
	case s.now().Sub(c.issued) >= time.Duration(s.behaviour.CodeLifetime):
		return grant{}, s.behaviour.ExpiredCode
	}
	c.used = true
	g := c.grant
	g.snapshot = s.behaviour.Snapshot
	if g.virtual() {
		g.openID = OpenID("snapshot "+value, appID)
	}
	return g, 0
}

// issueTokens makes an access token with its refresh token. The caller holds the lock.
func (s *Simulator) issueTokens(g grant) (access, refresh string) {
	access, refresh = newToken(), newToken()
	now := s.now()
	s.access.put(access, &accessToken{grant: g, expires: now.Add(time.Duration(s.behaviour.AccessTokenLifetime))})
	s.refresh.put(refresh, &refreshToken{
		grant: g, access: access,
		expires: now.Add(time.Duration(s.behaviour.RefreshTokenLifetime)),
	})
	return access, refresh
}

// extend lengthens the life of the refresh token's access token, or replaces it if it has run out. The refresh token's
// own life is not renewed. The caller holds the lock.
func (s *Simulator) extend(rt *refreshToken) (access string) {
	now := s.now()
	expires := now.Add(time.Duration(s.behaviour.AccessTokenLifetime))
	if at, ok := s.access.get(rt.access); ok && now.Before(at.expires) {
		at.expires = expires
		return rt.access
	}
	rt.access = newToken()
	s.access.put(rt.access, &accessToken{grant: rt.grant, expires: expires})
	return rt.access
}

// checkAccess finds the grant of an access token, or an errcode. The caller holds the lock.
func (s *Simulator) checkAccess(token string) (grant, int) {
	at, ok := s.access.get(token)
	switch {
	case token == "":
		return grant{}, 41001
	case !ok:
		return grant{}, 40001
	case !s.now().Before(at.expires):
		return grant{}, 42001
	}
	return at.grant, 0
}

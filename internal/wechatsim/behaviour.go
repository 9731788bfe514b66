package wechatsim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Behaviour is how this WeChat behaves where the real one was seen, or is suspected, to behave in more than one
// way. guide.go says in words what each value does.
type Behaviour struct {
	Cancel         Cancel         `json:"cancel"`
	ContentType    string         `json:"content_type"`
	ErrcodeZero    bool           `json:"errcode_zero"`
	ErrmsgTail     ErrmsgTail     `json:"errmsg_tail"`
	Unionid        Unionid        `json:"unionid"`
	UnionidFrom    time.Time      `json:"unionid_from"`
	Nickname       Nickname       `json:"nickname"`
	Profile        Profile        `json:"profile"`
	Avatar         Avatar         `json:"avatar"`
	SecondExchange int            `json:"second_exchange"`
	ExpiredCode    int            `json:"expired_code"`
	UserinfoOpenid UserinfoOpenid `json:"userinfo_openid"`
	Snapshot       Snapshot       `json:"snapshot"`
	DomainCheck    DomainCheck    `json:"domain_check"`
	PostExchange   bool           `json:"post_exchange"`

	PollHold             Duration `json:"poll_hold"`
	QRLifetime           Duration `json:"qr_lifetime"`
	CodeLifetime         Duration `json:"code_lifetime"`
	AccessTokenLifetime  Duration `json:"access_token_lifetime"`
	RefreshTokenLifetime Duration `json:"refresh_token_lifetime"`

	AutoConfirm string `json:"auto_confirm"`
	SimUser     bool   `json:"sim_user"`
}

// Cancel is what the browser does after a refusal on the phone.
type Cancel string

// The values of Behaviour.Cancel.
const (
	CancelStay     Cancel = "stay"
	CancelRedirect Cancel = "redirect"
)

// ErrmsgTail is what follows the text of an errmsg.
type ErrmsgTail string

// The values of Behaviour.ErrmsgTail.
const (
	TailRID     ErrmsgTail = "rid"
	TailHints   ErrmsgTail = "hints"
	TailNewline ErrmsgTail = "newline"
	TailNone    ErrmsgTail = "none"
)

// Unionid is where and when the unionid of an application bound to an account appears.
type Unionid string

// The values of Behaviour.Unionid.
const (
	UnionidBoth     Unionid = "both"
	UnionidUserinfo Unionid = "userinfo"
	UnionidAbsent   Unionid = "absent"
	UnionidEmpty    Unionid = "empty"
	UnionidLater    Unionid = "later"
	UnionidChanges  Unionid = "changes"
)

// Nickname is which nickname userinfo answers.
type Nickname string

// The values of Behaviour.Nickname.
const (
	NicknameOwn     Nickname = "own"
	NicknameEmoji   Nickname = "emoji"
	NicknameEmpty   Nickname = "empty"
	NicknameControl Nickname = "control"
	NicknameRTL     Nickname = "rtl"
	NicknameLong    Nickname = "long"
	NicknameAdmin   Nickname = "admin"
)

// Profile is how much userinfo tells.
type Profile string

// The values of Behaviour.Profile.
const (
	ProfileCurrent Profile = "current"
	ProfilePre2021 Profile = "pre_2021"
)

// Avatar is what headimgurl holds.
type Avatar string

// The values of Behaviour.Avatar.
const (
	AvatarServed Avatar = "served"
	AvatarHTTPS  Avatar = "https"
	AvatarHTTP   Avatar = "http"
	AvatarEmpty  Avatar = "empty"
	AvatarGone   Avatar = "gone"
)

// UserinfoOpenid is whether userinfo looks at its openid parameter.
type UserinfoOpenid string

// The values of Behaviour.UserinfoOpenid.
const (
	OpenidIgnored UserinfoOpenid = "ignored"
	OpenidChecked UserinfoOpenid = "checked"
)

// Snapshot is whether people come as the virtual accounts of a snapshot page.
type Snapshot string

// The values of Behaviour.Snapshot.
const (
	SnapshotOff             Snapshot = "off"
	SnapshotFlagged         Snapshot = "flagged"
	SnapshotUnflagged       Snapshot = "unflagged"
	SnapshotReal            Snapshot = "real_ids"
	SnapshotUserinfoRefused Snapshot = "userinfo_refused"
)

// DomainCheck is how redirect_uri is compared with App.Domain.
type DomainCheck string

// The values of Behaviour.DomainCheck.
const (
	DomainPorts  DomainCheck = "ports"
	DomainStrict DomainCheck = "strict"
	DomainOff    DomainCheck = "off"
)

// DefaultBehaviour is WeChat as it is known today, but for DomainCheck: the simulator is used on loopback, where
// addresses have ports.
func DefaultBehaviour() Behaviour {
	return Behaviour{
		Cancel:               CancelStay,
		ContentType:          "text/plain",
		ErrmsgTail:           TailRID,
		Unionid:              UnionidBoth,
		Nickname:             NicknameOwn,
		Profile:              ProfileCurrent,
		Avatar:               AvatarServed,
		SecondExchange:       40163,
		ExpiredCode:          42003,
		UserinfoOpenid:       OpenidIgnored,
		Snapshot:             SnapshotOff,
		DomainCheck:          DomainPorts,
		PostExchange:         true,
		PollHold:             Duration(25 * time.Second),
		QRLifetime:           Duration(5 * time.Minute),
		CodeLifetime:         Duration(10 * time.Minute),
		AccessTokenLifetime:  Duration(2 * time.Hour),
		RefreshTokenLifetime: Duration(30 * 24 * time.Hour),
	}
}

// Behaviour is the present behaviour.
func (s *Simulator) Behaviour() Behaviour {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.behaviour
}

// SetBehaviour changes the behaviour from the next call on. ErrInvalid, and no change, if a value is unknown.
//
//	sim.SetBehaviour(func(b *wechatsim.Behaviour) { b.Unionid = wechatsim.UnionidAbsent })
func (s *Simulator) SetBehaviour(change func(*Behaviour)) error {
	s.editing.Lock()
	defer s.editing.Unlock()
	b := s.Behaviour()
	change(&b)
	if err := b.validate(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.behaviour = b
	return nil
}

func (b Behaviour) validate() error {
	for _, row := range behaviourGuide() {
		if row.value == nil {
			continue
		}
		if v := row.value(b); !slices.Contains(row.Values, v) {
			return fmt.Errorf("%s is %q, not one of %s: %w", row.Key, v, strings.Join(row.Values, ", "), ErrInvalid)
		}
	}
	for key, d := range map[string]Duration{
		"poll_hold": b.PollHold, "qr_lifetime": b.QRLifetime, "code_lifetime": b.CodeLifetime,
		"access_token_lifetime": b.AccessTokenLifetime, "refresh_token_lifetime": b.RefreshTokenLifetime,
	} {
		if d <= 0 {
			return fmt.Errorf("%s must be positive: %w", key, ErrInvalid)
		}
	}
	if b.ContentType == "" || strings.ContainsAny(b.ContentType, "\r\n") {
		return fmt.Errorf("content_type %q cannot be sent: %w", b.ContentType, ErrInvalid)
	}
	return nil
}

// unionid is what an application sees of a person, and whether it sees anything: the empty string can be sent too.
func (b Behaviour) unionid(userID, account string, now time.Time, token bool) (id string, present bool) {
	id = UnionID(userID, account)
	if id == "" {
		return "", false
	}
	switch b.Unionid {
	case UnionidUserinfo:
		return id, !token
	case UnionidAbsent:
		return "", false
	case UnionidEmpty:
		return "", true
	case UnionidLater:
		return id, !now.Before(b.UnionidFrom)
	case UnionidChanges:
		if !now.Before(b.UnionidFrom) {
			return UnionID(userID, account+" (moved)"), true
		}
	case UnionidBoth:
	}
	return id, true
}

func (b Behaviour) nickname(user User) string {
	switch b.Nickname {
	case NicknameEmoji:
		return "🐼🎋 " + user.Nickname
	case NicknameEmpty:
		return ""
	case NicknameControl:
		return "ding\x07dong\x14"
	case NicknameRTL:
		return "safe\u202Egpj.exe"
	case NicknameLong:
		return strings.Repeat("长", 80)
	case NicknameAdmin:
		return "admin"
	case NicknameOwn:
	}
	return user.Nickname
}

// contentTypes are the content types seen on sns answers. Any other may be set as well.
func contentTypes() []string {
	return []string{"text/plain", "application/json; encoding=utf-8", "application/json"}
}

func (b Behaviour) success(body *object) reply {
	if b.ErrcodeZero {
		body.number("errcode", 0)
		body.text("errmsg", "ok")
	}
	return reply{status: http.StatusOK, contentType: b.ContentType, body: body.bytes()}
}

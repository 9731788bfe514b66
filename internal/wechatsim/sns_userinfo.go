package wechatsim

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// userinfo is /sns/userinfo: the profile.
func (s *Simulator) userinfo(r *http.Request, fault Fault) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.behaviour
	g, errcode := s.checkAccess(r.Form.Get("access_token"))
	if errcode != 0 {
		return b.failure(errcode, "")
	}
	if errcode := userinfoRefusal(b, g, r.Form.Get("openid")); errcode != 0 {
		return b.failure(errcode, "")
	}
	user, ok := s.profileOf(g)
	if !ok {
		return b.failure(50002, "")
	}
	openID := g.openID
	if fault.Kind == FaultWrongPerson {
		user = s.somebodyElse(user.ID)
		openID = OpenID(user.ID, g.appID)
	}
	app, _ := s.apps.get(g.appID)

	var body object
	body.text("openid", openID)
	body.rawText("nickname", b.nickname(user))
	if b.Profile == ProfilePre2021 {
		body.number("sex", user.Sex)
		body.text("language", user.Language)
		body.text("city", user.City)
		body.text("province", user.Province)
		body.text("country", user.Country)
	} else {
		body.number("sex", 0)
		body.text("language", user.Language)
		body.text("city", "")
		body.text("province", "")
		body.text("country", "")
	}
	body.text("headimgurl", s.headimgurl(r, b, user))
	body.literal("privilege", "[]")
	if id, present := b.unionid(user.ID, app.Account, s.now(), false); present {
		body.text("unionid", id)
	}
	return b.success(&body)
}

// userinfoRefusal is the errcode for a good token that userinfo nevertheless turns away, or 0.
func userinfoRefusal(b Behaviour, g grant, openid string) int {
	switch {
	case g.snapshot == SnapshotUserinfoRefused:
		return 48001
	case b.UserinfoOpenid == OpenidIgnored:
		return 0
	case openid == "":
		return 41009
	case openid != g.openID:
		return 40003
	}
	return 0
}

// profileOf is whose profile a grant shows. The caller holds the lock.
func (s *Simulator) profileOf(g grant) (User, bool) {
	if g.virtual() {
		return User{ID: snapshotUser, Nickname: "微信用户", Language: "zh_CN"}, true
	}
	return s.users.get(g.userID)
}

// somebodyElse is any other person. The caller holds the lock.
func (s *Simulator) somebodyElse(than string) User {
	for _, user := range s.users.first(2) {
		if user.ID != than {
			return user
		}
	}
	return User{ID: "somebody-else", Nickname: "王五", Language: "zh_CN"}
}

// headimgurl is the address of a person's picture. Its last segment is the size, as at WeChat.
func (s *Simulator) headimgurl(r *http.Request, b Behaviour, user User) string {
	if user.NoAvatar || b.Avatar == AvatarEmpty {
		return ""
	}
	base := s.base(r)
	path := avatarPath(user)
	switch b.Avatar {
	case AvatarHTTPS:
		return "https://" + hostOf(base) + path
	case AvatarHTTP:
		return "http://" + hostOf(base) + path
	case AvatarGone:
		user.AvatarVersion--
		return base + avatarPath(user)
	default:
		return base + path
	}
}

func avatarPath(user User) string {
	return "/mmopen/vi_32/" + url.PathEscape(user.ID+"."+strconv.Itoa(user.AvatarVersion)) + "/132"
}

func hostOf(base string) string {
	_, host, _ := strings.Cut(base, "://")
	return host
}

// base is the simulator's own address as the caller of r reached it, without a trailing slash.
func (s *Simulator) base(r *http.Request) string {
	if s.opts.BaseURL != "" {
		return strings.TrimSuffix(s.opts.BaseURL, "/")
	}
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return scheme + r.Host
}

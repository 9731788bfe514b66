package wechatsim

import "strconv"

// guideRow documents one behaviour, and holds its allowed values where they are few. The control API's page is
// drawn from it.
type guideRow struct {
	Key    string
	Values []string
	Text   string
	value  func(Behaviour) string // nil: not an enumeration
}

func behaviourGuide() []guideRow {
	return []guideRow{
		{
			"cancel", values(CancelStay, CancelRedirect),
			"After a refusal the page stays and goes on polling, or the browser goes back with state and without code (as older documents say).",
			func(b Behaviour) string { return string(b.Cancel) },
		},
		{"content_type", contentTypes(), "Content-Type of /sns answers; any value is accepted.", nil},
		{"errcode_zero", []string{"false", "true"}, "Successful answers carry \"errcode\":0 and \"errmsg\":\"ok\" as well.", nil},
		{
			"errmsg_tail", values(TailRID, TailHints, TailNewline, TailNone),
			"What follows an error text: \", rid: …\", the older \", hints: [ req_id: … ]\", a rid after a line break, nothing.",
			func(b Behaviour) string { return string(b.ErrmsgTail) },
		},
		{
			"unionid", values(UnionidBoth, UnionidUserinfo, UnionidAbsent, UnionidEmpty, UnionidLater, UnionidChanges),
			"For apps bound to an account: in token and profile; in the profile only; in neither; sent as \"\"; from unionid_from on; another one from unionid_from on.",
			func(b Behaviour) string { return string(b.Unionid) },
		},
		{"unionid_from", nil, "The moment for later and changes (RFC 3339). The zero time is long past.", nil},
		{
			"nickname", values(NicknameOwn, NicknameEmoji, NicknameEmpty, NicknameControl, NicknameRTL, NicknameLong, NicknameAdmin),
			"Everybody's nickname: their own, or one odd name for all. control holds raw control bytes, which are not valid JSON.",
			func(b Behaviour) string { return string(b.Nickname) },
		},
		{
			"profile", values(ProfileCurrent, ProfilePre2021),
			"Sex and place are empty, as since October 2021, or filled as before.",
			func(b Behaviour) string { return string(b.Profile) },
		},
		{
			"avatar", values(AvatarServed, AvatarHTTPS, AvatarHTTP, AvatarEmpty, AvatarGone),
			"headimgurl: the simulator's own address, the same with https or http forced, empty, or an address that answers 404.",
			func(b Behaviour) string { return string(b.Avatar) },
		},
		{
			"second_exchange",
			[]string{"40163", "40029"},
			"errcode when a code is exchanged again.",
			func(b Behaviour) string { return strconv.Itoa(b.SecondExchange) },
		},
		{
			"expired_code",
			[]string{"42003", "40029"},
			"errcode when a code is too old.",
			func(b Behaviour) string { return strconv.Itoa(b.ExpiredCode) },
		},
		{
			"userinfo_openid", values(OpenidIgnored, OpenidChecked),
			"A wrong or missing openid at /sns/userinfo changes nothing, or answers 40003 or 41009.",
			func(b Behaviour) string { return string(b.UserinfoOpenid) },
		},
		{
			"snapshot", values(SnapshotOff, SnapshotFlagged, SnapshotUnflagged, SnapshotReal, SnapshotUserinfoRefused),
			"Snapshot-page users: none; virtual ids with is_snapshotuser; virtual ids without it; real ids with it; with it, and 48001 at userinfo.",
			func(b Behaviour) string { return string(b.Snapshot) },
		},
		{
			"domain_check", values(DomainPorts, DomainStrict, DomainOff),
			"redirect_uri's host equals the app's domain, where a domain without a port allows any port; exactly as WeChat (default ports, no localhost); not checked.",
			func(b Behaviour) string { return string(b.DomainCheck) },
		},
		{"post_exchange", []string{"true", "false"}, "The exchange accepts a form POST, or answers it 41002.", nil},
		{"poll_hold", nil, "How long a poll waits before it answers 408.", nil},
		{"qr_lifetime", nil, "After this time a QR code answers 402.", nil},
		{"code_lifetime", nil, "After this time a code is expired.", nil},
		{"access_token_lifetime", nil, "After this time an access token answers 42001.", nil},
		{"refresh_token_lifetime", nil, "After this time a refresh token answers 42002; refreshing does not extend it.", nil},
		{"auto_confirm", nil, "Id of the person who confirms every sign-in at once: /connect/qrconnect answers 302 without a page.", nil},
		{"sim_user", []string{"false", "true"}, "The parameter sim_user=ID of /connect/qrconnect names who confirms at once; an unknown id makes a new person.", nil},
	}
}

// faultGuide documents the kinds of Fault, in words and for validation.
func faultGuide() []guideRow {
	row := func(kind FaultKind, text string) guideRow { return guideRow{Key: string(kind), Text: text} }
	return []guideRow{
		row(FaultErrcode, "Answer this errcode (default -1) with errmsg, or WeChat's text for it. At poll it is the wx_errcode."),
		row(FaultDelay, "Wait for delay (default 10s), then answer properly."),
		row(FaultHang, "Accept the request and say nothing until the caller gives up, or delay has passed; then cut the connection."),
		row(FaultSlowBody, "Send the right answer byte by byte, over delay (default 30s)."),
		row(FaultBadGateway, "502 with an HTML page."),
		row(FaultServerError, "500 with an HTML page."),
		row(FaultReset, "Reset the TCP connection. A client that reuses connections may silently try again: use always, or a new connection."),
		row(FaultTruncated, "Half of the body, sent as if it were whole."),
		row(FaultCutOff, "Half of the body, then the connection ends."),
		row(FaultEndless, "A body that never ends."),
		row(FaultEmpty, "200 with no body."),
		row(FaultRedirect, "302 to location (default /), which a careful client does not follow."),
		row(FaultWrongPerson, "userinfo only: the profile of somebody else."),
	}
}

func values[T ~string](list ...T) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		out = append(out, string(v))
	}
	return out
}

package demoapp

import (
	"net/http"

	"golang.org/x/text/language"
)

// text is everything people read, in one language.
type text struct {
	Mailbox                                                           string
	Lang, Title, Badge, Welcome, Lead, SignIn, Hello, Proved, SignOut string
	Steps                                                             []string
	AboutYou, ThisSignIn, NoEmailHint                                 string
	RawToken, RawTokenHint, RawInfo, RawInfoHint                      string
	About, Knows, Source                                              string
	Issuer, RedirectURI                                               string
	Read                                                              []reading
	TryAgain, Home, Engineers, Yes, No                                string
	Troubles                                                          map[trouble]explanation
	Claims                                                            map[string]string
}

// explanation is what a page says of trouble.
type explanation struct{ Title, Happened, Next string }

// reading is a file of this package and what it shows.
type reading struct{ File, What string }

// textFor chooses by the browser's languages.
func textFor(r *http.Request) *text {
	asked, _, _ := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	matcher := language.NewMatcher([]language.Tag{language.English, language.SimplifiedChinese})
	if _, i, _ := matcher.Match(asked...); i == 1 {
		return chinese()
	}
	return english()
}

func english() *text {
	return &text{
		Mailbox: "Mailbox", Lang: "en", Title: "Demo application", Badge: "demo client",
		Welcome: "A small application that knows nobody",
		Lead:    "It keeps no passwords and no list of people. Whoever opens it is sent to an identity provider, and comes back with a signed statement of who they are.",
		SignIn:  "Sign in", Hello: "Hello", SignOut: "Sign out",
		Proved: "The identity provider says who you are, and its signature was verified.",
		Steps: []string{
			"“Sign in” leads you to the login page of the identity provider.",
			"There you choose how to prove who you are: with WeChat, for example.",
			"You come back here, and see what this application was told about you.",
		},
		AboutYou: "About you", ThisSignIn: "About this sign-in",
		NoEmailHint: "There is no e-mail address: whoever signs in with WeChat may have none. An application should know people by “sub” and be ready for that.",
		RawToken:    "The ID token’s claims", RawTokenHint: "Signed by the identity provider, as they came.",
		RawInfo: "The userinfo answer", RawInfoHint: "Asked for with the access token; counts for the same “sub” only.",
		About:  "What this is",
		Knows:  "A demonstration: an ordinary OpenID Connect client, not a part of the identity server. All it was given are an issuer, a client ID and a client secret. Your own application connects in the same way.",
		Issuer: "Issuer", RedirectURI: "Redirect URI",
		Source: "Its source is in internal/demoapp. Read first:",
		Read: []reading{
			{"login.go", "leaving with state, nonce and PKCE; coming back; verifying the ID token"},
			{"logout.go", "signing out here and at the identity provider"},
			{"provider.go", "finding addresses and keys by discovery"},
		},
		TryAgain: "Sign in again", Home: "Home", Engineers: "For engineers", Yes: "yes", No: "no",
		Troubles: map[trouble]explanation{
			away: {
				"The identity provider does not answer", "This application could not read where and how to sign in.",
				"If it was started a moment ago, try again. Otherwise check that it is running and that the issuer is right to the letter.",
			},
			unexpected: {
				"That sign-in was not started here", "The answer belongs to no sign-in that this browser is waiting for: it was used already, took too long, or began elsewhere.",
				"Sign in again, and stay in one browser.",
			},
			refused: {
				"The identity provider did not sign you in", "You declined, or you are not allowed to use this application.",
				"Sign in again, or ask the administrator of the identity provider.",
			},
			unproven: {
				"That sign-in could not be verified", "What the identity provider sent does not prove who you are, so it was not accepted.",
				"Sign in again. If it happens again, compare client ID, client secret, redirect URI and signing key on both sides.",
			},
			nowhere: {"There is no such page", "This application has very few pages.", "Go home."},
		},
		Claims: map[string]string{
			"name": "Name", "preferred_username": "Username", "nickname": "Nickname", "given_name": "Given name", "family_name": "Family name", "email": "E-mail",
			"email_verified": "E-mail verified", "phone_number": "Phone", "picture": "Picture", "locale": "Language", "groups": "Groups",
			"iss": "Issuer", "sub": "Subject", "aud": "Audience", "azp": "Authorized party", "iat": "Issued at", "exp": "Valid until", "auth_time": "Signed in at",
			"acr": "Assurance level", "amr": "Signed in by", "sid": "Session", "nonce": "Nonce", "at_hash": "Access token hash", "jti": "Token ID",
		},
	}
}

func chinese() *text {
	return &text{
		Mailbox: "邮箱", Lang: "zh-CN", Title: "演示应用", Badge: "演示客户端",
		Welcome: "谁也不认识的小应用",
		Lead:    "它不保存密码，也没有用户名单。打开它的人会被带到身份服务器，再带着一份签了名的身份声明回来。",
		SignIn:  "登录", Hello: "你好", SignOut: "退出登录",
		Proved: "身份服务器说明了你是谁，它的签名已经验证通过。",
		Steps: []string{
			"点击“登录”，前往身份服务器的登录页。",
			"在那里选择证明身份的方式，例如微信。",
			"回到这里，看看这个应用得知了你的哪些信息。",
		},
		AboutYou: "关于你", ThisSignIn: "关于这次登录",
		NoEmailHint: "这里没有邮箱地址：用微信登录的人可能没有邮箱。应用应当以“sub”识别用户，并为此做好准备。",
		RawToken:    "ID Token 中的声明", RawTokenHint: "由身份服务器签名，原样显示。",
		RawInfo: "userinfo 接口的回答", RawInfoHint: "凭 Access Token 查询得到；只对同一个“sub”有效。",
		About:  "这是什么",
		Knows:  "这是一个演示：一个普通的 OpenID Connect 客户端，并不是身份服务器的一部分。它只知道 Issuer、Client ID 和 Client Secret。你自己的应用也是这样接入的。",
		Issuer: "Issuer", RedirectURI: "重定向地址",
		Source: "源代码在 internal/demoapp 目录，建议先读：",
		Read: []reading{
			{"login.go", "带着 state、nonce 和 PKCE 出发，返回后验证 ID Token"},
			{"logout.go", "在本应用和身份服务器同时退出登录"},
			{"provider.go", "通过 discovery 文档找到各个地址和公钥"},
		},
		TryAgain: "重新登录", Home: "首页", Engineers: "供工程师参考", Yes: "是", No: "否",
		Troubles: map[trouble]explanation{
			away: {
				"身份服务器没有响应", "应用无法得知应当去哪里、以什么方式登录。",
				"如果它刚刚启动，请稍后再试；否则请检查它是否在运行，以及 Issuer 是否一字不差。",
			},
			unexpected: {
				"这次登录不是从这里开始的", "当前浏览器没有在等待这个结果：它可能已经用过、等待太久，或者是在别处开始的。",
				"请重新登录，并始终使用同一个浏览器。",
			},
			refused: {
				"身份服务器没有让你登录", "你没有同意，或者你没有这个应用的访问权限。",
				"请重新登录，或联系身份服务器的管理员。",
			},
			unproven: {
				"无法验证这次登录", "身份服务器发来的内容不足以证明你是谁，因此没有采用。",
				"请重新登录；如果反复出现，请核对两边的 Client ID、Client Secret、重定向地址和签名密钥。",
			},
			nowhere: {"没有这个页面", "这个应用只有很少几个页面。", "请回到首页。"},
		},
		Claims: map[string]string{
			"name": "姓名", "preferred_username": "用户名", "nickname": "昵称", "given_name": "名", "family_name": "姓", "email": "邮箱",
			"email_verified": "邮箱已验证", "phone_number": "电话", "picture": "头像", "locale": "语言", "groups": "群组",
			"iss": "签发者", "sub": "用户标识", "aud": "接收方", "azp": "被授权方", "iat": "签发时间", "exp": "有效期至", "auth_time": "登录时间",
			"acr": "认证级别", "amr": "登录方式", "sid": "会话", "nonce": "随机数", "at_hash": "Access Token 摘要", "jti": "令牌编号",
		},
	}
}

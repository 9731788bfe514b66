package portal

import "strings"

// Device is what a User-Agent tells, in words that people know. Empty parts are unknown.
type Device struct {
	Browser, System string
	Handheld        bool
}

// token is a mark in a User-Agent and what it stands for. The first that is found wins, so the impostors come before whom they claim to be.
type token struct{ mark, name string }

var browserTokens = []token{
	{"MicroMessenger/", "WeChat"},
	{"wxwork/", "WeCom"},
	{"DingTalk/", "DingTalk"},
	{"Lark/", "Feishu"},
	{"QQBrowser/", "QQ Browser"},
	{"UCBrowser/", "UC Browser"},
	{"Edg/", "Edge"},
	{"EdgA/", "Edge"},
	{"EdgiOS/", "Edge"},
	{"OPR/", "Opera"},
	{"SamsungBrowser/", "Samsung Internet"},
	{"MiuiBrowser/", "Xiaomi Browser"},
	{"HuaweiBrowser/", "Huawei Browser"},
	{"Vivaldi/", "Vivaldi"},
	{"FxiOS/", "Firefox"},
	{"Firefox/", "Firefox"},
	{"CriOS/", "Chrome"},
	{"Chromium/", "Chromium"},
	{"Chrome/", "Chrome"},
	{"Safari/", "Safari"},
	{"curl/", "curl"},
}

var systemTokens = []token{
	{"OpenHarmony", "HarmonyOS"},
	{"HarmonyOS", "HarmonyOS"},
	{"iPhone", "iOS"},
	{"iPad", "iPadOS"},
	{"Android", "Android"},
	{"CrOS", "ChromeOS"},
	{"Windows", "Windows"},
	{"Mac OS X", "macOS"},
	{"Macintosh", "macOS"},
	{"Linux", "Linux"},
}

// DeviceOf reads a User-Agent. It guesses by well-known marks and never fails.
func DeviceOf(userAgent string) Device {
	if len(userAgent) > 1024 {
		userAgent = userAgent[:1024]
	}
	d := Device{Browser: find(userAgent, browserTokens), System: find(userAgent, systemTokens)}
	switch d.System {
	case "iOS", "iPadOS", "Android":
		d.Handheld = true
	case "HarmonyOS":
		d.Handheld = !strings.Contains(userAgent, "PC")
	}
	return d
}

func find(userAgent string, tokens []token) string {
	for _, t := range tokens {
		if strings.Contains(userAgent, t.mark) {
			return t.name
		}
	}
	return ""
}

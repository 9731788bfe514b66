package portal

import "testing"

func TestDeviceOf(t *testing.T) {
	tests := []struct {
		name, userAgent string
		want            Device
	}{
		{"nothing", "", Device{}},
		{
			"WeChat on an iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.54(0x1800362c) NetType/WIFI Language/zh_CN",
			Device{"WeChat", "iOS", true},
		},
		{
			"WeChat on Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat",
			Device{"WeChat", "Windows", false},
		},
		{
			"Edge, which says that it is Chrome and Safari", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
			Device{"Edge", "Windows", false},
		},
		{
			"Safari on a Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
			Device{"Safari", "macOS", false},
		},
		{
			"Chrome on Android, which says that it is Linux", "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
			Device{"Chrome", "Android", true},
		},
		{"Firefox on Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", Device{"Firefox", "Linux", false}},
		{"words that mean nothing", "<script>alert(1)</script>", Device{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := DeviceOf(tt.userAgent); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Ada Lovelace": "AL", "林岚": "林", "lin": "L", "🌿": "•", "": "•", "  ": "•", "<script>": "S", "\u202Eanna": "A", "9 lives": "9",
	} {
		if got := initials(name); got != want {
			t.Errorf("initials of %q: got %q, want %q", name, got, want)
		}
	}
}

func TestPictureLetsOnlyPicturesPass(t *testing.T) {
	for address, want := range map[string]string{
		"https://thirdwx.qlogo.cn/a/132": "https://thirdwx.qlogo.cn/a/132",
		"http://wx.qlogo.cn/a/0":         "https://wx.qlogo.cn/a/0",
		"/media/a.png":                   "/media/a.png",
		"//evil.example/a.png":           "",
		`/\evil.example/a.png`:           "",
		"javascript:alert(1)":            "",
		"data:text/html,x":               "",
		"data:image/svg+xml,%3Csvg/%3E":  "data:image/svg+xml,%3Csvg/%3E",
	} {
		if got := picture(address); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
}

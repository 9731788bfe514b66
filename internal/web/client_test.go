package web

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestClientIsTheRightmostUntrustedAddress(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	tests := []struct {
		name       string
		peer       string
		forwarded  []string
		want       string
		throughOur bool
	}{
		{"nobody between", "203.0.113.7:5000", nil, "203.0.113.7", false},
		{"a stranger's header is ignored", "203.0.113.7:5000", []string{"198.51.100.1"}, "203.0.113.7", false},
		{"one proxy", "10.0.0.1:5000", []string{"203.0.113.7"}, "203.0.113.7", true},
		{"a forged entry left of the true one", "10.0.0.1:5000", []string{"127.0.0.1, 203.0.113.7"}, "203.0.113.7", true},
		{"two proxies", "10.0.0.1:5000", []string{"198.51.100.1, 203.0.113.7, 10.0.0.2"}, "203.0.113.7", true},
		{"several header lines", "10.0.0.1:5000", []string{"198.51.100.1", "203.0.113.7", "10.0.0.2"}, "203.0.113.7", true},
		{"only proxies", "10.0.0.1:5000", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3", true},
		{"no header", "10.0.0.1:5000", nil, "10.0.0.1", true},
		{"rubbish stops the walk", "10.0.0.1:5000", []string{"203.0.113.7, unknown, 10.0.0.2"}, "10.0.0.2", true},
		{"an empty entry stops the walk", "10.0.0.1:5000", []string{"203.0.113.7,"}, "10.0.0.1", true},
		{"an entry with a port", "10.0.0.1:5000", []string{"203.0.113.7:1234"}, "203.0.113.7", true},
		{"IPv6 with brackets and port", "[fd00::1]:5000", []string{"[2001:db8::7]:1234"}, "2001:db8::7", true},
		{"IPv6 in brackets", "[fd00::1]:5000", []string{"[2001:db8::7]"}, "2001:db8::7", true},
		{"IPv4 in IPv6 clothes", "[::ffff:10.0.0.1]:5000", []string{"::ffff:203.0.113.7"}, "203.0.113.7", true},
		{"no address at all", "@", []string{"203.0.113.7"}, "invalid IP", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = tt.peer
			for _, line := range tt.forwarded {
				r.Header.Add("X-Forwarded-For", line)
			}
			got, through := clientOf(r, trusted)
			if got.IP.String() != tt.want || through != tt.throughOur {
				t.Errorf("got %v, %v; want %s, %v", got.IP, through, tt.want, tt.throughOur)
			}
		})
	}
}

func TestForwardedSchemeAndHostCountFromTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	tests := []struct{ name, peer, proto, host, want string }{
		{"from a proxy", "10.0.0.1:1", "https", "id.example.com", "https://id.example.com"},
		{"from a stranger", "203.0.113.7:1", "https", "evil.example", "http://example.com"},
		{"the nearest proxy's word counts", "10.0.0.1:1", "http, https", "evil.example, id.example.com:8443", "https://id.example.com:8443"},
		{"a scheme that is none", "10.0.0.1:1", "javascript", "", "http://example.com"},
		{"a host that is none", "10.0.0.1:1", "", "a/b", "http://example.com"},
		{"a host with a line break", "10.0.0.1:1", "", "a\r\nb", "http://example.com"},
		{"an IPv6 host", "10.0.0.1:1", "", "[::1]:9000", "http://[::1]:9000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = tt.peer
			r.Header.Set("X-Forwarded-Proto", tt.proto)
			r.Header.Set("X-Forwarded-Host", tt.host)
			c, _ := clientOf(r, trusted)
			if got := c.Scheme + "://" + c.Host; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

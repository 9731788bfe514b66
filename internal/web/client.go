package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Client is who asks, as far as the network tells.
type Client struct {
	IP netip.Addr // not valid where the address is unknown
	// Scheme and Host are what the browser asked, as a trusted proxy tells it. They serve for the choice of a brand: addresses that are
	// given out are built from the public address, never from these.
	Scheme string
	Host   string
}

// clientOf finds out who asks, and whether a trusted proxy handed the request on. Forwarding headers of anyone else are ignored: everybody
// can send them.
func clientOf(r *http.Request, trusted []netip.Prefix) (c Client, throughProxy bool) {
	c = Client{IP: parseIP(r.RemoteAddr), Scheme: "http", Host: r.Host}
	if r.TLS != nil {
		c.Scheme = "https"
	}
	if !contains(trusted, c.IP) {
		return c, false
	}
	c.IP = forwardedFor(r.Header.Values("X-Forwarded-For"), c.IP, trusted)
	if proto := strings.ToLower(last(r.Header.Values("X-Forwarded-Proto"))); proto == "http" || proto == "https" {
		c.Scheme = proto
	}
	if host := last(r.Header.Values("X-Forwarded-Host")); host != "" && plausibleHost(host) {
		c.Host = host
	}
	return c, true
}

// forwardedFor walks X-Forwarded-For from the right, where our own proxies wrote, to the first address that is not a trusted proxy's. What
// stands left of that one, or of something that is no address, is the sender's own word and counts for nothing.
func forwardedFor(lines []string, peer netip.Addr, trusted []netip.Prefix) netip.Addr {
	hops := strings.Split(strings.Join(lines, ","), ",")
	client := peer
	for i := len(hops) - 1; i >= 0 && contains(trusted, client); i-- {
		hop := parseIP(strings.TrimSpace(hops[i]))
		if !hop.IsValid() {
			break
		}
		client = hop
	}
	return client
}

// parseIP reads an address with or without a port. IPv4 in IPv6 clothes becomes IPv4; a zone goes.
func parseIP(text string) netip.Addr {
	if ap, err := netip.ParseAddrPort(text); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	ip, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return ip.Unmap().WithZone("")
}

func contains(networks []netip.Prefix, ip netip.Addr) bool {
	for _, n := range networks {
		if n.Contains(ip) {
			return true
		}
	}
	return false
}

// last gives the last entry of a list header: the one that the nearest proxy wrote.
func last(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	line := lines[len(lines)-1]
	return strings.TrimSpace(line[strings.LastIndexByte(line, ',')+1:])
}

func plausibleHost(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	return name != "" && len(host) <= 255 && !strings.ContainsFunc(name, func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("-._:", c))
	})
}

package vocabulary

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/model"
)

// unknownAddress is what ak_client_ip is where nobody knows, as in authentik.
const unknownAddress = "255.255.255.255"

// clientIP is the visitor's address.
func clientIP(v *model.Visitor) *expr.Object {
	if v != nil {
		if a, err := netip.ParseAddr(v.ClientIP); err == nil {
			return addressObject(a)
		}
	}
	return addressObject(netip.MustParseAddr(unknownAddress))
}

// addressObject shows an address with the names of Python's ipaddress. An IPv4 address within an IPv6 one is the IPv4 address.
func addressObject(a netip.Addr) *expr.Object {
	a = a.Unmap()
	text := a.String()
	return &expr.Object{Type: "IPAddress", Label: text, Key: a, Host: a, Plain: text, Attr: func(name string) (any, bool) {
		switch name {
		case "version":
			return version(a), true
		case "is_private":
			return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast(), true
		case "is_global":
			return a.IsGlobalUnicast() && !a.IsPrivate(), true
		case "is_loopback":
			return a.IsLoopback(), true
		case "is_link_local":
			return a.IsLinkLocalUnicast(), true
		case "is_multicast":
			return a.IsMulticast(), true
		case "is_unspecified":
			return a.IsUnspecified(), true
		case "compressed", "exploded":
			if name == "exploded" {
				return a.StringExpanded(), true
			}
			return text, true
		}
		return nil, false
	}}
}

func version(a netip.Addr) int {
	if a.Is4() {
		return 4
	}
	return 6
}

// networkObject shows a network; addresses can be looked for in it.
func networkObject(p netip.Prefix) *expr.Object {
	text := p.String()
	return &expr.Object{
		Type: "IPNetwork", Label: text, Key: p, Host: p, Plain: text,
		Has: func(x any) (bool, error) {
			a, err := addressOf(x)
			if err != nil {
				return false, err
			}
			return p.Contains(a), nil
		},
		Attr: func(name string) (any, bool) {
			switch name {
			case "version":
				return version(p.Addr()), true
			case "prefixlen":
				return p.Bits(), true
			case "network_address":
				return addressObject(p.Addr()), true
			case "is_private":
				return p.Addr().IsPrivate(), true
			}
			return nil, false
		},
	}
}

// addressOf reads an address that may be an object or text.
func addressOf(x any) (netip.Addr, error) {
	switch v := x.(type) {
	case *expr.Object:
		if a, ok := v.Host.(netip.Addr); ok {
			return a, nil
		}
	case string:
		a, err := netip.ParseAddr(v)
		if err != nil {
			return netip.Addr{}, fmt.Errorf("%q is no IP address", v)
		}
		return a.Unmap(), nil
	}
	return netip.Addr{}, fmt.Errorf("an IP address is needed")
}

// ipAddress makes an address of text.
func ipAddress(_ context.Context, args []any, _ map[string]any) (any, error) {
	if len(args) != 1 {
		return nil, fmt.Errorf("one argument, the address")
	}
	a, err := addressOf(args[0])
	if err != nil {
		return nil, err
	}
	return addressObject(a), nil
}

// ipNetwork makes a network of text: "10.0.0.0/8", or one address. Bits of the host are an error unless strict=False.
func ipNetwork(_ context.Context, args []any, named map[string]any) (any, error) {
	if len(args) < 1 || len(args) > 2 {
		return nil, fmt.Errorf("one argument, the network")
	}
	if o, ok := args[0].(*expr.Object); ok {
		if p, ok := o.Host.(netip.Prefix); ok {
			return networkObject(p), nil
		}
	}
	strict := true
	if s, ok := named["strict"].(bool); ok {
		strict = s
	} else if len(args) == 2 {
		strict, _ = args[1].(bool)
	}
	text, _ := args[0].(string)
	p, err := netip.ParsePrefix(text)
	if err != nil {
		a, err := addressOf(args[0])
		if err != nil {
			return nil, fmt.Errorf("%q is no IP network", text)
		}
		return networkObject(netip.PrefixFrom(a, a.BitLen())), nil
	}
	if strict && p.Masked() != p {
		return nil, fmt.Errorf("%q has host bits set; the network is %s", text, p.Masked())
	}
	return networkObject(p.Masked()), nil
}

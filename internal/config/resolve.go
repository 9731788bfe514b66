package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// resolve checks what was asked and fills in what follows from it.
func (l *loader) resolve(c Config) (Settings, error) {
	s := Settings{
		Durability: Durability(c.Durability),
		LogFormat:  LogFormat(c.LogFormat),
		GeoIP:      GeoIP{Database: c.GeoIPDatabase, ASNDatabase: c.GeoIPASNDatabase},
		Bootstrap: Bootstrap{
			Password: model.NewSecret(string(c.BootstrapPassword)),
			Token:    model.NewSecret(string(c.BootstrapToken)),
		},
	}
	check(l, "listen", &s.Listen, c.Listen, parseListen, "Write it as HOST:PORT, such as 127.0.0.1:9000")
	check(l, "demo_app_listen", &s.Demo.AppListen, c.DemoAppListen, parseListen, "Write it as HOST:PORT, such as 127.0.0.1:9001")
	check(l, "demo_wechat_listen", &s.Demo.WeChatListen, c.DemoWeChatListen, parseListen, "Write it as HOST:PORT, such as 127.0.0.1:9002")
	check(l, "url", &s.URL, first(c.URL, derivedURL(s.Listen)), parseURL, "Write the scheme and the host only, as https://id.example.com")
	check(l, "data", &s.Data, c.Data, filepath.Abs, "Name a folder")
	check(l, "database", &s.Database, first(string(c.Database), "sqlite:"+filepath.Join(s.Data, "weimen.db")), parseDatabase,
		"Write sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME")
	check(l, "durability", &s.Durability, c.Durability, oneOf(DurabilityFull, DurabilityFast), "Choose full or fast")
	check(l, "trusted_proxies", &s.TrustedProxies, c.TrustedProxies, parsePrefixes, "List addresses or networks, as 10.0.0.0/8,::1")
	check(l, "rate_limit", &s.RateLimit, c.RateLimit, parseRate, "Write a number, such as 20, or 0 for no limit")
	check(l, "log_level", &s.LogLevel, c.LogLevel, parseLevel, "Choose debug, info, warn or error")
	check(l, "log_format", &s.LogFormat, c.LogFormat, oneOf(LogText, LogJSON), "Choose text or json")
	l.resolveEmail(c, &s)
	if c.SecretKey != "" {
		check(l, "secret_key", &s.SecretKey, string(c.SecretKey), parseKey, "Make one with: openssl rand -hex 32")
	}
	if c.BootstrapEmail != "" {
		check(l, "bootstrap_email", &s.Bootstrap.Email, c.BootstrapEmail, parseEmail, "Write it as name@example.com")
	}
	if len(l.mistakes) > 0 {
		return Settings{}, l.mistakes
	}
	return s, nil
}

// check parses one setting's text into place, or records the mistake under the name and place it came from.
func check[T any](l *loader, name string, into *T, text string, parse func(string) (T, error), remedy string) {
	v, err := parse(text)
	if err == nil {
		*into = v
		return
	}
	from, given := l.origins[name]
	if !given {
		return // derived from a setting that is itself mistaken
	}
	l.mistake(Mistake{from.called, from.place, err.Error(), remedy})
}

func parseListen(text string) (string, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return "", fmt.Errorf("%q is not an address to listen on", text)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(n, 10) != port {
		return "", fmt.Errorf("%q is not a port from 0 to 65535", port)
	}
	if strings.ContainsAny(host, " /@") {
		return "", fmt.Errorf("%q is not a host", host)
	}
	return text, nil
}

// derivedURL is the public address when none is given: where we listen, or this machine's own name where we listen everywhere.
func derivedURL(listen string) string {
	host, port, _ := net.SplitHostPort(listen)
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func parseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("is not an address") // the parser's text would quote a password
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("does not begin with https:// or http://")
	case u.User != nil:
		return nil, errors.New("holds a user name")
	case u.Hostname() == "":
		return nil, errors.New("has no host")
	case strings.IndexFunc(u.Host, func(r rune) bool { return r > '~' || r <= ' ' || strings.ContainsRune(`"'<>;,*\`, r) }) >= 0:
		return nil, errors.New("has a host with letters that do not belong there (an international name is written as xn--...)")
	case u.Path != "" && u.Path != "/":
		return nil, fmt.Errorf("has a path, %s, which is not supported", u.EscapedPath())
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(text, "#"):
		return nil, errors.New("has something after the host")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return nil, fmt.Errorf("has %q for a port", port)
		}
	} else if strings.HasSuffix(u.Host, ":") {
		return nil, errors.New("has a colon without a port")
	}
	if u.Scheme == "https" && u.Port() == "443" || u.Scheme == "http" && u.Port() == "80" {
		u.Host = u.Host[:strings.LastIndexByte(u.Host, ':')] // as browsers write an origin (RFC 6454, section 6.2)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

func parseDatabase(text string) (Database, error) {
	if path, ok := strings.CutPrefix(text, "sqlite:"); ok {
		path = strings.TrimPrefix(path, "//")
		switch {
		case path == "" || strings.HasSuffix(path, "/"):
			return Database{}, errors.New("names no file")
		case path == ":memory:":
			return Database{}, errors.New("would be forgotten at the end")
		case strings.ContainsAny(path, "?#%"):
			return Database{}, errors.New("has a path with one of the letters ? # %")
		}
		abs, err := filepath.Abs(path)
		return Database{Dialect: SQLite, Path: abs}, err
	}
	if !strings.HasPrefix(text, "postgres://") && !strings.HasPrefix(text, "postgresql://") {
		return Database{}, errors.New("begins neither with sqlite: nor with postgres://")
	}
	if _, err := url.Parse(text); err != nil {
		return Database{}, errors.New("is not an address; letters such as / # % in a password are written %2F %23 %25")
	}
	return Database{Dialect: Postgres, DSN: model.NewSecret(text)}, nil
}

func parsePrefixes(text string) ([]netip.Prefix, error) {
	var prefixes []netip.Prefix
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		if ip, err := netip.ParseAddr(one); err == nil && ip.Zone() == "" {
			ip = ip.Unmap()
			prefixes = append(prefixes, netip.PrefixFrom(ip, ip.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(one)
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address nor a network", one)
		}
		prefixes = append(prefixes, p.Masked())
	}
	return prefixes, nil
}

func parseRate(text string) (float64, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || n > 1e6 || n != n || n != 0 && n < 0.1 {
		return 0, fmt.Errorf("%q is not a number of requests a second", text)
	}
	return n, nil
}

func parseLevel(text string) (slog.Level, error) {
	switch strings.ToLower(text) {
	case "debug":
		return slog.LevelDebug, nil
	case "info":
		return slog.LevelInfo, nil
	case "warn", "warning":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return 0, fmt.Errorf("%q is not a level", text)
}

func parseEmail(text string) (string, error) {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text {
		return "", fmt.Errorf("%q is not an e-mail address", text)
	}
	return text, nil
}

// oneOf gives a parser that accepts the listed words only.
func oneOf[T ~string](words ...T) func(string) (T, error) {
	return func(text string) (T, error) {
		for _, w := range words {
			if T(text) == w {
				return w, nil
			}
		}
		return "", fmt.Errorf("%q is not one of the choices", text)
	}
}

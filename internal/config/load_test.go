package config_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/config"
)

func load(t *testing.T, flags config.Config, environ ...string) config.Settings {
	t.Helper()
	s, err := config.Load(flags, environ)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaultsHoldWhenNothingIsAsked(t *testing.T) {
	t.Parallel()
	s := load(t, config.Config{}, "PATH=/bin", "WEIMEN_URL=")
	data, _ := filepath.Abs("data")
	got := fmt.Sprint(s.Listen, s.Origin(), s.Data, s.Database.Dialect, s.Database.Path, s.Durability, s.SecretKey.IsSet(),
		s.TrustedProxies, s.LogLevel, s.LogFormat, s.Demo)
	want := fmt.Sprint("127.0.0.1:9000", "http://127.0.0.1:9000", data, config.SQLite, filepath.Join(data, "weimen.db"), config.DurabilityFull, false,
		[]netip.Prefix(nil), slog.LevelInfo, config.LogText, config.Demo{AppListen: "127.0.0.1:9001", WeChatListen: "127.0.0.1:9002"})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLaterPlacesWin(t *testing.T) {
	t.Parallel()
	path := write(t, "weimen.yaml", "listen: 127.0.0.1:1\nlog_level: warn\nlog_format: json\ntrusted_proxies: [10.0.0.0/8, '::1']\n")
	s := load(t, config.Config{LogLevel: "error"}, "WEIMEN_CONFIG="+path, "WEIMEN_LISTEN=127.0.0.1:2", "WEIMEN_LOG_LEVEL=debug")
	if s.Listen != "127.0.0.1:2" || s.LogLevel != slog.LevelError || s.LogFormat != config.LogJSON {
		t.Errorf("listen %s, level %s, format %s", s.Listen, s.LogLevel, s.LogFormat)
	}
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	if diff := cmp.Diff(want, s.TrustedProxies, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestSecretsMayStandInFiles(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("k", 40)
	dsn := "postgres://weimen:pa%2Fss@db.internal/weimen"
	s := load(t, config.Config{},
		"WEIMEN_SECRET_KEY_FILE="+write(t, "key", key+"\r\n"),
		"WEIMEN_DATABASE_FILE="+write(t, "dsn", dsn+"\n"),
		"WEIMEN_CONFIG="+write(t, "weimen.yaml", "bootstrap_password_file: "+write(t, "password", " spaced \n\n")+"\nsecret_key: "+strings.Repeat("o", 40)))
	if got := s.SecretKey.Reveal(); got != key {
		t.Errorf("secret key %q", got)
	}
	if got := s.Database.DSN.Reveal(); got != dsn || s.Database.Dialect != config.Postgres {
		t.Errorf("database %s %q", s.Database.Dialect, got)
	}
	if got := s.Bootstrap.Password.Reveal(); got != " spaced \n" {
		t.Errorf("password %q: one newline goes, nothing else", got)
	}
}

func TestKubernetesServiceVariablesAndTestVariablesAreNotSettings(t *testing.T) {
	t.Parallel()
	load(t, config.Config{}, "WEIMEN_SERVICE_HOST=10.0.0.1", "WEIMEN_SERVICE_PORT_HTTP=80", "WEIMEN_PORT=tcp://10.0.0.1:80",
		"WEIMEN_PORT_80_TCP_ADDR=10.0.0.1", "WEIMEN_TEST_POSTGRES=x")
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	file := func(content string) func(*testing.T) []string {
		return func(t *testing.T) []string { return []string{"WEIMEN_CONFIG=" + write(t, "weimen.yaml", content)} }
	}
	env := func(lines ...string) func(*testing.T) []string { return func(*testing.T) []string { return lines } }
	tests := []struct {
		name string
		env  func(*testing.T) []string
		want []string // each must be a part of its line, in order
	}{
		{"an unknown variable", env("WEIMEN_LISTN=x"), []string{"WEIMEN_LISTN (environment): is not a setting. Did you mean WEIMEN_LISTEN?"}},
		{"an unknown variable even when empty", env("WEIMEN_LISTN="), []string{"Did you mean WEIMEN_LISTEN?"}},
		{"an unknown variable like nothing else", env("WEIMEN_FROBNICATION_FACTOR=x"), []string{"Remove it"}},
		{"a misspelt secret file", env("WEIMEN_SECRETKEY_FILE=x"), []string{"Did you mean WEIMEN_SECRET_KEY_FILE?"}},
		{"a file for what is no secret", env("WEIMEN_LISTEN_FILE=x"), []string{"WEIMEN_LISTEN_FILE (environment): is not a setting"}},
		{"a port number in WEIMEN_PORT", env("WEIMEN_PORT=9000"), []string{"WEIMEN_PORT (environment): is not a setting"}},
		{"an unknown key", file("lissten: x"), []string{"weimen.yaml): is not a setting. Did you mean listen?"}},
		{"a key inside a key", file("database:\n  path: x"), []string{"database.path"}},
		{"a map for a text", file("listen: {}"), []string{"holds something else than text"}},
		{"a list of numbers", file("trusted_proxies: [1]"), []string{"holds a list of something else than text"}},
		{"a secret that YAML takes for a number", file("bootstrap_password: 0123"), []string{"bootstrap_password (", "Put it in quotes"}[1:]},
		{"a settings file in a settings file", file("config: x"), []string{"names another settings file"}},
		{"a settings file that is no YAML", file("a: [b"), []string{"is not YAML"}},
		{"a settings file that is one text", file("hunter2hunter2"), []string{"is not a list of settings"}},
		{"a settings file that is not there", env("WEIMEN_CONFIG=/nonexistent/weimen.yaml"), []string{"config (/nonexistent/weimen.yaml): cannot be read"}},
		{"a secret twice", env("WEIMEN_SECRET_KEY=x", "WEIMEN_SECRET_KEY_FILE=/nonexistent"), []string{
			"WEIMEN_SECRET_KEY_FILE (environment): is set together with WEIMEN_SECRET_KEY", "WEIMEN_SECRET_KEY (environment): is shorter than 32",
		}},
		{"a secret's file that is not there", env("WEIMEN_BOOTSTRAP_TOKEN_FILE=/nonexistent"), []string{"cannot be read"}},
		{"a secret's file that is empty", func(t *testing.T) []string {
			return []string{"WEIMEN_BOOTSTRAP_TOKEN_FILE=" + write(t, "token", "\n")}
		}, []string{"names an empty file"}},
		{"a short key", env("WEIMEN_SECRET_KEY=hunter2"), []string{"WEIMEN_SECRET_KEY (environment): is shorter than 32 characters. Make one with: openssl rand -hex 32."}},
		{"no port", env("WEIMEN_LISTEN=localhost"), []string{`"localhost" is not an address to listen on`}},
		{"a port too high", env("WEIMEN_LISTEN=:70000"), []string{`"70000" is not a port`}},
		{"an address with a path", env("WEIMEN_URL=https://id.example.com/auth"), []string{"WEIMEN_URL (environment): has a path, /auth"}},
		{"an address with a query", env("WEIMEN_URL=https://id.example.com?x"), []string{"has something after the host"}},
		{"an address with a fragment", env("WEIMEN_URL=https://id.example.com/#"), []string{"has something after the host"}},
		{"an address with a user", env("WEIMEN_URL=https://me@id.example.com"), []string{"holds a user name"}},
		{"an address without a scheme", env("WEIMEN_URL=id.example.com"), []string{"does not begin with https:// or http://"}},
		{"an address without a host", env("WEIMEN_URL=https:///"), []string{"has no host"}},
		{"an address with port 0", env("WEIMEN_URL=https://a:0"), []string{`has "0" for a port`}},
		{"an address in Chinese", env("WEIMEN_URL=https://微门.example"), []string{"xn--"}},
		{"a database of another make", env("WEIMEN_DATABASE=mysql://root:hunter2@db/x"), []string{"begins neither with sqlite: nor with postgres://"}},
		{"a database address that cannot be parsed", env("WEIMEN_DATABASE=postgres://u:hunter2#%zz@db/x"), []string{"is not an address; letters such as"}},
		{"a database in memory", env("WEIMEN_DATABASE=sqlite::memory:"), []string{"would be forgotten"}},
		{"a database without a file", env("WEIMEN_DATABASE=sqlite:"), []string{"names no file"}},
		{"a durability that does not exist", env("WEIMEN_DURABILITY=some"), []string{`"some" is not one of the choices. Choose full or fast.`}},
		{"a proxy by name", env("WEIMEN_TRUSTED_PROXIES=10.0.0.0/8, proxy"), []string{`"proxy" is neither an address nor a network`}},
		{"a level that does not exist", env("WEIMEN_LOG_LEVEL=loud"), []string{`"loud" is not a level`}},
		{"a format that does not exist", env("WEIMEN_LOG_FORMAT=xml"), []string{"Choose text or json"}},
		{"an e-mail address with a name", env("WEIMEN_BOOTSTRAP_EMAIL=Me <me@example.com>"), []string{"is not an e-mail address"}},
		{"a mail host with a port", env("WEIMEN_EMAIL_HOST=smtp.example.com:25"), []string{"WEIMEN_EMAIL_HOST (environment): \"smtp.example.com:25\" is not a host"}},
		{"a mail port that is none", env("WEIMEN_EMAIL_PORT=0"), []string{"is not a port from 1 to 65535"}},
		{"both ways of TLS", env("WEIMEN_EMAIL_USE_TLS=true", "WEIMEN_EMAIL_USE_SSL=yes"), []string{"WEIMEN_EMAIL_USE_SSL (environment): is set together with email_use_tls"}},
		{"a switch that is neither on nor off", env("WEIMEN_EMAIL_USE_TLS=perhaps"), []string{"is neither true nor false"}},
		{"a mail timeout that is none", env("WEIMEN_EMAIL_TIMEOUT=0"), []string{"is not a number of seconds"}},
		{"a sender that is no address", env("WEIMEN_EMAIL_FROM=Weimen"), []string{"is not an e-mail address"}},
		{"several at once", env("WEIMEN_LISTEN=x", "WEIMEN_LOG_LEVEL=y", "WEIMEN_Z=z"), []string{"WEIMEN_Z", "WEIMEN_LISTEN", "WEIMEN_LOG_LEVEL"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(config.Config{}, tt.env(t))
			if err == nil {
				t.Fatal("no mistake was found")
			}
			lines := strings.Split(err.Error(), "\n")[1:]
			if len(lines) != len(tt.want) {
				t.Fatalf("%d lines, want %d:\n%v", len(lines), len(tt.want), err)
			}
			for i, want := range tt.want {
				if !strings.Contains(lines[i], want) {
					t.Errorf("line %d is %q, want a part %q", i, lines[i], want)
				}
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("a secret is in the error: %v", err)
			}
		})
	}
}

func TestAMistakeNamesTheFlagItCameFrom(t *testing.T) {
	t.Parallel()
	_, err := config.Load(config.Config{TrustedProxies: "x"}, []string{"WEIMEN_TRUSTED_PROXIES=10.0.0.1"})
	if err == nil || !strings.Contains(err.Error(), "--trusted-proxies (command line): ") {
		t.Errorf("got %v", err)
	}
}

func TestPublicAddressIsWrittenAsBrowsersDo(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, listen, url, want string }{
		{"a slash at the end goes", "", "https://id.example.com/", "https://id.example.com"},
		{"the scheme's own port goes", "", "HTTPS://ID.Example.com:443", "https://id.example.com"},
		{"another port stays", "", "http://[::1]:8080", "http://[::1]:8080"},
		{"none given is where we listen", "127.0.0.1:9100", "", "http://127.0.0.1:9100"},
		{"none given, listening everywhere, is this machine", ":9100", "", "http://localhost:9100"},
		{"none given, listening everywhere by number, is this machine", "[::]:9100", "", "http://localhost:9100"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := load(t, config.Config{Listen: tt.listen, URL: tt.url}).Origin(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestWhereLettersComeFrom(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, url, username, from, want string }{
		{"the sender that is given", "https://id.example.com", "ann@example.org", "Example <no@example.net>", "Example <no@example.net>"},
		{"else the user name, if it is an address", "https://id.example.com", "ann@example.org", "", "ann@example.org"},
		{"else nobody at the public address", "https://id.example.com:8443", "ann", "", "noreply@id.example.com"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := load(t, config.Config{URL: tt.url, EmailUsername: tt.username, EmailFrom: tt.from})
			if s.Email.From != tt.want || s.Email.Timeout != 10*time.Second || s.Email.UseTLS {
				t.Errorf("%+v", s.Email)
			}
		})
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	asked := config.Config{Database: "postgres://u:hunter2@db/x", SecretKey: "hunter2-hunter2-hunter2-hunter2-hunter2", BootstrapPassword: "hunter2", BootstrapToken: "hunter2", EmailPassword: "hunter2"}
	held := load(t, asked)
	for _, v := range []any{asked, &asked, held, &held} {
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		encoded, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		all := log.String() + string(encoded) + fmt.Sprintf("%v %+v %#v %s", v, v, v, v)
		if strings.Contains(all, "hunter2") {
			t.Errorf("printed: %s", all)
		}
	}
}

func TestConfigIsReadByKong(t *testing.T) {
	t.Parallel()
	var cli struct {
		Serve struct {
			config.Config `embed:""`
		} `cmd:""`
	}
	parser, err := kong.New(&cli)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse([]string{"serve", "--listen=:1", "--database", "sqlite:x", "--demo-wechat-listen=:2"}); err != nil {
		t.Fatal(err)
	}
	want := config.Config{Listen: ":1", Database: "sqlite:x", DemoWeChatListen: ":2"}
	if diff := cmp.Diff(want, cli.Serve.Config); diff != "" {
		t.Error(diff)
	}
	if _, err := parser.Parse([]string{"serve", "--secret-key=x"}); err == nil {
		t.Error("a secret was accepted as a flag")
	}
}

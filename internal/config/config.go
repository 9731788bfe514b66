package config

// Hidden is a setting's text that must not be printed: it formats and logs as "***". Settings carry it as a model.Secret.
type Hidden string

// String gives "***", or nothing where nothing was given.
func (h Hidden) String() string {
	if h == "" {
		return ""
	}
	return "***"
}

// GoString keeps %#v from printing the text, and with it log/slog, which prints whole structs so.
func (h Hidden) GoString() string { return `"` + h.String() + `"` }

// MarshalText keeps encoders from printing the text.
func (h Hidden) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// Config is what was asked, field by field as text; an empty field was not asked for. The struct can be embedded in a kong command, which
// reads the tags name, help, placeholder and group. The rest is read here:
//
//	initial   the value when none is given
//	derived   says, in the reference, what the value is when none is given and it depends on others
//	kong:"-"  not a flag: everybody on the machine can read a command line
type Config struct {
	File       string `name:"config" placeholder:"PATH" help:"A YAML file with these settings: the names without WEIMEN_, in lower case."`
	Listen     string `name:"listen" placeholder:"HOST:PORT" initial:"127.0.0.1:9000" help:"The address to listen on."`
	URL        string `name:"url" placeholder:"URL" derived:"http://<listen>" help:"The public address that browsers see, as https://id.example.com. Callback addresses are built from it."`
	Data       string `name:"data" placeholder:"FOLDER" initial:"./data" help:"The data folder. It holds the SQLite database and the secret key."`
	Database   Hidden `name:"database" placeholder:"ADDRESS" derived:"sqlite:<data>/weimen.db" help:"The database: sqlite:PATH, or postgres://USER:PASSWORD@HOST/NAME."`
	Durability string `name:"durability" placeholder:"full|fast" initial:"full" help:"full: whatever was answered as done survives a crash and a loss of power. fast: several times more writes a second, but a loss of power may undo the last moments; the database stays consistent."`
	SecretKey  Hidden `name:"secret-key" kong:"-" derived:"made on first start, in <data>/secret.key" help:"The key that secrets in the database are sealed with: 32 bytes or more in hex or base64, or any text of at least 32 characters. All replicas share one. If it is lost, what it sealed is lost."`

	BootstrapPassword Hidden `name:"bootstrap-password" kong:"-" help:"The password of the first administrator, akadmin. Read on the first start only. Without it and without a token, a one-time set-up link is printed."`
	BootstrapToken    Hidden `name:"bootstrap-token" kong:"-" help:"An API token of the first administrator. Read on the first start only."`
	BootstrapEmail    string `name:"bootstrap-email" placeholder:"ADDRESS" help:"The e-mail address of the first administrator. Read on the first start only."`

	EmailHost     string `name:"email-host" group:"E-mail" placeholder:"HOST" help:"The SMTP server that letters go out by. Without one no letter is sent, and whoever needs one is told to ask the administrator."`
	EmailPort     string `name:"email-port" group:"E-mail" placeholder:"PORT" derived:"25; 587 with email_use_tls; 465 with email_use_ssl" help:"The port of the SMTP server."`
	EmailUsername string `name:"email-username" group:"E-mail" placeholder:"NAME" help:"The user name at the SMTP server, if it wants one."`
	EmailPassword Hidden `name:"email-password" kong:"-" help:"The password at the SMTP server. It is said over TLS, or to a server on this machine, and never otherwise."`
	EmailUseTLS   string `name:"email-use-tls" group:"E-mail" placeholder:"true|false" initial:"false" help:"Whether to demand STARTTLS."`
	EmailUseSSL   string `name:"email-use-ssl" group:"E-mail" placeholder:"true|false" initial:"false" help:"Whether to speak TLS from the start, as most servers do at port 465."`
	EmailTimeout  string `name:"email-timeout" group:"E-mail" placeholder:"SECONDS" initial:"10" help:"How many seconds the SMTP server may take for a step."`
	EmailFrom     string `name:"email-from" group:"E-mail" placeholder:"ADDRESS" derived:"<email_username> if it is an address, else noreply@ and the host of <url>" help:"The sender of letters: noreply@example.com, or Example <noreply@example.com>. Without a name it gets the title of the brand."`

	TrustedProxies string `name:"trusted-proxies" placeholder:"CIDR,..." help:"The reverse proxies in front, as 10.0.0.0/8,::1. Only their X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host and X-Request-Id are believed."`
	RateLimit      string `name:"rate-limit" placeholder:"N" initial:"20" help:"How many requests a second one address may make without being signed in, and thirty times as many at once. 0 is no limit. Behind a reverse proxy, name it in trusted-proxies, or everybody counts as one address."`
	LogLevel       string `name:"log-level" placeholder:"debug|info|warn|error" initial:"info" help:"How much to log. At debug, every request is a line."`
	LogFormat      string `name:"log-format" placeholder:"text|json" initial:"text" help:"How a line of the log is written."`

	GeoIPDatabase    string `name:"geoip-database" placeholder:"PATH" help:"A database of places in the MMDB format, such as GeoLite2-City.mmdb, for GeoIP policies. A newer file in its place is taken up within a minute."`
	GeoIPASNDatabase string `name:"geoip-asn-database" placeholder:"PATH" help:"A database of autonomous systems in the MMDB format, such as GeoLite2-ASN.mmdb, for GeoIP policies."`

	DemoAppListen    string `name:"demo-app-listen" group:"Demo" placeholder:"HOST:PORT" initial:"127.0.0.1:9001" help:"weimen demo only: the address of the demo application."`
	DemoWeChatListen string `name:"demo-wechat-listen" group:"Demo" placeholder:"HOST:PORT" initial:"127.0.0.1:9002" help:"weimen demo only: the address of the simulated WeChat."`
}

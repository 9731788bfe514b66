// Command wechatsim serves a simulated WeChat, to try a sign-in without an account or to test an integration against.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/weimen-id/weimen/internal/wechatsim"
)

type command struct {
	Listen      string         `default:"127.0.0.1:9100" env:"WECHATSIM_LISTEN" help:"Address to listen on."`
	URL         string         `env:"WECHATSIM_URL" help:"The simulator's address as browsers and servers reach it, if it is not what they ask for."`
	App         []appFlag      `sep:"none" placeholder:"KEY=VALUE,…" help:"An application: id=…,secret=…,name=…,domain=…,account=…; repeatable. What is left out is made up. Without any, two for trying are registered."`
	User        []userFlag     `sep:"none" placeholder:"ID=NICKNAME" help:"One more person on the phone; repeatable."`
	Behaviour   []behaviourSet `sep:"none" placeholder:"KEY=VALUE" help:"A behaviour, such as unionid=absent or code_lifetime=5s; repeatable. The page /sim/ lists them."`
	Fault       []faultFlag    `sep:"none" placeholder:"ENDPOINT=KIND" help:"A fault until it is cleared, such as access_token=errcode:45011 or userinfo=hang*3 for three calls; repeatable."`
	PollHold    time.Duration  `default:"25s" help:"How long a poll is held."`
	AutoConfirm string         `placeholder:"ID" help:"This person confirms every sign-in at once, without a page."`
	SimUser     bool           `help:"Let the parameter sim_user=ID of the QR page's address name who confirms at once. For load tests."`
	KeepCalls   int            `default:"500" help:"How many calls to remember; -1 for none."`
}

func main() {
	var cmd command
	kong.Parse(&cmd, kong.Name("wechatsim"),
		kong.Description("A simulated WeChat: QR page, phone, tokens, profiles, odd names and failures. It is not WeChat, and asks nobody for a real account."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := cmd.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "wechatsim:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func (c command) run(ctx context.Context) error {
	sim := wechatsim.New(wechatsim.Options{
		BaseURL: c.URL, PollHold: c.PollHold, AutoConfirm: c.AutoConfirm, SimUser: c.SimUser, KeepCalls: c.KeepCalls,
	})
	if err := c.furnish(sim); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return err
	}
	c.greet(sim, listener.Addr().String())

	server := &http.Server{Handler: sim, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		sim.Close()
		closing, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		_ = server.Shutdown(closing)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// furnish puts in what the flags ask for.
func (c command) furnish(sim *wechatsim.Simulator) error {
	apps := c.App
	if len(apps) == 0 {
		apps = appsForTrying()
	}
	var problems []error
	for _, app := range apps {
		_, err := sim.AddApp(wechatsim.App(app))
		problems = append(problems, err)
	}
	for _, user := range c.User {
		_, err := sim.AddUser(wechatsim.User(user))
		problems = append(problems, err)
	}
	for _, set := range c.Behaviour {
		problems = append(problems, set.apply(sim))
	}
	for _, fault := range c.Fault {
		problems = append(problems, sim.SetFault(fault.endpoint, fault.fault, fault.times))
	}
	return errors.Join(problems...)
}

func (c command) greet(sim *wechatsim.Simulator, address string) {
	url := c.URL
	if url == "" {
		url = "http://" + address
	}
	fmt.Printf("A simulated WeChat is at %s/ : open it in a browser.\n\n", url)
	for _, app := range sim.Apps() {
		fmt.Printf("  AppID %s   AppSecret %s   domain %s   %s\n", app.AppID, app.Secret, app.Domain, app.Name)
	}
	fmt.Printf("\nSet in your application:\n"+
		"  authorisation  %[1]s/connect/qrconnect\n"+
		"  token          %[1]s/sns/oauth2/access_token\n"+
		"  profile        %[1]s/sns/userinfo\n"+
		"\nControl API: %[1]s/sim/\n", url)
}

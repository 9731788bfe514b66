package main

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/wechatsim"
)

func furnished(args ...string) (*wechatsim.Simulator, error) {
	var cmd command
	parser, err := kong.New(&cmd)
	if err != nil {
		return nil, err
	}
	if _, err := parser.Parse(args); err != nil {
		return nil, err
	}
	sim := wechatsim.New(wechatsim.Options{PollHold: cmd.PollHold, AutoConfirm: cmd.AutoConfirm, SimUser: cmd.SimUser})
	return sim, cmd.furnish(sim)
}

func TestFlagsFurnishTheSimulator(t *testing.T) {
	sim, err := furnished("--app", "id=wx1,secret=s,name=My App,domain=a.test:8080,account=acme", "--user", "zoe=Zoë, the 1st",
		"--behaviour", "unionid=absent", "--behaviour", "errcode_zero=true", "--behaviour", "second_exchange=40029", "--behaviour", "code_lifetime=5s",
		"--fault", "access_token=errcode:45011", "--fault", "userinfo=hang*3")
	if err != nil {
		t.Fatal(err)
	}
	want := []wechatsim.App{{AppID: "wx1", Secret: "s", Kind: wechatsim.KindWebsite, Name: "My App", Domain: "a.test:8080", Account: "acme"}}
	if diff := cmp.Diff(want, sim.Apps()); diff != "" {
		t.Errorf("apps (-want +got):\n%s", diff)
	}
	if user, err := sim.User("zoe"); err != nil || user.Nickname != "Zoë, the 1st" {
		t.Errorf("user %+v, %v", user, err)
	}
	b := sim.Behaviour()
	if b.Unionid != wechatsim.UnionidAbsent || !b.ErrcodeZero || b.SecondExchange != 40029 || b.CodeLifetime != wechatsim.Duration(5e9) {
		t.Errorf("behaviour %+v", b)
	}
	faults := []wechatsim.ArmedFault{
		{Endpoint: "access_token", Fault: wechatsim.Fault{Kind: "errcode", Errcode: 45011}, Left: wechatsim.Always},
		{Endpoint: "userinfo", Fault: wechatsim.Fault{Kind: "hang"}, Left: 3},
	}
	if diff := cmp.Diff(faults, sim.Faults()); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestMistakenFlagsAreExplained(t *testing.T) {
	tests := map[string]struct {
		args []string
		want string
	}{
		"an unknown key of an app": {[]string{"--app", "appid=wx1"}, "not one of id, secret"},
		"a person without an id":   {[]string{"--user", "=Zoë"}, "ID=NICKNAME"},
		"an unknown behaviour":     {[]string{"--behaviour", "mood=bad"}, "mood"},
		"an unknown value":         {[]string{"--behaviour", "unionid=perhaps"}, "not one of both"},
		"an unknown fault":         {[]string{"--fault", "userinfo=explode"}, "explode"},
		"an unknown endpoint":      {[]string{"--fault", "token=hang"}, "not one of qrconnect"},
		"times that is no number":  {[]string{"--fault", "userinfo=hang*x"}, "not a number"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := furnished(tt.args...); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want something with %q", err, tt.want)
			}
		})
	}
}

func TestWithoutFlagsThereAreAppsForTrying(t *testing.T) {
	sim, err := furnished()
	if err != nil || len(sim.Apps()) != 2 || sim.Apps()[0].Account != sim.Apps()[1].Account {
		t.Errorf("apps %+v, %v", sim.Apps(), err)
	}
}

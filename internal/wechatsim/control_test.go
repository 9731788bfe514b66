package wechatsim

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// call uses the control API, and decodes the answer into out unless nil.
func (b *bench) call(method, path, body string, out any) int {
	b.t.Helper()
	req, err := http.NewRequest(method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	text := b.read(resp)
	if out != nil {
		if err := json.Unmarshal([]byte(text), out); err != nil {
			b.t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return resp.StatusCode
}

func TestControlStatuses(t *testing.T) {
	b := newBench(t, Options{})
	tests := []struct {
		name, method, path, body string
		want                     int
	}{
		{"list apps", "GET", "/sim/apps", "", 200},
		{"add an app", "POST", "/sim/apps", `{"app_id":"wx1","domain":"a.test"}`, 200},
		{"add it again", "POST", "/sim/apps", `{"app_id":"wx1"}`, 409},
		{"an unknown key", "POST", "/sim/apps", `{"appid":"wx2"}`, 400},
		{"no JSON", "POST", "/sim/apps", `appid=wx2`, 400},
		{"a domain with a path", "POST", "/sim/apps", `{"domain":"a.test/cb"}`, 400},
		{"a kind that is not simulated", "POST", "/sim/apps", `{"kind":"mini_program"}`, 400},
		{"read an app", "GET", "/sim/apps/wx1", "", 200},
		{"change an app", "PATCH", "/sim/apps/wx1", `{"account":"acme"}`, 200},
		{"change none", "PATCH", "/sim/apps/wx9", `{}`, 404},
		{"remove an app", "DELETE", "/sim/apps/wx1", "", 204},
		{"remove it again", "DELETE", "/sim/apps/wx1", "", 404},
		{"add a person", "POST", "/sim/users", `{"id":"zoe","nickname":"Zoë"}`, 200},
		{"change a person", "PATCH", "/sim/users/zoe", `{"avatar_version":3}`, 200},
		{"remove a person", "DELETE", "/sim/users/zoe", "", 204},
		{"read a person who left", "GET", "/sim/users/zoe", "", 404},
		{"an unknown sign-in", "POST", "/sim/signins/none/scan", "", 404},
		{"an unknown behaviour", "PATCH", "/sim/behaviour", `{"mood":"bad"}`, 400},
		{"an unknown value", "PATCH", "/sim/behaviour", `{"cancel":"perhaps"}`, 400},
		{"a behaviour", "PATCH", "/sim/behaviour", `{"cancel":"redirect","code_lifetime":"5s"}`, 200},
		{"a fault", "POST", "/sim/faults", `{"endpoint":"userinfo","fault":{"kind":"hang","delay":"2s"}}`, 200},
		{"an unknown fault", "POST", "/sim/faults", `{"endpoint":"userinfo","fault":{"kind":"x"}}`, 400},
		{"clear faults", "DELETE", "/sim/faults", "", 204},
		{"calls", "GET", "/sim/calls", "", 200},
		{"move the clock", "POST", "/sim/clock", `{"advance":"10m"}`, 200},
		{"reset", "POST", "/sim/reset", "", 204},
		{"its page", "GET", "/sim/", "", 200},
		{"nothing there", "GET", "/sim/none", "", 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := b.call(tt.method, tt.path, tt.body, nil); got != tt.want {
				t.Errorf("status %d, want %d", got, tt.want)
			}
		})
	}
}

func TestControlDrivesASignIn(t *testing.T) {
	b := newBench(t, Options{})
	uuid := b.open()
	var list []struct{ UUID, Status, State string }
	b.call("GET", "/sim/signins?state=abc123", "", &list)
	if len(list) != 1 || list[0].UUID != uuid || list[0].Status != "new" {
		t.Fatalf("sign-ins %+v", list)
	}
	b.call("GET", "/sim/signins?state=other", "", &list)
	if len(list) != 0 {
		t.Errorf("another state finds %+v", list)
	}
	var si struct{ Status, Target, Code string }
	for _, step := range []struct{ do, body, want string }{
		{"scan", "", "scanned"},
		{"cancel", "", "cancelled"},
		{"confirm", `{"user_id":"alice"}`, "confirmed"},
		{"expire", "", "expired"},
	} {
		if status := b.call("POST", "/sim/signins/"+uuid+"/"+step.do, step.body, &si); status != 200 || si.Status != step.want {
			t.Errorf("%s: %d, %+v", step.do, status, si)
		}
		if step.do == "confirm" && si.Target != testRedirect+"&code="+si.Code+"&state=abc123" {
			t.Errorf("target %s", si.Target)
		}
	}
	if status := b.call("POST", "/sim/signins/"+uuid+"/confirm", `{"user_id":"alice"}`, nil); status != http.StatusConflict {
		t.Errorf("confirming an expired code: %d", status)
	}
	if status := b.call("POST", "/sim/signins/"+b.open()+"/confirm", `{"user_id":"nobody"}`, nil); status != http.StatusNotFound {
		t.Errorf("confirming as nobody: %d", status)
	}
}

func TestChangingOneFieldKeepsTheOthers(t *testing.T) {
	b := newBench(t, Options{})
	var app App
	b.call("PATCH", "/sim/apps/wx0000000000000001", `{"account":""}`, &app)
	if app.Account != "" || app.Secret != testSecret || app.Name != "Books" || app.AppID != "wx0000000000000001" {
		t.Errorf("app is %+v", app)
	}
	var behaviour Behaviour
	b.call("PATCH", "/sim/behaviour", `{"unionid":"absent"}`, &behaviour)
	if behaviour.Unionid != UnionidAbsent || behaviour.CodeLifetime != Duration(10*time.Minute) {
		t.Errorf("behaviour is %+v", behaviour)
	}
}

func TestResetKeepsApplicationsAndPeople(t *testing.T) {
	b := newBench(t, Options{PollHold: 70 * time.Millisecond})
	uuid := b.open()
	b.behave(func(bh *Behaviour) { bh.Unionid, bh.PollHold = UnionidAbsent, Duration(time.Second) })
	b.Advance(time.Hour)
	b.Reset()
	if _, err := b.SignIn(uuid); err == nil {
		t.Error("the sign-in is still there")
	}
	if got := b.Behaviour(); got.Unionid != UnionidBoth || got.PollHold != Duration(70*time.Millisecond) {
		t.Errorf("behaviour is %+v", got)
	}
	if len(b.Apps()) != 3 || len(b.Users()) != len(People()) || time.Until(b.Now()) > time.Minute {
		t.Error("apps, people or clock are not as they should be")
	}
}

func TestTryShowsWhatAnApplicationReceives(t *testing.T) {
	b := newBench(t, Options{})
	app, _ := b.App("wx0000000000000001")
	callback, err := b.SignInAs(b.url+tryAddress(b.url, app, "en"), "alice")
	if err != nil {
		t.Fatal(err)
	}
	_, body := b.get(callback)
	for _, part := range []string{"access_token", "Alice Martin", OpenID("alice", app.AppID)} {
		if !strings.Contains(body, part) {
			t.Errorf("page lacks %s", part)
		}
	}
}

func TestUseByManyAtOnce(t *testing.T) {
	b := newBench(t, Options{PollHold: 5 * time.Millisecond, KeepCalls: 50})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 {
				callback, err := b.SignInAs(b.authorizeURL(nil), "alice")
				if err != nil {
					t.Error(err)
					return
				}
				token := b.exchangeCode(param(t, callback, "code"))
				b.profile(token)
				b.get("/connect/l/qrconnect?uuid=" + b.SignIns()[0].UUID)
				_, _ = b.UpdateApp("wx0000000000000001", func(a *App) { a.Name += "." })
				b.get("/")
				b.Calls()
			}
		})
	}
	all.Wait()
}

// BenchmarkSignIn is the load a simulator must carry when somebody else's sign-in is measured.
func BenchmarkSignIn(bb *testing.B) {
	sim := New(Options{KeepCalls: -1})
	app, err := sim.AddApp(App{Domain: "login.example.com", Account: "acme"})
	if err != nil {
		bb.Fatal(err)
	}
	address := "/connect/qrconnect?appid=" + app.AppID + "&redirect_uri=https%3A%2F%2Flogin.example.com%2Fcb&scope=snsapi_login&state=s"
	for bb.Loop() {
		if _, err := sim.SignInAs(address, "alice"); err != nil {
			bb.Fatal(err)
		}
	}
}

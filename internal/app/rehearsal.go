package app

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

// wechatRehearsal plays WeChat for sources that are tried out: a simulator of its own for each play, which only the source's driver can reach.
type wechatRehearsal struct{}

var _ oauth.Simulator = wechatRehearsal{}

// picturesAt is where the pictures of simulated people would be. Nobody is there (RFC 2606).
const picturesAt = "https://pictures.example"

// People implements oauth.Simulator.
func (wechatRehearsal) People() []source.Sample {
	var out []source.Sample
	for _, u := range wechatsim.People() {
		out = append(out, source.Sample{ID: u.ID, Name: u.Nickname})
	}
	return out
}

// wechatFault is something that goes wrong at WeChat.
type wechatFault struct {
	id       string
	endpoint wechatsim.Endpoint
	fault    wechatsim.Fault
	// snapshot makes people come as the virtual accounts of a preview; cancels has them refuse.
	snapshot, cancels bool
}

func wechatFaults() []wechatFault {
	token := func(id string, f wechatsim.Fault) wechatFault {
		return wechatFault{id: id, endpoint: wechatsim.EndpointAccessToken, fault: f}
	}
	profile := func(id string, f wechatsim.Fault) wechatFault {
		return wechatFault{id: id, endpoint: wechatsim.EndpointUserinfo, fault: f}
	}
	errcode := func(n int) wechatsim.Fault { return wechatsim.Fault{Kind: wechatsim.FaultErrcode, Errcode: n} }
	return []wechatFault{
		{id: "cancelled", cancels: true},
		token("code_used", errcode(40163)),
		token("code_expired", errcode(42003)),
		token("secret_wrong", errcode(40125)),
		token("app_id_wrong", errcode(40013)),
		token("ip_refused", errcode(40164)),
		token("quota", errcode(45011)),
		token("risk", errcode(40226)),
		token("busy", errcode(-1)),
		profile("no_permission", errcode(48001)),
		profile("frozen", errcode(50002)),
		profile("wrong_person", wechatsim.Fault{Kind: wechatsim.FaultWrongPerson}),
		{id: "snapshot", snapshot: true},
		token("silence", wechatsim.Fault{Kind: wechatsim.FaultHang}),
		token("reset", wechatsim.Fault{Kind: wechatsim.FaultReset}),
		token("bad_gateway", wechatsim.Fault{Kind: wechatsim.FaultBadGateway}),
		profile("truncated", wechatsim.Fault{Kind: wechatsim.FaultTruncated}),
	}
}

// Faults implements oauth.Simulator.
func (wechatRehearsal) Faults() []string {
	var out []string
	for _, f := range wechatFaults() {
		out = append(out, f.id)
	}
	return out
}

// Open implements oauth.Simulator. The app is registered as the source has it, and bound to an Open Platform account as every website application is.
func (wechatRehearsal) Open(p oauth.Play) (oauth.Simulation, error) {
	callback, err := url.Parse(p.CallbackURL)
	if err != nil {
		return nil, err
	}
	play := &wechatPlay{Simulator: wechatsim.New(wechatsim.Options{BaseURL: picturesAt, KeepCalls: -1}), profile: p.Profile}
	_, err = play.AddApp(wechatsim.App{
		AppID: p.ClientID, Secret: p.Secret.Reveal(), Domain: callback.Hostname(), Account: cmp.Or(p.Account, "open platform"),
	})
	if err != nil {
		return nil, errorPage(err)
	}
	for _, f := range wechatFaults() {
		if f.id != p.Fault {
			continue
		}
		play.profile = nil // the fault decides what is told
		play.cancels = f.cancels
		if err := play.arm(f); err != nil {
			return nil, err
		}
		return play, nil
	}
	if p.Fault != "" {
		return nil, model.Invalid("fault", "There is no such fault.")
	}
	return play, nil
}

// wechatPlay is one simulated WeChat.
type wechatPlay struct {
	*wechatsim.Simulator
	profile map[string]any
	cancels bool
}

func (w *wechatPlay) arm(f wechatFault) error {
	if f.snapshot {
		return w.SetBehaviour(func(b *wechatsim.Behaviour) { b.Snapshot = wechatsim.SnapshotFlagged })
	}
	if f.endpoint == "" {
		return nil
	}
	return w.SetFault(f.endpoint, f.fault, wechatsim.Always)
}

// Confirm scans and agrees, or refuses.
func (w *wechatPlay) Confirm(departure, person string) (string, error) {
	target, err := w.SignInAs(departure, cmp.Or(person, wechatsim.People()[0].ID))
	switch {
	case errors.Is(err, wechatsim.ErrNotFound):
		return "", model.Invalid("person", "There is no such person.")
	case err != nil:
		return "", errorPage(err)
	case w.cancels:
		address, query, _ := strings.Cut(target, "?")
		values, _ := url.ParseQuery(query) // the simulator wrote it
		return address + "?" + url.Values{"state": values["state"]}.Encode(), nil
	}
	return target, nil
}

// errorPage is what people would see at WeChat in place of the QR code. Nobody comes back from there.
func errorPage(err error) error {
	return model.Refuse(model.CodeInvalid, "source.upstream_page", "The upstream would show an error page.").Because(err)
}

// ServeHTTP answers as the simulator does, with the profile of the play in it.
func (w *wechatPlay) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	names := map[string][]string{"/sns/oauth2/access_token": {"openid", "unionid"}, "/sns/userinfo": nil}
	only, told := names[r.URL.Path]
	if !told || len(w.profile) == 0 {
		w.Simulator.ServeHTTP(out, r)
		return
	}
	answer := &written{header: http.Header{}}
	w.Simulator.ServeHTTP(answer, r)
	body := map[string]any{}
	if json.Unmarshal(answer.body.Bytes(), &body) == nil && body["errcode"] == nil {
		retell(body, w.profile, only)
		if raw, err := json.Marshal(body); err == nil {
			answer.body.Reset()
			answer.body.Write(raw)
		}
	}
	maps.Copy(out.Header(), answer.header)
	out.Header().Set("Content-Length", strconv.Itoa(answer.body.Len()))
	_, _ = out.Write(answer.body.Bytes())
}

// retell replaces what an answer says, name by name; null takes a name away. With a list it is about those names only.
func retell(body, profile map[string]any, only []string) {
	for name, value := range profile {
		switch {
		case only != nil && name != only[0] && name != only[1]:
		case value == nil:
			delete(body, name)
		default:
			body[name] = value
		}
	}
}

// written is an answer that is held back.
type written struct {
	header http.Header
	body   bytes.Buffer
}

func (w *written) Header() http.Header         { return w.header }
func (w *written) WriteHeader(int)             {} // the simulator answers 200
func (w *written) Write(b []byte) (int, error) { return w.body.Write(b) }

package wechatsim

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestFaults(t *testing.T) {
	type outcome struct {
		status   int
		body     string
		err      error
		location string
	}
	const whole = `{"errcode":0,"errmsg":"ok"}`
	tests := map[string]struct {
		fault Fault
		good  func(outcome) bool
	}{
		"system error": {
			Fault{Kind: FaultErrcode},
			func(o outcome) bool {
				return o.status == 200 && strings.HasPrefix(o.body, `{"errcode":-1,"errmsg":"system error, rid: `)
			},
		},
		"minute quota": {
			Fault{Kind: FaultErrcode, Errcode: 45011},
			func(o outcome) bool { return strings.HasPrefix(o.body, `{"errcode":45011,"errmsg":"api minute-quota`) },
		},
		"an errcode with its own text": {
			Fault{Kind: FaultErrcode, Errcode: 40164, Errmsg: "invalid ip 1.2.3.4"},
			func(o outcome) bool { return strings.Contains(o.body, "invalid ip 1.2.3.4, rid") },
		},
		"a short delay": {
			Fault{Kind: FaultDelay, Delay: Duration(time.Millisecond)},
			func(o outcome) bool { return o.body == whole },
		},
		"a hang is cut off by the caller": {
			Fault{Kind: FaultHang},
			func(o outcome) bool { return errors.Is(o.err, context.DeadlineExceeded) },
		},
		"a slow body outlasts the caller": {
			Fault{Kind: FaultSlowBody},
			func(o outcome) bool {
				return o.status == 200 && errors.Is(o.err, context.DeadlineExceeded) && strings.HasPrefix(whole, o.body)
			},
		},
		"a body that is slow but arrives": {
			Fault{Kind: FaultSlowBody, Delay: Duration(20 * time.Millisecond)},
			func(o outcome) bool { return o.body == whole },
		},
		"502 with HTML": {
			Fault{Kind: FaultBadGateway},
			func(o outcome) bool { return o.status == 502 && strings.Contains(o.body, "<h1>502 Bad Gateway</h1>") },
		},
		"500 with HTML": {
			Fault{Kind: FaultServerError},
			func(o outcome) bool { return o.status == 500 && strings.Contains(o.body, "<html>") },
		},
		"a reset": {
			Fault{Kind: FaultReset},
			func(o outcome) bool { return errors.Is(o.err, syscall.ECONNRESET) || errors.Is(o.err, io.EOF) },
		},
		"truncated JSON": {
			Fault{Kind: FaultTruncated},
			func(o outcome) bool { return o.err == nil && o.body == whole[:len(whole)/2] },
		},
		"a body cut off": {
			Fault{Kind: FaultCutOff},
			func(o outcome) bool { return errors.Is(o.err, io.ErrUnexpectedEOF) && o.body == whole[:len(whole)/2] },
		},
		"an endless body": {
			Fault{Kind: FaultEndless},
			func(o outcome) bool { return len(o.body) == 1<<22 },
		},
		"an empty body": {
			Fault{Kind: FaultEmpty},
			func(o outcome) bool { return o.status == 200 && o.body == "" && o.err == nil },
		},
		"a redirect": {
			Fault{Kind: FaultRedirect, Location: "https://elsewhere.test/"},
			func(o outcome) bool { return o.status == 302 && o.location == "https://elsewhere.test/" },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, Options{})
			token := b.exchangeCode(b.code())
			if err := b.SetFault(EndpointAuth, tt.fault, 1); err != nil {
				t.Fatal(err)
			}
			patience := time.Minute
			if strings.HasSuffix(name, "the caller") {
				patience = 500 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			// On a reused connection the transport would repeat a request that was reset.
			b.client.Transport = &http.Transport{DisableKeepAlives: true}
			ask := func() outcome {
				req, _ := http.NewRequestWithContext(ctx, http.MethodGet, b.url+"/sns/auth?access_token="+token.AccessToken+"&openid="+token.OpenID, nil)
				resp, err := b.client.Do(req)
				if err != nil {
					return outcome{err: err}
				}
				defer resp.Body.Close()
				body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<22))
				return outcome{resp.StatusCode, string(body), err, resp.Header.Get("Location")}
			}
			if got := ask(); !tt.good(got) {
				t.Errorf("got status %d, error %v, %d bytes %.200q", got.status, got.err, len(got.body), got.body)
			}
			if _, body := b.get("/sns/auth?access_token=" + token.AccessToken + "&openid=" + token.OpenID); body != whole {
				t.Errorf("the next call still fails: %s", body)
			}
		})
	}
}

func TestWrongPersonFault(t *testing.T) {
	b := newBench(t, Options{})
	token := b.exchangeCode(b.code())
	if err := b.SetFault(EndpointUserinfo, Fault{Kind: FaultWrongPerson}, 1); err != nil {
		t.Fatal(err)
	}
	wrong := b.profile(token)
	if wrong.OpenID == token.OpenID || wrong.OpenID == "" || wrong.UnionID == token.UnionID {
		t.Errorf("it is the right person: %+v", wrong)
	}
	if right := b.profile(token); right.OpenID != token.OpenID {
		t.Error("the next call is wrong too")
	}
}

func TestFaultsCountTheirCalls(t *testing.T) {
	b := newBench(t, Options{})
	errcode := func() int { return b.sns("auth", nil).errcode() }
	busy := Fault{Kind: FaultErrcode}
	tests := []struct {
		name  string
		times int
		want  []int
	}{
		{"twice", 2, []int{-1, -1, 41001}},
		{"never", 0, []int{41001}},
		{"always", Always, []int{-1, -1, -1, -1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := b.SetFault(EndpointSNS, busy, tt.times); err != nil {
				t.Fatal(err)
			}
			for i, want := range tt.want {
				if got := errcode(); got != want {
					t.Errorf("call %d: %d, want %d", i+1, got, want)
				}
			}
		})
	}
	b.ClearFaults()
	if got := errcode(); got != 41001 || len(b.Faults()) != 0 {
		t.Errorf("after clearing: %d", got)
	}
	if err := b.SetFault("token", busy, 1); !errors.Is(err, ErrInvalid) {
		t.Errorf("unknown endpoint: %v", err)
	}
	if err := b.SetFault(EndpointAuth, Fault{Kind: "explode"}, 1); !errors.Is(err, ErrInvalid) {
		t.Errorf("unknown kind: %v", err)
	}
}

func TestAFaultAfterTheWorkSpendsTheCode(t *testing.T) {
	for _, after := range []bool{false, true} {
		b := newBench(t, Options{})
		code := b.code()
		if err := b.SetFault(EndpointAccessToken, Fault{Kind: FaultErrcode, AfterWork: after}, 1); err != nil {
			t.Fatal(err)
		}
		want := map[bool]int{false: 0, true: 40163}[after]
		if first, second := b.exchangeCode(code).errcode(), b.exchangeCode(code).errcode(); first != -1 || second != want {
			t.Errorf("after work %v: %d, then %d", after, first, second)
		}
	}
}

func TestFaultAtThePollIsItsErrcode(t *testing.T) {
	b := newBench(t, Options{})
	if err := b.SetFault(EndpointPoll, Fault{Kind: FaultErrcode, Errcode: 666}, 1); err != nil {
		t.Fatal(err)
	}
	if _, body := b.get("/connect/l/qrconnect?uuid=" + b.open()); body != "window.wx_errcode=666;window.wx_code='';" {
		t.Error(body)
	}
}

func TestCallsAreRecordedWithoutSecrets(t *testing.T) {
	b := newBench(t, Options{})
	code := b.code()
	token := b.exchangeCode(code)
	b.exchangeCode(code)
	b.profile(token)
	calls := b.Calls()
	if len(calls) != 3 {
		t.Fatalf("%d calls", len(calls))
	}
	for _, call := range calls {
		for key, value := range call.Params {
			for _, secret := range []string{testSecret, code, token.AccessToken} {
				if strings.Contains(value, secret) {
					t.Errorf("%s shows %s", call.Endpoint, key)
				}
			}
		}
	}
	if c := calls[1]; c.Endpoint != EndpointAccessToken || c.Errcode != 40163 || c.Status != 200 || c.Params["appid"] != "wx0000000000000001" {
		t.Errorf("second call is %+v", c)
	}
	b.ClearCalls()
	if len(b.Calls()) != 0 {
		t.Error("calls are still there")
	}
	few := newBench(t, Options{KeepCalls: 2})
	for range 5 {
		few.sns("auth", nil)
	}
	if len(few.Calls()) != 2 {
		t.Errorf("kept %d calls, not 2", len(few.Calls()))
	}
}

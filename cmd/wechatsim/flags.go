package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/weimen-id/weimen/internal/wechatsim"
)

// appFlag is an application written id=…,secret=…,name=…,domain=…,account=….
type appFlag wechatsim.App

func (a *appFlag) UnmarshalText(text []byte) error {
	for pair := range strings.SplitSeq(string(text), ",") {
		key, value, _ := strings.Cut(pair, "=")
		switch strings.TrimSpace(key) {
		case "id":
			a.AppID = value
		case "secret":
			a.Secret = value
		case "name":
			a.Name = value
		case "domain":
			a.Domain = value
		case "account":
			a.Account = value
		default:
			return fmt.Errorf("%q is not one of id, secret, name, domain, account", key)
		}
	}
	return nil
}

// userFlag is a person written ID=NICKNAME.
type userFlag wechatsim.User

func (u *userFlag) UnmarshalText(text []byte) error {
	var ok bool
	if u.ID, u.Nickname, ok = strings.Cut(string(text), "="); !ok || u.ID == "" {
		return fmt.Errorf("%q is not ID=NICKNAME", text)
	}
	return nil
}

// behaviourSet is a behaviour written KEY=VALUE.
type behaviourSet struct{ key, value string }

func (b *behaviourSet) UnmarshalText(text []byte) error {
	var ok bool
	if b.key, b.value, ok = strings.Cut(string(text), "="); !ok {
		return fmt.Errorf("%q is not KEY=VALUE", text)
	}
	return nil
}

// apply sets one field by its JSON name: numbers and booleans are written bare, everything else is a string.
func (b behaviourSet) apply(sim *wechatsim.Simulator) error {
	value := json.RawMessage(b.value)
	if !json.Valid(value) {
		value, _ = json.Marshal(b.value) // a string always marshals
	}
	patch, _ := json.Marshal(map[string]json.RawMessage{b.key: value})
	present := sim.Behaviour()
	dec := json.NewDecoder(strings.NewReader(string(patch)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&present); err != nil {
		return fmt.Errorf("behaviour %s=%s: %w", b.key, b.value, err)
	}
	return sim.SetBehaviour(func(p *wechatsim.Behaviour) { *p = present })
}

// faultFlag is a fault written ENDPOINT=KIND, ENDPOINT=errcode:NUMBER, with *TIMES at the end if it is not for always.
type faultFlag struct {
	endpoint wechatsim.Endpoint
	fault    wechatsim.Fault
	times    int
}

func (f *faultFlag) UnmarshalText(text []byte) error {
	endpoint, rest, ok := strings.Cut(string(text), "=")
	if !ok {
		return fmt.Errorf("%q is not ENDPOINT=KIND", text)
	}
	f.times = wechatsim.Always
	rest, times, limited := strings.Cut(rest, "*")
	kind, errcode, coded := strings.Cut(rest, ":")
	var err error
	if limited {
		if f.times, err = strconv.Atoi(times); err != nil {
			return fmt.Errorf("times %q is not a number", times)
		}
	}
	if coded {
		if f.fault.Errcode, err = strconv.Atoi(errcode); err != nil {
			return fmt.Errorf("errcode %q is not a number", errcode)
		}
	}
	f.endpoint, f.fault.Kind = wechatsim.Endpoint(endpoint), wechatsim.FaultKind(kind)
	return nil
}

// appsForTrying are two applications of one Open Platform account, so that openids differ and unionids agree.
func appsForTrying() []appFlag {
	return []appFlag{
		{AppID: "wx5a0d1e2c3b4f6978", Secret: "0123456789abcdef0123456789abcdef", Name: "Bamboo Books 竹书", Domain: "127.0.0.1", Account: "bamboo"},
		{AppID: "wx9c8b7a6d5e4f3021", Secret: "fedcba9876543210fedcba9876543210", Name: "Bamboo Maps 竹图", Domain: "localhost", Account: "bamboo"},
	}
}

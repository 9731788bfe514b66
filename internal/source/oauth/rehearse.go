package oauth

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/url"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
)

// patience is how long a rehearsal waits for its upstream, which is in the same process: only one that is made to say nothing takes as long.
const patience = 3 * time.Second

// Simulator is a make-believe upstream of one type.
type Simulator interface {
	// People are those who can sign in there, without their profiles, and Faults what can go wrong.
	People() []source.Sample
	Faults() []string
	// Open makes an upstream of its own for a play.
	Open(p Play) (Simulation, error)
}

// Play is what a simulated upstream has to know.
type Play struct {
	// ClientID and Secret are those of the source, which the upstream takes for right; Account is its label for the account that the app belongs to.
	ClientID string
	Secret   model.Secret
	Account  string
	// CallbackURL is the one address that the upstream sends browsers back to.
	CallbackURL string
	// Profile, if set, replaces what the upstream tells of a person, name by name.
	Profile map[string]any
	// Fault is one of the simulator's, "" for none.
	Fault string
}

// Simulation is a simulated upstream at work. As a handler it answers the source's server.
type Simulation interface {
	http.Handler
	// Confirm does what a browser and a person would who are sent to an address: it gives the address that the browser comes back to.
	Confirm(departure, person string) (string, error)
	Close()
}

var _ source.Rehearsing = (*typed)(nil)

// Samples gives the people of the type's simulator with what it tells of them.
func (d *typed) Samples(ctx context.Context, callbackURL string) source.Samples {
	if d.kind.Simulator == nil {
		return source.Samples{}
	}
	out := source.Samples{People: d.kind.Simulator.People(), Faults: d.kind.Simulator.Faults()}
	s, err := d.stage(Play{CallbackURL: callbackURL})
	if err != nil {
		return out
	}
	defer s.close()
	for i, p := range out.People {
		account, err := s.signIn(ctx, source.Rehearsal{SourceID: "sample", CallbackURL: callbackURL, Locale: "zh", Person: p.ID})
		if err == nil {
			out.People[i].Profile = account.Info
		}
	}
	return out
}

// Rehearse plays one sign-in.
func (d *typed) Rehearse(ctx context.Context, r source.Rehearsal) (*source.Account, error) {
	if d.kind.Simulator == nil {
		return nil, model.Invalid("person", "This kind of source has no simulator.")
	}
	s, err := d.stage(Play{CallbackURL: r.CallbackURL, Profile: r.Profile, Fault: r.Fault})
	if err != nil {
		return nil, err
	}
	defer s.close()
	return s.signIn(ctx, r)
}

// scenery is a driver that asks a simulated upstream, with no way out of the process.
type scenery struct {
	driver     source.Driver
	simulation Simulation
	network    *memory
}

// stage opens the type once more, with the addresses of its own, which the simulation answers for.
func (d *typed) stage(p Play) (*scenery, error) {
	c := d.settings.Config
	p.ClientID, p.Secret, p.Account = c.ConsumerKey, c.ConsumerSecret, c.OpenPlatformAccount
	simulation, err := d.kind.Simulator.Open(p)
	if err != nil {
		return nil, err
	}
	c.AuthorizationURL, c.AccessTokenURL, c.ProfileURL = nil, nil, nil
	network := newMemory(simulation)
	driver, err := d.kind.Open(Settings{Config: c, Client: restrained(&http.Client{Transport: network.transport(), Timeout: patience})})
	if err != nil {
		network.close()
		simulation.Close()
		return nil, err
	}
	return &scenery{driver, simulation, network}, nil
}

func (s *scenery) close() {
	s.simulation.Close()
	s.network.close()
}

// signIn goes the way of a sign-in: away, confirm, back, and the driver's own Finish.
func (s *scenery) signIn(ctx context.Context, r source.Rehearsal) (*source.Account, error) {
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails, see crypto/rand
	departure, err := s.driver.Begin(ctx, source.Begin{CallbackURL: r.CallbackURL, State: hex.EncodeToString(raw[:]), Locale: r.Locale})
	if err != nil {
		return nil, err
	}
	target, err := s.simulation.Confirm(departure.URL, r.Person)
	if err != nil {
		return nil, err
	}
	back, err := url.Parse(target)
	if err != nil {
		return nil, err
	}
	return s.driver.Finish(ctx, source.Return{
		SourceID: r.SourceID, Query: back.Query(), CallbackURL: r.CallbackURL, Locale: r.Locale, Keep: departure.Keep,
	})
}

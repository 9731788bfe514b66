package reputation

import (
	"context"
	"net/netip"
	"strings"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// name is the kind's wire name.
const name = "reputation"

// Config is the settings of a reputation policy.
type Config struct {
	// Count what came from the person's address.
	CheckIP bool `json:"check_ip" title:"Check IP"`
	// Count what was tried with the person's name.
	CheckUsername bool `json:"check_username"`
	// The policy passes if the score is this or lower: it recognises suspicious requests.
	Threshold int `json:"threshold"`
}

// Validate checks that there is something to count.
func (c *Config) Validate() error {
	if !c.CheckIP && !c.CheckUsername {
		return model.Invalid("check_username", "Either IP or Username must be checked.")
	}
	return nil
}

// Scores reads scores. Package store has it.
type Scores interface {
	// Reputation gives the sum of the scores of a name and of those at an address. An empty one is not looked for.
	Reputation(ctx context.Context, identifier, ip string) (int, error)
}

// Kind describes the policy.
func Kind(s Scores) kind.Kind[policy.Driver] {
	return kind.Of(kind.Info{
		Name: name, VerboseName: "Reputation Policy", VerboseNamePlural: "Reputation Policies",
		Component: "ak-policy-reputation-form", MetaModelName: "authentik_policies_reputation.reputationpolicy",
		Description: "Recognises requests that failed sign-ins make suspicious.",
	}, Config{CheckIP: true, CheckUsername: true, Threshold: -5}, func(c Config) (policy.Driver, error) { return &driver{c, s}, nil })
}

type driver struct {
	Config
	scores Scores
}

var _ policy.Driver = (*driver)(nil)

// Evaluate compares the score. Nobody at no address has none, and counts as 0.
func (d *driver) Evaluate(ctx context.Context, r *policy.Request) (policy.Result, error) {
	var who, where string
	if d.CheckUsername && r.User != nil {
		who = identifier(r.User.Username)
	}
	if d.CheckIP && r.Visitor != nil {
		where = address(r.Visitor.ClientIP)
	}
	score := 0
	if who != "" || where != "" {
		var err error
		if score, err = d.scores.Reputation(ctx, who, where); err != nil {
			return policy.Result{}, err
		}
	}
	return policy.Result{Passing: score <= d.Threshold}, nil
}

// identifier is what a name counts as.
func identifier(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// address is what an address counts as, "" for what is none.
func address(text string) string {
	ip, err := netip.ParseAddr(text)
	if err != nil {
		return ""
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		network, _ := ip.Prefix(64) // an address of IPv6 has so many bits
		ip = network.Addr()
	}
	return ip.String()
}

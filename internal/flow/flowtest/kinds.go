package flowtest

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/stage"
)

// SlotTrail lists the scripted stages that were passed, in order.
var SlotTrail = model.NewSlot[[]string]("trail")

// SlotLink is the link that a scripted stage has made.
var SlotLink = model.NewSlot[string]("link")

// LinkLifetime is how long a scripted stage's link is good.
const LinkLifetime = 2 * time.Hour

// ScriptConfig says what a scripted stage does.
type ScriptConfig struct {
	// What it does: pass, ask (passes on the answer "yes", refuses "no" as invalid, errs on anything else), refuse, invalid, fail, a write that fails, an event, a link (waits
	// for a link into the run to be opened; "again" makes another), insert (has other stages come next), or switch (goes on in another flow with what is known).
	Does string `json:"does" enum:"pass ask refuse invalid fail failing_write event link insert switch"`
	// Its name in the trail and, as "test-<name>", its component.
	Name string `json:"name"`
	// An entry of the context that it sets.
	Sets string `json:"sets"`
	// The stages that it inserts.
	Stages []model.StageID `json:"stages" ref:"stage"`
	// The flow that it switches to.
	Flow model.FlowID `json:"flow" ref:"flow"`
	// Its component is this in place of one of its own.
	Component string `json:"component"`
}

// Script is the kind of a stage that does as its settings say.
func Script() kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{Name: "script", VerboseName: "Script", VerboseNamePlural: "Scripts"}, ScriptConfig{Does: "pass"},
		func(c ScriptConfig) (stage.Driver, error) { return &script{c}, nil })
}

// ScriptChallenge is what a scripted stage shows.
type ScriptChallenge struct {
	stage.Base
	Trail []string `json:"trail"`
	// Link is the address that takes the run up.
	Link string `json:"link"`
	// Step names the step at which the run waits for a return: see [flow.Waiting.At].
	Step string `json:"step"`
}

type script struct{ ScriptConfig }

var _ stage.Driver = (*script)(nil)

// Enter does what needs no answer, and asks otherwise.
func (d *script) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	switch d.Does {
	case "ask":
		return stage.Ask{Challenge: d.challenge(v)}, nil
	case "refuse":
		return stage.Refuse{Err: model.Refuse(model.CodeDenied, "test.refused", "refused")}, nil
	case "invalid":
		return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "test.invalid", "invalid")}, nil
	case "fail":
		return nil, errors.New("a secret cause")
	case "failing_write":
		v.Write(func(context.Context) error {
			return model.Refuse(model.CodeConflict, "test.write", "the last write fails")
		})
	case "link":
		if stage.SlotIsRestored.Value(v.Context) {
			SlotLink.Clear(v.Context)
			stage.SlotIsRestored.Clear(v.Context)
			return d.pass(v), nil
		}
		if _, sent := SlotLink.Get(v.Context); !sent {
			SlotLink.Set(v.Context, v.Link(LinkLifetime).Reveal())
			v.Wait(LinkLifetime)
		}
		return stage.Ask{Challenge: d.challenge(v)}, nil
	case "insert":
		d.pass(v)
		return stage.Insert{Stages: d.Stages}, nil
	case "switch":
		d.pass(v)
		return stage.Switch{Flow: v.Snapshot.Flows[d.Flow], KeepContext: true}, nil
	case "event":
		v.Record(event.New(model.ActionSuspiciousRequest, "test", v.Visitor, nil))
	}
	return d.pass(v), nil
}

// Submit takes "yes".
func (d *script) Submit(ctx context.Context, v *stage.Visit, a stage.Answer) (stage.Outcome, error) {
	if d.Does == "link" {
		if a.String("answer") == "again" {
			SlotLink.Clear(v.Context)
		}
		return d.Enter(ctx, v)
	}
	switch a.String("answer") {
	case "yes":
		return d.pass(v), nil
	case "no":
		return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "test.invalid", "invalid")}, nil
	}
	return stage.Ask{Challenge: d.challenge(v), Errors: stage.Invalid("answer", "test.error")}, nil
}

func (d *script) challenge(v *stage.Visit) *ScriptChallenge {
	return &ScriptChallenge{
		Base: stage.Base{Component: cmp.Or(d.Component, "test-"+d.Name)}, Trail: SlotTrail.Value(v.Context), Link: SlotLink.Value(v.Context),
	}
}

func (d *script) pass(v *stage.Visit) stage.Outcome {
	SlotTrail.Set(v.Context, append(append([]string{}, SlotTrail.Value(v.Context)...), d.Name))
	if d.Sets != "" {
		model.NewSlot[string](d.Sets).Set(v.Context, "set")
	}
	return stage.Done{}
}

// AwayConfig is the settings of a stage that sends people away.
type AwayConfig struct {
	// Its component is "test-<name>".
	Name string `json:"name"`
	// Where they are sent.
	Source model.SourceID `json:"source" ref:"source"`
}

// Away is the kind of a stage that sends people to a source, as the source stage does. It leaves nothing in the trail: what they bring back takes its place.
func Away() kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{Name: "away", VerboseName: "Away", VerboseNamePlural: "Away"}, AwayConfig{},
		func(c AwayConfig) (stage.Driver, error) { return &away{c}, nil })
}

type away struct{ AwayConfig }

var (
	_ stage.Driver = (*away)(nil)
	_ stage.Detour = (*away)(nil)
)

// Awaits is the source.
func (d *away) Awaits() (model.SourceID, time.Duration) { return d.Source, time.Hour }

// Enter sends them away.
func (d *away) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	v.Wait(time.Hour)
	return stage.Ask{Challenge: &ScriptChallenge{Base: stage.Base{Component: "test-" + d.Name}, Trail: SlotTrail.Value(v.Context), Step: v.Detour()}}, nil
}

// Submit sends them away again.
func (d *away) Submit(ctx context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	return d.Enter(ctx, v)
}

// VerdictConfig says how a policy judges.
type VerdictConfig struct {
	Passing bool   `json:"passing"`
	Message string `json:"message"`
	// An entry of the context without which it refuses; in place of Passing.
	Needs string `json:"needs"`
	// An entry of the context that it writes.
	Writes string `json:"writes"`
	// Where it sends the browser in place of what it stands before.
	Redirects string `json:"redirects"`
	// It fails, or takes its time.
	Fails bool `json:"fails"`
	Hangs bool `json:"hangs"`
}

// Verdict is the kind of a policy that judges as its settings say.
func Verdict() kind.Kind[policy.Driver] {
	return kind.Of(kind.Info{Name: "verdict", VerboseName: "Verdict", VerboseNamePlural: "Verdicts"}, VerdictConfig{},
		func(c VerdictConfig) (policy.Driver, error) { return &verdict{c}, nil })
}

type verdict struct{ VerdictConfig }

var _ policy.Driver = (*verdict)(nil)

// Evaluate judges.
func (d *verdict) Evaluate(ctx context.Context, r *policy.Request) (policy.Result, error) {
	if d.Hangs {
		select {
		case <-ctx.Done():
			return policy.Result{}, ctx.Err()
		case <-time.After(time.Minute):
		}
	}
	if d.Fails {
		return policy.Result{}, errors.New("the policy fails")
	}
	result := policy.Result{Passing: d.Passing}
	if d.Needs != "" {
		_, result.Passing = r.Context.Lookup(d.Needs)
	}
	if d.Writes != "" {
		model.NewSlot[string](d.Writes).Set(r.Context, "written")
	}
	if d.Redirects != "" && r.Redirect != nil {
		r.Redirect(d.Redirects)
	}
	if d.Message != "" {
		result.Messages = []string{d.Message}
	}
	return result, nil
}

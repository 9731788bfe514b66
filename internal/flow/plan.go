package flow

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/weimen-id/weimen/internal/model"
)

// planVersion is that of the stored form. A plan of another version is thrown away, and its flow begins anew.
const planVersion = 1

// Plan is one run of a flow: what is left to do, and what is known so far.
type Plan struct {
	Version int                `json:"version"`
	Flow    model.FlowID       `json:"flow"`
	Steps   []Step             `json:"steps"`
	Context *model.PlanContext `json:"context"`
	// Started says that the run was begun with a context, by a source, a provider or an administrator, and not by someone who opened the flow's page.
	Started bool `json:"started,omitempty"`
	// Asked is the component of the challenge that is waiting for an answer, if one is.
	Asked string `json:"asked,omitempty"`
	// User is who was signed in when the run began; it ends if that changes from the outside.
	User model.UserID `json:"user,omitempty"`
	// Turn counts the steps that were passed, so that an answer is taken for the step that it was given to, and for no later one that asks alike.
	Turn int `json:"turn,omitempty"`
	// Links are the hashes of the links into this run that are good: the newest.
	Links []string `json:"links,omitempty"`
	// Trace is what the run did so far.
	Trace *Trace `json:"trace,omitempty"`
}

// Step is one stage of a plan: a binding of a flow, a stage that another stage has inserted, or an inline stage by its name.
type Step struct {
	Binding    model.BindingID `json:"binding,omitempty"`
	Stage      model.StageID   `json:"stage,omitempty"`
	Inline     string          `json:"inline,omitempty"`
	ReEvaluate bool            `json:"re_evaluate,omitempty"`
	// Argument is for an inline stage, which finds it in its visit.
	Argument string `json:"argument,omitempty"`
}

// pass leaves the first step behind. What comes in its place comes first.
func (p *Plan) pass(instead ...Step) {
	p.Steps = append(instead, p.Steps[1:]...)
	p.Asked = ""
	p.Turn++
}

// step names the step that is due among all steps of the run.
func (p *Plan) step() string { return strconv.Itoa(p.Turn) }

func (p *Plan) encode() ([]byte, error) { return json.Marshal(p) }

func decodePlan(b []byte) (*Plan, error) {
	p := &Plan{Context: model.NewPlanContext()}
	if err := json.Unmarshal(b, p); err != nil {
		return nil, err
	}
	if p.Version != planVersion {
		return nil, fmt.Errorf("plan of version %d", p.Version)
	}
	return p, nil
}

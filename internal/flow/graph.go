package flow

import (
	"cmp"
	"strings"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// Graph is a flow as a drawing: what is passed in which order, what stands before it, and where it may lead.
type Graph struct {
	Nodes []Node `json:"nodes"`
	Edges []Edge `json:"edges"`
}

// Node is something in a drawing.
type Node struct {
	ID string `json:"id"`
	// Type is "flow", "stage", "policies", "source", "denied" or "end".
	Type string `json:"type"`
	// Name is what administrators call it, Kind its variety, PK its id in the API.
	Name string `json:"name"`
	Kind string `json:"kind,omitempty"`
	PK   string `json:"pk,omitempty"`
	Slug string `json:"slug,omitempty"`
	// Binding and Order are those of a stage that is bound to the flow.
	Binding        string `json:"binding,omitempty"`
	Order          int    `json:"order"`
	EvaluateOnPlan bool   `json:"evaluate_on_plan,omitempty"`
	ReEvaluate     bool   `json:"re_evaluate_policies,omitempty"`
	// InvalidResponseAction is what a wrong answer leads to.
	InvalidResponseAction string `json:"invalid_response_action,omitempty"`
	// Mode and Policies are what a node of policies holds.
	Mode     string   `json:"policy_engine_mode,omitempty"`
	Policies []Policy `json:"policies,omitempty"`
}

// Policy is one binding of a node of policies.
type Policy struct {
	Binding string `json:"binding"`
	// Type is "policy", "group" or "user".
	Type    string `json:"type"`
	Name    string `json:"name"`
	Kind    string `json:"kind,omitempty"`
	PK      string `json:"pk"`
	Order   int    `json:"order"`
	Negate  bool   `json:"negate"`
	Enabled bool   `json:"enabled"`
}

// Edge leads from one node to another.
type Edge struct {
	From string `json:"from"`
	To   string `json:"to"`
	// Type is "next", "passed" and "refused" behind policies, "branch" for where a stage or a source may lead besides.
	Type string `json:"type"`
	// Label is the setting that a branch comes of: "enrollment_flow".
	Label string `json:"label,omitempty"`
}

// drawing is a graph in the making.
type drawing struct {
	Graph
	executor *Executor
	snapshot *model.Snapshot
	known    map[string]bool
}

// Graph draws a flow.
func (e *Executor) Graph(s *model.Snapshot, f *model.Flow) Graph {
	d := &drawing{executor: e, snapshot: s, known: map[string]bool{}, Graph: Graph{Nodes: []Node{}, Edges: []Edge{}}}
	start := d.flow(f)
	open := []Edge{{From: start, Type: "next"}} // edges whose end is not known yet
	if gate := d.policies("before", model.TargetID(f.ID), f.PolicyEngineMode); gate != "" {
		d.land(open, gate)
		d.node(Node{ID: "denied", Type: "denied", Name: string(f.DeniedAction)})
		d.Edges = append(d.Edges, Edge{From: gate, To: "denied", Type: "refused"})
		open = []Edge{{From: gate, Type: "passed"}}
	}
	for _, b := range s.BindingsOf(f.ID) {
		st := s.Stages[b.Stage]
		if st == nil {
			continue
		}
		open = d.bound(b, st, open)
	}
	d.node(Node{ID: "end", Type: "end", Name: "end"})
	d.land(open, "end")
	return d.Graph
}

// bound draws a stage with its policies, and gives the edges that lead on.
func (d *drawing) bound(b *model.FlowStageBinding, st *model.Stage, open []Edge) []Edge {
	id := "stage_" + string(b.ID)
	d.node(Node{
		ID: id, Type: "stage", Name: st.Name, Kind: st.Kind, PK: string(st.ID), Binding: string(b.ID), Order: b.Order, EvaluateOnPlan: b.EvaluateOnPlan,
		ReEvaluate: b.ReEvaluatePolicies, InvalidResponseAction: string(b.InvalidResponseAction),
	})
	next := []Edge{{From: id, Type: "next"}}
	// Policies that are asked neither when the plan is made nor when the stage's turn comes do nothing.
	if gate := d.policies(string(b.ID), model.TargetID(b.ID), b.PolicyEngineMode); gate != "" {
		if b.EvaluateOnPlan || b.ReEvaluatePolicies {
			d.land(open, gate)
			open = []Edge{{From: gate, Type: "passed"}}
			next = append(next, Edge{From: gate, Type: "refused"})
		} else {
			d.Edges = append(d.Edges, Edge{From: gate, To: id, Type: "branch", Label: "never evaluated"})
		}
	}
	d.land(open, id)
	d.branches(id, st)
	return next
}

// branches draws where a stage's settings lead: other flows, sources and their flows, stages that it makes use of.
func (d *drawing) branches(from string, st *model.Stage) {
	k, ok := d.executor.Stages.Get(st.Kind)
	if !ok {
		return
	}
	config := k.New()
	if kind.Load(config, st.Config, d.executor.Box, "stages/config/"+string(st.ID)) != nil {
		return
	}
	for _, ref := range kind.References(config) {
		for _, id := range ref.IDs {
			if to := d.referred(ref.Field.Ref, id); to != "" {
				d.Edges = append(d.Edges, Edge{From: from, To: to, Type: "branch", Label: ref.Field.Name})
			}
		}
	}
	driver, err := k.Open(config)
	if _, detour := driver.(stage.Detour); err == nil && detour {
		for i := range d.Edges {
			if d.Edges[i].From == from && d.Edges[i].Type == "branch" {
				d.Edges[i].Label = "there and back"
			}
		}
	}
}

// referred draws what a setting names, "" for what has no place in a drawing.
func (d *drawing) referred(noun, id string) string {
	switch noun {
	case "flow":
		if f := d.snapshot.Flows[model.FlowID(id)]; f != nil {
			return d.flow(f)
		}
	case "source":
		if src := d.snapshot.Sources[model.SourceID(id)]; src != nil {
			return d.source(src)
		}
	case "stage":
		if st := d.snapshot.Stages[model.StageID(id)]; st != nil {
			return d.node(Node{ID: "used_" + id, Type: "stage", Name: st.Name, Kind: st.Kind, PK: id})
		}
	}
	return ""
}

func (d *drawing) flow(f *model.Flow) string {
	return d.node(Node{ID: "flow_" + string(f.ID), Type: "flow", Name: f.Name, Slug: f.Slug, Kind: string(f.Designation), PK: string(f.ID)})
}

// source draws a source with its policies and its flows.
func (d *drawing) source(src *model.Source) string {
	id := "source_" + string(src.ID)
	if d.known[id] {
		return id
	}
	d.node(Node{ID: id, Type: "source", Name: src.Name, Slug: src.Slug, Kind: src.Kind, PK: string(src.ID)})
	if gate := d.policies("source_"+string(src.ID), model.TargetID(src.ID), src.PolicyEngineMode); gate != "" {
		d.Edges = append(d.Edges, Edge{From: gate, To: id, Type: "passed"})
	}
	for label, flow := range map[string]*model.FlowID{"authentication_flow": src.AuthenticationFlow, "enrollment_flow": src.EnrollmentFlow} {
		if flow != nil && d.snapshot.Flows[*flow] != nil {
			d.Edges = append(d.Edges, Edge{From: id, To: d.flow(d.snapshot.Flows[*flow]), Type: "branch", Label: label})
		}
	}
	return id
}

// policies draws what stands before a target, "" for nothing.
func (d *drawing) policies(name string, target model.TargetID, mode model.EngineMode) string {
	bindings := d.snapshot.PoliciesOf(target)
	if len(bindings) == 0 {
		return ""
	}
	n := Node{ID: "policies_" + name, Type: "policies", Mode: string(mode)}
	var names []string
	for _, b := range bindings {
		p := d.policy(b)
		n.Policies = append(n.Policies, p)
		names = append(names, p.Name)
	}
	n.Name = strings.Join(names, ", ")
	return d.node(n)
}

func (d *drawing) policy(b *model.PolicyBinding) Policy {
	p := Policy{Binding: string(b.ID), Order: b.Order, Negate: b.Negate, Enabled: b.Enabled}
	switch {
	case b.Policy != nil:
		p.Type, p.PK, p.Name = "policy", string(*b.Policy), string(*b.Policy)
		if known := d.snapshot.Policies[*b.Policy]; known != nil {
			p.Name, p.Kind = known.Name, known.Kind
		}
	case b.Group != nil:
		p.Type, p.PK, p.Name = "group", string(*b.Group), "group "+string(*b.Group)
	case b.User != nil:
		p.Type, p.PK, p.Name = "user", b.User.String(), "user "+b.User.String()
	}
	return p
}

// node adds a node once.
func (d *drawing) node(n Node) string {
	if !d.known[n.ID] {
		d.known[n.ID] = true
		d.Nodes = append(d.Nodes, n)
	}
	return n.ID
}

// land ends open edges at a node.
func (d *drawing) land(open []Edge, at string) {
	for _, edge := range open {
		edge.To = at
		edge.Type = cmp.Or(edge.Type, "next")
		d.Edges = append(d.Edges, edge)
	}
}

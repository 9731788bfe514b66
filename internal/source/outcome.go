package source

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
)

// Outcome is what a sign-in that was only tried out would have come to. It holds neither tokens nor codes, and is plain data, to be kept for a moment. Texts are named by their keys
// below "check." in the message catalogue.
type Outcome struct {
	// Profile is what the upstream told, and Identifier the one that a connection would show.
	Profile    map[string]any `json:"profile"`
	Identifier string         `json:"identifier"`
	// User and Groups are what the mappings made of it.
	User     map[string]any   `json:"user"`
	Groups   []map[string]any `json:"groups"`
	Mappings []Tried          `json:"mappings"`
	// Action is what would be done, an [Action], or OutcomeFailed.
	Action string `json:"action"`
	// Sentence says it in a sentence.
	Sentence Sentence `json:"sentence"`
	// Person is who would sign in, nil for a newcomer and for nobody.
	Person *model.EventUser `json:"person"`
	// Refusal is what people would be told; nil where they would get in.
	Refusal *Refusal  `json:"refusal"`
	Steps   []Finding `json:"steps"`

	// asked is when the driver began.
	asked time.Time
}

// OutcomeFailed is the action of a sign-in that ends before anything is decided.
const OutcomeFailed = "failed"

// Sentence is a text of the message catalogue.
type Sentence struct {
	Key  string            `json:"key"`
	Args map[string]string `json:"args"`
}

// Refusal is a refusal as it is kept.
type Refusal struct {
	Code   model.Code        `json:"code"`
	Reason string            `json:"reason"`
	Args   map[string]string `json:"args"`
}

// Tried is what one property mapping gave.
type Tried struct {
	ID     model.MappingID `json:"id"`
	Name   string          `json:"name"`
	Result any             `json:"result"`
	Error  string          `json:"error"`
}

// TryOut plays a sign-in against the simulated upstream of a source, also of one that is switched off. It comes to what the sign-in of somebody whom this server does not know by a
// session would come to, and stores nothing.
func (m *Manager) TryOut(ctx context.Context, s *model.Snapshot, v *model.Visitor, src *model.Source, rehearsal Rehearsal) (*Outcome, error) {
	driver, err := m.driver(s, src)
	if err != nil {
		return nil, unopened(src, err)
	}
	d, ok := driver.(Rehearsing)
	if !ok {
		return nil, model.Invalid("person", "This kind of source has no simulator.")
	}
	rehearsal.SourceID, rehearsal.CallbackURL, rehearsal.Locale = src.ID, callbackURL(v.Origin, src), v.Locale
	r := m.trying(s, v, src, nil)
	account, err := d.Rehearse(ctx, rehearsal)
	if errors.Is(err, model.ErrUnavailable) || err != nil && invalidInput(err) {
		return nil, err
	}
	return r.outcome(ctx, driver, account, err)
}

// Samples gives what a source can be tried out with.
func (m *Manager) Samples(ctx context.Context, s *model.Snapshot, v *model.Visitor, src *model.Source) Samples {
	driver, err := m.driver(s, src)
	if err != nil {
		return Samples{}
	}
	if d, ok := driver.(Rehearsing); ok {
		return d.Samples(ctx, callbackURL(v.Origin, src))
	}
	return Samples{}
}

// invalidInput reports whether whoever asked for a trial has named something that is not there.
func invalidInput(err error) bool {
	var e *model.Error
	return errors.As(err, &e) && len(e.Fields) > 0
}

// trying is a return that is only thought through: nobody is signed in, whoever looks on.
func (m *Manager) trying(s *model.Snapshot, v *model.Visitor, src *model.Source, keep map[string]string) *returning {
	stranger := *v
	stranger.User, stranger.Session = nil, nil
	return &returning{
		manager: m, snapshot: s, source: src, visitor: &stranger, keep: keep, request: &model.SourceRequest{Source: src.ID, Locale: v.Locale, Created: m.Now().UTC()},
		trial: &Outcome{asked: m.Now(), User: map[string]any{}, Profile: map[string]any{}, Groups: []map[string]any{}, Mappings: []Tried{}},
	}
}

// outcome goes on from what the driver gave to where a sign-in would act. A refusal is part of the outcome; the error is the database's.
func (r *returning) outcome(ctx context.Context, driver Driver, account *Account, err error) (*Outcome, error) {
	o := r.trial
	var p *prospect
	if err == nil {
		o.tell(account)
		if err = r.understand(ctx, driver, account, o.asked); err == nil {
			o.take(r)
			p, err = r.foresee(ctx)
		} else {
			o.misread(err)
		}
	} else {
		o.step("step.upstream_failed", LevelError, "message", messageOf(err))
	}
	if p != nil {
		o.judge(r, p, err)
	}
	if err == nil {
		err = r.foreseeFlow(ctx, p)
	}
	refusal, err := refusalOf(detailed(err, r.source))
	if err != nil {
		return nil, err
	}
	o.conclude(r, p, refusal)
	return o, nil
}

// refusalOf tells a refusal from an error that is nobody's to read.
func refusalOf(err error) (*model.Error, error) {
	var e *model.Error
	if err == nil || errors.As(err, &e) && e.Reason != "" && e.Code != model.CodeUnavailable {
		return e, nil
	}
	return nil, err
}

func messageOf(err error) string {
	var e *model.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return ""
}

// step notes a step, its arguments given in pairs.
func (o *Outcome) step(code string, level Level, args ...string) {
	f := Finding{Code: code, Level: level, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[args[i]] = args[i+1]
	}
	o.Steps = append(o.Steps, f)
}

// tell notes what the upstream told.
func (o *Outcome) tell(a *Account) {
	o.Profile = event.Scrub(a.Info)
	var kinds []string
	for _, id := range a.Identifiers {
		kinds = append(kinds, string(id.Kind))
	}
	if len(a.Identifiers) > 0 {
		o.Identifier = a.Identifiers[0].Value
	}
	o.step("step.told", LevelOK, "kinds", strings.Join(kinds, ", "))
}

// tried notes what a property mapping gave.
func (o *Outcome) tried(m *model.PropertyMapping, result any, err error) {
	t := Tried{ID: m.ID, Name: m.Name, Result: event.Scrub(map[string]any{"result": result})["result"]}
	if err != nil {
		t.Result, t.Error = nil, err.Error()
	}
	o.Mappings = append(o.Mappings, t)
}

// misread notes the mapping that ended it.
func (o *Outcome) misread(err error) {
	var e *model.Error
	if errors.As(err, &e) && e.Reason == "source.mapping_failed" {
		o.step("step.mapping_failed", LevelError, "mapping", fmt.Sprint(e.Detail["mapping"]), "line", fmt.Sprint(e.Detail["line"]), "error", fmt.Sprint(e.Detail["error"]))
	}
}

// take notes what the mappings made.
func (o *Outcome) take(r *returning) {
	o.User = event.Scrub(r.properties)
	for id, group := range r.groups {
		shown := event.Scrub(group)
		shown["id"] = id
		o.Groups = append(o.Groups, shown)
	}
	slices.SortFunc(o.Groups, func(a, b map[string]any) int { return strings.Compare(fmt.Sprint(a["id"]), fmt.Sprint(b["id"])) })
	if len(o.Mappings) == 0 {
		o.step("step.unmapped", LevelInfo)
		return
	}
	var names []string
	for _, t := range o.Mappings {
		if !slices.Contains(names, t.Name) {
			names = append(names, t.Name)
		}
	}
	o.step("step.mapped", LevelOK, "names", strings.Join(names, ", "))
}

// judge notes how the account was matched, and what stands in the way.
func (o *Outcome) judge(r *returning, p *prospect, err error) {
	o.Action = string(p.Action)
	if p.user != nil {
		o.Person = &model.EventUser{ID: p.user.ID, Username: p.user.Username}
	}
	switch {
	case len(p.Conflict) > 0:
		o.step("step.conflict", LevelError)
	case p.Resolution.User != 0 && p.user != nil:
		o.step("step.known", LevelOK, "username", p.user.Username)
	default:
		o.step("step.unknown", LevelInfo)
		o.match(p)
	}
	if p.Action == Deny {
		o.step("step.refused", LevelError, "cause", p.Cause)
		return
	}
	if r.wanted != "" {
		username, _ := r.properties["username"].(string)
		o.step("step.renamed", LevelWarning, "wanted", r.wanted, "username", username)
	}
	reason, rule := "", ""
	var e *model.Error
	if errors.As(err, &e) {
		reason, rule = e.Reason, fmt.Sprint(e.Detail["rule"])
	}
	switch reason {
	case "source.user_inactive":
		o.step("step.inactive", LevelError, "username", p.user.Username)
		return
	case "source.policy_denied":
		o.step("step.not_allowed", LevelError, "rule", rule)
		return
	}
	if n := len(r.snapshot.PoliciesOf(model.TargetID(r.source.ID))); n > 0 && (err == nil || strings.HasPrefix(reason, "source.no_")) {
		o.step("step.allowed", LevelOK, "bound", fmt.Sprint(n))
	}
	if reason == "source.no_authentication" || reason == "source.no_enrollment" {
		o.step("step.no_flow", LevelError)
	}
}

// match notes whom the matching mode has found.
func (o *Outcome) match(p *prospect) {
	switch {
	case p.Mode == model.MatchIdentifier || p.Property == "":
	case p.Candidate == 0:
		o.step("step.unmatched", LevelInfo, "value", p.Property, "mode", string(p.Mode))
	case p.user != nil:
		o.step("step.matched", LevelOK, "value", p.Property, "mode", string(p.Mode), "username", p.user.Username)
	}
}

// foreseeFlow asks the flow whether it would take the person.
func (r *returning) foreseeFlow(ctx context.Context, p *prospect) error {
	if p == nil || p.flow == nil {
		return nil
	}
	stages, err := r.manager.Flows.Foresee(ctx, r.visitor, p.flow, p.context)
	var e *model.Error
	if errors.As(err, &e) && e.Reason != "" {
		rule, _ := e.Detail["rule"].(string)
		r.trial.step("step.flow_refused", LevelError, "flow", p.flow.Name, "rule", rule)
	}
	if err == nil {
		r.trial.step("step.flow", LevelOK, "flow", p.flow.Name, "stages", strings.Join(stages, ", "))
	}
	return err
}

// conclude says in a sentence what it comes to.
func (o *Outcome) conclude(r *returning, p *prospect, refusal *model.Error) {
	if o.Action == "" {
		o.Action = OutcomeFailed
	}
	if refusal != nil {
		o.Refusal = &Refusal{Code: refusal.Code, Reason: refusal.Reason, Args: refusal.Args}
		if p != nil {
			o.Action = string(Deny)
		}
	}
	username, _ := r.properties["username"].(string)
	if o.Person != nil {
		username = o.Person.Username
	}
	key := o.Action
	switch {
	case key == string(Authenticate):
		key = "auth"
	case key == string(Enroll) && username == "":
		key = "enroll_unnamed"
	}
	o.Sentence = Sentence{Key: "outcome." + key, Args: map[string]string{"username": username, "source": r.source.Name}}
	o.Steps = named(o.Steps, r.source)
}

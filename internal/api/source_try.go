package api

import (
	"net/http"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
)

// sourceSamples lists the people and the faults of a source's simulated upstream.
func (c *call) sourceSamples(src *model.Source) error {
	samples := c.Sources.Samples(c.ctx(), c.s, c.visitor, src)
	people, faults := []any{}, []any{}
	for _, p := range samples.People {
		people = append(people, row{"id": p.ID, "name": c.textOr("check.person."+p.ID, p.Name), "profile": object(p.Profile)})
	}
	for _, id := range samples.Faults {
		faults = append(faults, row{"id": id, "title": c.textOr("check.fault."+id, id)})
	}
	return c.ok(row{"people": people, "faults": faults})
}

// trySource plays a sign-in with the simulated upstream. Nothing is stored.
func (c *call) trySource(src *model.Source) error {
	var t struct {
		Person  *string        `json:"person"`
		Profile map[string]any `json:"profile"`
		Fault   *string        `json:"fault"`
	}
	if err := c.read(&t); err != nil {
		return err
	}
	r := source.Rehearsal{Profile: t.Profile}
	if t.Person != nil {
		r.Person = *t.Person
	}
	if t.Fault != nil {
		r.Fault = *t.Fault
	}
	outcome, err := c.Sources.TryOut(c.ctx(), c.s, c.visitor, src, r)
	if err != nil {
		return err
	}
	return c.ok(c.outcome(src, outcome))
}

// beginTrial sends the administrator's browser to the real upstream, in a window of its own.
func (c *call) beginTrial(src *model.Source) error {
	id, to, err := c.Sources.BeginTrial(c.ctx(), c.s, c.visitor, src)
	if err != nil {
		return err
	}
	return c.send(http.StatusCreated, row{"id": id, "url": to})
}

// showTrial tells the administrator who began a trial how far it has come.
func (c *call) showTrial(src *model.Source) error {
	t, err := c.Sources.TrialOf(c.ctx(), c.visitor, c.param("id"))
	if err != nil {
		return err
	}
	if t.Source.ID != src.ID {
		return model.ErrNotFound
	}
	out := row{"state": t.State, "result": nil}
	if t.Outcome != nil {
		out["result"] = c.outcome(src, t.Outcome)
	}
	return c.ok(out)
}

// outcome gives what a sign-in would come to in the reader's language.
func (c *call) outcome(src *model.Source, o *source.Outcome) row {
	mappings, groups := []any{}, []any{}
	for _, m := range o.Mappings {
		mappings = append(mappings, row{"pk": string(m.ID), "name": m.Name, "result": m.Result, "error": m.Error})
	}
	for _, g := range o.Groups {
		groups = append(groups, g)
	}
	var person any
	if o.Person != nil {
		person = row{"pk": o.Person.ID, "username": o.Person.Username}
	}
	return row{
		"ok": o.Refusal == nil, "profile": object(o.Profile), "identifier": o.Identifier, "properties": row{"user": object(o.User), "groups": groups},
		"mappings": mappings, "outcome": outcomeName(o.Action), "sentence": c.text("check."+o.Sentence.Key, o.Sentence.Args), "user": person,
		"refusal": c.refusal(src, o.Refusal), "steps": c.findings(o.Steps),
	}
}

// outcomeName is an action in authentik's words.
func outcomeName(action string) string {
	if action == string(source.Authenticate) {
		return "auth"
	}
	return action
}

// trials describes it for clients.
func (d *describer) trials() {
	text, yes, object := typed("string"), typed("boolean"), typed("object")
	level := node{"type": "string", "enum": []string{"ok", "info", "warning", "error"}}
	nullable := func(n node) node { return node{"allOf": []any{n}, "nullable": true} }
	d.schemas["Finding"] = full(node{"code": text, "level": level, "title": text, "text": text})
	d.schemas["SourceCheck"] = full(node{"checks": list(ref("Finding"))})
	d.schemas["SourceSamples"] = full(node{
		"people": list(full(node{"id": text, "name": text, "profile": object})), "faults": list(full(node{"id": text, "title": text})),
	})
	d.schemas["SourceTryRequest"] = closed(node{"person": nullableText(), "profile": node{"type": "object", "additionalProperties": node{}, "nullable": true}, "fault": nullableText()})
	d.schemas["SourceRefusal"] = full(node{"reason": text, "message": text, "title": text, "happened": text, "who": text, "next": text})
	d.schemas["SourceTry"] = full(node{
		"ok": yes, "profile": object, "identifier": text,
		"properties": full(node{"user": object, "groups": list(object)}),
		"mappings":   list(full(node{"pk": text, "name": text, "result": node{"nullable": true}, "error": text})),
		"outcome":    node{"type": "string", "enum": []string{"enroll", "auth", "link", "deny", "failed"}},
		"sentence":   text,
		"user":       nullable(full(node{"pk": typed("integer"), "username": text})),
		"refusal":    nullable(ref("SourceRefusal")),
		"steps":      list(ref("Finding")),
	})
	d.schemas["SourceTrialStart"] = full(node{"id": text, "url": text})
	d.schemas["SourceTrial"] = full(node{
		"state": node{"type": "string", "enum": []string{source.TrialWaiting, source.TrialDone, source.TrialExpired}}, "result": nullable(ref("SourceTry")),
	})
}

func nullableText() node { return node{"type": "string", "nullable": true} }

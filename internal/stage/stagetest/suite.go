package stagetest

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/stage"
)

// Subject is a stage for the common suite.
type Subject struct {
	Maker  Maker
	Config string
	// Prepare sets the visit up so that the stage asks, or where it never does, so that it is passed. May be nil.
	Prepare func(*Bench)
	// NeedsUser says that the stage is nothing without a pending user.
	NeedsUser bool
}

// Common runs the suite.
func Common(t *testing.T, s Subject) {
	t.Helper()
	open := func(t *testing.T) *Bench {
		b := Open(t, s.Maker, s.Config)
		if s.Prepare != nil {
			s.Prepare(b)
		}
		return b
	}
	t.Run("being shown, also again, is no answer", func(t *testing.T) { s.shown(t, open(t)) })
	t.Run("nothing is written before the request is committed", func(t *testing.T) {
		b := open(t)
		before := b.Rows()
		b.Enter()
		b.Submit("uid_field", "ann", "password", "correct horse", "remember_me", true)
		if diff := cmp.Diff(before, b.Rows()); diff != "" {
			t.Errorf("written too early (-before +after):\n%s", diff)
		}
	})
	t.Run("nonsense harms nobody", func(t *testing.T) {
		for _, raw := range []string{
			`{}`, `{"uid_field": null}`, `{"uid_field": 1, "password": {}}`, `{"password": []}`, `{"token": {"a": 1}, "deny": "perhaps"}`, `{"remember_me": "x"}`,
			`{"uid_field": "\u0000", "password": "\u0000"}`, `{"uid_field": "` + strings.Repeat("a", 100_000) + `"}`, `{"password": "` + strings.Repeat("a", 100_000) + `"}`,
		} {
			b := open(t)
			var a stage.Answer
			if err := json.Unmarshal([]byte(raw), &a); err != nil {
				t.Fatal(err)
			}
			if _, err := b.Driver.Submit(context.Background(), b.Visit, a); err != nil {
				t.Errorf("%.60s: %v", raw, err)
			}
		}
	})
	if s.NeedsUser {
		t.Run("without a pending user it refuses", func(t *testing.T) {
			b := Open(t, s.Maker, s.Config)
			for what, o := range map[string]stage.Outcome{"enter": b.Enter(), "submit": b.Submit("password", "x")} {
				if Reason(o) == "" || len(b.Effects.Writes) > 0 || b.Effects.Session != nil {
					t.Errorf("%s: %s", what, Says(o))
				}
			}
		})
	}
}

// shown checks what a stage shows.
func (s Subject) shown(t *testing.T, b *Bench) {
	o := b.Enter()
	ask, ok := o.(stage.Ask)
	if !ok {
		return
	}
	first, names := encoded(t, ask.Challenge), b.Visit.Context.Names()
	if len(ask.Errors) > 0 {
		t.Errorf("it is shown with errors at first: %v", ask.Errors)
	}
	for range 3 {
		again, ok := b.Enter().(stage.Ask)
		if !ok {
			t.Fatal("shown again, it goes on")
		}
		if diff := cmp.Diff(first, encoded(t, again.Challenge)); diff != "" {
			t.Errorf("shown again, it shows something else (-before +after):\n%s", diff)
		}
	}
	if after := b.Visit.Context.Names(); len(after) != len(names) {
		t.Errorf("shown again, it knows more: %v, then %v", names, after)
	}
	if len(b.Effects.Writes)+len(b.Effects.Events) > 0 || b.Effects.Session != nil {
		t.Error("being shown, it wants something written")
	}
	if !strings.HasPrefix(stage.BaseOf(ask.Challenge).Component, "ak-stage-") {
		t.Errorf("component %q", stage.BaseOf(ask.Challenge).Component)
	}
	if strings.Contains(strings.ReplaceAll(first, `"icon_url":null`, ""), ":null") {
		t.Errorf("it shows null, which clients refuse: %s", first)
	}
	_, form := ask.Challenge.(stage.Asker)
	screener, screen := b.Driver.(stage.Screener)
	switch {
	case form == screen:
		t.Error("it has either a form or a screen of its own")
	case screen && (screener.Screen().Name != stage.BaseOf(ask.Challenge).Component || !strings.Contains(screener.Screen().HTML, `{{define "stage"}}`)):
		t.Error("its screen does not define the stage")
	case screen && !strings.Contains(screener.Screen().HTML, `name="component" value="{{.Challenge.Component}}"`):
		t.Error("its form does not say which challenge it answers: posted twice, it would be taken for the answer to the next one")
	}
}

func encoded(t *testing.T, c stage.Challenge) string {
	t.Helper()
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// sorted puts rows in an order of their own, because maps have none.
func sorted(rows []any) []string {
	var out []string
	for _, row := range rows {
		b, _ := json.Marshal(row) // users and counts always encode
		out = append(out, string(b))
	}
	slices.Sort(out)
	return out
}

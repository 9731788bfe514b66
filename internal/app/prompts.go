package app

import (
	"context"
	"net/http"
	"strings"

	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/stage/prompt"
	"github.com/weimen-id/weimen/internal/web"
)

// judge lets stages ask policies, which are made after them.
type judge struct{ app *App }

// EvaluatePolicy decides by one policy.
func (j judge) EvaluatePolicy(ctx context.Context, s *model.Snapshot, id model.PolicyID, r *policy.Request) (policy.Result, error) {
	return j.app.policies.EvaluatePolicy(ctx, s, id, r)
}

// compilePrompt compiles the expressions of prompts.
func compilePrompt(words *vocabulary.Vocabulary) func(name, source string, extra ...string) (prompt.Run, error) {
	return func(name, source string, extra ...string) (prompt.Run, error) {
		e, err := words.Compile(name, source, extra...)
		if err != nil {
			return nil, err
		}
		return e.Run, nil
	}
}

// fileLimit is the most bytes of an answer where a prompt asks for a file: one of a megabyte, as programs write it in base64, and the other fields.
const fileLimit = 3 << 19

// bodyLimit lets answers to flows be large where an administrator has a prompt for files, and nowhere else.
func (a *App) bodyLimit(r *http.Request) int64 {
	answers := r.Method == http.MethodPost && (strings.HasPrefix(r.URL.Path, "/if/flow/") || strings.HasPrefix(r.URL.Path, "/api/v3/flows/executor/"))
	if answers && asksForFiles(a.Store.Snapshot()) {
		return fileLimit
	}
	return web.DefaultBodyLimit
}

func asksForFiles(s *model.Snapshot) bool {
	type key struct{}
	return model.Derive(s, key{}, func() bool {
		for _, p := range s.Prompts {
			if p.Type == "file" {
				return true
			}
		}
		return false
	})
}

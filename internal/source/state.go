package source

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

const (
	// refusedOutcome marks a request whose first callback was refused.
	refusedOutcome = "-"
	// sealedOutcome stands before an address that is sealed.
	sealedOutcome = "sealed:"
	// patience is how long the second of two simultaneous callbacks waits for the first.
	patience = 8 * time.Second
)

// consume takes the request that a state belongs to: once, from the browser that it began in, for the source that it was made for (RFC 6749 section 10.12,
// RFC 9700 section 4.7). A second callback of a sign-in that has ended well gives the place where the first one led, because WeChat's browser, reloads and
// previews repeat callbacks.
func (m *Manager) consume(ctx context.Context, v *model.Visitor, src *model.Source, state string) (request *model.SourceRequest, outcome string, err error) {
	if state == "" {
		return nil, "", model.Refuse(model.CodeInvalid, "source.state_missing", "The callback came without a state.")
	}
	if len(state) != 32 || !isHex(state) {
		return nil, "", model.Refuse(model.CodeInvalid, "source.state_unknown", "The state is none of ours.")
	}
	hash := stateHash(state)
	request, err = m.Store.ConsumeSourceRequest(ctx, hash, v.Browser, src.ID, m.Now().UTC())
	if err == nil || !errors.Is(err, model.ErrNotFound) {
		return request, "", err
	}
	for wait := 50 * time.Millisecond; ; wait *= 2 {
		request, err = m.Store.SourceRequest(ctx, hash)
		if err != nil && !errors.Is(err, model.ErrNotFound) {
			return nil, "", err
		}
		if refusal := m.whyNot(request, v, src); refusal != nil {
			return nil, "", refusal
		}
		if request.Outcome != "" {
			outcome, err = m.recall(request)
			return nil, outcome, err
		}
		if wait > patience/2 {
			return nil, "", model.Refuse(model.CodeConflict, "source.in_progress", "Another callback of this sign-in is still being dealt with.")
		}
		select {
		case <-ctx.Done():
			return nil, "", ctx.Err()
		case <-time.After(wait):
		}
	}
}

// remember notes where the first callback has led. An address of ours says nothing; any other may hold the code for an application, and is sealed.
func (m *Manager) remember(ctx context.Context, stateHash, to string) error {
	if to != refusedOutcome && !strings.HasPrefix(to, "/") {
		to = sealedOutcome + m.Box.Seal(to, outcomePlace(stateHash))
	}
	return m.Store.SetSourceRequestOutcome(ctx, stateHash, to)
}

// recall gives where the first callback has led.
func (m *Manager) recall(r *model.SourceRequest) (string, error) {
	sealed, ok := strings.CutPrefix(r.Outcome, sealedOutcome)
	if !ok {
		return r.Outcome, nil
	}
	return m.Box.Open(sealed, outcomePlace(r.StateHash))
}

func outcomePlace(stateHash string) string { return "source_requests/outcome/" + stateHash }

// whyNot says why a request could not be consumed; nil if it was, by another callback of this browser.
func (m *Manager) whyNot(r *model.SourceRequest, v *model.Visitor, src *model.Source) error {
	switch {
	case r == nil:
		return model.Refuse(model.CodeInvalid, "source.state_unknown", "The state is none of ours, or long gone.")
	case r.Source != src.ID:
		return model.Refuse(model.CodeInvalid, "source.other_source", "The state was made for another source.").With("action", model.ActionSuspiciousRequest)
	case r.Browser != v.Browser:
		return model.Refuse(model.CodeInvalid, "source.other_browser", "The state was made for another browser.").With("action", model.ActionSuspiciousRequest)
	case r.ConsumedAt == nil:
		return model.Refuse(model.CodeExpired, "source.state_expired", "The sign-in took too long.")
	case r.Outcome == refusedOutcome:
		return model.Refuse(model.CodeInvalid, "source.state_used", "The state was used already, and that sign-in was refused.")
	}
	return nil
}

func isHex(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil
}

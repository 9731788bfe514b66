package access

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// Principal is who asks. Its user has their groups read.
type Principal struct {
	User *model.User
	// Token is set for programs, Session for browsers.
	Token   *model.Token
	Session *model.Session

	system bool
}

// System is the server itself: start-up and blueprints act in its name. It may everything.
func System() *Principal { return &Principal{system: true} }

// Superuser reports whether the principal may everything.
func (p *Principal) Superuser() bool {
	return p != nil && (p.system || p.User != nil && p.User.IsSuperuser())
}

// UserID is the principal's user, 0 for the system and for nobody.
func (p *Principal) UserID() model.UserID {
	if p == nil || p.User == nil {
		return 0
	}
	return p.User.ID
}

// Store is what recognising needs of the database. Package store has it.
type Store interface {
	TokenByKeyHash(ctx context.Context, hash string) (*model.Token, *model.User, error)
	GroupsOf(ctx context.Context, id model.UserID) ([]model.UserGroup, error)
}

// hash is how a token's key is stored: its SHA-256 in hex. The keys are random and long, so no slow hash is needed.
func hash(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// Recogniser finds out who asks.
type Recogniser struct {
	store Store
	now   func() time.Time
}

// NewRecogniser makes a recogniser.
func NewRecogniser(s Store, now func() time.Time) *Recogniser { return &Recogniser{store: s, now: now} }

// longestKey is more than any key that was ever given out.
const longestKey = 1024

// Bearer recognises the sender of an Authorization header. What is wrong with it is model.CodeUnauthenticated, in authentik's words.
func (r *Recogniser) Bearer(ctx context.Context, header string) (*Principal, error) {
	scheme, key, _ := strings.Cut(strings.TrimSpace(header), " ")
	key = strings.TrimSpace(key)
	switch {
	case !strings.EqualFold(scheme, "bearer"):
		return nil, unauthenticated("Unsupported authentication type")
	case key == "":
		return nil, unauthenticated("Malformed header")
	case len(key) > longestKey:
		return nil, unauthenticated("Token invalid/expired")
	}
	t, u, err := r.store.TokenByKeyHash(ctx, hash(key))
	if errors.Is(err, model.ErrNotFound) {
		return nil, unauthenticated("Token invalid/expired")
	}
	if err != nil {
		return nil, err
	}
	if t.Intent != model.IntentAPI || !t.Valid(r.now()) || !u.IsActive {
		return nil, unauthenticated("Token invalid/expired")
	}
	return r.with(ctx, &Principal{User: u, Token: t})
}

// Browser recognises a person by the session that their browser has. It is model.CodeUnauthenticated where nobody is signed in.
func (r *Recogniser) Browser(ctx context.Context, v *model.Visitor) (*Principal, error) {
	if v == nil || !v.SignedIn() || !v.User.IsActive {
		return nil, unauthenticated("Authentication credentials were not provided.")
	}
	u := *v.User
	return r.with(ctx, &Principal{User: &u, Session: v.Session})
}

func (r *Recogniser) with(ctx context.Context, p *Principal) (*Principal, error) {
	groups, err := r.store.GroupsOf(ctx, p.User.ID)
	if err != nil {
		return nil, fmt.Errorf("read groups: %w", err)
	}
	p.User.Groups = append([]model.UserGroup{}, groups...)
	return p, nil
}

func unauthenticated(message string) error {
	return &model.Error{Code: model.CodeUnauthenticated, Message: message}
}

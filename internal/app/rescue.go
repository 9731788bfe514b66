package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/weimen-id/weimen/internal/config"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/portal"
	"github.com/weimen-id/weimen/internal/store"
)

// Rescue gives a one-time link that signs in as an administrator: akadmin, else the first active superuser. It needs the database only, so it works while
// the server runs and while every source is down.
func Rescue(ctx context.Context, s config.Settings, log *slog.Logger) (string, error) {
	db, err := OpenStore(ctx, s, log)
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }() // nothing is left to write
	admin, err := administrator(ctx, db)
	if err != nil {
		return "", err
	}
	return oneTimeLink(ctx, db, s.Origin(), portal.PurposeRescue, admin, time.Now().Add(rescueLifetime))
}

// administrator finds whom to sign in.
func administrator(ctx context.Context, db *store.Store) (model.UserID, error) {
	u, err := db.UserByUsername(ctx, adminName)
	if err == nil {
		u.Groups, err = db.GroupsOf(ctx, u.ID)
		if err == nil && u.IsSuperuser() {
			return u.ID, nil
		}
	}
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return 0, err
	}
	users, _, err := db.ListUsers(ctx, store.List{
		Where: []store.Where{{Field: "is_superuser", Op: store.OpEq, Values: []string{"true"}}}, Order: []string{"pk"}, Limit: 100,
	})
	if err != nil {
		return 0, err
	}
	slices.SortStableFunc(users, func(a, b *model.User) int {
		return cmp.Compare(strconv.FormatBool(b.IsActive), strconv.FormatBool(a.IsActive))
	})
	if len(users) == 0 {
		return 0, errors.New("no user is an administrator: none is in a group that makes superusers")
	}
	return users[0].ID, nil
}

func oneTimeLink(ctx context.Context, db *store.Store, origin, purpose string, id model.UserID, expires time.Time) (string, error) {
	token := keypair.NewToken(32)
	err := db.InsertOneTimeLink(ctx, &model.OneTimeLink{TokenHash: keypair.Hash(token), Purpose: purpose, User: id, Expires: expires.UTC()})
	if err != nil {
		return "", fmt.Errorf("store link: %w", err)
	}
	return origin + "/link/" + purpose + "/" + token + "/", nil
}

func newUUID() string { return uuid.Must(uuid.NewV7()).String() }

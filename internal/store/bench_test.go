package store_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/store/storetest"
	"github.com/weimen-id/weimen/internal/testenv"
)

// BenchmarkHot measures the statements of a sign-in with eight callers on two processors, durability full.
func BenchmarkHot(b *testing.B) {
	b.Run("SQLite", func(b *testing.B) { benchmark(b, storetest.OpenDSN(b, sqliteDSN(b))) })
	b.Run("PostgreSQL", func(b *testing.B) { benchmark(b, storetest.OpenDSN(b, testenv.Postgres(b))) })
}

func benchmark(b *testing.B, s *store.Store) {
	ctx := b.Context()
	u := &model.User{Username: "u", IsActive: true}
	if err := s.InsertUser(ctx, u); err != nil {
		b.Fatal(err)
	}
	var source model.Source
	err := s.Change(ctx, func(ctx context.Context, tx *store.Change) error {
		source = model.NewSource()
		source.Slug, source.Kind = "s", "oauth"
		return tx.Put(ctx, &source)
	})
	if err != nil {
		b.Fatal(err)
	}
	now := time.Now()
	later := now.Add(time.Hour)
	session := func(hash string) *model.Session {
		return &model.Session{TokenHash: hash, User: u.ID, Created: now, LastUsed: now, Expires: later, AuthTime: now}
	}
	access := func(hash string) *model.AccessToken {
		return &model.AccessToken{TokenHash: hash, Grant: hash, Provider: 1, User: u.ID, Session: "s", Scopes: []string{"openid"}, Created: now, Expires: later}
	}
	if err := s.InsertSession(ctx, session("known")); err != nil {
		b.Fatal(err)
	}
	if err := s.InsertTokens(ctx, access("known"), nil); err != nil {
		b.Fatal(err)
	}
	request := func(id string) *model.SourceRequest {
		return &model.SourceRequest{StateHash: id, Browser: "b", Source: source.ID, Next: "/", Created: now, Expires: later}
	}
	code := func(id string) *model.AuthorizationCode {
		return &model.AuthorizationCode{CodeHash: id, Grant: id, Provider: 1, User: u.ID, Session: "s", Scopes: []string{"openid"}, Created: now, Expires: later}
	}
	var serial atomic.Int64
	for _, x := range []struct {
		name string
		call func(id string) error
	}{
		{"session by token", func(string) error { _, _, err := s.SessionByTokenHash(ctx, "known"); return err }},
		{"access token", func(string) error { _, _, err := s.AccessToken(ctx, "known"); return err }},
		{"owners of two identifiers", func(id string) error {
			_, err := s.OwnersOf(ctx, []model.Identifier{{Kind: "openid", Namespace: "a", Value: id}, {Kind: "unionid", Namespace: "a", Value: id}})
			return err
		}},
		{"groups of a user", func(string) error { _, err := s.GroupsOf(ctx, u.ID); return err }},
		{"insert event", func(string) error { return s.InsertEvents(ctx, &model.Event{Action: model.ActionLogin}) }},
		{"insert access and refresh token", func(id string) error {
			a := access(id)
			return s.InsertTokens(ctx, a, &model.RefreshToken{TokenHash: id, Grant: id, Provider: 1, User: u.ID, Session: "s", Created: now, Expires: later})
		}},
		{"insert and consume source request", func(id string) error {
			if err := s.InsertSourceRequest(ctx, request(id)); err != nil {
				return err
			}
			_, err := s.ConsumeSourceRequest(ctx, id, "b", source.ID, now)
			return err
		}},
		{"insert and consume code", func(id string) error {
			if err := s.InsertAuthorizationCode(ctx, code(id)); err != nil {
				return err
			}
			_, _, err := s.ConsumeAuthorizationCode(ctx, id, 1, now)
			return err
		}},
		{"enroll: user, connection, session, event in one transaction", func(id string) error {
			return s.InTx(ctx, func(ctx context.Context) error {
				p := &model.User{Username: id, IsActive: true}
				if err := s.InsertUser(ctx, p); err != nil {
					return err
				}
				c := &model.Connection{User: p.ID, Source: source.ID, Identifiers: []model.Identifier{
					{Kind: "openid", Namespace: "b", Value: id}, {Kind: "unionid", Namespace: "b", Value: id},
				}}
				if err := s.SaveConnection(ctx, c); err != nil {
					return err
				}
				x := session(id)
				x.User = p.ID
				if err := s.InsertSession(ctx, x); err != nil {
					return err
				}
				return s.InsertEvents(ctx, &model.Event{Action: model.ActionLogin})
			})
		}},
	} {
		b.Run(x.name, func(b *testing.B) {
			b.SetParallelism(4)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := x.call(fmt.Sprintf("%s %d", b.Name(), serial.Add(1))); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// batch is how many users one transaction writes.
const batch = 5000

// growth compares sign-ins with few users and with many: the cost must not depend on how many there are.
func growth(ctx context.Context, o options) error {
	if o.people == 0 {
		return nil
	}
	fmt.Println("\nThe same with few users and with many (SQLite, ES256):")
	o.alg = "ES256"
	for _, people := range []int{10, o.people} {
		o.fill = people
		s, err := start(ctx, o, "sqlite")
		if err != nil {
			return err
		}
		err = s.printSignIns(ctx, fmt.Sprintf("WeChat sign-in, %d users", people))
		s.stop()
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *server) printSignIns(ctx context.Context, name string) error {
	r, err := s.load(ctx, s.options.workers, time.Duration(s.options.seconds)*time.Second, (*worker).signIn)
	if err != nil {
		return err
	}
	fmt.Printf("%-34s %10.0f %9s %9s %12s   ready in %s, resident %s\n", name, r.rate, round(r.p50), round(r.p99), round(r.cpu), round(s.ready), s.memory())
	return nil
}

// populate fills the database with users that came from WeChat.
func (s *server) populate(ctx context.Context) error {
	if s.options.fill == 0 {
		return nil
	}
	db, err := store.Open(ctx, store.Options{DSN: s.dsn, Durability: store.DurabilityFast})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if err := db.Load(ctx); err != nil {
		return err
	}
	source := db.Snapshot().SourceBySlug("wechat").ID
	for from := 0; from < s.options.fill; from += batch {
		err := db.InTx(ctx, func(ctx context.Context) error {
			for i := from; i < min(from+batch, s.options.fill); i++ {
				if err := person(ctx, db, source, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func person(ctx context.Context, db *store.Store, source model.SourceID, i int) error {
	id := fmt.Sprintf("o%027d", i)
	u := &model.User{Username: id, Name: "User " + id, IsActive: true, Path: "goauthentik.io/sources/wechat", Type: model.UserExternal, Attributes: map[string]any{"openid": id}}
	if err := db.InsertUser(ctx, u); err != nil {
		return err
	}
	return db.SaveConnection(ctx, &model.Connection{
		User: u.ID, Source: source, Identifier: id,
		Identifiers: []model.Identifier{{Kind: model.IdentifierOpenID, Namespace: appID, Value: id}},
	})
}

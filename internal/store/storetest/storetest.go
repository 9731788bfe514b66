package storetest

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// Open gives a migrated and loaded store on a new SQLite file, closed when the test ends.
func Open(t testing.TB) *store.Store {
	t.Helper()
	return OpenDSN(t, "sqlite:"+filepath.Join(t.TempDir(), "weimen.db"))
}

// OpenDSN gives a migrated and loaded store on a database, closed when the test ends.
func OpenDSN(t testing.TB, dsn string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	must(t, s.Migrate(t.Context()))
	must(t, s.Load(t.Context()))
	return s
}

// Run holds the stores that open gives to the contract. Each is new, empty, migrated and loaded.
func Run(t *testing.T, open func(t *testing.T) *store.Store) {
	for _, part := range []struct {
		name string
		test func(*testing.T, *store.Store)
	}{
		{"users are kept whole", users},
		{"users are found by any of their names", findUser},
		{"users are listed as asked", listUsers},
		{"lists are walked to their end", walks},
		{"groups form a hierarchy without circles", groups},
		{"API tokens are found by their key", tokens},
		{"identifiers belong to one user", connections},
		{"identifiers are replaced and freed with their connection", identifiers},
		{"an identifier that two claim at once goes to one", claimAtOnce},
		{"sessions are found by their token and end", sessions},
		{"flow runs move by their revision", flowRuns},
		{"events are counted by source, reason and day", counts},
		{"events are found by what people have in hand", findsEvents},
		{"what is there is counted", status},
		{"a state is consumed once, by its browser and source", sourceRequests},
		{"a trial of a source is finished once, in time", sourceTrials},
		{"a one-time link is consumed once", oneTimeLinks},
		{"an authorization code is consumed once", authorizationCodes},
		{"tokens are revoked with their grant, session and user", oauthTokens},
		{"a revocation reaches what a refresh is storing", revocationDuringRefresh},
		{"a refresh token is consumed once", refreshTokens},
		{"consents are one for a user and an application", consents},
		{"events are listed newest first and searched", events},
		{"what has expired is deleted", expire},
		{"configuration is kept whole and seen at once", configuration},
		{"names in the configuration are unique", uniqueNames},
		{"references in the configuration exist", references},
		{"deleting a flow deletes and clears what refers to it", deleteFlow},
		{"deleting other configuration cascades", deleteOthers},
		{"deleting users and groups deletes their policy bindings", deletePeople},
		{"changes are serialised", changesAtOnce},
		{"a change that fails leaves nothing", failedChange},
		{"provider ids are never given twice", providerIDs},
		{"transactions join and roll back", transactions},
		{"an update that many make at once loses nothing", updatesAtOnce},
		{"devices are kept whole and found by their credential", devices},
		{"a time step of a device is taken once", totpSteps},
		{"a printed code is consumed once", deviceCodes},
		{"the password history keeps the newest", passwordHistory},
		{"attempts are counted in a window", attempts},
		{"attempts at once are all counted", attemptsAtOnce},
		{"attempts are taken back", releasedAttempts},
		{"reputations are summed and kept in their limits", reputations},
		{"reputations adjusted at once lose nothing", reputationsAtOnce},
		{"invitations go with their flow and their maker", invitations},
		{"a single-use invitation is consumed once", useInvitations},
		{"a flow token is consumed once", flowTokens},
		{"groups are found by their names at sources", groupConnections},
		{"prompts and settings are configuration", promptsAndSettings},
		{"entitlements go with their application", entitlements},
		{"hot paths keep to their statements", budgets},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.test(t, open(t))
		})
	}
}

// crowd is how many callers race for what only one may have.
const crowd = 32

// race calls f at once from many goroutines and returns how many succeeded; the others must fail with the code.
func race(t *testing.T, code model.Code, f func(ctx context.Context) error) int {
	t.Helper()
	var won atomic.Int32
	var wg sync.WaitGroup
	start := make(chan struct{})
	for range crowd {
		wg.Go(func() {
			<-start
			err := f(t.Context())
			if err == nil {
				won.Add(1)
			} else if model.CodeOf(err) != code {
				t.Errorf("a loser got %v, want %s", err, code)
			}
		})
	}
	close(start)
	wg.Wait()
	return int(won.Load())
}

func once(t *testing.T, code model.Code, f func(ctx context.Context) error) {
	t.Helper()
	if n := race(t, code, f); n != 1 {
		t.Errorf("%d of %d callers succeeded, want one", n, crowd)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, err error, target *model.Error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Errorf("got error %v, want %s", err, target.Code)
	}
}

// wantField expects an error of a code with a message for one field.
func wantField(t *testing.T, err error, code model.Code, field string) {
	t.Helper()
	var e *model.Error
	if !errors.As(err, &e) || e.Code != code || len(e.Fields[field]) == 0 {
		t.Errorf("got error %v, want %s at field %s", err, code, field)
	}
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// at is a time that both databases can hold.
func at(d time.Duration) time.Time { return time.Now().UTC().Truncate(time.Microsecond).Add(d) }

func ptr[T any](v T) *T { return &v }

func addUser(t *testing.T, s *store.Store, name string) *model.User {
	t.Helper()
	u := &model.User{Username: name, Name: "Name of " + name, Email: name + "@example.org", IsActive: true, Attributes: map[string]any{}}
	must(t, s.InsertUser(t.Context(), u))
	return u
}

// house is a small configuration.
type house struct {
	flow, other *model.Flow
	stage       *model.Stage
	binding     *model.FlowStageBinding
	policy      *model.Policy
	mapping     *model.PropertyMapping
	source      *model.Source
	provider    *model.Provider
	app         *model.Application
	brand       *model.Brand
	key         *model.KeyPair
}

func build(t *testing.T, s *store.Store) house {
	t.Helper()
	var h house
	must(t, s.Change(t.Context(), func(ctx context.Context, tx *store.Change) error {
		flow, other, binding := model.NewFlow(), model.NewFlow(), model.NewFlowStageBinding()
		source, app, brand := model.NewSource(), model.NewApplication(), model.NewBrand()
		h = house{
			flow: &flow, other: &other, binding: &binding, source: &source, app: &app, brand: &brand,
			stage:   &model.Stage{Name: "stage", Kind: "dummy", Config: model.Config(`{"a": 1}`)},
			policy:  &model.Policy{Name: "policy", Kind: "dummy", Config: model.Config(`{}`)},
			mapping: &model.PropertyMapping{Name: "mapping", Expression: "return {}", Kind: "scope", Managed: ptr("weimen/mapping")},
			key:     &model.KeyPair{Name: "key", Certificate: "PEM", Key: "sealed"},
		}
		flow.Name, flow.Slug, flow.Title, flow.Designation = "Flow", "flow", "Welcome", model.DesignationAuthentication
		other.Name, other.Slug, other.Title, other.Designation = "Other", "other", "Other", model.DesignationAuthorization
		for _, noun := range []any{h.flow, h.other, h.stage, h.policy, h.mapping, h.key} {
			if err := tx.Put(ctx, noun); err != nil {
				return err
			}
		}
		binding.Flow, binding.Stage, binding.Order = flow.ID, h.stage.ID, 10
		source.Name, source.Slug, source.Kind, source.Config = "WeChat", "wechat", "oauth", model.Config(`{"provider_type": "wechat"}`)
		source.AuthenticationFlow, source.EnrollmentFlow = &flow.ID, &other.ID
		source.UserPropertyMappings = []model.MappingID{h.mapping.ID}
		h.provider = &model.Provider{
			Name: "provider", AuthenticationFlow: &flow.ID, AuthorizationFlow: other.ID, InvalidationFlow: other.ID,
			PropertyMappings: []model.MappingID{h.mapping.ID}, Kind: "oauth2", Config: model.Config(`{"client_id": "x"}`),
		}
		for _, noun := range []any{h.binding, h.source, h.provider} {
			if err := tx.Put(ctx, noun); err != nil {
				return err
			}
		}
		app.Name, app.Slug, app.Provider = "App", "app", &h.provider.ID
		if err := tx.Put(ctx, h.app); err != nil {
			return err
		}
		brand.Domain, brand.FlowAuthentication, brand.FlowRecovery, brand.DefaultApplication = "example.org", &flow.ID, &other.ID, &app.ID
		brand.WebCertificate, brand.ClientCertificates = &h.key.ID, []model.KeyPairID{h.key.ID}
		brand.Attributes = map[string]any{"settings": map[string]any{"locale": "zh"}}
		return tx.Put(ctx, h.brand)
	}))
	return h
}

// change makes one change of one step.
func change(t *testing.T, s *store.Store, put func(ctx context.Context, tx *store.Change) error) error {
	t.Helper()
	return s.Change(t.Context(), put)
}

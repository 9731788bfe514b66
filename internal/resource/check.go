package resource

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// faults are messages by field.
type faults map[string][]string

func (f faults) add(field, format string, args ...any) {
	f[field] = append(f[field], fmt.Sprintf(format, args...))
}

func (f faults) merge(other map[string][]string) {
	for field, messages := range other {
		f[field] = append(f[field], messages...)
	}
}

func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return &model.Error{Code: model.CodeInvalid, Message: "invalid input", Fields: f}
}

const whole = "non_field_errors"

// check looks for what decoding cannot see: references to nothing, values that must be unique, fields that do not fit together.
func (m *Manager) check(ctx context.Context, s *model.Snapshot, o *Object, body kind.Body) error {
	errs := faults{}
	for _, part := range []any{o.Value, o.Config} {
		if part == nil {
			continue
		}
		if err := m.checkReferences(ctx, s, part, body, errs); err != nil {
			return err
		}
	}
	if o.Config != nil {
		if err := m.checkUnique(s, o, errs); err != nil {
			return err
		}
	}
	if o.Noun.sort.check != nil {
		errs.merge(o.Noun.sort.check(s, o.Value))
	}
	return errs.err()
}

// checkMeaning looks for what only those can tell who will use the object: whether its expressions compile, whether its settings can be opened.
func (m *Manager) checkMeaning(o *Object) error {
	if m.CheckExpressions != nil {
		if err := m.CheckExpressions(o.Value); err != nil {
			return err
		}
	}
	if o.Noun.Kind == nil || o.Noun.Kind.Check == nil {
		return nil
	}
	// Only a fault of the settings is the administrator's to mend. What else keeps a driver from opening may pass.
	var fault *model.Error
	if err := o.Noun.Kind.Check(o.Config); errors.As(err, &fault) && fault.Code == model.CodeInvalid {
		return fault
	}
	return nil
}

// checkReferences looks at the references that the body names. Those that were there before stay as they are.
func (m *Manager) checkReferences(ctx context.Context, s *model.Snapshot, src any, body kind.Body, errs faults) error {
	for _, r := range kind.References(src) {
		if _, given := body[r.Field.Name]; !given {
			continue
		}
		for _, id := range r.IDs {
			ok, err := m.refers(ctx, s, r.Field.Ref, id)
			if err != nil {
				return err
			}
			if !ok {
				errs.add(r.Field.Name, "Invalid pk %q - object does not exist.", id)
			}
		}
	}
	return nil
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// refers reports whether a reference leads to something.
func (m *Manager) refers(ctx context.Context, s *model.Snapshot, ref, id string) (bool, error) {
	var err error
	switch ref {
	case "user":
		n, malformed := strconv.ParseInt(id, 10, 64)
		if malformed != nil {
			return false, nil //nolint:nilerr // an id in the wrong form names nobody
		}
		_, err = m.Store.User(ctx, model.UserID(n))
	case "group":
		if !uuidForm.MatchString(id) {
			return false, nil
		}
		_, err = m.Store.Group(ctx, model.GroupID(id))
	default:
		return m.Registry.exists(s, ref, id), nil
	}
	if errors.Is(err, model.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// checkUnique compares the unique settings with those of the other objects of the kind.
func (m *Manager) checkUnique(s *model.Snapshot, o *Object, errs faults) error {
	for _, f := range kind.Fields(o.Config) {
		if !f.Unique {
			continue
		}
		others, err := m.List(s, o.Noun)
		if err != nil {
			return err
		}
		for _, other := range others {
			if other.ID() != o.ID() && reflect.DeepEqual(f.Of(other.Config), f.Of(o.Config)) {
				errs.add(f.Name, "%s with this %s already exists. It is the %s %q.", o.Noun.VerboseName, f.Name, other.Noun.VerboseName, other.Name())
			}
		}
	}
	return nil
}

func checkFlowStageBinding(s *model.Snapshot, b *model.FlowStageBinding) faults {
	errs := faults{}
	for _, other := range s.BindingsOf(b.Flow) {
		if other.ID != b.ID && other.Stage == b.Stage && other.Order == b.Order {
			errs.add(whole, "The fields target, stage, order must make a unique set.")
		}
	}
	// A binding that never asks its policies would let everyone through whom they are to keep out.
	if !b.EvaluateOnPlan && !b.ReEvaluatePolicies {
		errs.add(whole, "Either evaluation on plan or evaluation when stage is run must be enabled")
	}
	return errs
}

func checkPolicyBinding(s *model.Snapshot, b *model.PolicyBinding) faults {
	errs := faults{}
	set := 0
	for _, there := range []bool{b.Policy != nil, b.Group != nil, b.User != nil} {
		if there {
			set++
		}
	}
	switch {
	case set == 0:
		errs.add(whole, "One of 'policy', 'group' or 'user' must be set.")
	case set > 1:
		errs.add(whole, "Only one of 'policy', 'group' or 'user' can be set.")
	}
	if !bindable(s, b.Target) {
		errs.add("target", "Invalid pk %q - object does not exist.", string(b.Target))
	}
	if b.Timeout < 0 {
		errs.add("timeout", "Ensure this value is greater than or equal to 0.")
	}
	for _, other := range s.PolicyBindings {
		if other.ID != b.ID && other.Target == b.Target && other.Order == b.Order && other.Policy != nil && b.Policy != nil && *other.Policy == *b.Policy {
			errs.add(whole, "The fields policy, target, order must make a unique set.")
		}
	}
	return errs
}

// bindable reports whether policies can be bound to the target. A flow and a flow-stage binding have a second id for that.
func bindable(s *model.Snapshot, t model.TargetID) bool {
	if s.Applications[model.ApplicationID(t)] != nil || s.Sources[model.SourceID(t)] != nil || s.Entitlements[model.EntitlementID(t)] != nil ||
		s.Flows[model.FlowID(t)] != nil || s.Bindings[model.BindingID(t)] != nil {
		return true
	}
	for _, f := range s.Flows {
		if f.Target == t {
			return true
		}
	}
	for _, b := range s.Bindings {
		if b.Policy == t {
			return true
		}
	}
	return false
}

// reservedSlugs are the words that stand where an application's slug stands in the addresses of the OAuth 2.0 provider.
var reservedSlugs = map[string]bool{
	"authorize": true, "token": true, "device": true, "userinfo": true, "introspect": true, "revoke": true,
}

func checkApplication(s *model.Snapshot, a *model.Application) faults {
	errs := faults{}
	if reservedSlugs[a.Slug] {
		errs.add("slug", "The slug '%s' is reserved and cannot be used for applications.", a.Slug)
	}
	if a.Provider != nil {
		if other := s.ApplicationOf(*a.Provider); other != nil && other.ID != a.ID {
			errs.add("provider", "Application with this provider already exists. It is the Application %q.", other.Name)
		}
	}
	return errs
}

func checkEntitlement(s *model.Snapshot, e *model.ApplicationEntitlement) faults {
	errs := faults{}
	for _, other := range s.EntitlementsOf(e.App) {
		if other.ID != e.ID && other.Name == e.Name {
			errs.add(whole, "The fields app, name must make a unique set.")
		}
	}
	return errs
}

func checkBrand(s *model.Snapshot, b *model.Brand) faults {
	errs := faults{}
	for _, other := range s.Brands {
		if b.Default && other.Default && other.ID != b.ID {
			errs.add("default", "Only a single brand can be set as default.")
		}
	}
	if _, wrong := b.Theme(); len(wrong) > 0 {
		errs["attributes"] = wrong
	}
	return errs
}

func checkPrompt(s *model.Snapshot, p *model.Prompt) faults {
	errs := faults{}
	for _, other := range s.Prompts {
		if other.ID != p.ID && other.Name == p.Name {
			errs.add("name", "Prompt with this name already exists.")
		}
	}
	return errs
}

// KeyPlace is what a certificate's private key is bound to when it is sealed.
func KeyPlace(id model.KeyPairID) string { return keypair.Place("key_pairs", "key_data", string(id)) }

// sealKey checks a certificate and its key and seals the key. A body without key_data keeps the stored key.
func (m *Manager) sealKey(k *model.KeyPair, stored model.Sealed, body kind.Body) error {
	errs := faults{}
	key := string(k.Key)
	if _, given := body["key_data"]; !given {
		key = ""
		if stored != "" {
			var err error
			if key, err = m.Box.Open(string(stored), KeyPlace(k.ID)); err != nil {
				return fmt.Errorf("open private key: %w", err)
			}
		}
	}
	if _, err := keypair.Parse(k.Certificate, ""); err != nil {
		errs.add("certificate_data", "Unable to load certificate.")
		return errs.err()
	}
	if key == "" {
		k.Key = ""
		return nil
	}
	if _, err := keypair.Parse(k.Certificate, key); err != nil {
		errs.add("key_data", "Unable to load private key, or it does not belong to the certificate.")
		return errs.err()
	}
	k.Key = model.Sealed(m.Box.Seal(key, KeyPlace(k.ID)))
	return nil
}

// KeyPair opens a certificate and its private key.
func (m *Manager) KeyPair(k *model.KeyPair) (*keypair.Pair, error) {
	key := ""
	if k.Key != "" {
		var err error
		if key, err = m.Box.Open(string(k.Key), KeyPlace(k.ID)); err != nil {
			return nil, fmt.Errorf("open private key: %w", err)
		}
	}
	return keypair.Parse(k.Certificate, key)
}

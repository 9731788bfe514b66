package app

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/geoip"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/mapping/scope"
	"github.com/weimen-id/weimen/internal/mapping/sourceoauth"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	dummypolicy "github.com/weimen-id/weimen/internal/policy/dummy"
	"github.com/weimen-id/weimen/internal/policy/eventmatcher"
	"github.com/weimen-id/weimen/internal/policy/expression"
	geoippolicy "github.com/weimen-id/weimen/internal/policy/geoip"
	passwordpolicy "github.com/weimen-id/weimen/internal/policy/password"
	"github.com/weimen-id/weimen/internal/policy/passwordexpiry"
	"github.com/weimen-id/weimen/internal/policy/reputation"
	"github.com/weimen-id/weimen/internal/policy/uniquepassword"
	"github.com/weimen-id/weimen/internal/provider"
	"github.com/weimen-id/weimen/internal/provider/oauth2"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/session"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
	"github.com/weimen-id/weimen/internal/source/oauth/openidconnect"
	"github.com/weimen-id/weimen/internal/source/oauth/wechat"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/authenticatoremail"
	"github.com/weimen-id/weimen/internal/stage/authenticatorsms"
	"github.com/weimen-id/weimen/internal/stage/authenticatorstatic"
	"github.com/weimen-id/weimen/internal/stage/authenticatortotp"
	"github.com/weimen-id/weimen/internal/stage/authenticatorvalidate"
	"github.com/weimen-id/weimen/internal/stage/authenticatorwebauthn"
	"github.com/weimen-id/weimen/internal/stage/captcha"
	"github.com/weimen-id/weimen/internal/stage/consent"
	"github.com/weimen-id/weimen/internal/stage/deny"
	"github.com/weimen-id/weimen/internal/stage/dummy"
	"github.com/weimen-id/weimen/internal/stage/email"
	"github.com/weimen-id/weimen/internal/stage/identification"
	"github.com/weimen-id/weimen/internal/stage/invitation"
	"github.com/weimen-id/weimen/internal/stage/password"
	"github.com/weimen-id/weimen/internal/stage/prompt"
	"github.com/weimen-id/weimen/internal/stage/redirect"
	sourcestage "github.com/weimen-id/weimen/internal/stage/source"
	"github.com/weimen-id/weimen/internal/stage/userdelete"
	"github.com/weimen-id/weimen/internal/stage/userlogin"
	"github.com/weimen-id/weimen/internal/stage/userlogout"
	"github.com/weimen-id/weimen/internal/stage/userwrite"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/user"
	"github.com/weimen-id/weimen/internal/web"
)

// Shelves hold every kind of the house.
type Shelves struct {
	Stages    *kind.Shelf[stage.Driver]
	Policies  *kind.Shelf[policy.Driver]
	Mappings  *kind.Shelf[mapping.Driver]
	Sources   *kind.Shelf[source.Driver]
	Providers *kind.Shelf[provider.Driver]
}

// kindDeps is what kinds are made of.
type kindDeps struct {
	words     *vocabulary.Vocabulary
	judge     prompt.Policies
	keep      userdelete.Keep
	store     *store.Store
	users     *user.Users
	places    *geoip.Database
	hasher    *keypair.Passwords
	sessions  *session.Manager
	passwords *user.Passwords
	guard     *attempt.Guard
	sends     *attempt.Guard
	post      *mail.Post
	devices   *device.Devices
	text      func(locale, key string, args map[string]string) string
	finder    stageFinder
	buttons   identification.Buttons
	client    *http.Client
	log       *slog.Logger
	now       func() time.Time
}

// newShelves lists every kind: one line each.
func newShelves(d kindDeps) Shelves {
	return Shelves{
		Stages: kind.NewShelf(
			identification.Kind(identification.Deps{
				Users: d.store, Passwords: d.passwords, Guard: d.guard, Buttons: d.buttons, Devices: d.devices, Stage: d.finder.stage,
			}),
			password.Kind(password.Deps{Passwords: d.passwords, Guard: d.guard}),
			prompt.Kind(prompt.Deps{Users: d.store, Policies: d.judge, Compile: compilePrompt(d.words)}),
			invitation.Kind(d.store),
			userwrite.Kind(d.users, d.passwords, d.sessions),
			userdelete.Kind(d.store, d.keep),
			userlogin.Kind(d.sessions),
			userlogout.Kind(d.sessions),
			captcha.Kind(d.client),
			consent.Kind(d.store, d.now),
			email.Kind(d.post, d.store, d.sends),
			authenticatorvalidate.Kind(authenticatorvalidate.Deps{Devices: d.devices, Guard: d.guard, Sends: d.sends, Sender: d.finder.sender, Describe: d.finder.describe}),
			authenticatortotp.Kind(d.devices),
			authenticatorstatic.Kind(d.devices),
			authenticatorwebauthn.Kind(d.devices),
			authenticatorsms.Kind(authenticatorsms.Deps{Devices: d.devices, Sends: d.sends, Client: d.client, Text: d.text}),
			authenticatoremail.Kind(d.devices, d.post, d.sends),
			deny.Kind(),
			dummy.Kind(),
			redirect.Kind(),
			sourcestage.Kind(func(s *model.Snapshot, src *model.Source) (sourcestage.Button, bool) {
				b, ok := d.buttons(s, src)
				return sourcestage.Button(b), ok
			}),
		),
		Policies: kind.NewShelf(
			expression.Kind(d.words),
			passwordpolicy.Kind(passwordpolicy.Deps{Client: d.client, Log: d.log}),
			passwordexpiry.Kind(d.users, d.now),
			uniquepassword.Kind(d.store, d.hasher),
			reputation.Kind(d.store),
			geoippolicy.Kind(d.places, d.store, d.now),
			eventmatcher.Kind(),
			dummypolicy.Kind(),
		),
		Mappings: kind.NewShelf(
			scope.Kind(),
			sourceoauth.Kind(),
		),
		Sources: kind.NewShelf(
			oauth.Kind(SourceTypes(), d.client),
		),
		Providers: kind.NewShelf(
			oauth2.Kind(),
		),
	}
}

// Describe gives the kinds of every shelf without their driver types.
func (s Shelves) Describe() resource.Kinds {
	return resource.Kinds{
		Stages: s.Stages.Describe(), Policies: s.Policies.Describe(), Mappings: s.Mappings.Describe(),
		Sources: s.Sources.Describe(), Providers: s.Providers.Describe(),
	}
}

// Kinds describes every kind of this build, for references. Nothing is opened.
func Kinds() resource.Kinds {
	return newShelves(kindDeps{words: vocabulary.New(vocabulary.Deps{}), client: web.NewClient(), now: time.Now}).Describe()
}

// SourceTypes lists the varieties of OAuth source: one line each, presets besides.
func SourceTypes() []oauth.Type {
	return append([]oauth.Type{
		wechat.Type().SimulatedBy(wechatRehearsal{}),
		openidconnect.Type(),
	}, oauth.Presets()...)
}

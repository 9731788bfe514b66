package email

import (
	"context"
	_ "embed"
	"maps"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const component = "ak-stage-email"

//go:embed email.html
var screen string

// codeSent is the code of the note that a letter was sent once more. It is no mistake of the person.
const codeSent = "email-sent"

// slotSent is the letter that the run waits for.
var slotSent = model.NewSlot[sent]("goauthentik.io/stages/email/sent")

type sent struct {
	Stage   model.StageID `json:"stage"`
	Address string        `json:"address"`
}

// Post sends letters. Package mail has it.
type Post interface {
	Ready(s *mail.Server) error
	Queue(l mail.Letter)
}

// Store counts letters and writes users. Package store has it.
type Store interface {
	Attempts(ctx context.Context, keys []string, now time.Time) ([]model.Attempts, error)
	CountAttempts(ctx context.Context, keys []string, window time.Duration, now time.Time) ([]model.Attempts, error)
	UpdateUser(ctx context.Context, id model.UserID, fn func(*model.User) error) (*model.User, error)
}

// Kind describes the stage. The guard limits what one recipient, and one address, has us send in all runs; the stage's own settings how many letters one recipient gets.
func Kind(p Post, s Store, sends stage.Guard) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "email", VerboseName: "Email Stage", VerboseNamePlural: "Email Stages",
		Component: "ak-stage-email-form", MetaModelName: "authentik_stages_email.emailstage",
		Description: "Sends a letter with a link, which whoever reads it opens to go on.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{c, p, s, sends}, nil })
}

// Challenge is what the stage shows while it waits.
type Challenge struct {
	stage.Base
	// Address is where the letter went, as far as the page may tell; Sent whether one has gone at all, and Again whether just now once more.
	Address string        `json:"-"`
	Sent    bool          `json:"-"`
	Again   bool          `json:"-"`
	Good    time.Duration `json:"-"`
}

// Span gives the key and the count by which the page tells how long the link works.
func (c *Challenge) Span() mail.Span { return mail.SpanOf(c.Good) }

type driver struct {
	Config
	post  Post
	store Store
	sends stage.Guard
}

var (
	_ stage.Driver   = (*driver)(nil)
	_ stage.Screener = (*driver)(nil)
)

// Screen is the page that waits.
func (d *driver) Screen() stage.Screen { return stage.Screen{Name: component, HTML: screen} }

// Enter sends the letter, shows that it was sent, or is passed by whoever comes with the link of it.
func (d *driver) Enter(ctx context.Context, v *stage.Visit) (stage.Outcome, error) {
	to, refusal := d.recipient(v)
	if refusal != nil {
		return *refusal, nil
	}
	if slotSent.Value(v.Context) != letterOf(v, to) {
		return d.send(ctx, v, to, false)
	}
	if stage.SlotIsRestored.Value(v.Context) && !to.pretended {
		return d.verified(v, to), nil
	}
	v.Wait(d.good())
	return stage.Ask{Challenge: d.challenge(to, true, false)}, nil
}

// Submit sends the letter once more. It never passes the stage.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	to, refusal := d.recipient(v)
	if refusal != nil {
		return *refusal, nil
	}
	return d.send(ctx, v, to, slotSent.Value(v.Context) == letterOf(v, to))
}

// letterOf names a letter of this stage.
func letterOf(v *stage.Visit, to recipient) sent {
	s := sent{Address: strings.ToLower(to.address)}
	if v.Stage != nil {
		s.Stage = v.Stage.ID
	}
	return s
}

func (d *driver) challenge(to recipient, sent, again bool) *Challenge {
	return &Challenge{Base: stage.Base{Component: component}, Address: to.shown, Sent: sent, Again: again, Good: d.good()}
}

// send makes a link and has the letter go out once the request is done. The run that a link takes up is the one of now: it must not be taken for restored before that.
func (d *driver) send(ctx context.Context, v *stage.Visit, to recipient, again bool) (stage.Outcome, error) {
	if err := d.post.Ready(d.Server()); err != nil {
		refusal, ok := err.(*model.Error) //nolint:errorlint // it comes bare
		if !ok {
			return nil, err
		}
		return stage.Refuse{Err: refusal}, nil
	}
	counts, err := d.store.Attempts(ctx, []string{to.key()}, v.Now)
	if err != nil {
		return nil, err
	}
	if len(counts) > 0 && counts[0].Count >= d.RecoveryMaxAttempts {
		return stage.Ask{Challenge: d.challenge(to, again, false), Errors: stage.Invalid("non_field_errors", "stage.email.error.too_often")}, nil
	}
	if err := d.sends.Begin(ctx, attempt.Try{What: "send", Person: attempt.Typed(to.address), Visitor: v.Visitor}); err != nil {
		if tooMany, ok := stage.TooMany(v, err, d.challenge(to, again, false), "non_field_errors", to.address); ok {
			return tooMany, nil
		}
		return nil, err
	}
	stage.SlotIsRestored.Clear(v.Context)
	slotSent.Set(v.Context, letterOf(v, to))
	v.Wait(d.good())
	letter := d.letter(v, to, v.Link(d.good()))
	v.After(func(ctx context.Context) { d.deliver(ctx, v.Now, to, letter) })
	o := stage.Ask{Challenge: d.challenge(to, true, again)}
	if again {
		o.Errors = stage.Errors{"non_field_errors": {{String: "stage.email.sent_again", Code: codeSent}}}
	}
	return o, nil
}

// deliver counts the letter and hands it over. Two requests at once may both have found room for one more: the count decides.
func (d *driver) deliver(ctx context.Context, now time.Time, to recipient, letter mail.Letter) {
	counts, err := d.store.CountAttempts(ctx, []string{to.key()}, d.RecoveryCacheTimeout.Or(5*time.Minute), now)
	if to.pretended || err == nil && len(counts) > 0 && counts[0].Count > d.RecoveryMaxAttempts {
		return
	}
	d.post.Queue(letter)
}

func (d *driver) letter(v *stage.Visit, to recipient, link model.Secret) mail.Letter {
	l := mail.Letter{
		To: to.address, Name: to.name, Locale: v.Locale, Template: d.Template, Subject: d.Subject, Good: d.good(), Server: d.Server(),
		Brand: v.Snapshot.Brand(v.Host).BrandingTitle, Data: map[string]string{"link": link.Reveal()},
	}
	if l.Subject == defaultSubject {
		l.Subject = ""
	}
	return l
}

// verified notes that the person reads the address.
func (d *driver) verified(v *stage.Visit, to recipient) stage.Outcome {
	address := strings.ToLower(to.address)
	slotSent.Clear(v.Context)
	stage.SlotEmailVerified.Set(v.Context, address)
	u := stage.SlotPendingUser.Value(v.Context)
	if u == nil || u.ID == 0 {
		return stage.Done{} // whoever writes the user knows by the slot
	}
	own := strings.EqualFold(u.Email, address)
	if _, ok := stage.SlotUserBackend.Get(v.Context); !ok && own {
		// Who reads the mailbox of an account has shown that it is theirs.
		stage.SlotUserBackend.Set(v.Context, "authentik.core.auth.InbuiltBackend")
		stage.SlotAuthMethod.Set(v.Context, "email")
	}
	activates := d.ActivateUserOnSuccess && u.LastLogin == nil
	if activates {
		u.IsActive = true
		stage.SlotAwaitsActivation.Clear(v.Context)
	}
	stage.SlotPendingUser.Set(v.Context, u)
	v.Write(func(ctx context.Context) error {
		fresh, err := d.store.UpdateUser(ctx, u.ID, func(stored *model.User) error {
			stored.IsActive = stored.IsActive || activates && stored.LastLogin == nil
			if strings.EqualFold(stored.Email, address) {
				stored.Attributes = with(stored.Attributes, address)
			}
			return nil
		})
		if err == nil {
			*u = *fresh
		}
		return err
	})
	return stage.Done{}
}

func with(attributes map[string]any, address string) map[string]any {
	out := maps.Clone(attributes)
	if out == nil {
		out = map[string]any{}
	}
	out[model.AttributeEmailVerified] = address
	delete(out, model.AttributeEmailUnproven)
	return out
}

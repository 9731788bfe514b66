package device

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
)

// Store keeps devices. Package store has it.
type Store interface {
	DevicesOf(ctx context.Context, user model.UserID) ([]*model.Device, error)
	DeviceByLookup(ctx context.Context, class model.DeviceClass, lookup string) (*model.Device, error)
	InsertDevice(ctx context.Context, d *model.Device) error
	UpdateDevice(ctx context.Context, id model.DeviceID, fn func(*model.Device) error) error
	AdvanceDevice(ctx context.Context, id model.DeviceID, counter int64, now time.Time) error
	TouchDevice(ctx context.Context, id model.DeviceID, now time.Time, data json.RawMessage) error
	HasDeviceCode(ctx context.Context, id model.DeviceID, codeHash string) (bool, error)
	ConsumeDeviceCode(ctx context.Context, id model.DeviceID, codeHash string, now time.Time) error
	User(ctx context.Context, id model.UserID) (*model.User, error)
}

// Box seals what must not be read from the database, and derives the key of hashes. Package keypair has it.
type Box interface {
	Seal(clear, place string) string
	Open(sealed, place string) (string, error)
	Derive(label string) ([]byte, error)
}

// Devices makes devices and checks what they say. It is safe for concurrent use.
type Devices struct {
	store Store
	box   Box
}

// New makes it.
func New(store Store, box Box) *Devices { return &Devices{store: store, box: box} }

// Data is what is kept of a device besides its secret, as JSON.
type Data struct {
	// Stage set the device up, and sends its codes.
	Stage model.StageID `json:"stage,omitempty"`
	// Digits is the length of a TOTP code.
	Digits int `json:"digits,omitempty"`
	// Hint is what the owner knows a number or an address by: most of it is hidden.
	Hint string `json:"hint,omitempty"`
	// VerifyOnly says that only a hash of the number is kept: nothing can be sent to it.
	VerifyOnly bool `json:"verify_only,omitempty"`
	// AAGUID names the model of a passkey's authenticator.
	AAGUID string `json:"aaguid,omitempty"`
	// Credential is a passkey as the WebAuthn library keeps it.
	Credential json.RawMessage `json:"credential,omitempty"`
	// Seen is when the device was last used in a browser, by a hash of the browser.
	Seen map[string]time.Time `json:"seen,omitempty"`
}

// DataOf reads what is kept of a device. What cannot be read is as good as nothing.
func DataOf(d *model.Device) Data {
	var data Data
	_ = json.Unmarshal(d.Data, &data)
	return data
}

func (d Data) encode() json.RawMessage {
	raw, _ := json.Marshal(d) // times and texts always encode
	return raw
}

// Of gives the devices of a user that can be used: the confirmed ones of the classes that have something to answer with, in the order in which they were set up. A
// user who is not stored yet has none.
func (d *Devices) Of(ctx context.Context, u *model.User) ([]*model.Device, error) {
	if u == nil || u.ID == 0 {
		return nil, nil
	}
	all, err := d.store.DevicesOf(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(x *model.Device) bool {
		return !x.Confirmed || x.Class == model.DeviceStatic && x.CodesLeft == 0 || DataOf(x).VerifyOnly
	}), nil
}

// Insert stores a new device of a user, and gives the event that tells of it.
func (d *Devices) insert(ctx context.Context, u *model.User, x *model.Device, secret string) error {
	x.User, x.Confirmed = u.ID, true
	if secret != "" {
		x.Secret = model.Sealed(d.box.Seal(secret, x.SealPlace()))
	}
	if err := d.store.InsertDevice(ctx, x); err != nil {
		return fmt.Errorf("insert device: %w", err)
	}
	return nil
}

// Draft is a device that is ready to be stored.
type Draft struct {
	devices *Devices
	device  *model.Device
	secret  string
	taken   *model.Error
}

// Write stores the device for a user, who may have got an id only in this transaction.
func (n *Draft) Write(u *model.User) func(context.Context) error {
	return func(ctx context.Context) error {
		err := n.devices.insert(ctx, u, n.device, n.secret)
		if n.taken != nil && model.CodeOf(err) == model.CodeConflict {
			return n.taken.Because(err)
		}
		return err
	}
}

// Event tells the audit trail of the new device.
func (n *Draft) Event(v *model.Visitor, u *model.User) *model.Event {
	app := "authentik_stages_authenticator_" + string(n.device.Class)
	ev := event.New(model.ActionModelCreated, "authentik.stages.authenticator_"+string(n.device.Class), v, map[string]any{
		"model":  map[string]any{"app": app, "model_name": string(n.device.Class) + "device", "name": n.device.Name},
		"device": n.device.Name, "device_class": string(n.device.Class), "username": u.Username,
	})
	if ev.User = nil; u.ID != 0 {
		ev.User = event.UserOf(u)
	}
	return ev
}

// secretOf opens what is sealed of a device.
func (d *Devices) secretOf(x *model.Device) (string, error) {
	clear, err := d.box.Open(string(x.Secret), x.SealPlace())
	if err != nil {
		return "", fmt.Errorf("open secret of device %d: %w", x.ID, err)
	}
	return clear, nil
}

// Target is where the codes of an SMS or e-mail device go.
func (d *Devices) Target(x *model.Device) (string, error) { return d.secretOf(x) }

// Proof is a right answer of a device. Nothing is written before Use.
type Proof struct {
	Device *model.Device
	// User owns the device.
	User *model.User
	// Verified says that the authenticator has also checked who holds it, by a PIN or a finger.
	Verified bool
	// Synced says that the key may live on several devices of its owner (Web Authentication Level 3, section 6.1.3).
	Synced bool
	use    func(ctx context.Context) error
}

// Use takes what may be taken once, for the request's transaction. Taken meanwhile, it refuses.
func (p *Proof) Use(ctx context.Context) error {
	err := p.use(ctx)
	if code := model.CodeOf(err); err != nil && (code == model.CodeConflict || code == model.CodeNotFound) {
		return model.Refuse(model.CodeInvalid, "authenticator.used", "The answer was already used.").With("device_class", string(p.Device.Class)).Because(err)
	}
	return err
}

// browsersRemembered bounds how many browsers a device remembers.
const browsersRemembered = 20

// Remember notes that the device was used in the visitor's browser, for the request's transaction.
func (d *Devices) Remember(v *model.Visitor, x *model.Device) func(context.Context) error {
	return func(ctx context.Context) error {
		key, err := d.hash("browser", x.User.String(), v.Browser)
		if err != nil {
			return err
		}
		return d.store.UpdateDevice(ctx, x.ID, func(stored *model.Device) error {
			data := DataOf(stored)
			if data.Seen == nil {
				data.Seen = map[string]time.Time{}
			}
			data.Seen[key] = v.Now.UTC().Truncate(time.Second)
			for len(data.Seen) > browsersRemembered {
				oldest := slices.MinFunc(slices.Collect(maps.Keys(data.Seen)), func(a, b string) int { return data.Seen[a].Compare(data.Seen[b]) })
				delete(data.Seen, oldest)
			}
			stored.Data = data.encode()
			return nil
		})
	}
}

// SeenWithin reports whether the device was used in the visitor's browser not longer ago than that.
func (d *Devices) SeenWithin(v *model.Visitor, x *model.Device, span time.Duration) (bool, error) {
	if span <= 0 || v.NewBrowser {
		return false, nil
	}
	key, err := d.hash("browser", x.User.String(), v.Browser)
	if err != nil {
		return false, err
	}
	at, ok := DataOf(x).Seen[key]
	return ok && !at.After(v.Now) && v.Now.Sub(at) <= span, nil
}

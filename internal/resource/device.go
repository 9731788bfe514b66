package resource

import (
	"context"
	"fmt"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// DeviceFields is what can be said about an authenticator from outside. Setting one up takes a flow.
type DeviceFields struct {
	// What its owner calls it.
	Name string `json:"name" required:"true" rule:"max=200"`
}

// ModelDevice is the model name of a class of authenticators: "authentik_stages_authenticator_totp.totpdevice".
func ModelDevice(class model.DeviceClass) string {
	return "authentik_stages_authenticator_" + string(class) + "." + string(class) + "device"
}

// Device finds an authenticator of a class that the actor may act on.
func (m *Manager) Device(ctx context.Context, by Actor, a access.Action, class model.DeviceClass, id model.DeviceID) (*model.Device, error) {
	d, err := m.Store.Device(ctx, id)
	if err == nil && d.Class != class {
		err = model.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return d, access.May(by.Principal, a, ModelDevice(class), d.User)
}

// RenameDevice changes what its owner calls an authenticator.
func (m *Manager) RenameDevice(ctx context.Context, by Actor, class model.DeviceClass, id model.DeviceID, body kind.Body, mode kind.Mode) (*model.Device, error) {
	d, err := m.Device(ctx, by, access.Change, class, id)
	if err != nil {
		return nil, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context) error {
		err := m.Store.UpdateDevice(ctx, id, func(stored *model.Device) error {
			f := &DeviceFields{Name: stored.Name}
			errs := faults{}
			errs.merge(kind.Decode(f, body, mode))
			stored.Name, d.Name = f.Name, f.Name
			return errs.err()
		})
		if err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelUpdated, ModelDevice(class), idText(id), d.Name)
	})
	return d, err
}

// DeleteDevice deletes an authenticator.
func (m *Manager) DeleteDevice(ctx context.Context, by Actor, class model.DeviceClass, id model.DeviceID) error {
	d, err := m.Device(ctx, by, access.Delete, class, id)
	if err != nil {
		return err
	}
	return m.guardedPeople(ctx, func(ctx context.Context) error {
		if err := m.Store.DeleteDevice(ctx, id); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelDeleted, ModelDevice(class), idText(id), d.Name)
	})
}

// DeviceTarget is where the codes of an authenticator are sent: a telephone number, an address. It is "" where that is not kept.
func (m *Manager) DeviceTarget(d *model.Device) (string, error) {
	if d.Secret == "" || (d.Class != model.DeviceSMS && d.Class != model.DeviceEmail) {
		return "", nil
	}
	target, err := m.Box.Open(string(d.Secret), d.SealPlace())
	if err != nil {
		return "", fmt.Errorf("open target of device: %w", err)
	}
	return target, nil
}

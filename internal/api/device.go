package api

import (
	"math"
	"net/http"
	"strings"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

// deviceClass is a class of authenticators as authentik names it.
type deviceClass struct {
	class model.DeviceClass
	// schema is the type's name in authentik: "TOTPDevice".
	schema, verbose, plural string
	// show adds what only this class has to a row.
	show func(c *call, d *model.Device, out row) error
}

func deviceClasses() []deviceClass {
	return []deviceClass{
		{model.DeviceStatic, "StaticDevice", "Static Device", "Static Devices", showStatic},
		{model.DeviceTOTP, "TOTPDevice", "TOTP Device", "TOTP Devices", func(*call, *model.Device, row) error { return nil }},
		{model.DeviceWebAuthn, "WebAuthnDevice", "WebAuthn Device", "WebAuthn Devices", showWebAuthn},
		{model.DeviceSMS, "SMSDevice", "SMS Device", "SMS Devices", showTarget("phone_number")},
		{model.DeviceEmail, "EmailDevice", "Email Device", "Email Devices", showTarget("email")},
	}
}

// mountDevices serves the authenticators: those of who asks, and below "admin" those of everybody. They are set up by flows, not here.
func (a *API) mountDevices() {
	for _, k := range deviceClasses() {
		a.mountDevicesAt("/authenticators/"+string(k.class)+"/", k, false)
		a.mountDevicesAt("/authenticators/admin/"+string(k.class)+"/", k, true)
	}
	a.mountDeviceModels()
	a.handle(http.MethodGet, "/authenticators/all/", func(c *call) error {
		devices, err := c.Store.DevicesOf(c.ctx(), c.by.UserID())
		if err != nil {
			return err
		}
		var own []*model.Device
		for _, d := range devices {
			if d.Confirmed {
				own = append(own, d)
			}
		}
		return c.showDevices(own)
	})
	a.handle(http.MethodGet, "/authenticators/admin/all/", func(c *call) error {
		if err := c.need(access.View, resource.ModelDevice(model.DeviceStatic)); err != nil {
			return err
		}
		l := store.List{Limit: math.MaxInt32} // authentik answers all of them at once, here and nowhere else
		if err := narrow(&l, c.r.URL.Query(), map[string]where{"user": {"user", store.OpEq}}); err != nil {
			return err
		}
		devices, _, err := c.Store.ListDevices(c.ctx(), l)
		if err != nil {
			return err
		}
		return c.showDevices(devices)
	})
}

// mountDeviceModels lists the models of authenticators that settings may name.
func (a *API) mountDeviceModels() {
	const list = "/stages/authenticator/webauthn_device_types/"
	a.handle(http.MethodGet, list, func(c *call) error {
		if err := c.need(access.View, modelOfDeviceModels); err != nil {
			return err
		}
		var rows []row
		for _, m := range device.Models() {
			rows = append(rows, row{"aaguid": m.AAGUID, "description": m.Description})
		}
		return c.listRows(rows, "description")
	})
	a.handle(http.MethodGet, list+"{id}/", func(c *call) error {
		if err := c.need(access.View, modelOfDeviceModels); err != nil {
			return err
		}
		for _, m := range device.Models() {
			if strings.EqualFold(m.AAGUID, c.param("id")) {
				return c.ok(m)
			}
		}
		return model.ErrNotFound
	})
}

// modelOfDeviceModels is authentik's name of the noun.
const modelOfDeviceModels = "authentik_stages_authenticator_webauthn.webauthndevicetype"

func (a *API) mountDevicesAt(list string, k deviceClass, all bool) {
	item := list + "{id}/"
	a.handle(http.MethodGet, list, func(c *call) error {
		of := []store.Where{{Field: "class", Op: store.OpEq, Values: []string{string(k.class)}}}
		if all {
			if err := c.need(access.View, resource.ModelDevice(k.class)); err != nil {
				return err
			}
		} else {
			of = append(of, c.own(false)...)
			of = append(of, store.Where{Field: "confirmed", Op: store.OpEq, Values: []string{"true"}})
		}
		return listPeople(c, deviceFilters, c.Store.ListDevices, func(d *model.Device) (any, error) { return c.deviceRow(k, d) }, of...)
	})
	a.handle(http.MethodGet, item, func(c *call) error {
		d, err := c.device(k, access.View, all)
		if err != nil {
			return err
		}
		return c.showDevice(k, d)
	})
	change := func(c *call) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		d, err := c.device(k, access.Change, all)
		if err != nil {
			return err
		}
		if d, err = c.Resources.RenameDevice(c.ctx(), c.by, k.class, d.ID, body, c.mode()); err != nil {
			return err
		}
		return c.showDevice(k, d)
	}
	a.handle(http.MethodPut, item, change)
	a.handle(http.MethodPatch, item, change)
	a.handle(http.MethodDelete, item, func(c *call) error {
		d, err := c.device(k, access.Delete, all)
		if err != nil {
			return err
		}
		if err := c.Resources.DeleteDevice(c.ctx(), c.by, k.class, d.ID); err != nil {
			return err
		}
		return c.done()
	})
	a.handle(http.MethodGet, item+"used_by/", func(c *call) error { return c.ok([]any{}) })
}

var deviceFilters = map[string]where{"name": {"name", store.OpEq}}

// device finds the authenticator that the path names. Outside of "admin" it is one's own, whoever asks.
func (c *call) device(k deviceClass, a access.Action, all bool) (*model.Device, error) {
	if all {
		if err := c.need(a, resource.ModelDevice(k.class)); err != nil {
			return nil, err
		}
	}
	d, err := c.Resources.Device(c.ctx(), c.by, a, k.class, model.DeviceID(c.number("id")))
	if err == nil && !all && d.User != c.by.UserID() {
		err = model.ErrNotFound
	}
	return d, err
}

func (c *call) showDevice(k deviceClass, d *model.Device) error {
	out, err := c.deviceRow(k, d)
	if err != nil {
		return err
	}
	return c.ok(out)
}

// deviceRow is an authenticator among those of its class: authentik's TOTPDevice and so on, and in all of them whether it is confirmed and when it was used.
func (c *call) deviceRow(k deviceClass, d *model.Device) (any, error) {
	u := c.by.User
	if d.User != c.by.UserID() {
		var err error
		if u, err = c.user(d.User); err != nil {
			return nil, err
		}
	}
	out := row{
		"pk": d.ID, "name": d.Name, "user": c.partialUser(u), "confirmed": d.Confirmed, "created": d.Created, "last_updated": d.LastUpdated, "last_used": d.LastUsed,
	}
	return out, k.show(c, d, out)
}

// showStatic tells how many printed codes are left. The codes themselves are stored as hashes, so the list that authentik has for them is empty.
func showStatic(_ *call, d *model.Device, out row) error {
	out["token_set"], out["codes_left"] = []any{}, d.CodesLeft
	return nil
}

func showWebAuthn(_ *call, d *model.Device, out row) error {
	out["created_on"], out["aaguid"], out["device_type"] = d.Created, device.DataOf(d).AAGUID, nil
	if m := device.ModelsOf([]string{device.DataOf(d).AAGUID})[0]; m.Description != m.AAGUID {
		out["device_type"] = m
	}
	return nil
}

// showTarget tells where codes are sent; of a number that is only kept as a hash, what its owner knows it by.
func showTarget(key string) func(c *call, d *model.Device, out row) error {
	return func(c *call, d *model.Device, out row) error {
		target, err := c.Resources.DeviceTarget(d)
		if target == "" {
			target = device.DataOf(d).Hint
		}
		out[key] = target
		return err
	}
}

// showDevices answers authenticators of all classes: authentik's Device. There is no page to them.
func (c *call) showDevices(devices []*model.Device) error {
	out := []any{}
	for _, d := range devices {
		for _, k := range deviceClasses() {
			if k.class != d.Class {
				continue
			}
			app := "authentik_stages_authenticator_" + string(d.Class)
			out = append(out, row{
				"pk": idText(d.ID), "name": d.Name, "type": app + "." + k.schema, "confirmed": d.Confirmed, "created": d.Created, "last_updated": d.LastUpdated,
				"last_used": d.LastUsed, "extra_description": hint(d), "external_id": nil, "verbose_name": k.verbose, "verbose_name_plural": k.plural,
				"meta_model_name": resource.ModelDevice(d.Class),
			})
		}
	}
	return c.ok(out)
}

func hint(d *model.Device) any {
	if text := device.DataOf(d).Hint; text != "" {
		return text
	}
	return nil
}

package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// deviceColumns are what deviceInto scans; the table is called d.
const deviceColumns = `d.id, d.user_id, d.class, d.name, d.confirmed, d.created, d.last_updated, d.last_used, coalesce(d.lookup, ''),
	d.counter, d.secret, d.data, (SELECT count(*) FROM device_codes k WHERE k.device_id = d.id)`

const readDevice = `SELECT ` + deviceColumns + ` FROM devices d WHERE d.id = $1`

func deviceInto(d *model.Device) []any {
	return []any{
		&d.ID, &d.User, &d.Class, &d.Name, &d.Confirmed,
		intoTime{&d.Created},
		intoTime{&d.LastUpdated},
		intoTimePtr{&d.LastUsed},
		&d.Lookup, &d.Counter, &d.Secret,
		intoJSON{&d.Data},
		&d.CodesLeft,
	}
}

// DevicesOf reads the devices of a user, by id. Codes are not read, CodesLeft is.
func (s *Store) DevicesOf(ctx context.Context, user model.UserID) ([]*model.Device, error) {
	var all []*model.Device
	text := `SELECT ` + deviceColumns + ` FROM devices d WHERE d.user_id = $1 ORDER BY d.id`
	err := s.read(ctx, statement{text: text, args: []any{user}, each: func(scan row) error {
		d := &model.Device{}
		all = append(all, d)
		return scan(deviceInto(d)...)
	}})
	return all, wrap("read devices of user", err)
}

// Device reads a device.
func (s *Store) Device(ctx context.Context, id model.DeviceID) (*model.Device, error) {
	return s.oneDevice(ctx, readDevice, id)
}

// DeviceByLookup reads the device of a class that has this Lookup. An empty one finds none.
func (s *Store) DeviceByLookup(ctx context.Context, class model.DeviceClass, lookup string) (*model.Device, error) {
	return s.oneDevice(ctx, `SELECT `+deviceColumns+` FROM devices d WHERE d.class = $1 AND d.lookup = $2`, class, lookup)
}

func (s *Store) oneDevice(ctx context.Context, text string, args ...any) (*model.Device, error) {
	d := &model.Device{}
	if err := s.readOne(ctx, text, deviceInto(d), args...); err != nil {
		return nil, wrap("read device", err)
	}
	return d, nil
}

// InsertDevice adds a device with its codes and sets its ID and dates. A taken Lookup is model.ErrConflict.
func (s *Store) InsertDevice(ctx context.Context, d *model.Device) error {
	return wrap("insert device", s.InTx(ctx, func(ctx context.Context) error {
		now := moment(s.now())
		d.Created, d.LastUpdated = now, now
		const insert = `INSERT INTO devices (user_id, class, name, confirmed, created, last_updated, last_used, lookup, counter, secret, data)
			VALUES ($1, $2, $3, $4, $5, $5, $6, nullif($7, ''), $8, $9, $10) RETURNING id`
		err := s.writeOne(ctx, insert, []any{&d.ID}, d.User, d.Class, d.Name, d.Confirmed, now, momentOrNull(d.LastUsed), d.Lookup, d.Counter,
			d.Secret, deviceData(d.Data))
		if err != nil {
			return err
		}
		return s.addDeviceCodes(ctx, d)
	}))
}

// UpdateDevice lets fn change a device, alone with it: its name, whether it is confirmed, its last use, its secret and data, and its codes: those in Codes, unless that is nil,
// replace all that it had. The rest is not changed.
func (s *Store) UpdateDevice(ctx context.Context, id model.DeviceID, fn func(*model.Device) error) error {
	return wrap("update device", s.InTx(ctx, func(ctx context.Context) error {
		d := &model.Device{}
		if err := s.readOne(ctx, s.pick(readDevice, readDevice+" FOR UPDATE"), deviceInto(d), id); err != nil {
			return err
		}
		if err := fn(d); err != nil {
			return err
		}
		d.ID = id
		const update = `UPDATE devices SET name = $2, confirmed = $3, last_used = $4, secret = $5, data = $6, last_updated = $7 WHERE id = $1 RETURNING 1`
		err := s.must(ctx, update, id, d.Name, d.Confirmed, momentOrNull(d.LastUsed), d.Secret, deviceData(d.Data), moment(s.now()))
		if err != nil || d.Codes == nil {
			return err
		}
		if err := s.exec(ctx, `DELETE FROM device_codes WHERE device_id = $1`, id); err != nil {
			return err
		}
		return s.addDeviceCodes(ctx, d)
	}))
}

func (s *Store) addDeviceCodes(ctx context.Context, d *model.Device) error {
	for _, hash := range d.Codes {
		const insert = `INSERT INTO device_codes (device_id, code_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING`
		if err := s.exec(ctx, insert, d.ID, hash); err != nil {
			return err
		}
	}
	return nil
}

// AdvanceDevice takes a time step, once: it sets the counter and the last use if the stored counter is smaller, else it is
// model.ErrConflict (RFC 6238 section 5.2).
func (s *Store) AdvanceDevice(ctx context.Context, id model.DeviceID, counter int64, now time.Time) error {
	const advance = `UPDATE devices SET counter = $2, last_used = $3 WHERE id = $1 AND counter < $2 RETURNING 1`
	return wrap("advance device", tooLate(s.must(ctx, advance, id, counter, moment(now))))
}

// TouchDevice notes the last use of a device and, unless it is nil, what its class keeps since then.
func (s *Store) TouchDevice(ctx context.Context, id model.DeviceID, now time.Time, data json.RawMessage) error {
	if data == nil {
		return wrap("touch device", s.must(ctx, `UPDATE devices SET last_used = $2 WHERE id = $1 RETURNING 1`, id, moment(now)))
	}
	return wrap("touch device", s.must(ctx, `UPDATE devices SET last_used = $2, data = $3 WHERE id = $1 RETURNING 1`, id, moment(now), deviceData(data)))
}

// ConsumeDeviceCode takes a printed code, once: of many callers one gets it, for the others it is model.ErrNotFound.
func (s *Store) ConsumeDeviceCode(ctx context.Context, id model.DeviceID, codeHash string, now time.Time) error {
	return wrap("consume device code", s.InTx(ctx, func(ctx context.Context) error {
		err := s.must(ctx, `DELETE FROM device_codes WHERE device_id = $1 AND code_hash = $2 RETURNING 1`, id, codeHash)
		if err != nil {
			return err
		}
		return s.exec(ctx, `UPDATE devices SET last_used = $2 WHERE id = $1`, id, moment(now))
	}))
}

// DeleteDevice deletes a device with its codes.
func (s *Store) DeleteDevice(ctx context.Context, id model.DeviceID) error {
	return wrap("delete device", s.must(ctx, `DELETE FROM devices WHERE id = $1 RETURNING 1`, id))
}

// ListDevices lists devices, and how many there are in all.
func (s *Store) ListDevices(ctx context.Context, l List) ([]*model.Device, int, error) {
	return list(ctx, s, listing[model.Device]{
		noun: "devices", columns: deviceColumns, from: "devices d", id: "d.id", order: "d.id", into: deviceInto,
		fields: map[string]column{
			"pk": {sql: "d.id", is: integers}, "user": {sql: "d.user_id", is: integers}, "class": {sql: "d.class"}, "name": {sql: "d.name"},
			"confirmed": {sql: "d.confirmed", is: booleans}, "created": {sql: "d.created", is: moments},
			"last_updated": {sql: "d.last_updated", is: moments}, "last_used": {sql: "d.last_used", is: moments, nullable: true},
		},
		search: []string{"d.name"},
	}, l)
}

// deviceData gives an empty object for nothing.
func deviceData(data json.RawMessage) string {
	if len(data) == 0 {
		return "{}"
	}
	return string(data)
}

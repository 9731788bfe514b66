package store

import (
	"context"

	"github.com/weimen-id/weimen/internal/model"
)

// HasDeviceCode reports whether a printed code is there to be taken. It takes nothing: see [Store.ConsumeDeviceCode].
func (s *Store) HasDeviceCode(ctx context.Context, id model.DeviceID, codeHash string) (bool, error) {
	var n int
	err := s.readOne(ctx, `SELECT count(*) FROM device_codes WHERE device_id = $1 AND code_hash = $2`, []any{&n}, id, codeHash)
	return n > 0, wrap("look for device code", err)
}

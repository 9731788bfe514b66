package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/weimen-id/weimen/internal/model"
)

// settingsShelf is the one row of the installation's settings. It is put like any other configuration, and cannot be deleted.
type settingsShelf struct{}

func (settingsShelf) tableName() string { return "settings" }

func (settingsShelf) holds(noun any) bool {
	_, ok := noun.(*model.Settings)
	return ok
}

func (settingsShelf) selectRows() string {
	return `SELECT 'settings', CAST(id AS text), '', CAST(settings AS text), '' FROM settings`
}

func (settingsShelf) load(s *model.Snapshot, r record) error {
	v, err := decodeSettings(r.settings)
	if err != nil {
		return fmt.Errorf("read settings: %w", err)
	}
	s.Settings = v
	return nil
}

func (settingsShelf) put(s *model.Snapshot, noun any) (*model.Snapshot, statement, error) {
	text, err := jsonText(noun)
	if err != nil {
		return nil, statement{}, err
	}
	v, err := decodeSettings(text)
	if err != nil {
		return nil, statement{}, err
	}
	next := successor(s)
	next.Settings = v
	const upsert = `INSERT INTO settings (id, settings) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET settings = excluded.settings`
	return next, statement{text: upsert, args: []any{text}}, nil
}

func (settingsShelf) remove(*model.Snapshot, any) (*model.Snapshot, statement, error) {
	return nil, statement{}, errors.New("the settings of the installation cannot be deleted")
}

// decodeSettings reads stored settings. What an older version did not store has its default; an unknown key means that a newer or a broken
// version wrote them.
func decodeSettings(text string) (*model.Settings, error) {
	v := model.NewSettings()
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return nil, err
	}
	return v, nil
}

package kind

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/weimen-id/weimen/internal/model"
)

// Encode gives what a reader may see of a struct: every field but the write-only ones. Lists and objects are never null. A secret whose rule is
// readback is given in clear: only for readers who may know it.
func Encode(src any) map[string]any {
	v := reflect.Indirect(reflect.ValueOf(src))
	out := map[string]any{}
	for _, f := range fieldsOf(v.Type()) {
		if f.WriteOnly {
			continue
		}
		fv := f.value(v)
		if secret, ok := fv.Interface().(model.Secret); ok {
			out[f.Name] = secret.Reveal()
			continue
		}
		out[f.Name] = present(fv)
	}
	return out
}

// SecretsSet names the secrets of a struct that have a value and that [Encode] leaves out, so that a reader learns whether something is there. It is nil where the struct
// has no such secrets.
func SecretsSet(src any) []string {
	v := reflect.Indirect(reflect.ValueOf(src))
	var out []string
	for _, f := range fieldsOf(v.Type()) {
		if f.Type != Secret || !f.WriteOnly {
			continue
		}
		if out == nil {
			out = []string{}
		}
		if secret, ok := f.value(v).Interface().(model.Secret); ok && secret.IsSet() {
			out = append(out, f.Name)
		}
	}
	return out
}

// present makes nil lists and maps empty ones: clients reject null there.
func present(v reflect.Value) any {
	switch {
	case v.Kind() == reflect.Slice && v.IsNil():
		return reflect.MakeSlice(v.Type(), 0, 0).Interface()
	case v.Kind() == reflect.Map && v.IsNil():
		return map[string]any{}
	}
	return v.Interface()
}

// Box seals secrets and opens them again. The place ("table/column/row") is bound into the sealed text, so that it opens nowhere else.
// Package keypair has one.
type Box interface {
	Seal(clear, place string) string
	Open(sealed, place string) (string, error)
}

// Seal gives settings as they are stored: JSON, each secret sealed to its field's place within the row's place.
func Seal(config any, box Box, place string) (model.Config, error) {
	v := reflect.Indirect(reflect.ValueOf(config))
	out := map[string]any{}
	for _, f := range fieldsOf(v.Type()) {
		fv := f.value(v)
		secret, ok := fv.Interface().(model.Secret)
		if !ok {
			out[f.Name] = present(fv)
			continue
		}
		sealed := ""
		if secret.IsSet() {
			sealed = box.Seal(secret.Reveal(), place+"/"+f.Name)
		}
		out[f.Name] = sealed
	}
	return json.Marshal(out)
}

// Load reads stored settings into config, which points to the kind's struct with its defaults. An unknown key is an error: the bytes are
// ours, so it means a newer or a broken version wrote them.
func Load(config any, stored model.Config, box Box, place string) error {
	body := Body{}
	if len(stored) > 0 {
		if err := json.Unmarshal(stored, &body); err != nil {
			return err
		}
	}
	v := reflect.ValueOf(config).Elem()
	for _, f := range fieldsOf(v.Type()) {
		raw, there := body[f.Name]
		delete(body, f.Name)
		if !there {
			continue
		}
		if err := f.load(f.value(v), raw, box, place); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	for name := range body {
		return fmt.Errorf("unknown setting %q", name)
	}
	return nil
}

func (f *Field) load(v reflect.Value, raw json.RawMessage, box Box, place string) error {
	switch f.Type { //nolint:exhaustive // the others are plain JSON
	case Secret:
		var sealed string
		if err := json.Unmarshal(raw, &sealed); err != nil || sealed == "" {
			return err
		}
		clear, err := box.Open(sealed, place+"/"+f.Name)
		if err != nil {
			return err
		}
		v.Set(reflect.ValueOf(model.NewSecret(clear)))
		return nil
	case Object:
		if bytes.Equal(raw, []byte("null")) {
			return nil
		}
		m, err := DecodeObject(raw)
		if err != nil {
			return err
		}
		v.Set(reflect.ValueOf(m))
		return nil
	}
	if f.Type != Struct {
		v.SetZero() // JSON would be read into what a slice or pointer of the defaults refers to, which all objects of the kind share
	}
	return json.Unmarshal(raw, v.Addr().Interface())
}

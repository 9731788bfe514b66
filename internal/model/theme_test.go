package model

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheme(t *testing.T) {
	theme := func(values map[string]any) map[string]any {
		return map[string]any{"settings": map[string]any{"theme": values, "locale": "zh"}, "city": "杭州"}
	}
	house := Theme{Base: LookAutomatic}
	tests := []struct {
		name       string
		attributes map[string]any
		want       Theme
		wrong      int
	}{
		{"a brand without attributes has the colours of the house", nil, house, 0},
		{"so has one with other attributes", map[string]any{"settings": "none"}, house, 0},
		{"and one whose theme is no object", map[string]any{"settings": map[string]any{"theme": 7}}, house, 0},
		{"colour and look are read", theme(map[string]any{"primary_color": "#07C160", "base": "dark"}), Theme{"#07c160", LookDark}, 0},
		{"empty values are none", theme(map[string]any{"primary_color": "", "base": nil}), house, 0},
		{"a colour by name is passed over", theme(map[string]any{"primary_color": "red", "base": "light"}), Theme{Base: LookLight}, 1},
		{"so is a short one", theme(map[string]any{"primary_color": "#0c6"}), house, 1},
		{"and one that goes on with a style of its own", theme(map[string]any{"primary_color": "#07c160}body{x"}), house, 1},
		{"and one whose digits are none", theme(map[string]any{"primary_color": "#00000g"}), house, 1},
		{"and a number", theme(map[string]any{"primary_color": 123456.0}), house, 1},
		{"an unknown look is passed over", theme(map[string]any{"primary_color": "#000000", "base": "sepia"}), Theme{"#000000", LookAutomatic}, 1},
		{"all faults are told", theme(map[string]any{"primary_color": true, "base": 1.0}), house, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, wrong := (&Brand{Attributes: tt.attributes}).Theme()
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("theme (-want +got):\n%s", diff)
			}
			if len(wrong) != tt.wrong {
				t.Errorf("wrong: %q, want %d", wrong, tt.wrong)
			}
		})
	}
}

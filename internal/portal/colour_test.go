package portal

import (
	"math"
	"testing"
)

func mustColour(t *testing.T, text string) colour {
	t.Helper()
	c, ok := parseColour(text)
	if !ok {
		t.Fatalf("%q is no colour", text)
	}
	return c
}

// TestContrast holds the function to ratios that are known (WCAG 2.2, "contrast ratio").
func TestContrast(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       float64
	}{
		{"black on white is the most", "#000000", "#ffffff", 21},
		{"the order does not matter", "#ffffff", "#000", 21},
		{"a colour on itself is the least", "#07c160", "#07c160", 1},
		{"the lightest grey that passes on white", "#767676", "#ffffff", 4.54},
		{"the next one does not", "#777777", "#ffffff", 4.48},
		{"pure red on white", "#ff0000", "#ffffff", 4.00},
		{"WeChat's green is too light for white letters", "#07c160", "#ffffff", 2.38},
		{"and fit for black ones", "#07c160", "#000000", 8.81},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := contrast(mustColour(t, tt.a), mustColour(t, tt.b)); math.Abs(got-tt.want) > 0.01 {
				t.Errorf("got %.3f, want %.2f", got, tt.want)
			}
		})
	}
}

func TestOnlyColoursAreColours(t *testing.T) {
	for _, text := range []string{"", "#", "07c160", "#07c16", "#07c1600", "red", "#-7c160", "#+7c160", "#0x7c16", "rgb(1 2 3)", "var(--accent)", "#é0"} {
		if c, ok := parseColour(text); ok {
			t.Errorf("%q is taken for %s", text, c)
		}
	}
	if got := mustColour(t, "#a0F").String(); got != "#aa00ff" {
		t.Errorf("#a0F is %s", got)
	}
}

// TestEveryBrandColourCanBeRead looks at colours from all of the space: whatever an administrator picks, letters have a contrast of 4.5:1 to their ground (WCAG 2.2, 1.4.3), and
// the ring of the focus far more than the 3:1 that it needs (1.4.11).
func TestEveryBrandColourCanBeRead(t *testing.T) {
	a, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	for name, look := range map[string]palette{"light": a.light, "dark": a.dark} {
		for n := 0; n < 1<<24; n += 0x050b13 {
			checkReadable(t, name, look, colour{float64(n >> 16), float64(n >> 8 & 0xff), float64(n & 0xff)})
		}
		for _, text := range []string{"#000000", "#ffffff", "#07c160", "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#777777", "#1677ff", "#fa8c16"} {
			checkReadable(t, name, look, mustColour(t, text))
		}
	}
}

func checkReadable(t *testing.T, name string, look palette, primary colour) {
	t.Helper()
	got := look.coloured(primary)
	at := func(name string) colour { return mustColour(t, got[name]) }
	for _, pair := range [][2]colour{
		{at("--accent"), look.paper},
		{at("--accent"), look.card},
		{at("--accent"), at("--tint")},
		{at("--accent-deep"), look.card},
		{at("--accent-deep"), look.paper},
		{at("--on-fill"), at("--fill")},
		{at("--on-fill"), at("--fill-deep")},
		{mustColour(t, look.values["--ink"]), at("--tint")},
	} {
		if ratio := contrast(pair[0], pair[1]); ratio < readable {
			t.Errorf("%s, %s: %s on %s has %.2f", primary, name, pair[0], pair[1], ratio)
		}
	}
	if got["--fill"] != primary.String() {
		t.Errorf("%s, %s: buttons are %s", primary, name, got["--fill"])
	}
	if got["--edge"] == "transparent" && contrast(primary, look.card) < faint {
		t.Errorf("%s, %s: a button cannot be told from the card", primary, name)
	}
}

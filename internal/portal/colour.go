package portal

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// readable is the least contrast between letters and what they stand on (WCAG 2.2, 1.4.3).
const readable = 4.5

// colour is a colour of the sRGB space, its parts from 0 to 255.
type colour [3]float64

var (
	black = colour{0, 0, 0}
	white = colour{255, 255, 255}
)

// parseColour reads "#rrggbb" and "#rgb", as style sheets write them.
func parseColour(text string) (colour, bool) {
	digits, ok := strings.CutPrefix(text, "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	n, err := strconv.ParseUint(digits, 16, 24)
	if !ok || err != nil || len(digits) != 6 {
		return colour{}, false
	}
	return colour{float64(n >> 16), float64(n >> 8 & 0xff), float64(n & 0xff)}, true
}

func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", uint8(c[0]), uint8(c[1]), uint8(c[2]))
}

// mix goes a part of the way to another colour. The result is one that a style sheet can say: whole numbers.
func (c colour) mix(to colour, part float64) colour {
	for i := range c {
		c[i] = math.Round(c[i] + (to[i]-c[i])*part)
	}
	return c
}

// luminance is the relative luminance (WCAG 2.2, definition), from 0 for black to 1 for white.
func (c colour) luminance() float64 {
	var linear colour
	for i, part := range c {
		part /= 255
		if part <= 0.04045 {
			linear[i] = part / 12.92
		} else {
			linear[i] = math.Pow((part+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*linear[0] + 0.7152*linear[1] + 0.0722*linear[2]
}

// contrast is the contrast ratio of two colours (WCAG 2.2, definition), from 1 to 21.
func contrast(a, b colour) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// lettersOn gives white where white letters can be read on a colour, else black, which can be then: no colour is too light for the one and too dark for the other.
func lettersOn(c colour) colour {
	if contrast(c, white) >= readable {
		return white
	}
	return black
}

// readableOn takes a colour towards another, black or white, until it can be read as letters on all the grounds.
func readableOn(c, towards colour, grounds ...colour) colour {
	const steps = 64
	for step := range steps + 1 {
		shade := c.mix(towards, float64(step)/steps)
		least := math.Inf(1)
		for _, ground := range grounds {
			least = min(least, contrast(shade, ground))
		}
		if least >= readable {
			return shade
		}
	}
	return towards
}

package authenticatortotp

import (
	"fmt"
	"html/template"
	"strings"

	"rsc.io/qr"
)

// quiet is the white margin of a QR code, in modules (ISO/IEC 18004, section 5.3.8).
const quiet = 4

// picture draws a QR code as SVG: one path, a stroke for each run of dark modules. The colours are fixed, for cameras want it dark on light.
func picture(text string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", fmt.Errorf("draw QR code: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := x
			for run < code.Size && code.Black(run, y) {
				run++
			}
			if run > x {
				fmt.Fprintf(&path, "M%d %dh%d", x+quiet, y+quiet, run-x)
				x = run
			}
		}
	}
	size := code.Size + 2*quiet
	svg := fmt.Sprintf(`<svg class="qr" viewBox="0 0 %d %d" role="img" aria-labelledby="qr" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/>`+
		`<path stroke="#000" d="%s" transform="translate(0 .5)"/></svg>`, size, size, size, size, path.String())
	return template.HTML(svg), nil //nolint:gosec // numbers only
}

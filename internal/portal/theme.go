package portal

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"html/template"
	"regexp"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// A brand's colours are a second, small style sheet behind the one that all pages have. It holds nothing but values for names that stand at the top of portal.css, so a page is still
// one request, and the first sheet and its hash are the same for everybody.

// palette is what the style sheet says of a look, by its names, in its order.
type palette struct {
	names  []string
	values map[string]string
	// paper and card are the grounds of pages; towards is where the colours of letters go to be read on them.
	paper, card, towards colour
}

var (
	lightRoot = regexp.MustCompile(`^:root\{([^}]*)\}`)
	darkRoot  = regexp.MustCompile(`@media \(prefers-color-scheme: dark\)\{:root\{([^}]*)\}\}`)
)

// palettes reads the two looks of the squeezed style sheet.
func palettes(style string) (light, dark palette, err error) {
	for _, look := range []struct {
		dst     *palette
		root    *regexp.Regexp
		towards colour
	}{{&light, lightRoot, black}, {&dark, darkRoot, white}} {
		found := look.root.FindStringSubmatch(style)
		if found == nil {
			return light, dark, errors.New("the style sheet does not begin with the colours of both looks")
		}
		p := palette{values: map[string]string{}, towards: look.towards}
		for declaration := range strings.SplitSeq(found[1], ";") {
			name, value, _ := strings.Cut(declaration, ": ")
			if strings.HasPrefix(name, "--") {
				p.names, p.values[name] = append(p.names, name), value
			}
		}
		var paper, card bool
		p.paper, paper = parseColour(p.values["--paper"])
		p.card, card = parseColour(p.values["--card"])
		if !paper || !card {
			return light, dark, errors.New("the style sheet has no ground for one of the looks")
		}
		*look.dst = p
	}
	return light, dark, nil
}

// The parts by which colours differ from those that they are made of.
const (
	tintPart = 0.1  // a ground with a breath of the colour
	deepPart = 0.16 // what a pointer is on
	faint    = 1.25 // a button with less contrast to its ground needs an edge
)

// coloured gives what a brand's colour changes of a look. Buttons have the very colour, with letters that can be read on it; links, icons and the ring of the focus have the nearest
// shade that can be read on the pages' grounds.
func (p palette) coloured(primary colour) map[string]string {
	tint := p.card.mix(primary, tintPart)
	accent := readableOn(primary, p.towards, p.paper, p.card, tint)
	letters := lettersOn(primary)
	deep := primary.mix(letters, deepPart)
	if contrast(deep, letters) < readable {
		away := white
		if letters == white {
			away = black
		}
		deep = primary.mix(away, deepPart)
	}
	edge := "transparent"
	if contrast(primary, p.card) < faint {
		edge = accent.String()
	}
	return map[string]string{
		"--accent": accent.String(), "--accent-deep": accent.mix(p.towards, deepPart).String(), "--tint": tint.String(),
		"--fill": primary.String(), "--fill-deep": deep.String(), "--on-fill": letters.String(), "--edge": edge,
	}
}

// root writes a look's rule: the whole of it, or only what differs.
func (p palette) root(changed map[string]string, whole bool, scheme model.Look) string {
	var b strings.Builder
	b.WriteString(":root{")
	for _, name := range p.names {
		value, differs := changed[name]
		switch {
		case differs:
		case whole:
			value = p.values[name]
		default:
			continue
		}
		b.WriteString(name + ":" + value + ";")
	}
	if whole {
		b.WriteString("color-scheme:" + string(scheme))
	}
	return strings.TrimSuffix(b.String(), ";") + "}"
}

// themeStyle writes the style sheet of a theme, "" for that of the house.
func (a *assets) themeStyle(t model.Theme) string {
	var light, dark map[string]string
	if primary, ok := parseColour(t.Primary); ok {
		light, dark = a.light.coloured(primary), a.dark.coloured(primary)
	}
	switch {
	case t.Base == model.LookLight:
		return a.light.root(light, true, t.Base)
	case t.Base == model.LookDark:
		return a.dark.root(dark, true, t.Base)
	case light == nil:
		return ""
	}
	return a.light.root(light, false, "") + "@media (prefers-color-scheme: dark){" + a.dark.root(dark, false, "") + "}"
}

// BrandOf takes from a brand what pages show. It works the colours out, so whoever shows many pages keeps it.
func (r *Renderer) BrandOf(b *model.Brand) Brand {
	title := b.BrandingTitle
	if title == "" {
		title = "Weimen"
	}
	out := Brand{Title: plain(title), LogoURL: b.BrandingLogo, FaviconURL: b.BrandingFavicon}
	out.theme, _ = b.Theme()
	if out.theme.Base != model.LookAutomatic {
		out.Scheme = string(out.theme.Base)
	}
	if style := r.assets.themeStyle(out.theme); style != "" {
		out.Style, out.styleHash = template.CSS(style), policyHash(style)
	}
	return out
}

// policyHash names a style sheet as a Content-Security-Policy does.
func policyHash(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// themeFile is the name of a theme's style sheet where it is a file: in previews. The name says what is in it, for a draft's colours are stored nowhere; the hash tells the files of
// different versions apart.
var themeFile = regexp.MustCompile(`^theme\.(automatic|light|dark)\.([0-9a-f]{6})\.[0-9a-f]{16}\.css$`)

func (a *assets) themeFile(t model.Theme) string {
	sum := sha256.Sum256([]byte(a.themeStyle(t)))
	return "theme." + string(t.Base) + "." + strings.TrimPrefix(t.Primary, "#") + "." + hex.EncodeToString(sum[:8]) + ".css"
}

// themeBody gives the style sheet that a file's name describes.
func (a *assets) themeBody(file string) (string, bool) {
	parts := themeFile.FindStringSubmatch(file)
	if parts == nil {
		return "", false
	}
	t := model.Theme{Base: model.Look(parts[1]), Primary: "#" + parts[2]}
	return a.themeStyle(t), file == a.themeFile(t)
}

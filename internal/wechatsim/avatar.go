package wechatsim

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// avatar is /mmopen/vi_32/{key}/{size}: a person's picture, 404 once it was changed.
func (s *Simulator) avatar(r *http.Request, _ Fault) reply {
	missing := reply{status: http.StatusNotFound, contentType: "text/plain", body: []byte("404 not found\n")}
	key := r.PathValue("key")
	dot := strings.LastIndexByte(key, '.')
	if dot < 0 {
		return missing
	}
	id := key[:dot]
	user, err := s.User(id)
	if id == snapshotUser {
		user, err = User{ID: id}, nil
	}
	if err != nil || key[dot+1:] != strconv.Itoa(user.AvatarVersion) {
		return missing
	}
	switch r.PathValue("size") {
	case "0", "46", "64", "96", "132":
	default:
		return missing
	}
	return reply{status: http.StatusOK, contentType: "image/svg+xml", body: []byte(drawAvatar(key))}
}

// drawAvatar draws a friendly face that depends on the key alone.
func drawAvatar(key string) string {
	sum := sha256.Sum256([]byte(key))
	pick := func(i int, options []string) string { return options[int(sum[i])%len(options)] }
	hue := int(sum[0]) * 360 / 256
	skin := pick(1, []string{"#fbdcc4", "#f3c6a5", "#e0a77f", "#c98a63", "#a56a46", "#7a4a31"})
	hair := pick(2, []string{"#2b2320", "#4a3226", "#7b4b2a", "#b9783f", "#d9b26a", "#8d8d95", "#3a3550"})
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 132 132" width="132" height="132">`)
	fmt.Fprintf(&b, `<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl(%d 72%% 82%%)"/>`, hue)
	fmt.Fprintf(&b, `<stop offset="1" stop-color="hsl(%d 62%% 62%%)"/></linearGradient></defs>`, (hue+40)%360)
	b.WriteString(`<rect width="132" height="132" fill="url(#g)"/><g transform="translate(-19.8 -14) scale(1.3)">`)
	if sum[3]%3 == 0 { // long hair, behind everything
		fmt.Fprintf(&b, `<path d="M32 60c0-46 68-46 68 0v44H32z" fill="%s"/>`, hair)
	}
	fmt.Fprintf(&b, `<path d="M18 140c0-30 22-42 48-42s48 12 48 42z" fill="hsl(%d 48%% 42%%)"/>`, (hue+190)%360)
	fmt.Fprintf(&b, `<path d="M56 84h20v16a10 10 0 0 1-20 0z" fill="%s"/><path d="M56 90c6 6 14 6 20 0v4c-6 6-14 6-20 0z" opacity=".15"/>`, skin)
	fmt.Fprintf(&b, `<ellipse cx="66" cy="64" rx="28" ry="31" fill="%s"/>`, skin)
	b.WriteString(pick(4, []string{
		`<path d="M37 62c-4-42 62-42 58 0-2-12-8-18-16-20-14 6-32 6-36 4-3 4-5 9-6 16z" fill="` + hair + `"/>`,
		`<path d="M37 60c-2-38 60-38 58 0-3-10-8-15-14-17-10 3-20 2-28-3-6 5-13 10-16 20z" fill="` + hair + `"/>`,
		`<path d="M38 56c2-30 54-30 56 0-8-8-16-11-28-11s-20 3-28 11z" fill="` + hair + `"/>`,
		`<path d="M37 62c-6-44 64-44 58 0-1-8-3-12-6-15l-46 0c-3 3-5 7-6 15z" fill="` + hair + `"/><circle cx="66" cy="26" r="11" fill="` + hair + `"/>`,
	}))
	b.WriteString(`<circle cx="55" cy="66" r="3.4" fill="#1d1b22"/><circle cx="77" cy="66" r="3.4" fill="#1d1b22"/>`)
	b.WriteString(`<circle cx="48" cy="76" r="5" fill="#ff6b6b" opacity=".22"/><circle cx="84" cy="76" r="5" fill="#ff6b6b" opacity=".22"/>`)
	b.WriteString(pick(5, []string{
		`<path d="M57 79q9 9 18 0" fill="none" stroke="#1d1b22" stroke-width="2.6" stroke-linecap="round"/>`,
		`<path d="M56 78q10 13 20 0z" fill="#fff" stroke="#1d1b22" stroke-width="2" stroke-linejoin="round"/>`,
		`<path d="M59 81q8 4 14-2" fill="none" stroke="#1d1b22" stroke-width="2.6" stroke-linecap="round"/>`,
	}))
	if sum[6]%3 == 0 { // glasses
		b.WriteString(`<g fill="none" stroke="#1d1b22" stroke-width="2.2"><circle cx="55" cy="66" r="9"/><circle cx="77" cy="66" r="9"/><path d="M64 65q2-2 4 0"/></g>`)
	}
	b.WriteString(`</g></svg>`)
	return b.String()
}

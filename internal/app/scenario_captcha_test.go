package app_test

import (
	"crypto/sha256"
	"fmt"
	"math/bits"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var captchaWork = regexp.MustCompile(`data-salt="([A-Z0-9]+)" data-bits="(\d+)" data-parts="(\d+)"`)

// solveCaptcha does the proof of work that is shown, and answers with it and with further fields.
func (p *playing) solveCaptcha(fields []string) {
	p.t.Helper()
	field, asked := "token", p.shown.challenge
	if p.shown.component == "ak-stage-identification" {
		field = "captcha_token"
		asked, _ = asked["captcha_stage"].(map[string]any)
	}
	salt, difficulty, parts := "", "", ""
	if p.shown.isPage() {
		found := captchaWork.FindStringSubmatch(p.shown.page.Body)
		if found == nil {
			p.fail("the page asks for no proof of work")
		}
		salt, difficulty, parts = found[1], found[2], found[3]
	} else if work, ok := asked["proof_of_work"].(map[string]any); ok {
		salt, difficulty, parts = fmt.Sprint(work["salt"]), fmt.Sprint(work["bits"]), fmt.Sprint(work["parts"])
	}
	least, err := strconv.Atoi(difficulty)
	p.check(err)
	count, err := strconv.Atoi(parts)
	p.check(err)
	var numbers []string
	for part := range count {
		for n := 0; ; n++ {
			sum := sha256.Sum256(fmt.Appendf(nil, "%s.%d.%d", salt, part, n))
			if bits.LeadingZeros16(uint16(sum[0])<<8|uint16(sum[1])) >= least {
				numbers = append(numbers, strconv.Itoa(n))
				break
			}
		}
	}
	p.answer(append(slices.Clone(fields), field+"="+strings.Join(numbers, ".")))
}

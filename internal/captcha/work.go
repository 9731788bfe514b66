package captcha

import (
	"crypto/rand"
	"crypto/sha256"
	"math/bits"
	"strconv"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// parts is how many numbers are looked for.
const parts = 16

// slotWork is the puzzle that the run waits for.
var slotWork = model.NewSlot[Work]("goauthentik.io/stages/captcha/work")

// Work is a puzzle, see the package comment.
type Work struct {
	Salt  string `json:"salt"`
	Bits  int    `json:"bits"`
	Parts int    `json:"parts"`
}

// workOf gives the run's puzzle.
func workOf(run *model.PlanContext, difficulty int) Work {
	w, ok := slotWork.Get(run)
	if !ok || w.Salt == "" || w.Bits != difficulty {
		w = Work{Salt: rand.Text(), Bits: difficulty, Parts: parts}
		slotWork.Set(run, w)
	}
	return w
}

// checkWork judges an answer. Right or wrong, the puzzle is used up.
func checkWork(run *model.PlanContext, token string) Verdict {
	w, ok := slotWork.Get(run)
	slotWork.Clear(run)
	if !ok || !w.solvedBy(token) {
		return Verdict{Problem: "stage.captcha.error.wrong"}
	}
	SlotResult.Set(run, map[string]any{"response": map[string]any{"success": true, "provider": string(ProofOfWork)}})
	return Verdict{}
}

func (w Work) solvedBy(token string) bool {
	numbers := strings.Split(token, ".")
	if w.Salt == "" || len(numbers) != w.Parts {
		return false
	}
	for i, n := range numbers {
		if _, err := strconv.ParseUint(n, 10, 53); err != nil { // what a browser counts without losing any
			return false
		}
		if zeros(sha256.Sum256([]byte(w.Salt+"."+strconv.Itoa(i)+"."+n))) < w.Bits {
			return false
		}
	}
	return true
}

// zeros counts the zero bits at the beginning.
func zeros(sum [sha256.Size]byte) int {
	n := 0
	for _, b := range sum {
		if b != 0 {
			return n + bits.LeadingZeros8(b)
		}
		n += 8
	}
	return n
}

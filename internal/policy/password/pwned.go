package password

import (
	"context"
	"crypto/sha1" //nolint:gosec // the lists are keyed by it
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/web"
)

// pwnedURL is the range API of Have I Been Pwned, version 3: "Searching by range".
const pwnedURL = "https://api.pwnedpasswords.com/range"

const (
	// pwnedTimeout is how long a person waits for the service.
	pwnedTimeout = 4 * time.Second
	// pwnedMost is the longest answer that is read. A padded one has about 50 KB.
	pwnedMost = 1 << 20
)

// leaked tells how often a password is on the lists. A service that does not answer counts as 0.
func (d *driver) leaked(ctx context.Context, r *policy.Request, password string) int {
	sum := sha1.Sum([]byte(password)) //nolint:gosec // see above
	digits := strings.ToUpper(hex.EncodeToString(sum[:]))
	list, err := d.fetch(ctx, digits[:5])
	if err != nil {
		id := ""
		if r.Visitor != nil {
			id = r.Visitor.RequestID
		}
		d.deps.Log.WarnContext(ctx, "Have I Been Pwned did not answer; the password passes its check", "request_id", id, "err", err)
		return 0
	}
	for line := range strings.Lines(list) {
		suffix, count, _ := strings.Cut(strings.TrimSpace(line), ":")
		if strings.EqualFold(suffix, digits[5:]) {
			n, _ := strconv.Atoi(count)
			return n
		}
	}
	return 0
}

// fetch gets the lines of all leaked passwords whose hash begins with five digits.
func (d *driver) fetch(ctx context.Context, prefix string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, pwnedTimeout)
	defer cancel()
	base := d.deps.PwnedURL
	if base == "" {
		base = pwnedURL
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/"+prefix, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("User-Agent", "weimen")
	req.Header.Set("Add-Padding", "true") // the size of the answer then tells nothing either
	res, err := d.deps.Client.Do(req)
	if err != nil {
		return "", unanswered(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("answered %d", res.StatusCode)
	}
	body, err := web.ReadBody(res.Body, pwnedMost)
	if err != nil {
		return "", unanswered(err)
	}
	return string(body), nil
}

// unanswered says that there was no answer without naming the address: it ends in a part of a password's hash, which is for no log.
func unanswered(err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		return errors.New("no answer in time")
	}
	return errors.New("cannot be reached, or broke off")
}

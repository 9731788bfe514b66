package keypair

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// MaxPassword is the length of a password in bytes. No person types more, and a program could make us work for longer ones.
const MaxPassword = 1024

// The ways in which a password or its hash is refused.
var (
	ErrPasswordTooLong = fmt.Errorf("the password is longer than %d bytes", MaxPassword)
	ErrPasswordHash    = errors.New("the stored password hash cannot be read")
)

// Cost is the work of one argon2id hash (RFC 9106).
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32 // passes over the memory
	Threads uint8
}

// DefaultCost is the first choice of OWASP's password storage cheat sheet: 19 MiB, two passes, one thread.
func DefaultCost() Cost { return Cost{Memory: 19 * 1024, Time: 2, Threads: 1} }

// maxCost bounds what a stored hash may ask of us, so that a row of an import cannot stop the server.
func maxCost() Cost { return Cost{Memory: 512 * 1024, Time: 32, Threads: 16} }

func (c Cost) check() error {
	limit := maxCost()
	if c.Threads < 1 || c.Time < 1 || c.Memory < 8*uint32(c.Threads) || c.Memory > limit.Memory || c.Time > limit.Time || c.Threads > limit.Threads {
		return fmt.Errorf("argon2id cost out of bounds: memory %d KiB, time %d, threads %d", c.Memory, c.Time, c.Threads)
	}
	return nil
}

const (
	saltLength = 16
	hashLength = 32
)

// Passwords hashes and checks passwords, as many at a time as there are processors: each hash holds its memory while it is made.
type Passwords struct {
	cost  Cost
	slots chan struct{}
	dummy passwordHash
}

// NewPasswords makes hashes of the given cost; hashes of another cost can be checked as well.
func NewPasswords(cost Cost) (*Passwords, error) {
	if err := cost.check(); err != nil {
		return nil, err
	}
	return &Passwords{
		cost:  cost,
		slots: make(chan struct{}, runtime.GOMAXPROCS(0)),
		dummy: passwordHash{cost: cost, salt: make([]byte, saltLength), sum: make([]byte, hashLength)},
	}, nil
}

// Hash returns a new hash as a PHC string: $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>. It waits for its turn, and returns the
// context's error if that ends before. A password of more than [MaxPassword] bytes is [ErrPasswordTooLong].
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if len(password) > MaxPassword {
		return "", ErrPasswordTooLong
	}
	h := passwordHash{cost: p.cost, salt: make([]byte, saltLength)}
	_, _ = rand.Read(h.salt)
	sum, err := p.compute(ctx, h, password, hashLength)
	if err != nil {
		return "", err
	}
	h.sum = sum
	return h.String(), nil
}

// Verify reports whether a password belongs to a stored hash, with the cost that the hash names. It takes its time in constant
// comparison. A hash that is empty or starts with "!" belongs to no password, and refusing it takes as long as any other. The error is the
// context's, or [ErrPasswordHash].
func (p *Passwords) Verify(ctx context.Context, stored, password string) (bool, error) {
	if len(password) > MaxPassword {
		return false, nil
	}
	if stored == "" || stored[0] == '!' {
		return false, p.DummyVerify(ctx, password)
	}
	h, err := parsePasswordHash(stored)
	if err != nil {
		return false, err
	}
	sum, err := p.compute(ctx, h, password, uint32(len(h.sum)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(sum, h.sum) == 1, nil
}

// DummyVerify spends the time of Verify, for a user who does not exist: whether somebody exists must not be heard from the clock.
func (p *Passwords) DummyVerify(ctx context.Context, password string) error {
	if len(password) > MaxPassword {
		return nil
	}
	_, err := p.compute(ctx, p.dummy, password, hashLength)
	return err
}

// NeedsRehash reports whether a stored hash was made at another cost than new ones, and should be made anew when the password is next known.
func (p *Passwords) NeedsRehash(stored string) bool {
	h, err := parsePasswordHash(stored)
	return err != nil || h.cost != p.cost || len(h.salt) != saltLength || len(h.sum) != hashLength
}

func (p *Passwords) compute(ctx context.Context, h passwordHash, password string, length uint32) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("wait to hash a password: %w", err)
	}
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	defer func() { <-p.slots }()
	return argon2.IDKey([]byte(password), h.salt, h.cost.Time, h.cost.Memory, h.cost.Threads, length), nil
}

// passwordHash is a PHC string taken apart.
type passwordHash struct {
	cost Cost
	salt []byte
	sum  []byte
}

func (h passwordHash) String() string {
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, h.cost.Memory, h.cost.Time, h.cost.Threads, encode(h.salt), encode(h.sum))
}

func parsePasswordHash(stored string) (passwordHash, error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return passwordHash{}, ErrPasswordHash
	}
	var h passwordHash
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.cost.Memory, &h.cost.Time, &h.cost.Threads); err != nil {
		return passwordHash{}, ErrPasswordHash
	}
	if err := h.cost.check(); err != nil {
		return passwordHash{}, fmt.Errorf("%w: %w", ErrPasswordHash, err)
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[4]); err != nil || len(h.salt) < 8 || len(h.salt) > 64 {
		return passwordHash{}, ErrPasswordHash
	}
	if h.sum, err = base64.RawStdEncoding.Strict().DecodeString(parts[5]); err != nil || len(h.sum) < 16 || len(h.sum) > 64 {
		return passwordHash{}, ErrPasswordHash
	}
	if h.String() != stored { // numbers with leading zeros, or more behind them
		return passwordHash{}, ErrPasswordHash
	}
	return h, nil
}

package source

import (
	"context"
	"errors"
	"strconv"
	"unicode/utf8"

	"github.com/weimen-id/weimen/internal/model"
)

// mostNamesakes bounds how many usernames are tried.
const mostNamesakes = 50

// usernameLength is the most that a username has, in characters.
const usernameLength = 150

// freeUsername gives a newcomer another username where the one from the source is somebody else's: "ann" becomes "ann-2". Nobody is stuck because of a name that a source
// gave, and nobody is taken for who has it. An administrator reads of it, see [Manager.save]: two people of one name may be one person of two sources.
func (r *returning) freeUsername(ctx context.Context) error {
	if r.namesake == 0 {
		return nil
	}
	wanted, _ := r.properties["username"].(string)
	for n := 2; n <= mostNamesakes; n++ {
		name := suffixed(wanted, "-"+strconv.Itoa(n))
		_, err := r.manager.Store.UserByUsername(ctx, name)
		if errors.Is(err, model.ErrNotFound) {
			r.wanted, r.properties["username"] = wanted, name
			return nil
		}
		if err != nil {
			return err
		}
	}
	return model.Refuse(model.CodeDenied, "source.username_taken", "The username and many like it are taken.").With("username", wanted)
}

// wish takes the name from the source up again, to decide anew.
func (r *returning) wish() {
	if r.wanted != "" {
		r.properties["username"], r.wanted = r.wanted, ""
	}
}

// suffixed puts an end to a name, and shortens the name where both would be too long.
func suffixed(name, end string) string {
	if utf8.RuneCountInString(name)+len(end) > usernameLength {
		name = string([]rune(name)[:usernameLength-len(end)])
	}
	return name + end
}

package portal_test

import (
	"os"
	"strings"
	"testing"
)

// A form that is posted twice must not be taken for the answer to the challenge after its own.
func TestTheFormOfAStageSaysWhichChallengeItAnswers(t *testing.T) {
	t.Parallel()
	form, err := os.ReadFile("templates/form.html")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(form), `name="component" value="{{.Challenge.Component}}"`) {
		t.Errorf("%s", form)
	}
}

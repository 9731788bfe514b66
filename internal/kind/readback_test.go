package kind

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
)

type client struct {
	Shown  model.Secret `json:"shown" rule:"readback"`
	Hidden model.Secret `json:"hidden"`
}

func (c *client) Fill() {
	if !c.Shown.IsSet() {
		c.Shown = model.NewSecret("chosen")
	}
}

// glassBox seals by naming the place, so that the test sees what was sealed and where.
type glassBox struct{}

func (glassBox) Seal(clear, place string) string {
	return fmt.Sprintf("sealed(%s,%d)", place, len(clear))
}

func (glassBox) Open(string, string) (string, error) { return "opened", nil }

func TestASecretWithTheRuleReadbackIsSealedAtRestAndShownByEncode(t *testing.T) {
	c := client{Shown: model.NewSecret("abc"), Hidden: model.NewSecret("def")}
	if diff := cmp.Diff(map[string]any{"shown": "abc"}, Encode(c)); diff != "" {
		t.Errorf("what readers see (-want +got):\n%s", diff)
	}
	stored, err := Seal(c, glassBox{}, "providers/config/1")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(stored), "abc") || !strings.Contains(string(stored), "sealed(providers/config/1/shown,3)") {
		t.Errorf("stored: %s", []byte(stored))
	}
}

func TestFillChoosesWhatWasLeftEmpty(t *testing.T) {
	for _, body := range []string{`{}`, `{"shown":""}`} {
		var c client
		var b Body
		if err := json.Unmarshal([]byte(body), &b); err != nil {
			t.Fatal(err)
		}
		if errs := Decode(&c, b, Create); errs != nil {
			t.Fatal(errs)
		}
		if c.Shown.Reveal() != "chosen" {
			t.Errorf("%s: %q", body, c.Shown.Reveal())
		}
	}
}

package kind

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
)

// sample has a field of every sort.
type sample struct {
	ID       string          `json:"pk" rule:"readonly"`
	Name     string          `json:"name" required:"true" rule:"max=5"`
	Blank    string          `json:"blank" required:"true" rule:"blank"`
	Slug     string          `json:"slug" rule:"slug"`
	Mode     string          `json:"mode" enum:"one two"`
	Maybe    *string         `json:"maybe"`
	Flow     *model.FlowID   `json:"flow" ref:"flow"`
	Pick     *string         `json:"pick" enum:"one two"`
	Number   int             `json:"number"`
	Rate     float64         `json:"rate"`
	On       bool            `json:"on"`
	Span     model.Duration  `json:"span"`
	At       *time.Time      `json:"at"`
	Any      map[string]any  `json:"any"`
	Names    []string        `json:"names"`
	Kinds    []string        `json:"kinds" enum:"a b"`
	Needed   []model.StageID `json:"needed" required:"true" ref:"stage"`
	Users    []model.UserID  `json:"users" ref:"user"`
	Password model.Secret    `json:"password"`
	Parts    []part          `json:"parts"`
	Part     part            `json:"part"`
	hidden   string          //nolint:unused // is passed over
	NoName   string
	Skipped  map[string]error `json:"-"`
}

type part struct {
	URL  string `json:"url" required:"true"`
	Mode string `json:"mode" enum:"strict regex"`
}

func fresh() *sample {
	return &sample{ID: "1", Name: "was", Blank: "was", Mode: "one", Needed: []model.StageID{"s"}, Span: "seconds=1", Names: []string{"x"}}
}

func parse(t testing.TB, text string) Body {
	t.Helper()
	var b Body
	if err := json.Unmarshal([]byte(text), &b); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatAnAbsentKeyMeans(t *testing.T) {
	const required = "This field is required."
	for _, tt := range []struct {
		name string
		mode Mode
		want map[string][]string
	}{
		{"create requires what is required", Create, map[string][]string{"name": {required}, "blank": {required}, "needed": {required}}},
		{"replace too", Replace, map[string][]string{"name": {required}, "blank": {required}, "needed": {required}}},
		{"patch keeps what is stored", Patch, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := fresh()
			if diff := cmp.Diff(tt.want, Decode(s, Body{}, tt.mode)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if s.Name != "was" || s.Names[0] != "x" {
				t.Errorf("changed to %+v", s)
			}
		})
	}
}

func TestUnknownAndReadOnlyKeysArePassedOver(t *testing.T) {
	s := fresh()
	body := parse(t, `{"pk": "2", "nonsense": {"a": 1}, "NoName": "x", "hidden": "x", "Skipped": {}}`)
	if errs := Decode(s, body, Patch); errs != nil || s.ID != "1" || s.NoName != "" {
		t.Errorf("%v, %+v", errs, s)
	}
}

func TestDecodeOneField(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000)
	for _, tt := range []struct {
		name, body string
		want       string // an error, or the field as it is shown afterwards
	}{
		{"a text", `{"name": "x"}`, `"x"`},
		{"a number for a text, as Django REST framework takes it", `{"name": 12}`, `"12"`},
		{"a number keeps its digits as a text", `{"name": 1.0}`, `"1.0"`},
		{"a truth for a text", `{"name": true}`, "Not a valid string."},
		{"an object for a text", `{"name": {}}`, "Not a valid string."},
		{"a list for a text", `{"name": []}`, "Not a valid string."},
		{"null where there may be none", `{"name": null}`, "This field may not be null."},
		{"an empty text where one is required", `{"name": ""}`, "This field may not be blank."},
		{"an empty text where it may be blank", `{"blank": ""}`, `""`},
		{"characters are counted, not bytes", `{"name": "微信微信微"}`, `"微信微信微"`},
		{"too long", `{"name": "abcdef"}`, "Ensure this field has no more than 5 characters."},
		{"a NUL character", `{"name": "a\u0000"}`, "Null characters are not allowed."},
		{"half a surrogate pair is made valid", `{"name": "\ud800"}`, `"` + "\uFFFD" + `"`},
		{"a slug", `{"slug": "a-b_C1"}`, `"a-b_C1"`},
		{"no slug", `{"slug": "a b"}`, `Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.`},
		{"no slug in Chinese", `{"slug": "微信"}`, `Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.`},
		{"a line feed behind a slug", `{"slug": "a\n"}`, `Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.`},
		{"a choice", `{"mode": "two"}`, `"two"`},
		{"no choice", `{"mode": "three"}`, `"three" is not a valid choice.`},
		{"null for a nullable", `{"maybe": null}`, `null`},
		{"an empty text for a nullable text stays", `{"maybe": ""}`, `""`},
		{"an empty text for a nullable reference is null", `{"flow": ""}`, `null`},
		{"an empty text for a nullable choice is null", `{"pick": ""}`, `null`},
		{"a reference", `{"flow": "f"}`, `"f"`},
		{"an integer", `{"number": 7}`, `7`},
		{"an integer as text", `{"number": "7"}`, `7`},
		{"a negative one", `{"number": -7}`, `-7`},
		{"a fraction for an integer", `{"number": 7.5}`, "A valid integer is required."},
		{"a power for an integer", `{"number": 1e3}`, "A valid integer is required."},
		{"an integer that no column holds", `{"number": 2147483648}`, "This number is too large."},
		{"an integer beyond all", `{"number": 99999999999999999999999999}`, "A valid integer is required."},
		{"nothing for an integer", `{"number": ""}`, "A valid number is required."},
		{"a truth for an integer", `{"number": true}`, "A valid number is required."},
		{"a fraction", `{"rate": 0.5}`, `0.5`},
		{"a fraction beyond all", `{"rate": 1e400}`, "A valid number is required."},
		{"no number", `{"rate": "NaN"}`, "A valid number is required."},
		{"true", `{"on": true}`, `true`},
		{"true as text", `{"on": "True"}`, `true`},
		{"one for true", `{"on": 1}`, `true`},
		{"neither", `{"on": "perhaps"}`, "Must be a valid boolean."},
		{"null for a truth", `{"on": null}`, "This field may not be null."},
		{"a duration is kept as written", `{"span": "hours=1;minutes=30"}`, `"hours=1;minutes=30"`},
		{"no duration", `{"span": "1h"}`, `"1h" is not in the form of hours=1;minutes=2;seconds=3.`},
		{"a duration that no clock holds", `{"span": "weeks=1000000"}`, `"weeks=1000000" is longer than 100 years.`},
		{"a time", `{"at": "2026-01-02T03:04:05Z"}`, `"2026-01-02T03:04:05Z"`},
		{"no time", `{"at": "tomorrow"}`, "Datetime has wrong format. Use this format instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."},
		{"an object", `{"any": {"a": [1, null]}}`, `{"a":[1,null]}`},
		{"1 stays 1, and 1.0 stays 1.0", `{"any": {"a": 1, "b": 1.0, "c": 12345678901234567890}}`, `{"a":1,"b":1.0,"c":12345678901234567890}`},
		{"a list for an object", `{"any": []}`, "Value must be a dictionary, and not have any duplicate keys."},
		{"a NUL deep in an object", `{"any": {"a": ["x\u0000"]}}`, "Null characters are not allowed."},
		{"a number that no database holds", `{"any": {"a": [1e999999]}}`, "This number is too large."},
		{"one that is too small", `{"any": {"a": {"b": -0.0E-99999}}}`, "This number is too large."},
		{"a NUL in a key of an object", `{"any": {"a": {"\u0000": 1}}}`, "Null characters are not allowed."},
		{"a backslash before u0000 is no NUL", `{"any": {"a": "\\u0000"}}`, `{"a":"\\u0000"}`},
		{"an object without end", `{"any": ` + deep + `}`, ""},
		{"a list", `{"names": ["a", "b"]}`, `["a","b"]`},
		{"an empty list", `{"names": []}`, `[]`},
		{"null for a list", `{"names": null}`, "This field may not be null."},
		{"a text for a list", `{"names": "a"}`, "Expected a list of items."},
		{"null within a list", `{"names": ["a", null]}`, "Item 2: This field may not be null."},
		{"an object within a list of texts", `{"names": [{}]}`, "Item 1: Not a valid string."},
		{"a list of choices", `{"kinds": ["b", "a"]}`, `["b","a"]`},
		{"no choice within a list", `{"kinds": ["b", "c"]}`, `Item 2: "c" is not a valid choice.`},
		{"an empty list where one is required", `{"needed": []}`, "This list may not be empty."},
		{"a list of ids", `{"users": [1, "2"]}`, `[1,2]`},
		{"a list of structs", `{"parts": [{"url": "u", "mode": "strict", "more": 1}]}`, `[{"url":"u","mode":"strict"}]`},
		{"a struct that lacks something", `{"parts": [{"mode": "strict"}]}`, "Item 1: url: This field is required."},
		{"null for a struct", `{"part": null}`, "This field may not be null."},
		{"a list for a struct", `{"part": []}`, "Expected an object."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := fresh()
			var body Body
			if err := json.Unmarshal([]byte(tt.body), &body); err != nil {
				if tt.want == "" {
					return // the reader of the request has refused it already
				}
				t.Fatal(err)
			}
			errs := Decode(s, body, Patch)
			for name := range body {
				got, _ := json.Marshal(Encode(s)[name])
				if list := errs[name]; len(list) > 0 {
					got = []byte(list[0])
				}
				if string(got) != tt.want {
					t.Errorf("%s: got %s, want %s", name, got, tt.want)
				}
			}
		})
	}
}

func TestInvalidUTF8IsMadeValid(t *testing.T) {
	s := fresh()
	if errs := Decode(s, Body{"name": json.RawMessage("\"a\xff\"")}, Patch); errs != nil || s.Name != "a\uFFFD" {
		t.Errorf("%v, %q", errs, s.Name)
	}
}

func TestSeveralMistakesAreToldAtOnce(t *testing.T) {
	errs := Decode(fresh(), parse(t, `{"name": "", "mode": "x", "number": "y"}`), Patch)
	if len(errs) != 3 {
		t.Errorf("%v", errs)
	}
}

type checked struct {
	A string `json:"a"`
	B string `json:"b"`
}

func (c *checked) Validate() error {
	switch c.A {
	case "field":
		return model.Invalid("b", "does not fit a")
	case "whole":
		return errors.New("nothing fits")
	}
	return nil
}

func TestValidateIsAskedLast(t *testing.T) {
	for a, want := range map[string]map[string][]string{
		"fine": nil, "field": {"b": {"does not fit a"}}, "whole": {"non_field_errors": {"nothing fits"}},
	} {
		if diff := cmp.Diff(want, Decode(&checked{}, Body{"a": json.RawMessage(`"` + a + `"`)}, Create)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", a, diff)
		}
	}
}

func TestEncodeShowsNoNullListsAndNoSecrets(t *testing.T) {
	out := Encode(sample{Password: model.NewSecret("hush"), Names: nil})
	got, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(got, []byte("hush")) || bytes.Contains(got, []byte("password")) {
		t.Errorf("shows %s", got)
	}
	for _, part := range []string{`"names":[]`, `"any":{}`, `"parts":[]`, `"maybe":null`} {
		if !bytes.Contains(got, []byte(part)) {
			t.Errorf("%s is not in %s", part, got)
		}
	}
}

// bound opens at the place where it sealed only.
type bound struct{}

func (bound) Seal(clear, place string) string { return place + "|" + strings.ToUpper(clear) }
func (bound) Open(sealed, place string) (string, error) {
	clear, ok := strings.CutPrefix(sealed, place+"|")
	if !ok {
		return "", errors.New("belongs elsewhere")
	}
	return strings.ToLower(clear), nil
}

func TestSealAndLoad(t *testing.T) {
	in := fresh()
	in.Password = model.NewSecret("hush")
	in.Any = map[string]any{"a": json.Number("1"), "b": json.Number("12345678901234567890")}
	in.Parts = []part{{"u", "strict"}}
	stored, err := Seal(in, bound{}, "stages/config/1")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(stored), "hush") || !strings.Contains(string(stored), `"a":1,"b":12345678901234567890`) {
		t.Errorf("stored %s", string(stored))
	}
	out := &sample{}
	if err := Load(out, stored, bound{}, "stages/config/1"); err != nil {
		t.Fatal(err)
	}
	if out.Password.Reveal() != "hush" || out.Name != "was" || out.Any["a"] != json.Number("1") || out.Parts[0] != in.Parts[0] {
		t.Errorf("loaded %+v", out)
	}
	for name, broken := range map[string]string{
		"an unknown key":          `{"nonsense": 1}`,
		"a secret in clear":       `{"password": "hush"}`,
		"a secret of another row": `{"password": "stages/config/2/password|HUSH"}`,
		"a list":                  `[]`,
		"no JSON":                 `{`,
		"another type":            `{"number": "7"}`,
	} {
		if err := Load(&sample{}, model.Config(broken), bound{}, "stages/config/1"); err == nil {
			t.Errorf("%s was loaded", name)
		}
	}
	for name, fine := range map[string]string{"nothing": "", "an empty object": `{}`, "an empty secret": `{"password": ""}`, "null for an object": `{"any": null}`} {
		if err := Load(&sample{}, model.Config(fine), bound{}, "p"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type listed struct {
	Names []string       `json:"names"`
	Any   map[string]any `json:"any"`
	Maybe *string        `json:"maybe"`
}

// The defaults of a kind are one value for all its objects.
func TestLoadingOneObjectLeavesTheDefaultsAlone(t *testing.T) {
	text := "default"
	k := Of(Info{Name: "k"}, listed{Names: []string{"a", "b", "c"}, Any: map[string]any{"a": 1}, Maybe: &text}, func(c listed) (listed, error) { return c, nil })
	if err := Load(k.New(), model.Config(`{"names": ["x"], "any": {"b": 2}, "maybe": "y"}`), bound{}, "p"); err != nil {
		t.Fatal(err)
	}
	if errs := Decode(k.New(), parse(t, `{"names": ["z"], "any": {"c": 3}, "maybe": "z"}`), Patch); errs != nil {
		t.Fatal(errs)
	}
	want := map[string]any{"names": []string{"a", "b", "c"}, "any": map[string]any{"a": 1}, "maybe": &text}
	if diff := cmp.Diff(want, Encode(k.New())); diff != "" || text != "default" {
		t.Errorf("the defaults changed (-want +got):\n%s", diff)
	}
}

func TestAShelf(t *testing.T) {
	of := func(name string) Kind[string] {
		return Of(Info{Name: name}, checked{A: "default"}, func(c checked) (string, error) { return name + ":" + c.A, nil })
	}
	s := NewShelf(of("one"), of("two"))
	if got, err := s.Open("two", model.Config(`{"a": "x"}`), bound{}, "p"); err != nil || got != "two:x" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := s.Open("one", nil, bound{}, "p"); err != nil || got != "one:default" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := s.Open("three", nil, bound{}, "p"); err == nil {
		t.Error("opened an unknown kind")
	}
	if _, err := s.Open("one", model.Config(`{"z": 1}`), bound{}, "p"); err == nil {
		t.Error("opened unknown settings")
	}
	defer func() {
		if recover() == nil {
			t.Error("two kinds of one name stand on a shelf")
		}
	}()
	NewShelf(of("one"), of("one"))
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"name": "x", "number": 1}`, `{"any": {"a": [1, {"b": null}]}}`, `{"parts": [{"url": "u"}], "users": [1]}`, `{"span": "days=1", "at": null}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var body Body
		if json.Unmarshal(raw, &body) != nil {
			return
		}
		for _, mode := range []Mode{Create, Replace, Patch} {
			s := fresh()
			if Decode(s, body, mode) != nil {
				continue
			}
			stored, err := Seal(s, bound{}, "p")
			if err != nil {
				t.Fatalf("what was decoded cannot be stored: %v", err)
			}
			back := &sample{}
			if err := Load(back, stored, bound{}, "p"); err != nil {
				t.Fatalf("what was stored cannot be loaded: %v", err)
			}
		}
	})
}

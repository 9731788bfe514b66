package app_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/api"
	"github.com/weimen-id/weimen/internal/app"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/label"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
)

// labelled is what the API serves forms of: fields by their Go names and nouns by authentik's labels of their models.
type labelled struct {
	fields map[string]kind.Field
	// descriptions are the nouns' in English, "" where there is none.
	descriptions map[string]string
}

func whatIsLabelled(t *testing.T) labelled {
	t.Helper()
	registry := resource.NewRegistry(app.Kinds())
	served := api.New(api.Deps{Resources: resource.New(resource.Deps{Registry: registry}), Version: "dev"})
	raw, err := served.FormsIn("en")
	noError(t, err)
	var forms []struct{ Model, Description string }
	noError(t, json.Unmarshal(raw, &forms))

	of := labelled{map[string]kind.Field{}, map[string]string{}}
	for _, form := range forms {
		of.descriptions[form.Model] = form.Description
		if form.Model == resource.ModelSettings {
			of.add(kind.Fields(model.NewSettings()))
			continue
		}
		noun := registry.Noun(form.Model)
		if noun == nil {
			t.Fatalf("there is no noun %s", form.Model)
		}
		of.add(noun.Fields())
	}
	if len(of.fields) < 300 || len(of.descriptions) < 40 {
		t.Fatalf("only %d fields of %d nouns were found", len(of.fields), len(of.descriptions))
	}
	return of
}

func (l labelled) add(fields []kind.Field) {
	for i := range fields {
		l.fields[fields[i].GoName] = fields[i]
		l.add(fields[i].Fields)
		if fields[i].Item != nil {
			l.add(fields[i].Item.Fields)
		}
	}
}

// valuesOf are the values that a field allows, or those that its items do.
func valuesOf(f *kind.Field) []string {
	if f.Item != nil {
		return f.Item.Enum
	}
	return f.Enum
}

func labelsIn(t *testing.T, lang string) *label.Labels {
	t.Helper()
	labels, err := label.In(lang)
	noError(t, err)
	return labels
}

func TestEveryFieldIsNamedInChinese(t *testing.T) {
	t.Parallel()
	zh := labelsIn(t, "zh")
	served := whatIsLabelled(t)
	for name, field := range served.fields {
		l, ok := zh.Fields[name]
		if !ok || l.Title == "" {
			t.Errorf("%s has no Chinese title", name)
		}
		if (l.Help == "") != (field.Help() == "") {
			t.Errorf("%s: the help is %q in English and %q in Chinese", name, field.Help(), l.Help)
		}
		for _, value := range valuesOf(&field) {
			if l.Values[value] == "" {
				t.Errorf("%s: the value %q has no Chinese name", name, value)
			}
		}
	}
	for noun, description := range served.descriptions {
		l := zh.Kinds[noun]
		if l.Name == "" || l.Plural == "" {
			t.Errorf("%s has no Chinese name", noun)
		}
		if (l.Description == "") != (description == "") {
			t.Errorf("%s: the description is %q in English and %q in Chinese", noun, description, l.Description)
		}
	}
}

func TestNoLabelIsUnused(t *testing.T) {
	t.Parallel()
	served := whatIsLabelled(t)
	for _, lang := range []string{"en", "zh"} {
		labels := labelsIn(t, lang)
		for name, l := range labels.Fields {
			field, ok := served.fields[name]
			if !ok {
				t.Errorf("%s: no form has %s", lang, name)
			}
			for value := range l.Values {
				if !slices.Contains(valuesOf(&field), value) {
					t.Errorf("%s: %s has no value %q", lang, name, value)
				}
			}
		}
		for noun := range labels.Kinds {
			if _, ok := served.descriptions[noun]; !ok {
				t.Errorf("%s: no form is of %s", lang, noun)
			}
		}
	}
}

// TestEnglishSaysNothingTwice keeps en.yaml to what reads badly otherwise.
func TestEnglishSaysNothingTwice(t *testing.T) {
	t.Parallel()
	served := whatIsLabelled(t)
	for name, l := range labelsIn(t, "en").Fields {
		field := served.fields[name]
		if l.Title == field.Title {
			t.Errorf("%s is called %q without en.yaml too", name, l.Title)
		}
		if l.Help != "" {
			t.Errorf("%s: the English help is the comment in the code", name)
		}
		for value, title := range l.Values {
			if (label.Field{}).Value(value) == title && value != title {
				t.Errorf("%s: %q is called %q without en.yaml too", name, value, title)
			}
		}
	}
}

// namesInChinese are names that are written in Latin letters in Chinese too.
var namesInChinese = map[string]bool{
	"ID": true, "AAGUID": true, "PKCE": true, "UPN": true, "JWT": true, "S256": true, "plain": true, "Client ID": true, "Client Secret": true,
	"Duo": true, "Twilio": true, "Apple": true, "OpenID Connect": true, "Microsoft Entra ID": true, "Azure AD": true, "Discord": true, "Facebook": true, "GitHub": true,
	"GitLab": true, "Google": true, "mailcow": true, "Okta": true, "Patreon": true, "Reddit": true, "Slack": true, "Twitch": true, "X（Twitter）": true, "ASN": true,
}

var (
	chinese = regexp.MustCompile(`\p{Han}`)
	// narrowMark is a half-width mark that belongs to Chinese words.
	narrowMark = regexp.MustCompile(`\p{Han}[,:;!?()]|[,;!?]\p{Han}`)
	// crowded is Chinese beside Latin letters or digits without a blank between them, or with one beside a full-width mark.
	crowded = regexp.MustCompile(`\p{Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Han}|[，。：；、（）“”？] | [，。：；、（）“”？]`)
	// literal is what stands for itself in a text: it must be the same in every language.
	literal = regexp.MustCompile(`%\(\w+\)s|\w+=\d+|\w+\["\w+"\]|RFC \d+|WEIMEN_\w+|\b[a-z]+(?:/[a-z]+)+/|\b(?:ak_\w+|S256|ES256|RS256|HS256|RE2|AppID|AppSecret|unionids?|mailto:)`)
)

func TestChineseLabelsAreWrittenAsChineseIs(t *testing.T) {
	t.Parallel()
	zh := labelsIn(t, "zh")
	used := map[string]bool{}
	title := func(place, text string) {
		used[text] = true
		if !chinese.MatchString(text) && !namesInChinese[text] {
			t.Errorf("%s: %q is not Chinese", place, text)
		}
		if strings.HasSuffix(text, "。") {
			t.Errorf("%s: %q is a title and no sentence", place, text)
		}
		wellSet(t, place, text)
	}
	sentence := func(place, text string) {
		if text == "" {
			return
		}
		if !chinese.MatchString(text) || !strings.HasSuffix(text, "。") {
			t.Errorf("%s: %q is no Chinese sentence", place, text)
		}
		wellSet(t, place, text)
	}
	for name, l := range zh.Fields {
		title(name, l.Title)
		sentence(name, l.Help)
		for _, value := range slices.Sorted(maps.Keys(l.Values)) {
			title(name+" "+value, l.Values[value])
		}
	}
	for noun, l := range zh.Kinds {
		title(noun, l.Name)
		title(noun, l.Plural)
		sentence(noun, l.Description)
	}
	for name := range namesInChinese {
		if !used[name] {
			t.Errorf("nothing is called %q any more", name)
		}
	}
}

func wellSet(t *testing.T, place, text string) {
	t.Helper()
	if bad := narrowMark.FindString(text); bad != "" {
		t.Errorf("%s: %q has the half-width mark %q", place, text, bad)
	}
	if bad := crowded.FindString(text); bad != "" {
		t.Errorf("%s: %q is badly spaced at %q", place, text, bad)
	}
}

func TestChineseHelpKeepsWhatStandsForItself(t *testing.T) {
	t.Parallel()
	zh := labelsIn(t, "zh")
	found := 0
	for name, field := range whatIsLabelled(t).fields {
		for _, text := range literal.FindAllString(field.Help(), -1) {
			found++
			if !strings.Contains(zh.Fields[name].Help, strings.TrimSuffix(text, "s")) {
				t.Errorf("%s: the Chinese help does not say %s", name, text)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d were found", found)
	}
}

package demoapp

import (
	"reflect"
	"strings"
	"testing"
)

func TestBothLanguagesSayEverything(t *testing.T) {
	t.Parallel()
	en, zh := english(), chinese()
	for _, language := range []*text{en, zh} {
		v := reflect.ValueOf(language).Elem()
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				t.Errorf("%s: %s is empty", language.Lang, v.Type().Field(i).Name)
			}
		}
		for _, name := range known() {
			if language.Claims[name] == "" {
				t.Errorf("%s: the claim %s has no label", language.Lang, name)
			}
		}
		for _, what := range []trouble{away, unexpected, refused, unproven, nowhere} {
			if e := language.Troubles[what]; e.Title == "" || e.Happened == "" || e.Next == "" {
				t.Errorf("%s: %s is not explained", language.Lang, what)
			}
		}
	}
	if len(en.Steps) != len(zh.Steps) || len(en.Read) != len(zh.Read) || len(en.Claims) != len(zh.Claims) {
		t.Error("the languages differ in length")
	}
}

func TestOnlyWebAddressesOfPlainHostsGetIntoAPolicy(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, give, want string }{
		{"an address", "https://a.example/b?c", "https://a.example"},
		{"one with a port", "http://127.0.0.1:9002/x", "http://127.0.0.1:9002"},
		{"a host that would end the directive", "https://a.example;script-src/x", ""},
		{"a host with a wildcard", "https://*/x", ""},
		{"a script", "javascript:alert(1)", ""},
		{"no host", "/picture.png", ""},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := origin(tt.give); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestThePageIsSmallAndWithoutScript(t *testing.T) {
	t.Parallel()
	if size := len(pageSource) + len(styleSource); size > 12_000 {
		t.Errorf("page and style are %d bytes", size)
	}
	if strings.Contains(pageSource, "<script") || strings.Contains(pageSource, "style=") {
		t.Error("the policy forbids that")
	}
}

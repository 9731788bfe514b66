package api_test

import (
	"testing"
)

func TestFormsSayHowEveryNounIsMade(t *testing.T) {
	h := open(t)
	forms, _ := h.get("/schema/forms/")["forms"].([]any)
	found := map[string]map[string]any{}
	for _, x := range forms {
		f, _ := x.(map[string]any)
		found[f["schema"].(string)] = f
	}
	for schema, want := range map[string][2]string{
		"OAuthSource": {"sources/oauth", "slug"}, "UserLoginStage": {"stages/user_login", "pk"}, "Brand": {"core/brands", "brand_uuid"}, "Flow": {"flows/instances", "slug"},
	} {
		f := found[schema]
		if f == nil || f["path"] != want[0] || f["key"] != want[1] {
			t.Errorf("%s: %v %v", schema, f["path"], f["key"])
		}
	}
	// What a form says must be what the API takes: each form's key names a property of an object.
	for schema, f := range found {
		results, _ := h.get("/" + f["path"].(string) + "/")["results"].([]any)
		for _, x := range results {
			if o, _ := x.(map[string]any); o[f["key"].(string)] == nil {
				t.Errorf("an object of %s has no %s", schema, f["key"])
			}
		}
	}
}

func TestFormsAreForAdministrators(t *testing.T) {
	h := open(t)
	_, h.key = h.person("alice")
	if forms, _ := h.get("/schema/forms/")["forms"].([]any); len(forms) != 0 {
		t.Errorf("somebody without rights is told of %d forms", len(forms))
	}
}

package device

import "strings"

// Model is a model of authenticator, as authentik lists them.
type Model struct {
	// The AAGUID, which passkeys tell when they are made.
	AAGUID string `json:"aaguid"`
	// What people call it.
	Description string `json:"description"`
}

// Models are the well-known ones that keep passkeys. Any other can be named by its AAGUID all the same: manufacturers tell theirs, and the FIDO Alliance's metadata
// service lists those that it has certified.
func Models() []Model {
	return []Model{
		{AnyModel, "Any that does not tell its model"},
		{"bada5566-a7aa-401f-bd96-45619a55120d", "1Password"},
		{"fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "Apple Passwords"},
		{"d548826e-79b4-db40-a3d8-11116f7e8349", "Bitwarden"},
		{"adce0002-35bc-c60a-648b-0b25f1f05503", "Chrome on Mac"},
		{"531126d6-e717-415c-9320-3d9aa6981239", "Dashlane"},
		{"f3809540-7f14-49c1-a8b3-8f813b225541", "Enpass"},
		{"ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4", "Google Password Manager"},
		{"dd4ec289-e01d-41c9-bb89-70fa845d4bf2", "iCloud Keychain (Managed)"},
		{"fdb141b2-5d84-443e-8a35-4698c205a502", "KeePassXC"},
		{"0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6", "Keeper"},
		{"b84e4048-15dc-4dd0-8640-f4f60813c8af", "NordPass"},
		{"50726f74-6f6e-5061-7373-50726f746f6e", "Proton Pass"},
		{"53414d53-554e-4700-0000-000000000000", "Samsung Pass"},
		{"08987058-cadc-4b81-b6e1-30de50dcbe96", "Windows Hello"},
		{"9ddd1817-af5a-4672-a2b9-3e3dd95000a9", "Windows Hello"},
		{"6028b017-b1d4-4c02-b4b3-afcdafc96bb2", "Windows Hello"},
	}
}

// ModelsOf describes the models of some AAGUIDs, in their order. One that is not known has its AAGUID for a description.
func ModelsOf(aaguids []string) []Model {
	out := make([]Model, 0, len(aaguids))
	for _, id := range aaguids {
		found := Model{id, id}
		for _, m := range Models() {
			if strings.EqualFold(m.AAGUID, id) {
				found = m
			}
		}
		out = append(out, found)
	}
	return out
}

package source

import (
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// Check looks for settings of a source that cannot work, before they are saved. It returns a *model.Error with messages by field.
func (m *Manager) Check(src *model.Source) error {
	fields := map[string][]string{}
	if faults := checkRefresh(src.AttributeRefresh); len(faults) > 0 {
		fields["attribute_refresh"] = faults
	}
	if fault := m.checkMatching(src); fault != "" {
		fields["user_matching_mode"] = []string{fault}
	}
	if len(fields) == 0 {
		return nil
	}
	return &model.Error{Code: model.CodeInvalid, Message: "invalid input", Fields: fields}
}

// checkMatching refuses a matching mode that could only ever turn people away: by a value that this source never gives, and that no mapping can give.
func (m *Manager) checkMatching(src *model.Source) string {
	property, words := "", ""
	switch src.UserMatchingMode {
	case model.MatchEmailLink, model.MatchEmailDeny:
		property, words = "email", "e-mail address"
	case model.MatchUsernameLink, model.MatchUsernameDeny:
		property, words = "username", "username"
	case model.MatchIdentifier:
		return ""
	}
	if m.mayMap(src, property) {
		return ""
	}
	driver, err := m.Sources.Open(src.Kind, src.Config, m.Box, "sources/config/"+string(src.ID))
	if err != nil {
		return "" // what is wrong with its settings is said elsewhere
	}
	if d, ok := driver.(Providing); ok && !d.Provides(property) {
		return "People could never be matched: this source gives no " + words + ". Add a property mapping that sets \"" + property + "\", or choose another mode."
	}
	return ""
}

// mayMap reports whether one of the source's mappings might set a property: one that does not even name it will not. One that is being made at this moment might.
func (m *Manager) mayMap(src *model.Source, property string) bool {
	s := m.Snapshot()
	return slices.ContainsFunc(src.UserPropertyMappings, func(id model.MappingID) bool {
		noun := s.Mappings[id]
		return noun == nil || strings.Contains(noun.Expression, property)
	})
}

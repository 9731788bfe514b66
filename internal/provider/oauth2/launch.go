package oauth2

import "github.com/weimen-id/weimen/internal/model"

// LaunchURL guesses where an application is opened: at the origin of its first redirect URI that is not a pattern. It is "" where there is none.
func (s *Server) LaunchURL(snap *model.Snapshot, id model.ProviderID) string {
	c, err := s.byProvider(snap, id)
	if err != nil {
		return ""
	}
	return (&driver{c.config}).LaunchURL()
}

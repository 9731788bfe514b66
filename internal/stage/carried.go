package stage

import (
	"net/url"
	"slices"
)

// mostCarried bounds what is carried along, in bytes.
const mostCarried = 1024

// Carried is what of a page's query goes along into another flow, by a detour that has an address of its own: an invitation, for example, and whatever else is not ours. It
// leaves out what names this run or would say something else there, and everything where it is too much.
func Carried(query url.Values) url.Values {
	ours := []string{
		"next", "run", "flow_token", "flow", "query", "step", "lang", "inspector", "login_hint", "reauthenticate", "connect", "code", "state", "error", "error_description", "iss",
	}
	out := url.Values{}
	for name, values := range query {
		if !slices.Contains(ours, name) {
			out[name] = values
		}
	}
	if len(out.Encode()) > mostCarried {
		return url.Values{}
	}
	return out
}

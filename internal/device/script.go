package device

import _ "embed"

// Script is what a page needs that asks for passkeys. The page has a form with data-passkey (the options, as JSON), data-ceremony ("create" or "get") and data-field (the hidden input for
// the answer), and elements with data-part: "unsupported" is what is read without a script or in a browser without passkeys; "ready", "waiting", "cancelled" and "known" are hidden at first.
// With data-autofill the browser also offers passkeys in a field whose autocomplete ends in "webauthn".
//
//go:embed passkey.js
var Script string

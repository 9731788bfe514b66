// Package i18n holds every text that people read, in English and simplified Chinese.
//
// Texts live in messages/<topic>.<language>.yaml, nested; a key is the path to a text, joined by dots: "pages.sign_out". Topics:
//
//   - pages: the frame of every page, and the pages that belong to no stage
//   - stage: what stages ask, and what they answer to a wrong input
//   - account: "my account"
//   - policy: why a policy refuses
//   - source: short messages after the return from a source
//   - refusal: one entry per reason (see model.Error), each with title, happened, who and next
//   - known: English words that come with the house (titles of flows, descriptions of scopes), found by themselves: "Email address" is known.email_address
//
// A text may hold placeholders, {{.name}}, filled from the arguments. One that differs by number has the forms "one" and "other" and is chosen by the argument
// "count". The names that go-i18n keeps for itself cannot be keys: id, description, hash, leftDelim, rightDelim, zero, one, two, few, many, other.
//
// The tests of this package fail on a text that one language lacks, on placeholders that differ, on a key that code or templates use and nobody wrote, and on a
// text that nobody uses.
package i18n

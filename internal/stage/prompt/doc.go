// Package prompt is the stage that asks for fields of the administrator's choice.
//
// What a prompt (model.Prompt) says becomes a [Field] of the challenge: its initial value is what was collected already, else what an expression gives, else the text
// that the administrator wrote; its choices are found in the same order. An expression that fails leaves the field empty and an event for the administrator: the page
// is never lost with it.
//
// An answer is read by the field's type. Read-only, hidden and static fields are what the server says, whatever comes back. Then the stage's validation policies see
// the new values as prompt_data; all of them must pass. What was answered is added to the run's prompt_data, under flat keys: a dot in "attributes.team" means
// something to the stage that writes the user, and nothing here.
package prompt

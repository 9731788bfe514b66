// Package userwrite is the stage that makes a user of what was collected, or changes the pending one.
//
// It writes what prompts, invitations and sources put into the plan's prompt_data: username, name, email, path, password, and attributes by "attributes", "attributes.a.b" or
// "attributes_a_b". Every other key is passed over; groups and rights never come from there. is_active counts for a new user only: nobody activates an account, their own or
// another's, by answering a prompt. The type of somebody who exists changes between internal and external, and into nothing else.
//
// A new password ends the user's other sessions and what applications were given; tokens for the API stay. A new e-mail address is not a verified one.
//
// The user gets its id when the executor writes; the stages after it in the same request already see the pending user.
package userwrite

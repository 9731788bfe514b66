// Package userwrite is the stage that makes a user of what was collected, or changes the pending one.
//
// It writes what prompts and sources put into the plan's prompt_data. The user gets its id when the executor writes; the stages after it in the same request already see
// the pending user.
package userwrite

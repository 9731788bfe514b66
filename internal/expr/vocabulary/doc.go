// Package vocabulary is what an expression may say beside the language: authentik's variables (request, context, user ...) and functions (ak_message, ak_user_by ...), made of
// this house's values.
package vocabulary

// Package device is what the stages around authenticators share: how each class of device is made, what is kept of it, and how its answer is checked.
//
//	totp      a secret, sealed; each time step is taken once (RFC 6238)
//	static    printed codes, as keyed hashes; each is taken once
//	webauthn  a public key and its counter (Web Authentication Level 3)
//	sms       a telephone number, sealed, or only its keyed hash
//	email     an address, sealed
//
// Codes that are sent, by SMS or e-mail, live in the run of the flow that asks for them and nowhere else ([Sent]): as a keyed hash, with an expiry and few attempts.
// So do the challenges of passkeys: each is answered once.
//
// Checking writes nothing. What a right answer must write is a function for the request's transaction ([Proof.Use]): it takes the time step, the printed code or the counter by
// one conditional write, so of two requests with one code only one goes through.
//
// Whether a person may set a device up, which classes count and what follows from a right answer is for the stages to decide.
package device

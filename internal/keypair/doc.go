// Package keypair holds everything that has a key in it: the sealing of secrets at rest, random tokens and their hashes, password
// hashes, and certificates with the private keys that sign tokens.
//
//   - [Box] seals secrets with keys derived from the installation's secret key, bound to the table, column and row they lie in.
//     The first key seals, all keys open, so that the secret key can be changed.
//   - [NewToken], [NewText] and [Hash] make tokens and the form in which they are stored.
//   - [Passwords] makes and checks argon2id hashes, a bounded number at a time.
//   - [Parse] and [Generate] read and make certificates; [Pair] answers what is shown of one; [Signer] signs with its key.
//
// No error of this package holds a key, a password, a token or any part of one.
//
// The package leaves to its callers where things are stored, and the HMAC of tokens by a client's secret.
package keypair

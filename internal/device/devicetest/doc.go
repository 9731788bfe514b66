// Package devicetest has authenticators for tests: [Authenticator] answers the challenges of passkeys as a browser and a security key do, with keys of its own; [Code] is what an
// authenticator app shows.
package devicetest

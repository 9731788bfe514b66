// Package authenticatorwebauthn is the stage that makes a passkey or registers a security key (Web Authentication Level 3). The one page of a flow that cannot work without a script.
package authenticatorwebauthn

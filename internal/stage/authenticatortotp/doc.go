// Package authenticatortotp is the stage that sets up an authenticator app: it shows a secret, as a picture to scan and as a text to type, and takes it once a code
// shows that the app has it.
package authenticatortotp

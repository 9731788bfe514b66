// Package captcha is the stage that tells people from programs, by a service or by a proof of work. Package captcha of the house does both; an identification stage asks for the
// same in a step of its own.
package captcha

// Package captcha tells people from programs: by any service that speaks reCAPTCHA's protocol (reCAPTCHA 2 and 3, hCaptcha, Turnstile), or by a proof of work that
// needs no service at all.
//
// [Captcha.Offer] is what a page shows, and [Captcha.Check] judges the token that comes back. [Widget] and [Script] draw it: a stage that shows a captcha in a screen
// of its own adds both to the screen, writes {{template "captcha" offer}} into its form, and lets its challenge be a stage.Foreign by [Offer.Origins].
//
// The proof of work. The server gives a salt, a number of parts and a number of bits; both lie in the run. For each part i (0, 1, ...) the browser looks for a number
// n so that SHA-256 of "<salt>.<i>.<n>" begins with that many zero bits. The token is the numbers with dots between, in order. A salt serves for one answer, right or
// wrong. Each bit more doubles the work; several parts make it take much the same time for everybody.
//
// This slows programs down and does not stop them: whoever has many machines solves many. Against guessing passwords see package attempt.
package captcha

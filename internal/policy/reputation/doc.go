// Package reputation is the policy that recognises suspicious sign-ins by what went before: it passes where the score of the name and of the address together is as low
// as its threshold. It is bound in front of what only suspicious people should meet, such as a captcha, or negated in front of what they should not reach.
//
// Scores are counted by [Recorder], which looks at what is recorded in the audit trail: a wrong password, code or name takes a point from the name at the address, a
// sign-in gives one, within the limits of the installation's settings. A score that nothing has changed for a day is forgotten. Names count in lower case; of an IPv6
// address the first 64 bits count, which is what one person has (RFC 6177).
//
// Scores are only counted while there is a policy of this kind: without one a sign-in pays nothing for them.
package reputation

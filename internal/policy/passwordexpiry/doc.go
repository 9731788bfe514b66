// Package passwordexpiry is the policy that refuses people whose password is too old.
//
// It judges by the day on which the password was set. Somebody without a password, as everyone who only ever comes by WeChat, has none that could be too old and
// passes; so does somebody who is not known yet.
//
// Unless it only denies, it also makes the old password unusable, so that it opens nothing elsewhere either. That is done with the run that asked and is undone with
// it; only in a run whose person has been authenticated, for else whoever types a name could take a password away; only if the password is still the same; and never in
// a listing or a try-out. Where a whole flow, source or application is refused, nothing is written: the refusal itself keeps the password out.
package passwordexpiry

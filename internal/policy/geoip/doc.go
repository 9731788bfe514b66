// Package geoip is the policy that judges by where a person is: in one of the countries or networks that are listed, and not too far from where the person signed in
// before.
//
// Where an address is comes from the database files of package internal/geoip. Without a file, and for an address that it does not know, as those of a private network,
// the policy fails with an error that says so: the binding's failure_result decides, and the audit trail has the reason.
//
// The history is that of the person's sign-ins in the audit trail. Their addresses are looked up anew, so sign-ins from before there was a database count too. One whose
// place is not known is passed over; somebody without a history, and nobody, have come from nowhere too far.
package geoip

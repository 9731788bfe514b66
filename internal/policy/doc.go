// Package policy decides whether a request may pass: the bindings of a target (a flow, a flow-stage binding, an application, a source, an entitlement) are evaluated
// and combined by the target's engine mode.
//
// A binding names a policy, a group or a user. All user and group bindings of a target make one static result (any of them matching passes); each policy
// gives a result of its own. A target without enabled bindings lets everyone pass ([Engine.Evaluate]);
// an entitlement without any is nobody's, and one binding that holds gives it ([Engine.Grants]). Policies give entitlements too, where authentik asks users and groups only.
//
// The kinds of policy are the packages below this one. The package reads configuration from the snapshot only; whoever asks supplies the user, with groups
// if a group binding may be there.
package policy

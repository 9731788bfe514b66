package scope

// Default is a mapping that every installation begins with.
type Default struct {
	Managed, Name, ScopeName, Description, Expression string
}

// The expressions of the mappings that every installation begins with.
const (
	// NothingExpression grants a scope without giving claims for it.
	NothingExpression = `return {}`

	// EmailExpression gives no claim at all to somebody without an address: people who come from WeChat have none, and an empty one would be taken for an address.
	// It says that the address is verified where the person has opened a link that was sent to it.
	EmailExpression = `if not request.user.email:
    return {}
verified = request.user.attributes.get("goauthentik.io/user/email-verified")
return {"email": request.user.email, "email_verified": verified == request.user.email.lower()}`

	// ProfileExpression gives the picture too where a source such as WeChat left one.
	ProfileExpression = `user = request.user
claims = {
    "name": user.name,
    "given_name": user.name,
    "preferred_username": user.username,
    "nickname": user.username,
    "groups": [group.name for group in user.groups.all()],
}
if user.attributes.get("headimgurl"):
    claims["picture"] = user.attributes["headimgurl"]
return claims`

	EntitlementsExpression = `names = [entitlement.name for entitlement in request.user.app_entitlements(provider.application)]
return {"entitlements": names, "roles": names}`
)

// Defaults are the mappings that every installation begins with, under authentik's names and managed ids.
func Defaults() []Default {
	const managed, name = "goauthentik.io/providers/oauth2/scope-", "authentik default OAuth Mapping: "
	return []Default{
		{managed + "openid", name + "OpenID 'openid'", "openid", "", NothingExpression},
		{managed + "email", name + "OpenID 'email'", "email", "Email address", EmailExpression},
		{managed + "profile", name + "OpenID 'profile'", "profile", "General Profile Information", ProfileExpression},
		{managed + "entitlements", name + "Application Entitlements", "entitlements", "Application entitlements", EntitlementsExpression},
		{
			managed + "offline_access", name + "OpenID 'offline_access'", "offline_access", "Access to request new tokens without interaction",
			NothingExpression,
		},
		{
			managed + "authentik_api", name + "authentik API access", "goauthentik.io/api", "authentik API Access on behalf of your user",
			NothingExpression,
		},
	}
}

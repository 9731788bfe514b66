// Package vocabulary is what an expression may say beside the language: authentik's variables (request, context, user ...) and functions (ak_message, ak_user_by ...), made of
// this house's values.
//
// [Vocabulary.Compile] makes an [Expression] of a text once; [Expression.Run] evaluates it on an [Occasion], [Expression.Holds] as a condition. The variables that every text has:
//
//	request         user, http_request, obj, context, debug
//	context         the entries of the plan's context; the same dict as request.context and context["flow_plan"].context;
//	                where the server has the databases also "geoip" (continent, country, city, lat, long) and "asn" (asn, as_org)
//	http_request    method, path, GET, POST, COOKIES, META, headers, user, tenant, brand, session
//	user            whom it is about
//	ak_client_ip    an address as ip_address makes it
//	ak_is_sso_flow  whether the run comes from a source
//	ak_logger       debug, info, warning, error
//
// Whoever compiles may name more. Nothing is computed, and nothing is read from the database, before the text asks for it.
//
// What a text writes into context is seen by the plan, once the evaluation ended well. Entries whose names begin with "goauthentik.io/" are the server's own: they are neither
// shown nor taken. Passwords that somebody typed can be read, and are hidden in messages, log lines and events.
//
// An error of the database is returned as it is: no expression is to blame for it. Everything else that goes wrong is an *expr.RuntimeError with its line.
package vocabulary

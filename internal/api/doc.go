// Package api is what programs meet: /api/v3 in authentik's shapes, so that its clients work unchanged.
//
// One file per noun. Nouns of configuration are listed from the snapshot in memory and all go the same way ([API.collection]): a kind on a shelf gets its collection,
// its filters and its schema from its description, and nothing is written here for it. People's nouns are listed by the database.
//
//	GET    /api/v3/<collection>/          list: page, page_size, ordering, search, exact filters
//	POST   /api/v3/<collection>/          create, 201
//	GET    /api/v3/<collection>/<key>/    read
//	PUT    /api/v3/<collection>/<key>/    replace: required keys must be there, the others keep what is stored
//	PATCH  /api/v3/<collection>/<key>/    change
//	DELETE /api/v3/<collection>/<key>/    delete, 204
//	GET    /api/v3/<collection>/<key>/used_by/
//
// Invariants that clients rely on: what was sent comes back byte for byte; what was left unset stays unset; every required key is in every answer, as null if need be;
// 404 means that the object is gone, so what is not implemented answers 501; no answer holds an enum value that authentik does not know; what is ours comes in
// additional keys.
//
// Who asks is found out here (bearer token, else the browser's session) and judged by package access; changes are package resource's. Errors are translated once, in
// error.go. The OpenAPI document is made of the same descriptions (openapi.go).
package api

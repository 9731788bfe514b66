// Package wechatsim is a WeChat to test against: it answers the way WeChat's website login does, without a WeChat account.
//
// A [Simulator] is an http.Handler for tests in process and for `weimen demo`; cmd/wechatsim serves one by itself.
//
//	sim := wechatsim.New(wechatsim.Options{PollHold: time.Second})
//	app, err := sim.AddApp(wechatsim.App{Domain: "127.0.0.1", Account: "acme"})
//	server := httptest.NewServer(sim)
//	...
//	callback, err := sim.SignInAs(authorizeURL, "alice") // a browser and a phone at once
//
// # WeChat's endpoints
//
//	/connect/qrconnect           the QR page, or an error page, both with status 200
//	/connect/qrcode/{uuid}       the QR code
//	/connect/l/qrconnect         the long poll; JavaScript, or JSON with f=json
//	/sns/oauth2/access_token     code to tokens; GET or form POST
//	/sns/oauth2/refresh_token
//	/sns/auth
//	/sns/userinfo
//	/mmopen/vi_32/{key}/{size}   pictures
//
// A sign-in goes through the states of [Status]. A code lives ten minutes and is exchanged once, however many ask at once.
// The openid depends on person and AppID, the unionid on person and Open Platform account, so an application may be bound
// and unbound while running.
//
// # The simulator's own pages
//
//	/                  what it is; applications, people, open sign-ins, latest calls
//	/connect/confirm   the simulated phone; opening it is scanning
//	/connect/wait      the QR page again, for browsers without script: moves on once confirmed
//	/connect/fast      the prompt of the desktop client
//	/try               a callback that shows what an application would receive
//
// # Control API
//
// JSON under /sim/, described on the page /sim/ and the same as the methods of Simulator. An error is {"error": "…"} with
// status 400, 404 or 409. There is no authentication: the simulator belongs on loopback.
//
//	GET POST         /sim/apps                GET PATCH DELETE  /sim/apps/{id}
//	GET POST         /sim/users               GET PATCH DELETE  /sim/users/{id}
//	GET              /sim/signins[?state=]    GET               /sim/signins/{uuid}
//	POST             /sim/signins/{uuid}/scan, confirm {"user_id"}, cancel, expire
//	GET PATCH        /sim/behaviour           keys and values: [Behaviour], guide.go
//	GET POST DELETE  /sim/faults              {"endpoint", "fault": {"kind", …}, "times"}: [Endpoint], [Fault]
//	GET DELETE       /sim/calls               [Call]
//	POST             /sim/clock               {"advance": "10m"}
//	POST             /sim/reset
//
// # What it leaves out
//
// Service accounts, Mini Programs, mobile applications and WeCom: [Kind] and the routes in simulator.go are where they
// will come in. The loopback API of the desktop client, because a server never sees it.
//
// The package knows WeChat's documents only and imports nothing of Weimen, so that a mistake of ours cannot hide in both.
package wechatsim

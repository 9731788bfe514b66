// Package userlogin is the stage that signs the pending user in: it gives the browser a session.
package userlogin

// Package userlogout is the stage that ends the browser's session.
package userlogout

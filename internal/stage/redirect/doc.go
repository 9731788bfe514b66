// Package redirect is the stage that leads elsewhere: to an address, or into another flow.
package redirect

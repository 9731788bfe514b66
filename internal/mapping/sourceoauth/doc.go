// Package sourceoauth is the property mapping that makes a user's properties, or a group's, of what an OAuth source tells about a person.
package sourceoauth

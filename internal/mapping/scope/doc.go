// Package scope is the property mapping that makes the claims of an OAuth scope.
package scope

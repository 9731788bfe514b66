// Package console holds the administrator's console as it was built: a React application that speaks to the API alone.
//
// Its files are compressed when they are built. Without a build the package holds nothing of it, and says so.
package console

// Package geoiptest writes small GeoIP databases for tests, by the specification of the MaxMind DB file format, version 2.0.
package geoiptest

// Package geoip tells where an address of the network is, from database files on this machine: MaxMind's MMDB format, as GeoLite2-City, DB-IP and others publish it.
// Nothing is asked of any other server.
//
// There are two files, each of them optional: places (country, city, coordinates) and networks (autonomous systems). A file that is replaced on disk is taken up
// within a minute; one that cannot be read then leaves the old one in use.
package geoip

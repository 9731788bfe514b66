// Command weimen is the identity server. Its commands:
//
//	serve    the server
//	demo     the server with a simulated WeChat and a demo application, all on loopback
//	migrate  brings the database up to date
//	rescue   prints a one-time link that signs in as administrator
//	version  prints the version
//
// It reads the settings (package config), hands them to package app, and ends at a signal.
package main

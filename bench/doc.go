// Command bench measures a running weimen: whole sign-ins with WeChat, code flows, tokens, userinfo, introspection, memory, and the time from start to ready. It starts the
// built binary with a database of its own and the simulated WeChat beside it, all on loopback, and prints what it saw. Nothing is asserted: machines differ.
//
//	make bench                      SQLite, and PostgreSQL where its server is installed
//	go run ./bench -seconds 10      longer
//
// The load comes from the same machine, so rates are those of a server that shares its cores with its visitors. The CPU time per operation is the server's alone.
package main

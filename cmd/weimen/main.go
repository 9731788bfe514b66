// Command weimen is the identity server.
package main

func main() {}

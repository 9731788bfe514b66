// Package storetest is the contract of package store as tests: Run holds a database to it. Open gives other packages' tests a real store.
package storetest

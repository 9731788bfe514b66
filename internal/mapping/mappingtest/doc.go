// Package mappingtest makes a mapping engine for tests.
package mappingtest

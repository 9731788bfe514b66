package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
)

// CallError is a failed call to another server, fit for a log: it names the address without query and user, and says why as far as the reason
// cannot hold anything of the request or the answer.
type CallError struct {
	Target string // scheme, host and path; empty if unknown
	cause  error
}

// Error names the address and the reason.
func (e *CallError) Error() string {
	if e.Target == "" {
		return reason(e.cause)
	}
	return "call " + e.Target + ": " + reason(e.cause)
}

// Unwrap gives what lies below the *url.Error, so that errors.Is and errors.As find timeouts and the like. Do not print it.
func (e *CallError) Unwrap() error { return e.cause }

// Timeout reports whether the other server was too slow. It makes the error a net.Error.
func (e *CallError) Timeout() bool {
	var t net.Error
	return errors.Is(e.cause, context.DeadlineExceeded) || errors.As(e.cause, &t) && t.Timeout()
}

// Temporary is part of net.Error.
func (e *CallError) Temporary() bool { return e.Timeout() }

// Scrub turns an error of an http.Client into a CallError. WeChat's protocol puts AppSecret, codes and tokens into the query, and
// *url.Error prints the whole address. Nil stays nil.
func Scrub(err error) error {
	if err == nil {
		return nil
	}
	if done := (*CallError)(nil); errors.As(err, &done) {
		return done
	}
	var called *url.Error
	if !errors.As(err, &called) {
		return &CallError{cause: err}
	}
	if called.Op == "parse" {
		return &CallError{cause: errNotAnAddress}
	}
	target := ""
	if u, err := url.Parse(called.URL); err == nil {
		target = (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
	}
	return &CallError{Target: target, cause: called.Err}
}

var (
	errNotAnAddress           = errors.New("not an address")
	_               net.Error = (*CallError)(nil)
)

// proxyError is the status of a proxy that does not let a call through.
type proxyError int

func (e proxyError) Error() string { return fmt.Sprintf("the proxy answers %d", int(e)) }

// reason says why a call failed. Only errors whose text is known to come from the network or from a certificate are quoted; others may
// quote the answer ("malformed HTTP response ...").
func reason(err error) string {
	var (
		timeout   net.Error
		operation *net.OpError
		lookup    *net.DNSError
		handshake *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		refused   proxyError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "timed out"
	case errors.As(err, &lookup):
		return lookup.Error()
	case errors.As(err, &operation):
		return operation.Error()
	case errors.As(err, &handshake):
		return handshake.Error()
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return "the other server does not speak TLS"
	case errors.As(err, &refused):
		return refused.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was cut off"
	case errors.Is(err, errNotAnAddress), errors.Is(err, ErrBodyTooLarge):
		return err.Error()
	default:
		return "the call failed"
	}
}

package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// outboundTimeout bounds a call to another server, body included.
const outboundTimeout = 10 * time.Second

// NewClient makes the client for calls to other servers, WeChat's above all. It goes through HTTPS_PROXY, trusts SSL_CERT_FILE, gives up
// after 10 s, keeps connections for the next call, and follows no redirect: one would carry the query, and a secret with it, elsewhere.
func NewClient() *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Client{
		Timeout: outboundTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    5 * time.Second,
			ResponseHeaderTimeout:  outboundTimeout,
			ExpectContinueTimeout:  time.Second,
			IdleConnTimeout:        90 * time.Second,
			MaxIdleConns:           256,
			MaxIdleConnsPerHost:    64, // nearly all calls go to one host
			MaxResponseHeaderBytes: 64 << 10,
			ForceAttemptHTTP2:      true,
			OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, res *http.Response) error {
				if res.StatusCode != http.StatusOK {
					return proxyError(res.StatusCode)
				}
				return nil
			},
		},
	}
}

// ErrBodyTooLarge says that another server sent more than we read.
var ErrBodyTooLarge = errors.New("the answer is too large")

// ReadBody reads a whole body of at most limit bytes. A longer one is ErrBodyTooLarge. The error of a failed read is scrubbed.
func ReadBody(body io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", Scrub(err))
	}
	if int64(len(b)) > limit {
		return nil, ErrBodyTooLarge
	}
	return b, nil
}

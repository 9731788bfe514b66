package web_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log" //nolint:depguard // what httptest logs with
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/web"
)

func TestClientFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.RedirectHandler("http://127.0.0.1:1/?secret=hunter2", http.StatusFound))
	defer server.Close()
	res, err := web.NewClient().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusFound {
		t.Errorf("got %d", res.StatusCode)
	}
}

func TestClientGivesUpAfterTenSeconds(t *testing.T) {
	t.Parallel()
	if got := web.NewClient().Timeout; got != 10*time.Second {
		t.Errorf("got %v", got)
	}
}

func TestBodyBeyondTheLimitIsAnError(t *testing.T) {
	t.Parallel()
	for size, want := range map[int]error{0: nil, 99: nil, 100: nil, 101: web.ErrBodyTooLarge, 100_000: web.ErrBodyTooLarge} {
		b, err := web.ReadBody(strings.NewReader(strings.Repeat("a", size)), 100)
		if !errors.Is(err, want) || want == nil && len(b) != size {
			t.Errorf("%d bytes: read %d, %v", size, len(b), err)
		}
	}
}

// The protocol puts AppSecret and tokens into the query (wechat.md); no error may repeat them.
func TestErrorsOfCallsHoldNoSecret(t *testing.T) {
	t.Parallel()
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(slow.Close)
	cut := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })) //nolint:forbidigo // as net/http wants it
	t.Cleanup(cut.Close)
	echo := rawServer(t, "hunter2 is what you sent\r\n\r\n")
	closed := listen(t)
	_ = closed.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)

	tests := []struct {
		name, base string
		want       string
		timeout    bool
	}{
		{"too slow", slow.URL, "call " + slow.URL + "/sns/x: timed out", true},
		{"cut off", cut.URL, "call " + cut.URL + "/sns/x: the connection was cut off", false},
		{"an answer that is no HTTP and repeats the request", echo, "call " + echo + "/sns/x: the call failed", false},
		{"nobody there", "http://" + closed.Addr().String(), "connection refused", false},
		{"a certificate that nobody signed", secure.URL, "certificate", false},
		{"TLS to a server that does not speak it", strings.Replace(cut.URL, "http:", "https:", 1), "the other server does not speak TLS", false},
		{"no address", "http://hunter2\x00", "not an address", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client := web.NewClient()
			if tt.timeout {
				client.Timeout = 200 * time.Millisecond
			}
			_, err := client.Get(strings.Replace(tt.base, "://", "://me:hunter2@", 1) + "/sns/x?secret=hunter2")
			scrubbed := web.Scrub(err)
			if scrubbed == nil {
				t.Fatal("the call succeeded")
			}
			if text := fmt.Sprintf("%v %+v %#v", scrubbed, scrubbed, errors.Unwrap(scrubbed)); strings.Contains(text, "hunter2") {
				t.Errorf("leaks: %s", text)
			}
			if !strings.Contains(scrubbed.Error(), tt.want) {
				t.Errorf("got %q, want a part %q", scrubbed, tt.want)
			}
			var timeout net.Error
			if got := errors.As(scrubbed, &timeout) && timeout.Timeout(); got != tt.timeout || errors.Is(scrubbed, context.DeadlineExceeded) != tt.timeout {
				t.Errorf("timeout is %v, want %v", got, tt.timeout)
			}
			if wrapped := fmt.Errorf("exchange code: %w", scrubbed); !errors.Is(web.Scrub(wrapped), scrubbed) {
				t.Error("scrubbing twice changes the error")
			}
		})
	}
	if web.Scrub(nil) != nil {
		t.Error("nil became an error")
	}
}

// rawServer answers every connection with the same bytes.
func rawServer(t *testing.T, answer string) string {
	t.Helper()
	l := listen(t)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = io.WriteString(conn, answer)
			_ = conn.Close()
		}
	}()
	return "http://" + l.Addr().String()
}

// TestClientHonoursProxyAndCertificateFile runs itself again, because both variables are read once in a process.
func TestClientHonoursProxyAndCertificateFile(t *testing.T) {
	t.Parallel()
	const address = "https://weixin.invalid/sns/x"
	if os.Getenv("WEIMEN_TEST_CHILD") != "" {
		res, err := web.NewClient().Get(address)
		if err != nil {
			t.Fatal(web.Scrub(err))
		}
		defer res.Body.Close()
		_, _ = io.Copy(os.Stdout, res.Body)
		return
	}
	upstream := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "reached "+r.Host)
	}))
	certificate := selfSigned(t, "weixin.invalid")
	upstream.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	upstream.StartTLS()
	defer upstream.Close()
	proxy := httptest.NewServer(tunnel(upstream.Listener.Addr().String()))
	defer proxy.Close()
	pool := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(pool, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}), 0o600); err != nil {
		t.Fatal(err)
	}

	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = []string{"WEIMEN_TEST_CHILD=1", "HTTPS_PROXY=" + proxy.URL, "SSL_CERT_FILE=" + pool}
	out, err := child.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "reached weixin.invalid") {
		t.Errorf("%v: %s", err, out)
	}
}

// tunnel is a proxy that connects everybody with one server.
func tunnel(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		server, err := net.Dial("tcp", to)
		if err != nil || r.Method != http.MethodConnect {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		client, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(server, client); _ = server.Close() }()
		_, _ = io.Copy(client, server)
		_ = client.Close()
	}
}

func selfSigned(t *testing.T, host string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{host}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// What a proxy says is not repeated, for it may quote the request; its status tells the administrator where to look.
func TestAProxyThatRefusesIsNamedAsTheCause(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "hunter2", http.StatusForbidden) }))
	defer proxy.Close()
	address, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := web.NewClient()
	client.Transport.(*http.Transport).Proxy = http.ProxyURL(address)
	_, err = client.Get("https://weixin.invalid/sns/x?secret=hunter2")
	if got, want := web.Scrub(err).Error(), "call https://weixin.invalid/sns/x: the proxy answers 403"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

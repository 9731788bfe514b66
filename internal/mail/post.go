package mail

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"sync"
	"time"

	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/model"
)

const (
	// maxQueued is how many letters wait at most; beyond it the newest is given up at once.
	maxQueued = 1000
	// senders is how many letters are on their way at once.
	senders = 4
)

// Transport delivers messages. An error that will not pass by itself should say so by being a *model.Error.
type Transport interface {
	Deliver(ctx context.Context, server *Server, m *Message) error
}

// Options are what a post office is made of.
type Options struct {
	// Server is the installation's. Without a host letters can only go by servers of their own.
	Server Server
	// Transport takes the place of the installation's server; nil is SMTP. Letters that bring a server along go there all the same.
	Transport Transport
	Texts     *i18n.Catalogue
	// Domain is our own name: in Message-ID (RFC 5322, section 3.6.4) and in greeting servers.
	Domain string
	// Report learns what became of every letter. May be nil.
	Report func(ctx context.Context, r Report)
	// Pauses are the waits before further tries of a queued letter; nil is 5 s, 30 s, 2 min.
	Pauses []time.Duration
	// Roots are whom TLS trusts; nil is whom the system trusts.
	Roots *x509.CertPool
}

// Report says what became of a letter.
type Report struct {
	To, Template string
	// Host is the server's, "" where none is known.
	Host string
	// Reason is why the letter could not be sent, "" where it was. It holds no secret.
	Reason string
	Tries  int
}

// Post sends letters. It is safe for concurrent use.
type Post struct {
	options Options
	writer  *writer
	smtp    *smtp
	slots   chan struct{}
	stop    context.Context //nolint:containedctx // the life of the queue, ended by Close
	end     context.CancelFunc

	mu     sync.Mutex
	queued int
	idle   chan struct{} // closed while nothing is queued
}

// New makes a post office. Close it.
func New(o Options) (*Post, error) {
	w, err := newWriter(o.Texts)
	if err != nil {
		return nil, err
	}
	if o.Pauses == nil {
		o.Pauses = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute}
	}
	p := &Post{options: o, writer: w, smtp: &smtp{roots: o.Roots, domain: cmp.Or(o.Domain, "localhost")}, slots: make(chan struct{}, senders), idle: make(chan struct{})}
	p.stop, p.end = context.WithCancel(context.Background())
	close(p.idle)
	return p, nil
}

// Ready says whether letters can be sent by a server, nil being the installation's: nil, or a *model.Error that says which setting is missing.
func (p *Post) Ready(s *Server) error {
	_, _, err := p.route(s)
	return err
}

// route finds who delivers.
func (p *Post) route(s *Server) (Transport, *Server, error) {
	if s == nil && p.options.Transport != nil {
		server := p.options.Server
		server.From = cmp.Or(server.From, "noreply@"+p.smtp.domain)
		return p.options.Transport, &server, nil
	}
	missing := "WEIMEN_EMAIL_HOST names no SMTP server."
	if s == nil {
		s = &p.options.Server
	} else {
		missing = "The stage uses settings of its own, and its host names no SMTP server."
	}
	if s.Host == "" {
		return nil, nil, model.Refuse(model.CodeUpstream, "mail.not_configured", missing).With("action", model.ActionConfigurationError)
	}
	return p.smtp, s, nil
}

// Send delivers a letter now. What goes wrong is reported and is a *model.Error: of CodeInvalid for an impossible address, else of CodeUpstream.
func (p *Post) Send(ctx context.Context, l Letter) error {
	err := p.try(ctx, l)
	p.report(ctx, l, err, 1)
	var e *model.Error
	if err == nil || errors.As(err, &e) {
		return err
	}
	return model.Refuse(model.CodeUpstream, "mail.failed", "The letter could not be sent: "+told(err, p.serverOf(l), l)).With("action", model.ActionConfigurationError)
}

// Queue sends a letter in the background. A failure that may pass is tried again; what becomes of the letter is reported.
func (p *Post) Queue(l Letter) {
	p.mu.Lock()
	full := p.queued >= maxQueued || p.stop.Err() != nil
	if !full {
		if p.queued == 0 {
			p.idle = make(chan struct{})
		}
		p.queued++
	}
	p.mu.Unlock()
	if full {
		p.report(p.stop, l, errors.New("too many letters are waiting already"), 0)
		return
	}
	go func() {
		defer p.done()
		tries, err := p.insist(l)
		p.report(context.WithoutCancel(p.stop), l, err, tries)
	}()
}

func (p *Post) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.queued--; p.queued == 0 {
		close(p.idle)
	}
}

// insist tries until the letter is gone, the failure is for good, or the pauses are used up.
func (p *Post) insist(l Letter) (tries int, err error) {
	for {
		p.slots <- struct{}{}
		err = p.try(p.stop, l)
		<-p.slots
		tries++
		var e *model.Error
		if err == nil || errors.As(err, &e) || !passing(err) || tries > len(p.options.Pauses) {
			return tries, err
		}
		select {
		case <-time.After(p.options.Pauses[tries-1]):
		case <-p.stop.Done():
			return tries, err
		}
	}
}

func (p *Post) try(ctx context.Context, l Letter) error {
	transport, server, err := p.route(l.Server)
	if err != nil {
		return err
	}
	l.Brand = cmp.Or(l.Brand, "Weimen")
	m, err := p.writer.write(l)
	if err != nil {
		return err
	}
	if m.From, m.FromName, err = sender(server.From, l.Brand); err != nil {
		return err
	}
	return transport.Deliver(ctx, server, m)
}

func (p *Post) serverOf(l Letter) *Server {
	if l.Server != nil {
		return l.Server
	}
	return &p.options.Server
}

func (p *Post) report(ctx context.Context, l Letter, err error, tries int) {
	if p.options.Report == nil {
		return
	}
	server := p.serverOf(l)
	r := Report{To: l.To, Template: l.Template, Host: server.Host, Tries: tries}
	if err != nil {
		r.Reason = told(err, server, l)
	}
	p.options.Report(ctx, r)
}

// Wait waits until no letter is queued, or the context ends.
func (p *Post) Wait(ctx context.Context) error {
	p.mu.Lock()
	idle := p.idle
	p.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close waits for queued letters until the context ends, gives the rest up and reports them. Nothing is queued afterwards.
func (p *Post) Close(ctx context.Context) {
	_ = p.Wait(ctx) // what is late is given up below
	p.mu.Lock()
	p.end()
	idle := p.idle
	p.mu.Unlock()
	<-idle
}

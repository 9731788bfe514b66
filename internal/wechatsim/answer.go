package wechatsim

import (
	"bytes"
	"net"
	"net/http"
	"strconv"
	"time"
)

// reply is a whole answer of one of WeChat's endpoints, held in memory so that a fault can spoil it.
type reply struct {
	status      int
	contentType string
	location    string
	body        []byte
	errcode     int // as recorded in Call; also in body
}

func (p reply) write(w http.ResponseWriter) {
	h := w.Header()
	// Present even if empty, so that net/http does not guess one from the body.
	h["Content-Type"] = nil
	if p.contentType != "" {
		h.Set("Content-Type", p.contentType)
	}
	if p.location != "" {
		h.Set("Location", p.location)
	}
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(p.body)))
	w.WriteHeader(p.status)
	_, _ = w.Write(p.body) // the caller is gone
}

// answerer is one of WeChat's endpoints. It sees the fault only for FaultWrongPerson.
type answerer func(r *http.Request, fault Fault) reply

const maxBody = 1 << 20

// wechat serves an endpoint with its faults and its recording.
func (s *Simulator) wechat(endpoint Endpoint, answer answerer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		// What cannot be parsed counts as not sent, as a missing parameter then says.
		_ = r.ParseForm()
		fault := s.takeFault(endpoint)
		call := s.record(endpoint, r, fault)
		switch fault.Kind {
		case "", FaultWrongPerson:
			rep := answer(r, fault)
			s.finish(call, rep)
			rep.write(w)
		default:
			s.disturb(w, r, endpoint, fault, call, answer)
		}
	})
}

// disturb answers with a fault.
func (s *Simulator) disturb(w http.ResponseWriter, r *http.Request, e Endpoint, f Fault, call *Call, answer answerer) {
	rep := reply{status: http.StatusOK}
	if f.AfterWork || f.spoilsAnswer() {
		rep = answer(r, f)
	}
	switch f.Kind {
	case FaultErrcode:
		rep = s.faultyErrcode(r, e, f)
	case FaultBadGateway:
		rep = htmlFailure(http.StatusBadGateway)
	case FaultServerError:
		rep = htmlFailure(http.StatusInternalServerError)
	case FaultEmpty:
		rep.body = nil
	case FaultRedirect:
		rep = reply{status: http.StatusFound, location: orDefault(f.Location, "/")}
	case FaultTruncated:
		rep.body = rep.body[:len(rep.body)/2]
	case FaultDelay:
		s.sleep(r, orDefault(f.Delay, Duration(10*time.Second)))
		rep = answer(r, f)
	default: // the others spoil the answer on its way
	}
	s.finish(call, rep)

	switch f.Kind {
	case FaultHang:
		s.sleep(r, orDefault(f.Delay, Duration(time.Hour)))
		cutConnection(w)
	case FaultReset:
		cutConnection(w)
	case FaultCutOff:
		// A body shorter than its Content-Length: net/http closes the connection.
		w.Header().Set("Content-Type", rep.contentType)
		w.Header().Set("Content-Length", strconv.Itoa(len(rep.body)))
		w.WriteHeader(rep.status)
		_, _ = w.Write(rep.body[:len(rep.body)/2])
	case FaultSlowBody:
		s.drip(w, r, rep, orDefault(f.Delay, Duration(30*time.Second)))
	case FaultEndless:
		s.pour(w, r, rep)
	default:
		rep.write(w)
	}
}

// spoilsAnswer says that the right answer is needed, to be spoilt on its way.
func (f Fault) spoilsAnswer() bool {
	switch f.Kind {
	case FaultSlowBody, FaultTruncated, FaultCutOff, FaultEndless:
		return true
	default:
		return false
	}
}

func (s *Simulator) faultyErrcode(r *http.Request, e Endpoint, f Fault) reply {
	errcode := orDefault(f.Errcode, -1)
	if e == EndpointPoll {
		return pollReply(r, errcode, "")
	}
	return s.Behaviour().failure(errcode, f.Errmsg)
}

func htmlFailure(status int) reply {
	text := strconv.Itoa(status) + " " + http.StatusText(status)
	return reply{
		status:      status,
		contentType: "text/html",
		body:        []byte("<html>\r\n<head><title>" + text + "</title></head>\r\n<body>\r\n<center><h1>" + text + "</h1></center>\r\n</body>\r\n</html>\r\n"),
	}
}

// sleep waits, at most until the caller is gone or the simulator closes.
func (s *Simulator) sleep(r *http.Request, d Duration) {
	timer := time.NewTimer(time.Duration(d))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	case <-s.closed:
	}
}

func (s *Simulator) drip(w http.ResponseWriter, r *http.Request, rep reply, over Duration) {
	w.Header().Set("Content-Type", rep.contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(rep.body)))
	w.WriteHeader(rep.status)
	rc := http.NewResponseController(w)
	for i := range rep.body {
		if _, err := w.Write(rep.body[i : i+1]); err != nil {
			return
		}
		_ = rc.Flush()
		s.sleep(r, over/Duration(len(rep.body)))
	}
}

// pour sends the right answer's beginning and then text without end, until the caller hangs up.
func (s *Simulator) pour(w http.ResponseWriter, r *http.Request, rep reply) {
	w.Header().Set("Content-Type", rep.contentType)
	w.WriteHeader(rep.status)
	_, _ = w.Write(bytes.TrimSuffix(rep.body, []byte("}")))
	_, _ = w.Write([]byte(`,"more":"`))
	chunk := bytes.Repeat([]byte("more "), 6554)
	for r.Context().Err() == nil {
		select {
		case <-s.closed:
			return
		default:
		}
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

// cutConnection ends the TCP connection with a reset.
func cutConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		// HTTP/2, or a recorder in a test, has no connection of its own to cut.
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func orDefault[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

package wechatsim

import (
	"net/http"
	"strconv"
	"time"
)

// Call is a request that reached one of WeChat's endpoints.
type Call struct {
	Time     time.Time `json:"time"`
	Endpoint Endpoint  `json:"endpoint"`
	Method   string    `json:"method"`
	Path     string    `json:"path"`
	// Params are the query and form parameters; secrets, codes and tokens are shortened.
	Params    map[string]string `json:"params"`
	UserAgent string            `json:"user_agent"`
	// Fault is the fault the call met, if any.
	Fault FaultKind `json:"fault,omitempty"`
	// Status is 0 until the answer is known.
	Status int `json:"status"`
	// Errcode is WeChat's error code in the answer; for poll its wx_errcode.
	Errcode int `json:"errcode"`
}

// Calls are the calls remembered, oldest first.
func (s *Simulator) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Call, 0, len(s.calls))
	for _, call := range s.calls {
		out = append(out, *call)
	}
	return out
}

// ClearCalls forgets the calls.
func (s *Simulator) ClearCalls() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}

func (s *Simulator) record(endpoint Endpoint, r *http.Request, fault Fault) *Call {
	if s.opts.KeepCalls < 0 {
		return nil
	}
	params := make(map[string]string, len(r.Form))
	for key := range r.Form {
		params[key] = shorten(key, r.Form.Get(key))
	}
	call := &Call{
		Endpoint: endpoint, Method: r.Method, Path: r.URL.Path, Params: params,
		UserAgent: r.UserAgent(), Fault: fault.Kind,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	call.Time = s.now()
	s.calls = append(s.calls, call)
	if len(s.calls) > s.opts.KeepCalls {
		s.calls = s.calls[len(s.calls)-s.opts.KeepCalls:]
	}
	return call
}

// finish writes the outcome into the record, before the caller learns of it.
func (s *Simulator) finish(call *Call, rep reply) {
	if call == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	call.Status, call.Errcode = rep.status, rep.errcode
}

// shorten leaves of a secret what is needed to recognise it.
func shorten(key, value string) string {
	switch key {
	case "secret", "code", "access_token", "refresh_token":
		return value[:min(4, len(value)/2)] + "… (" + strconv.Itoa(len(value)) + ")"
	}
	const longest = 300
	if len(value) > longest {
		return value[:longest] + "… (" + strconv.Itoa(len(value)) + ")"
	}
	return value
}

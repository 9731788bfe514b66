package wechatsim

import (
	"fmt"
	"slices"
	"strings"
)

// Endpoint is one of WeChat's endpoints, as faults and recorded calls name it.
type Endpoint string

// The endpoints. EndpointSNS stands for every /sns endpoint, in SetFault only.
const (
	EndpointQRConnect    Endpoint = "qrconnect"
	EndpointQRCode       Endpoint = "qrcode"
	EndpointPoll         Endpoint = "poll"
	EndpointAccessToken  Endpoint = "access_token"
	EndpointRefreshToken Endpoint = "refresh_token"
	EndpointAuth         Endpoint = "auth"
	EndpointUserinfo     Endpoint = "userinfo"
	EndpointAvatar       Endpoint = "avatar"
	EndpointSNS          Endpoint = "sns"
)

func endpoints() []Endpoint {
	return []Endpoint{
		EndpointQRConnect, EndpointQRCode, EndpointPoll, EndpointAccessToken, EndpointRefreshToken, EndpointAuth,
		EndpointUserinfo, EndpointAvatar, EndpointSNS,
	}
}

func (e Endpoint) isSNS() bool {
	switch e {
	case EndpointAccessToken, EndpointRefreshToken, EndpointAuth, EndpointUserinfo:
		return true
	default:
		return false
	}
}

// FaultKind is a way to fail. faultGuide says in words what each does.
type FaultKind string

// The kinds of faults.
const (
	FaultErrcode     FaultKind = "errcode"
	FaultDelay       FaultKind = "delay"
	FaultHang        FaultKind = "hang"
	FaultSlowBody    FaultKind = "slow_body"
	FaultBadGateway  FaultKind = "bad_gateway"
	FaultServerError FaultKind = "server_error"
	FaultReset       FaultKind = "reset"
	FaultTruncated   FaultKind = "truncated"
	FaultCutOff      FaultKind = "cut_off"
	FaultEndless     FaultKind = "endless"
	FaultEmpty       FaultKind = "empty"
	FaultRedirect    FaultKind = "redirect"
	FaultWrongPerson FaultKind = "wrong_person"
)

// Always, as the number of times, keeps a fault until it is cleared.
const Always = -1

// Fault is one failure to show instead of, or around, the right answer. The zero value is no fault.
type Fault struct {
	Kind FaultKind `json:"kind"`
	// Errcode and Errmsg belong to FaultErrcode: -1 and WeChat's text if not set.
	Errcode int    `json:"errcode,omitempty"`
	Errmsg  string `json:"errmsg,omitempty"`
	// Delay belongs to FaultDelay, FaultHang and FaultSlowBody.
	Delay Duration `json:"delay,omitempty"`
	// Location belongs to FaultRedirect.
	Location string `json:"location,omitempty"`
	// AfterWork does the work first, such as spending the code, and loses only the answer.
	AfterWork bool `json:"after_work,omitempty"`
}

// ArmedFault is a fault waiting for calls.
type ArmedFault struct {
	Endpoint Endpoint `json:"endpoint"`
	Fault    Fault    `json:"fault"`
	// Left is the number of calls it will still meet, or Always.
	Left int `json:"left"`
}

type armedFault struct {
	fault Fault
	left  int
}

// SetFault makes the next calls of an endpoint fail; Always means until cleared, 0 takes the fault away. It replaces an
// earlier fault of that endpoint. ErrInvalid if endpoint or kind is unknown.
func (s *Simulator) SetFault(endpoint Endpoint, fault Fault, times int) error {
	if !slices.Contains(endpoints(), endpoint) {
		return fmt.Errorf("endpoint %q is not one of %s: %w", endpoint, strings.Join(values(endpoints()...), ", "), ErrInvalid)
	}
	known := func(row guideRow) bool { return row.Key == string(fault.Kind) }
	if times != 0 && !slices.ContainsFunc(faultGuide(), known) {
		return fmt.Errorf("fault kind %q is unknown: %w", fault.Kind, ErrInvalid)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.faults, endpoint)
	if times != 0 {
		s.faults[endpoint] = armedFault{fault, max(times, Always)}
	}
	return nil
}

// ClearFaults takes all faults away.
func (s *Simulator) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.faults)
}

// Faults are the faults still waiting, in the order of the endpoints.
func (s *Simulator) Faults() []ArmedFault {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []ArmedFault{}
	for _, e := range endpoints() {
		if armed, ok := s.faults[e]; ok {
			out = append(out, ArmedFault{Endpoint: e, Fault: armed.fault, Left: armed.left})
		}
	}
	return out
}

// takeFault is the fault this call meets, which thereby has one call less to wait for.
func (s *Simulator) takeFault(endpoint Endpoint) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	armed, ok := s.faults[endpoint]
	if !ok && endpoint.isSNS() {
		endpoint = EndpointSNS
		armed, ok = s.faults[endpoint]
	}
	if !ok {
		return Fault{}
	}
	if armed.left > 0 {
		armed.left--
		s.faults[endpoint] = armed
	}
	if armed.left == 0 {
		delete(s.faults, endpoint)
	}
	return armed.fault
}

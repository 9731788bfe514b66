package vocabulary

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// What asking the domain name system may cost one evaluation.
const (
	maxLookups    = 5
	lookupTime    = 800 * time.Millisecond
	maxHost       = 253 // RFC 1035 section 2.3.4
	maxLookupRows = 64
)

// ask counts a question, and bounds its time.
func (ev *evaluation) ask(ctx context.Context) (context.Context, context.CancelFunc, error) {
	if ev.lookups++; ev.lookups > maxLookups || ev.Vocabulary == nil {
		return nil, nil, fmt.Errorf("more than %d questions to the domain name system", maxLookups)
	}
	limited, cancel := context.WithTimeout(ctx, lookupTime)
	return limited, cancel, nil
}

// resolveDNS gives the addresses of a host as texts, of one version (4 or 6) if that is asked. Where there is no answer the list is empty.
func resolveDNS(ctx context.Context, args []any, named map[string]any) (any, error) {
	if len(args) < 1 || len(args) > 2 {
		return nil, errors.New("the host is needed, and perhaps the version, 4 or 6")
	}
	host, ok := args[0].(string)
	if !ok || host == "" || len(host) > maxHost {
		return nil, errors.New("the host must be a name of at most 253 characters")
	}
	network := "ip"
	wanted := named["ip_version"]
	if len(args) == 2 {
		wanted = args[1]
	}
	switch wanted {
	case nil:
	case int64(4):
		network = "ip4"
	case int64(6):
		network = "ip6"
	default:
		return nil, errors.New("ip_version must be 4, 6 or None")
	}
	ev := evaluationOf(ctx)
	limited, cancel, err := ev.ask(ctx)
	if err != nil {
		return nil, err
	}
	defer cancel()
	addresses, err := ev.Resolver.LookupNetIP(limited, network, host)
	if err != nil {
		return []any{}, nil // as in authentik
	}
	out := []string{}
	for _, a := range addresses[:min(len(addresses), maxLookupRows)] {
		out = append(out, a.Unmap().String())
	}
	return out, nil
}

// reverseDNS gives the name of an address, and the address itself where it has none.
func reverseDNS(ctx context.Context, args []any, _ map[string]any) (any, error) {
	if len(args) != 1 {
		return nil, errors.New("one argument, the address")
	}
	a, err := addressOf(args[0])
	if err != nil {
		return nil, err
	}
	ev := evaluationOf(ctx)
	limited, cancel, err := ev.ask(ctx)
	if err != nil {
		return nil, err
	}
	defer cancel()
	names, err := ev.Resolver.LookupAddr(limited, a.String())
	if err != nil || len(names) == 0 {
		return a.String(), nil // as in authentik
	}
	return strings.TrimSuffix(names[0], "."), nil
}

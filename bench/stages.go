package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// stages compares sign-ins through the default flow, of one stage, with sign-ins through a flow of eight stages and six policies: what planning and judging them costs.
func stages(ctx context.Context, o options) error {
	fmt.Println("\nWhat a longer flow adds (SQLite, ES256):")
	o.alg, o.fill = "ES256", 0
	s, err := start(ctx, o, "sqlite")
	if err != nil {
		return err
	}
	defer s.stop()
	var cpu [2][]time.Duration
	for range 3 { // by turns, so that both see the same noise
		for i, prepare := range []func(context.Context) error{s.shortFlow, s.longFlow} {
			if err := prepare(ctx); err != nil {
				return err
			}
			r, err := s.load(ctx, o.workers, time.Duration(o.seconds)*time.Second, (*worker).signIn)
			if err != nil {
				return err
			}
			cpu[i] = append(cpu[i], r.cpu)
		}
	}
	short, long := median(cpu[0]), median(cpu[1])
	fmt.Printf("%-34s %s CPU each\n%-34s %s CPU each, %s more\n", "one stage", round(short), "eight stages with six policies", round(long), round(long-short))
	return nil
}

func median(d []time.Duration) time.Duration {
	a, b, c := d[0], d[1], d[2]
	return max(min(a, b), min(max(a, b), c))
}

func (s *server) shortFlow(ctx context.Context) error {
	return s.signInBy(ctx, "default-source-authentication")
}

// longFlow makes the flow when it is first asked for.
func (s *server) longFlow(ctx context.Context) error {
	const slug = "bench-long"
	if _, err := s.call(ctx, http.MethodGet, "/flows/instances/"+slug+"/", nil); err == nil {
		return s.signInBy(ctx, slug)
	}
	f, err := s.call(ctx, http.MethodPost, "/flows/instances/", object{"name": slug, "slug": slug, "title": slug, "designation": "authentication"})
	if err != nil {
		return err
	}
	conditions := []string{
		`return "email" in context["prompt_data"] and context["prompt_data"]["email"] == ""`,
		`return request.user.type == "internal" and not request.user.is_active`,
		`return context["oauth_userinfo"].get("country", "") in ["XX", "YY"]`,
		`return context["source"].slug != "wechat"`,
		`return regex_match(request.user.username, "^admin-")`,
		`return not ak_is_sso_flow`,
	}
	for i, expression := range conditions {
		name := fmt.Sprintf("%s-%d", slug, i)
		binding, err := s.bind(ctx, f["pk"], "deny", object{"name": name}, i)
		if err != nil {
			return err
		}
		p, err := s.call(ctx, http.MethodPost, "/policies/expression/", object{"name": name, "expression": expression})
		if err != nil {
			return err
		}
		if _, err := s.call(ctx, http.MethodPost, "/policies/bindings/", object{"target": binding, "policy": p["pk"], "order": 0}); err != nil {
			return err
		}
	}
	// The password was not needed: the source has shown who it is.
	if _, err := s.bind(ctx, f["pk"], "password", object{"name": slug + "-password", "backends": []string{"authentik.core.auth.InbuiltBackend"}}, 50); err != nil {
		return err
	}
	if _, err := s.bind(ctx, f["pk"], "user_login", object{"name": slug + "-login"}, 100); err != nil {
		return err
	}
	return s.signInBy(ctx, slug)
}

// bind makes a stage and puts it into a flow. It gives the binding's id.
func (s *server) bind(ctx context.Context, flow any, kind string, settings object, order int) (any, error) {
	st, err := s.call(ctx, http.MethodPost, "/stages/"+kind+"/", settings)
	if err != nil {
		return nil, err
	}
	b, err := s.call(ctx, http.MethodPost, "/flows/bindings/", object{"target": flow, "stage": st["pk"], "order": order})
	if err != nil {
		return nil, err
	}
	return b["pk"], nil
}

// signInBy lets known people sign in by a flow.
func (s *server) signInBy(ctx context.Context, slug string) error {
	f, err := s.call(ctx, http.MethodGet, "/flows/instances/"+slug+"/", nil)
	if err != nil {
		return err
	}
	_, err = s.call(ctx, http.MethodPatch, "/sources/oauth/wechat/", object{"authentication_flow": f["pk"]})
	return err
}

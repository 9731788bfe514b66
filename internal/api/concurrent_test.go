package api_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// TestTenCallersAtOnceSeeWhatTheyMadeAtOnce does what the Terraform provider does: objects refer to each other as soon as they were answered.
func TestTenCallersAtOnceSeeWhatTheyMadeAtOnce(t *testing.T) {
	h := open(t)
	var callers sync.WaitGroup
	for i := range 10 {
		callers.Go(func() {
			made := func(path string, body map[string]any) map[string]any {
				r := h.call(http.MethodPost, path, body)
				if r.status != http.StatusCreated {
					t.Errorf("caller %d, %s: %d %s", i, path, r.status, r.raw)
					return map[string]any{}
				}
				return r.object(t)
			}
			for j := range 3 {
				name := fmt.Sprintf("c%d-%d", i, j)
				flow := made("/flows/instances/", map[string]any{"name": name, "slug": name, "title": name, "designation": "authorization"})
				stage := made("/stages/deny/", map[string]any{"name": name})
				made("/flows/bindings/", map[string]any{"target": flow["pk"], "stage": stage["pk"], "order": j})
				p := made("/providers/oauth2/", map[string]any{"name": name, "authorization_flow": flow["pk"], "invalidation_flow": flow["pk"], "redirect_uris": []any{}})
				made("/core/applications/", map[string]any{"name": name, "slug": name, "provider": p["pk"]})
				if r := h.call(http.MethodGet, "/core/applications/"+name+"/", nil); r.status != http.StatusOK {
					t.Errorf("caller %d does not see its application: %d", i, r.status)
				}
			}
		})
	}
	callers.Wait()
	if got := number(h.get("/core/applications/?superuser_full_list=true")["pagination"].(map[string]any)["count"]); got != 30 {
		t.Errorf("%d applications, want 30", got)
	}
}

// TestOneNameIsTakenOnceHoweverManyAskAtOnce races for a slug.
func TestOneNameIsTakenOnceHoweverManyAskAtOnce(t *testing.T) {
	h := open(t)
	var callers sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for range 10 {
		callers.Go(func() {
			r := h.call(http.MethodPost, "/core/applications/", map[string]any{"name": "a", "slug": "same"})
			mu.Lock()
			defer mu.Unlock()
			statuses[r.status]++
		})
	}
	callers.Wait()
	if statuses[http.StatusCreated] != 1 || statuses[http.StatusBadRequest] != 9 {
		t.Errorf("answers by status: %v", statuses)
	}
}

package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPagesCountAsAuthentikDoes(t *testing.T) {
	h := open(t)
	for i := range 45 {
		h.post("/stages/deny/", map[string]any{"name": fmt.Sprintf("d%02d", i)})
	}
	type numbers struct{ Next, Previous, Count, Current, TotalPages, StartIndex, EndIndex int }
	tests := []struct {
		name, query string
		want        numbers
		items       int
	}{
		{"the first page", "", numbers{2, 0, 45, 1, 3, 1, 20}, 20},
		{"a page in the middle", "page=2", numbers{3, 1, 45, 2, 3, 21, 40}, 20},
		{"the last page has no next one", "page=3", numbers{0, 2, 45, 3, 3, 41, 45}, 5},
		{"a size over the maximum is cut down", "page_size=1000", numbers{0, 0, 45, 1, 1, 1, 45}, 45},
		{"a size that makes no sense is passed over", "page_size=-3", numbers{2, 0, 45, 1, 3, 1, 20}, 20},
		{"an empty list has one page", "name=none", numbers{0, 0, 0, 1, 1, 0, 0}, 0},
		{"a search narrows", "search=D4", numbers{0, 0, 5, 1, 1, 1, 5}, 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := h.get("/stages/deny/?" + tt.query)
			p := out["pagination"].(map[string]any)
			got := numbers{
				number(p["next"]), number(p["previous"]), number(p["count"]), number(p["current"]), number(p["total_pages"]), number(p["start_index"]), number(p["end_index"]),
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if n := len(out["results"].([]any)); n != tt.items {
				t.Errorf("%d items, want %d", n, tt.items)
			}
		})
	}
	for _, page := range []string{"0", "4", "-1", "x", "99999999999999999999"} {
		if r := h.call(http.MethodGet, "/stages/deny/?page="+page, nil); r.status != http.StatusNotFound || r.object(t)["detail"] != "Invalid page." {
			t.Errorf("page %s: %d %s", page, r.status, r.raw)
		}
		if r := h.call(http.MethodGet, "/core/users/?page="+page, nil); r.status != http.StatusNotFound {
			t.Errorf("users page %s: %d %s", page, r.status, r.raw)
		}
	}
}

func TestFiltersOfPeopleAreExact(t *testing.T) {
	h := open(t)
	g := h.post("/core/groups/", map[string]any{"name": "staff"})["pk"].(string)
	for i, name := range []string{"anna", "anna2", "ben"} {
		h.post("/core/users/", map[string]any{"username": name, "name": name, "groups": []any{g}, "is_active": i != 1, "path": "staff/" + name, "type": "external"})
	}
	tests := []struct {
		query string
		want  int
	}{
		{"username=anna", 1},
		{"username=ann", 0},
		{"search=ann", 2},
		{"is_active=false", 1},
		{"is_superuser=true", 1},
		{"is_superuser=false", 3},
		{"groups_by_name=staff", 3},
		{"groups_by_name=staff&groups_by_name=authentik+Admins", 4},
		{"groups_by_pk=" + g, 3},
		{"path=staff/ben", 1},
		{"path_startswith=staff", 3},
		{"type=external&type=internal", 4},
		{"type=external", 3},
		{"username=", 4},
		{"last_login__isnull=true", 4},
	}
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) {
			out := h.get("/core/users/?" + tt.query)
			if got := number(out["pagination"].(map[string]any)["count"]); got != tt.want {
				t.Errorf("%d users, want %d", got, tt.want)
			}
		})
	}
	if r := h.call(http.MethodGet, `/core/users/?attributes={"a":1}`, nil); r.status != http.StatusBadRequest {
		t.Errorf("a filter that cannot be answered is passed over: %d", r.status)
	}
	for _, bad := range []string{"is_active=maybe", "pk=x", "last_login__gt=soon"} {
		if r := h.call(http.MethodGet, "/core/users/?"+bad, nil); r.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", bad, r.status, r.raw)
		}
	}
}

func TestArrayFiltersRepeatTheirKey(t *testing.T) {
	h := open(t)
	for _, name := range []string{"a", "b", "c"} {
		h.post("/propertymappings/provider/scope/", map[string]any{"name": name, "expression": "return {}", "scope_name": name})
	}
	if got := len(h.get("/propertymappings/provider/scope/?scope_name=a&scope_name=c")["results"].([]any)); got != 2 {
		t.Errorf("%d mappings, want 2", got)
	}
	if got := len(h.get("/propertymappings/all/?managed__isnull=true")["results"].([]any)); got != 3 {
		t.Errorf("%d mappings, want 3", got)
	}
	if got := len(h.get("/propertymappings/all/?managed=x&managed=y")["results"].([]any)); got != 0 {
		t.Errorf("%d mappings, want 0", got)
	}
}

func TestOrderingTurnsAroundAndPassesOverUnknownKeys(t *testing.T) {
	h := open(t)
	for _, name := range []string{"b", "c", "a"} {
		h.post("/stages/deny/", map[string]any{"name": name})
	}
	names := func(query string) string {
		out := ""
		for _, item := range h.get("/stages/deny/?" + query)["results"].([]any) {
			out += item.(map[string]any)["name"].(string)
		}
		return out
	}
	for query, want := range map[string]string{"": "abc", "ordering=name": "abc", "ordering=-name": "cba", "ordering=nonsense": "abc"} {
		if got := names(query); got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
}

// TestThePublishedClientWalksThePages does what the Terraform provider's helper does: it asks on while next is not 0.
func TestThePublishedClientWalksThePages(t *testing.T) {
	h := open(t)
	for i := range 25 {
		h.post("/core/groups/", map[string]any{"name": fmt.Sprintf("g%02d", i)})
	}
	c, seen := h.client(), 0
	for page := int32(1); page != 0; {
		list, _, err := c.CoreApi.CoreGroupsList(context.Background()).Page(page).PageSize(10).IncludeUsers(false).Execute()
		must(t, err)
		seen += len(list.Results)
		page = int32(list.Pagination.Next)
	}
	if seen != 26 {
		t.Errorf("%d groups, want 26", seen)
	}
}

// TestSeveralPeopleAreFoundByTheirKeys asks for two users and two groups of three, as a form does that shows what it refers to.
func TestSeveralPeopleAreFoundByTheirKeys(t *testing.T) {
	h := open(t)
	for _, list := range []string{"/core/users/", "/core/groups/"} {
		var keys []string
		for _, name := range []string{"a", "b", "c"} {
			keys = append(keys, fmt.Sprint(h.post(list, map[string]any{"username": name, "name": name})["pk"]))
		}
		found := h.get(list + "?pk=" + keys[0] + "&pk=" + keys[2])["results"].([]any)
		if len(found) != 2 {
			t.Errorf("%s: %d are found", list, len(found))
		}
	}
}

// TestNoQueryOfAListIsTooMuchForTheDatabase asks for what is longer than statements, patterns and lists of columns may be.
func TestNoQueryOfAListIsTooMuchForTheDatabase(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.post("/core/tokens/", map[string]any{"identifier": "t"})
		repeated := func(text string, n int) string { return strings.Repeat(text, n)[:n*len(text)-1] }
		for _, x := range []struct {
			name, path string
			want       int
		}{
			{"an order that names one field often", "/core/tokens/?ordering=" + repeated("identifier,", 2500), http.StatusOK},
			{"and back and forth", "/core/tokens/?ordering=" + repeated("identifier,-identifier,pk,", 1000), http.StatusOK},
			{"a table in such an order", "/core/users/?format=csv&ordering=" + repeated("name,", 3000), http.StatusOK},
			{"a search for very much", "/core/users/?search=" + strings.Repeat("_", 30_000), http.StatusBadRequest},
			{"a search of events for very much", "/events/events/?search=" + strings.Repeat("_", 30_000), http.StatusBadRequest},
			{"a search of configuration for very much", "/flows/instances/?search=" + strings.Repeat("_", 30_000), http.StatusBadRequest},
			{"a search for as much as may be", "/core/users/?search=" + strings.Repeat("_", 1000), http.StatusOK},
			{"in Chinese", "/core/users/?search=" + strings.Repeat("微", 1000), http.StatusOK},
			{"a look into events for very much", "/events/events/?context_model_pk=" + strings.Repeat("_", 30_000), http.StatusBadRequest},
			{"many users", "/core/users/?" + repeated("pk=1&", 6500), http.StatusOK},
			{"many groups", "/core/groups/?" + repeated("pk&", 10_900), http.StatusOK},
			{"a beginning that is long", "/core/users/?path_startswith=" + strings.Repeat("_", 30_000), http.StatusOK},
			{"a name that is long", "/core/users/?username=" + strings.Repeat("_", 30_000), http.StatusOK},
		} {
			if r := h.call(http.MethodGet, x.path, nil); r.status != x.want {
				t.Errorf("%s: %d %.200s", x.name, r.status, r.raw)
			} else if x.want == http.StatusBadRequest && !strings.Contains(string(r.raw), "no more than 1000 characters") {
				t.Errorf("%s: %.200s", x.name, r.raw)
			}
		}
	})
}

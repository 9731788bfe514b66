package api_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/api"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// table asks for a list as a table and reads it as spreadsheets do.
func (h *house) table(path string) [][]string {
	h.t.Helper()
	r := h.call(http.MethodGet, path, nil)
	if r.status != http.StatusOK || r.header.Get("Content-Type") != "text/csv; charset=utf-8" {
		h.t.Fatalf("%s: %d %s %s", path, r.status, r.header.Get("Content-Type"), r.raw)
	}
	text, ok := bytes.CutPrefix(r.raw, []byte("\uFEFF"))
	if !ok {
		h.t.Errorf("%s: no byte order mark", path)
	}
	all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	must(h.t, err)
	return all
}

// people makes users in one transaction.
func (h *house) people(n int) {
	must(h.t, h.store.InTx(context.Background(), func(ctx context.Context) error {
		for i := range n {
			if err := h.store.InsertUser(ctx, &model.User{Username: fmt.Sprintf("user%05d", i), Name: fmt.Sprintf("User %d", i%7), IsActive: true}); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestAListIsATableAsLongAsItIs(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.people(1203)
		g := h.post("/core/groups/", map[string]any{"name": "staff"})["pk"]
		h.post("/core/users/", map[string]any{"username": "ann", "name": "张安", "groups": []any{g}, "attributes": map[string]any{"city": map[string]any{"name": "上海"}, "list": []any{"a", "b"}}})
		all := h.table("/core/users/?format=csv&page_size=5&page=2")
		if len(all) != 1203+2+1 || all[0][0] != "pk" || !slices.Contains(all[0], "username") || slices.Contains(all[0], "attributes") || slices.Contains(all[0], "avatar") {
			t.Errorf("%d rows below %q", len(all), all[0])
		}
		some := h.table("/core/users/?format=csv&search=ann&fields=username,%20name,attributes.city.name,groups_obj,attributes.list,attributes.none.below,is_superuser,last_login")
		want := [][]string{
			{"username", "name", "attributes.city.name", "groups_obj", "attributes.list", "attributes.none.below", "is_superuser", "last_login"},
			{"ann", "张安", "上海", some[1][3], "a; b", "", "false", ""},
		}
		if diff := cmp.Diff(want, some); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for _, order := range []string{"username", "-name", "name", "last_login", "-date_joined", ""} {
			var listed []string
			for page := 1; page <= 13; page++ {
				for _, item := range h.get(fmt.Sprintf("/core/users/?ordering=%s&page_size=100&page=%d", order, page))["results"].([]any) {
					listed = append(listed, item.(map[string]any)["username"].(string))
				}
			}
			var exported []string
			for _, r := range h.table("/core/users/?format=csv&fields=username&ordering=" + order)[1:] {
				exported = append(exported, r[0])
			}
			if diff := cmp.Diff(listed, exported); diff != "" {
				t.Errorf("ordering=%s (-list +table):\n%s", order, diff)
			}
		}
	})
}

// TestNoCellIsAFormula is OWASP's "CSV Injection": names are written by strangers, and opened by an administrator's spreadsheet.
func TestNoCellIsAFormula(t *testing.T) {
	h := open(t)
	for i, name := range []string{`=cmd|'/C calc'!A0`, "+1", "-1", "@SUM(A1)", "\t=1", "＝1", `a";=1`, "a;=1+1", "a\r\n=1", "plain, \"quoted\""} {
		h.post("/core/users/", map[string]any{"username": fmt.Sprintf("u%d", i), "name": name, "attributes": map[string]any{"-n": -5, "x": name}})
	}
	raw := h.call(http.MethodGet, "/core/users/?format=csv&fields=name,attributes.x,attributes.-n&ordering=pk", nil)
	want := "\uFEFF\"name\",\"attributes.x\",\"attributes.-n\"\r\n\"authentik Default Admin\",,\r\n" +
		"\"'=cmd|'/C calc'!A0\",\"'=cmd|'/C calc'!A0\",-5\r\n\"'+1\",\"'+1\",-5\r\n\"'-1\",\"'-1\",-5\r\n\"'@SUM(A1)\",\"'@SUM(A1)\",-5\r\n\"'\t=1\",\"'\t=1\",-5\r\n" +
		"\"'＝1\",\"'＝1\",-5\r\n\"a\"\";=1\",\"a\"\";=1\",-5\r\n\"a;=1+1\",\"a;=1+1\",-5\r\n\"a\r\n=1\",\"a\r\n=1\",-5\r\n\"plain, \"\"quoted\"\"\",\"plain, \"\"quoted\"\"\",-5\r\n"
	if diff := cmp.Diff(want, string(raw.raw)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := raw.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename=core-users-2") || !strings.HasSuffix(got, ".csv") {
		t.Errorf("Content-Disposition %q", got)
	}
	if got := h.table("/core/users/?format=csv&fields=username,attributes.x")[0]; got[1] != "attributes.x" {
		t.Errorf("the header is %q", got)
	}
}

func TestNoSecretIsInATable(t *testing.T) {
	h := open(t)
	wechat := wechatSource("w")
	wechat["consumer_secret"] = "very-secret"
	h.post("/sources/oauth/", wechat)
	flow := h.post("/flows/instances/", map[string]any{"name": "f", "slug": "f", "title": "f", "designation": "authorization"})["pk"]
	p := h.post("/providers/oauth2/", map[string]any{"name": "p", "authorization_flow": flow, "invalidation_flow": flow, "redirect_uris": []any{}, "client_secret": "very-secret"})
	h.post("/core/applications/", map[string]any{"name": "a", "slug": "a", "provider": p["pk"]})
	h.post("/core/tokens/", map[string]any{"identifier": "t"})
	for _, path := range []string{"/sources/oauth/?", "/sources/all/?", "/providers/oauth2/?", "/providers/all/?", "/core/tokens/?", "/core/tokens/?fields=user_obj&", "/core/applications/?superuser_full_list=true&fields=provider_obj&"} {
		r := h.call(http.MethodGet, path+"format=csv", nil)
		if r.status != http.StatusOK || bytes.Contains(r.raw, []byte("very-secret")) || bytes.Contains(r.raw, []byte(h.key)) || bytes.Contains(r.raw, []byte("$argon2")) {
			t.Errorf("%s: %d %s", path, r.status, r.raw)
		}
	}
	for _, path := range []string{"/providers/oauth2/?fields=name,client_secret", "/sources/oauth/?fields=consumer_secret", "/core/tokens/?fields=key", "/core/users/?fields=password_hash"} {
		if r := h.call(http.MethodGet, path+"&format=csv", nil); r.status != http.StatusBadRequest || r.object(t)["fields"] == nil {
			t.Errorf("%s: %d %s", path, r.status, r.raw)
		}
	}
}

func TestEveryListIsATableToo(t *testing.T) {
	h := open(t)
	h.tagged()
	var document struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name string }
		}
	}
	must(t, json.Unmarshal(h.call(http.MethodGet, "/schema/?format=json", nil).raw, &document))
	lists := 0
	for path, operations := range document.Paths {
		if !slices.ContainsFunc(operations["get"].Parameters, func(p struct{ Name string }) bool { return p.Name == "page_size" }) {
			continue
		}
		lists++
		if table := h.table(path + "?format=csv&superuser_full_list=true"); len(table) == 0 || len(table[0]) < 2 {
			t.Errorf("%s: %q", path, table)
		}
		if r := h.call(http.MethodGet, path+"?format=json", nil); r.status != http.StatusOK || r.object(t)["pagination"] == nil {
			t.Errorf("%s in JSON: %d %s", path, r.status, r.raw)
		}
	}
	if lists < 30 {
		t.Errorf("only %d lists", lists)
	}
	if got := h.table("/stages/deny/?format=csv&name=d&fields=name,flow_set"); len(got) != 2 || got[1][0] != "d" {
		t.Errorf("%q", got)
	}
	_, h.key = h.person("ordinary")
	if r := h.call(http.MethodGet, "/core/users/?format=csv", nil); r.status != http.StatusForbidden {
		t.Errorf("who may not see users: %d %s", r.status, r.raw)
	}
}

// slowStore takes its time for each batch, and may fail.
type slowStore struct {
	api.Store
	wait  time.Duration
	fails int
	reads int
}

func (s *slowStore) ListUsers(ctx context.Context, l store.List) ([]*model.User, int, error) {
	s.reads++
	if s.reads == s.fails {
		return nil, 0, errors.New("out of order")
	}
	time.Sleep(s.wait)
	return s.Store.ListUsers(ctx, l)
}

// exportFrom serves the API over a slow store with a server of little patience, and begins an export of users.
func (h *house) exportFrom(s *slowStore) *http.Response {
	h.t.Helper()
	d := h.api.Deps
	s.Store = d.Store
	d.Store = s
	router := chi.NewRouter()
	router.Mount("/api/v3", api.New(d))
	server := httptest.NewUnstartedServer(router)
	server.Config.ReadTimeout, server.Config.WriteTimeout = time.Second, time.Second
	server.Start()
	h.t.Cleanup(server.Close)
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server.URL+"/api/v3/core/users/?format=csv", nil)
	must(h.t, err)
	r.Header.Set("Authorization", "Bearer "+h.key)
	answer, err := server.Client().Do(r)
	must(h.t, err)
	h.t.Cleanup(func() { _ = answer.Body.Close() })
	return answer
}

func TestALongTableOutlivesTheServersPatience(t *testing.T) {
	h := open(t)
	h.people(3000)
	answer := h.exportFrom(&slowStore{wait: 300 * time.Millisecond})
	raw, err := io.ReadAll(answer.Body)
	if lines := bytes.Count(raw, []byte("\r\n")); err != nil || lines != 3002 {
		t.Errorf("%d lines, %v", lines, err)
	}
}

func TestATableThatFailsHalfWayIsNotTakenForAWholeOne(t *testing.T) {
	h := open(t)
	h.people(1200)
	h.api.Log = slog.New(slog.DiscardHandler)
	answer := h.exportFrom(&slowStore{fails: 3})
	if raw, err := io.ReadAll(answer.Body); err == nil || len(raw) == 0 {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
}

func TestATableIsReadNoFurtherOnceItsReaderHasGone(t *testing.T) {
	h := open(t)
	h.people(5000)
	s := &slowStore{wait: 200 * time.Millisecond}
	answer := h.exportFrom(s)
	_, err := io.ReadFull(answer.Body, make([]byte, 100))
	must(t, err)
	must(t, answer.Body.Close())
	time.Sleep(2 * time.Second)
	if s.reads > 4 {
		t.Errorf("%d batches were read", s.reads)
	}
}

package expr_test

import (
	"testing"

	"github.com/weimen-id/weimen/internal/expr"
)

func BenchmarkProfileMapping(b *testing.B) {
	p, err := expr.Compile("profile", `return {
    "name": request.user.name,
    "given_name": request.user.name,
    "preferred_username": request.user.username,
    "nickname": request.user.username,
    "groups": [group.name for group in request.user.groups.all()],
}`, []string{"request", "provider", "client"}, expr.Options{})
	if err != nil {
		b.Fatal(err)
	}
	args := map[string]any{"request": request()}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Run(b.Context(), args); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSourceMapping(b *testing.B) {
	p, err := expr.Compile("wechat", `return {
    "username": f"wx-{info['openid']}",
    "name": char_slice(info.get("nickname") or "微信用户", 0, 20),
    "attributes": {"wechat": {"unionid": info.get("unionid"), "sex": info["sex"]}},
}`, []string{"info"}, expr.Options{})
	if err != nil {
		b.Fatal(err)
	}
	args := map[string]any{"info": profile()}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Run(b.Context(), args); err != nil {
			b.Fatal(err)
		}
	}
}

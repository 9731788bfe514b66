package prompt

import "testing"

// An administrator's text may emphasise and link. Whatever else is in it, also by way of what a person typed, is text (OWASP: cross-site scripting).
func TestRichTextHoldsNothingDangerous(t *testing.T) {
	for _, tt := range []struct{ name, give, want string }{
		{"plain text", "a < b & c", "a &lt; b &amp; c"},
		{"entities", "a &amp; b &lt;c&gt;", "a &amp; b &lt;c&gt;"},
		{"emphasis", "<b>a</b> <em>b</em><br/>c", "<b>a</b> <em>b</em><br>c"},
		{"a heading is a small one", "<h1>a</h1>", "<h3>a</h3>"},
		{"a list", "<ul><li>a<li>b</ul>", "<ul><li>a<li>b</li></li></ul>"},
		{"what is left open", "<p><b>a", "<p><b>a</b></p>"},
		{"what was never opened", "a</form></p>", "a&lt;/form&gt;&lt;/p&gt;"},
		{"a link", `<a href="https://example.org/?a=1&b=2">x</a>`, `<a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">x</a>`},
		{"a link to one of our pages", `<a href="/terms/">x</a>`, `<a href="/terms/" target="_blank" rel="noopener noreferrer">x</a>`},
		{"a link that is a script", `<a href="javascript:alert(1)">x</a>`, `&lt;a href=&#34;javascript:alert(1)&#34;&gt;x&lt;/a&gt;`},
		{"a link that hides a script", `<a href="java&#115;cript:alert(1)">x</a>`, `&lt;a href=&#34;javascript:alert(1)&#34;&gt;x&lt;/a&gt;`},
		{"a link to another host without a scheme", `<a href="//evil.example">x</a>`, `&lt;a href=&#34;//evil.example&#34;&gt;x&lt;/a&gt;`},
		{"a script", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"a handler", `<b onclick="x()">a</b>`, `&lt;b onclick=&#34;x()&#34;&gt;a&lt;/b&gt;`},
		{"a picture", `<img src=x onerror=alert(1)>`, `&lt;img src=x onerror=alert(1)&gt;`},
		{"a tag in a tag", `<<b>script>`, `&lt;<b>script&gt;</b>`},
		{"capital letters", `<B>a</B>`, `&lt;B&gt;a&lt;/B&gt;`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(rich(tt.give)); got != tt.want {
				t.Errorf("\ngot  %s\nwant %s", got, tt.want)
			}
		})
	}
}

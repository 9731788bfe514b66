package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// sayings are the faults that code tells, each with values in it, by what the code says; to the place.
type sayings map[string]string

// told are files whose errors the API tells in their own words, with what stands behind them.
var told = map[string]string{"model/duration.go": ".", "provider/oauth2/config.go": "", "keypair/generate.go": ""}

// notTold are sentences that look like faults, and that the API tells nobody.
var notTold = map[string]string{
	"Malformed header":                        "is for programs alone",
	"Unsupported authentication type":         "is for programs alone",
	"Token invalid/expired":                   "is for programs alone",
	"value value":                             "is a refusal in the reader's language",
	"E-mail could not be sent.":               "stands in an event",
	"A password is a text that is not empty.": "is about a blueprint",
	"WEIMEN_EMAIL_HOST names no SMTP server.": "stands in an event",
	"The stage uses settings of its own, and its host names no SMTP server.": "stands in an event",
	"Access denied.": "has a reason, by which people are told",
	"The model of the authenticator, value, is not allowed.": "is told by the stage",
}

// putTogether are faults that no constant holds whole.
var putTogether = []string{
	`User with this username already exists. It is that of "Ann" (5).`,
	"the database is not available just now", // model.ErrUnavailable
}

var (
	// asSentence is what a fault looks like where nothing else tells that it is one.
	asSentence = regexp.MustCompile(`^["A-Z{%].* .*\.$`)
	verb       = regexp.MustCompile(`%[a-z]`)
	// aFault is what tells a fault: the functions, by the place of the message among the arguments.
	aFault = map[string]int{"model.Invalid": 1, "errs.add": 1, "faults.add": 1, "f.add": 1, "unauthenticated": 0, "a.say": 1}
)

func TestEveryFaultIsSaidInChinese(t *testing.T) {
	c := newCatalogue(t)
	found := readFaults(t)
	for text, place := range found {
		if _, none := notTold[text]; none {
			continue
		}
		if got := c.Sentence(Chinese, text); !strings.ContainsFunc(got, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s: nothing in faults.en.yaml says %s", place, text)
		}
	}
	if len(found) < 100 {
		t.Errorf("only %d faults were found: the test looked in the wrong place", len(found))
	}
}

func TestNoFaultIsWrittenDownThatNobodyTells(t *testing.T) {
	c := newCatalogue(t)
	used := map[string]bool{}
	for text := range readFaults(t) {
		if key, ok := c.exact[text]; ok {
			used[key] = true
			continue
		}
		for _, s := range c.sentences {
			if _, ok := s.read(text); ok {
				used[s.key] = true
				break
			}
		}
	}
	for _, key := range c.Keys(English) {
		if strings.HasPrefix(key, faults) && !used[key] {
			t.Errorf("no code says %s: %s", key, c.Text(English, key, nil))
		}
	}
}

func TestASentenceKeepsWhatStandsInIt(t *testing.T) {
	c := newCatalogue(t)
	for _, tt := range []struct{ name, english, want string }{
		{"a whole sentence", "This field is required.", "请填写此项。"},
		{"a number", "Ensure this field has no more than 255 characters.", "最多 255 个字符。"},
		{"a value with dots and quotes", `"a. "b" is" is not a valid choice.`, "“a. \"b\" is”不在可选范围内。"},
		{"two numbers", "Ensure this value is from 1 to 1000.", "请填写 1 到 1000 之间的值。"},
		{"the pattern that says more", `Source with this slug already exists. It is the OAuth Source "微信".`, "已被“微信”使用。"},
		{"what nobody wrote down", "line 2, column 8: undefined: x", "line 2, column 8: undefined: x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.Sentence(Chinese, tt.english); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := c.Sentence(English, tt.english); got != tt.english {
				t.Errorf("English became %q", got)
			}
		})
	}
}

func readFaults(t *testing.T) sayings {
	t.Helper()
	out := sayings{}
	for _, text := range putTogether {
		out[text] = "code"
	}
	err := filepath.WalkDir(house, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if err == nil && (silent(path) || d.Name() == "testdata") {
				return filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_gen.go") {
			return nil
		}
		return out.readFile(path)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (s sayings) readFile(path string) error {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	end, quoted := told[strings.TrimPrefix(filepath.ToSlash(path), house+"/")]
	ast.Inspect(file, func(n ast.Node) bool {
		add := func(e ast.Expr, is func(string) bool, end string) {
			if text, ok := said(e); ok && is(text) && text != "%s" {
				s[filled(text)+end] = files.Position(e.Pos()).String()
			}
		}
		any := func(string) bool { return true }
		switch n := n.(type) {
		case *ast.CallExpr:
			name := nameOf(n.Fun)
			if i, ok := aFault[name]; ok && len(n.Args) > i {
				add(n.Args[i], any, "")
			}
			switch name {
			case "append":
				add(n.Args[len(n.Args)-1], asSentence.MatchString, "")
			case "errors.New", "fmt.Errorf":
				add(n.Args[0], func(text string) bool {
					return asSentence.MatchString(text) || quoted && (strings.HasPrefix(text, "%q") || !strings.Contains(text, "%w"))
				}, end)
			}
		case *ast.CompositeLit:
			s.readLiteral(n, add)
		case *ast.KeyValueExpr:
			if name, ok := said(n.Key); ok && name == "detail" {
				add(n.Value, any, "")
			}
		case *ast.AssignStmt:
			for _, e := range n.Rhs {
				add(e, asSentence.MatchString, "")
			}
		case *ast.ReturnStmt:
			for _, e := range n.Results {
				add(e, asSentence.MatchString, "")
			}
		}
		return true
	})
	return nil
}

// readLiteral knows lists of messages, errors of HTTP itself and model.Error without a reason, by which its text would be found.
func (s sayings) readLiteral(n *ast.CompositeLit, add func(ast.Expr, func(string) bool, string)) {
	list, isList := n.Type.(*ast.ArrayType)
	switch {
	case isList && nameOf(list.Elt) == "string" && len(n.Elts) == 1:
		add(n.Elts[0], asSentence.MatchString, "")
	case nameOf(n.Type) == "statusError" && len(n.Elts) == 2:
		add(n.Elts[1], func(string) bool { return true }, "")
	case nameOf(n.Type) == "model.Error":
		fields := map[string]ast.Expr{}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				fields[nameOf(kv.Key)] = kv.Value
			}
		}
		if fields["Message"] != nil && fields["Reason"] == nil && fields["Fields"] == nil {
			add(fields["Message"], asSentence.MatchString, "")
		}
	}
}

// said gives the text that an expression makes, with verbs and {} where values come.
func said(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		return constant(e)
	case *ast.CallExpr:
		if nameOf(e.Fun) == "fmt.Sprintf" && len(e.Args) > 0 {
			return said(e.Args[0])
		}
	case *ast.BinaryExpr:
		x, xs := said(e.X)
		y, ys := said(e.Y)
		if !xs {
			x = "{}"
		}
		if !ys {
			y = "{}"
		}
		return x + y, xs || ys
	}
	return "", false
}

// filled is a text as somebody may read it.
func filled(text string) string {
	return verb.ReplaceAllStringFunc(strings.ReplaceAll(text, "{}", "value"), func(v string) string {
		switch v {
		case "%q":
			return `"value"`
		case "%d":
			return "7"
		default:
			return "value"
		}
	})
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return nameOf(e.X) + "." + e.Sel.Name
	case *ast.StarExpr:
		return nameOf(e.X)
	}
	return ""
}

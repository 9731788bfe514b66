package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// house is the folder whose code and templates speak to people.
const house = ".."

// composed are the beginnings of keys that code puts together: nothing names the whole of them.
var composed = []string{"refusal.", "known.", "account.browser.", "check.", "attention.", faults}

// spoken are the topics whose names stand in code for nothing else: a text constant that begins with one is a key.
var spoken = regexp.MustCompile(`^(?:pages|stage|account|known|policy)\.[a-z0-9_.]+$`)

var templateKey = regexp.MustCompile(`\{\{-?[^}]*?"((?:pages|stage|account|known|source)\.[a-z0-9_.]+)"`)

// usage is what code and templates ask of the catalogue.
type usage struct {
	keys    map[string]string // key to the place where it is used
	reasons map[string]string // likewise
	texts   strings.Builder   // all sources, to look for a key's name
}

func TestEveryKeyThatIsUsedExists(t *testing.T) {
	c, u := newCatalogue(t), readUsage(t)
	for key, place := range u.keys {
		if !c.Has(English, key) && !strings.HasSuffix(key, ".") {
			t.Errorf("%s: there is no text %s", place, key)
		}
	}
	for reason, place := range u.reasons {
		if !c.Has(English, "refusal."+reason+".title") {
			t.Errorf("%s: nothing explains the reason %s", place, reason)
		}
	}
	if len(u.keys) < 50 || len(u.reasons) < 10 {
		t.Errorf("only %d keys and %d reasons were found: the test looked in the wrong place", len(u.keys), len(u.reasons))
	}
}

func TestNoTextIsUnused(t *testing.T) {
	c, u := newCatalogue(t), readUsage(t)
	all := u.texts.String()
next:
	for _, key := range c.Keys(English) {
		for _, prefix := range composed {
			if strings.HasPrefix(key, prefix) {
				continue next
			}
		}
		if !strings.Contains(all, `"`+key+`"`) {
			t.Errorf("nobody uses the text %s", key)
		}
	}
}

func readUsage(t *testing.T) *usage {
	t.Helper()
	u := &usage{keys: map[string]string{}, reasons: map[string]string{}}
	err := filepath.WalkDir(house, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if err == nil && silent(path) {
				return filepath.SkipDir
			}
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		switch {
		case strings.HasSuffix(path, ".html"):
			u.texts.Write(raw)
			for _, m := range templateKey.FindAllStringSubmatch(string(raw), -1) {
				u.keys[m[1]] = path
			}
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			u.texts.Write(raw)
			return u.readGo(path, raw)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// silent reports whether a folder does not speak from the catalogue: it stands beside the house, or is a suite for tests (flow/flowtest).
func silent(folder string) bool {
	name := filepath.Base(folder)
	return name == "wechatsim" || name == "demoapp" || name == filepath.Base(filepath.Dir(folder))+"test"
}

func (u *usage) readGo(path string, raw []byte) error {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, raw, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, ok := constant(n); ok && spoken.MatchString(text) {
				u.keys[text] = files.Position(n.Pos()).String()
			}
		case *ast.CallExpr:
			u.readCall(files, n)
		case *ast.KeyValueExpr:
			if name, ok := n.Key.(*ast.Ident); ok && name.Name == "Reason" {
				if text, ok := constant(n.Value); ok && text != "" {
					u.reasons[text] = files.Position(n.Pos()).String()
				}
			}
		}
		return true
	})
	return nil
}

// readCall knows model.Refuse(code, reason, message) and stage.Invalid(field, key).
func (u *usage) readCall(files *token.FileSet, call *ast.CallExpr) {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) < 2 {
		return
	}
	of, ok := f.X.(*ast.Ident)
	if !ok {
		return
	}
	text, ok := constant(call.Args[1])
	if !ok {
		return
	}
	switch of.Name + "." + f.Sel.Name {
	case "model.Refuse":
		u.reasons[text] = files.Position(call.Pos()).String()
	case "stage.Invalid":
		u.keys[text] = files.Position(call.Pos()).String()
	}
}

func constant(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

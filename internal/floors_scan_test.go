package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// scan reads every package of the module in the folder root, whatever its build tags, and
// returns them by path. Other modules inside root, testdata and hidden folders are left out.
func scan(root, module string) ([]pkg, error) {
	return scanFS(os.DirFS(filepath.Clean(root)), module)
}

func scanFS(fsys fs.FS, module string) ([]pkg, error) {
	found := map[string]*pkg{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && foreign(fsys, name):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go" || strings.HasPrefix(path.Base(name), "_"):
			return nil
		}
		dir := path.Dir(name)
		if found[dir] == nil {
			found[dir] = &pkg{path: dir}
		}
		return found[dir].read(fsys, name)
	})
	if err != nil {
		return nil, err
	}

	var pkgs []pkg
	for _, p := range found {
		if p.path == "internal" { // this check itself
			continue
		}
		for _, list := range []*[]string{&p.imports, &p.testImports} {
			slices.Sort(*list)
			*list = slices.Compact(*list)
		}
		pkgs = append(pkgs, *p)
	}
	slices.SortFunc(pkgs, func(a, b pkg) int { return strings.Compare(a.path, b.path) })
	return pkgs, nil
}

// foreign reports whether the folder name holds nothing of this module.
func foreign(fsys fs.FS, name string) bool {
	if name == "." {
		return false
	}
	base := path.Base(name)
	if base == "testdata" || base == "node_modules" || base == "vendor" || base[0] == '.' || base[0] == '_' {
		return true
	}
	_, err := fs.Stat(fsys, path.Join(name, "go.mod"))
	return err == nil
}

// read adds what the file name imports, and notes the package comment when it is doc.go.
func (p *pkg) read(fsys fs.FS, name string) error {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return err
	}
	list := &p.imports
	if strings.HasSuffix(name, "_test.go") {
		list = &p.testImports
	}
	for _, spec := range file.Imports {
		imp, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		*list = append(*list, imp)
	}
	if path.Base(name) == "doc.go" {
		p.documented = strings.HasPrefix(file.Doc.Text(), "Package "+file.Name.Name)
	}
	return nil
}

// TestScanReadsEveryPackageOfTheModule shows what the scan sees and what it leaves out.
func TestScanReadsEveryPackageOfTheModule(t *testing.T) {
	t.Parallel()
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	got, err := scanFS(fstest.MapFS{
		"cmd/a/main.go":               file("package main\nimport _ \"m/internal/b\"\n"),
		"internal/b/doc.go":           file("// Package b says why.\npackage b\n"),
		"internal/b/b.go":             file("//go:build never\n\npackage b\nimport (\n\"os\"\nx \"fmt\"\n)\nvar _ = x.Sprint\n"),
		"internal/b/b_test.go":        file("package b_test\nimport \"testing\"\n"),
		"internal/c/doc.go":           file("package c\n"),
		"internal/floors_test.go":     file("package internal_test\n"),
		"internal/b/testdata/x/x.go":  file("not Go at all"),
		"e2e/node_modules/x/x.go":     file("not Go at all"),
		"tools/go.mod":                file("module tools\n"),
		"tools/tools.go":              file("package tools\n"),
		".cache/x.go":                 file("not Go at all"),
		"internal/b/_old.go":          file("not Go at all"),
		"internal/b/migrations/1.sql": file("select 1"),
	}, "m")
	if err != nil {
		t.Fatal(err)
	}
	want := []pkg{
		{path: "cmd/a", imports: []string{"m/internal/b"}},
		{path: "internal/b", documented: true, imports: []string{"fmt", "os"}, testImports: []string{"testing"}},
		{path: "internal/c"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(pkg{})); diff != "" {
		t.Errorf("packages (-want +got):\n%s", diff)
	}
}

package internal_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// layout says where every folder stands; see house.
type layout struct {
	module  string
	floors  []floor
	shelves []string
	beside  []string
	testing []string
	stdOnly []string
}

// floor is one line of the table: number, what it is for, its folders.
type floor struct {
	number  int
	about   string
	folders string
}

// pkg is one package of the module as the check sees it.
type pkg struct {
	path        string   // from the module's root: internal/stage/deny
	documented  bool     // doc.go has a package comment
	imports     []string // import paths in files that are not tests
	testImports []string // import paths in _test.go files
}

// place is where a package stands.
type place struct {
	folder string // stage
	unit   string // the folder or kind that the package is or is a part of: stage/deny
	floor  int    // 0 beside the house
	kind   bool
	test   bool
	beside bool
}

// check returns one sentence for each breach, in the order of pkgs.
func (l layout) check(pkgs []pkg) []string {
	var faults []string
	for _, p := range pkgs {
		from, ok := l.place(p.path)
		if !ok {
			faults = append(faults, p.path+" has no floor: add its folder to the table in internal/floors_test.go")
			continue
		}
		if !p.documented && !isMain(from.folder) {
			faults = append(faults, fmt.Sprintf("%s has no doc.go whose comment begins with %q", p.path, "Package "+path.Base(p.path)))
		}
		faults = append(faults, l.checkImports(from, p)...)
	}
	return faults
}

// checkImports returns a sentence for each import of p that its place forbids.
func (l layout) checkImports(from place, p pkg) []string {
	imports := p.imports
	if from.beside {
		imports = append(slices.Clone(imports), p.testImports...)
	}
	var faults []string
	for _, imp := range imports {
		target, ours := strings.CutPrefix(imp, l.module+"/")
		if !ours {
			if slices.Contains(l.stdOnly, from.folder) && strings.Contains(imp, ".") {
				faults = append(faults, fmt.Sprintf("%s imports %s: it is written with the standard library alone", p.path, imp))
			}
			continue
		}
		to, ok := l.place(target)
		if !ok {
			faults = append(faults, fmt.Sprintf("%s imports %s, which has no floor", p.path, target))
			continue
		}
		if why := l.refuse(from, to); why != "" {
			faults = append(faults, fmt.Sprintf(why, p.path, target))
		}
	}
	return faults
}

// refuse returns why from may not import to, as a format for the two paths; empty when it may.
// The first rule that applies decides.
func (l layout) refuse(from, to place) string {
	sameShelf := path.Dir(from.unit) == path.Dir(to.unit)
	switch {
	case to.test && !from.test:
		return "%s imports %s: only tests import code for tests"
	case from.unit == to.unit:
		return ""
	case from.beside:
		return "%s imports %s: it stands beside the house and imports nothing of ours"
	case from.test:
		return ""
	case to.beside && from.folder != "app" && !isMain(from.folder):
		return "%s imports %s: only the mains, internal/app and tests do"
	case strings.HasPrefix(from.unit, to.unit+"/"):
		return "" // a kind imports its shelf
	case strings.HasPrefix(to.unit, from.unit+"/"):
		return "%s imports %s: a shelf does not import the kinds on it"
	case to.kind && from.kind && sameShelf:
		return "%s imports %s: a kind does not import its sibling"
	case to.kind && from.folder != "app":
		return "%s imports %s: only internal/app imports a kind"
	case from.floor == to.floor:
		return fmt.Sprintf("%%s imports %%s: both are on floor %d, and folders of one floor do not know each other", to.floor)
	case from.floor < to.floor:
		return fmt.Sprintf("%%s (floor %d) imports %%s (floor %d): imports run down only", from.floor, to.floor)
	}
	return ""
}

// place finds where the package at p, counted from the module's root, stands. It reports
// false when the table does not name its folder.
func (l layout) place(p string) (place, bool) {
	inside, internal := strings.CutPrefix(p, "internal/")
	if !internal {
		inside = "/" + p
	}
	parts := strings.Split(strings.TrimPrefix(inside, "/"), "/")
	folder := parts[0]
	if !internal {
		folder = "/" + folder
	}

	at := place{folder: folder, unit: folder, beside: slices.Contains(l.beside, folder)}
	for _, f := range l.floors {
		if slices.Contains(words(f.folders), folder) {
			at.floor = f.number
		}
	}
	if at.floor == 0 && !at.beside {
		return place{}, false
	}

	at.test = slices.Contains(l.testing, folder)
	for i, part := range parts[1:] {
		if part == parts[i]+"test" {
			at.test = true
			break
		}
		if !slices.Contains(l.shelves, at.unit) {
			break
		}
		at.unit += "/" + part
		at.kind = true
	}
	return at, true
}

// words splits s at spaces.
func words(s string) []string { return strings.Fields(s) }

// isMain tells the folders that hold commands.
func isMain(folder string) bool { return folder == "/cmd" || folder == "/bench" }

package config

import (
	"fmt"
	"strings"
)

// Mistake is one thing wrong with the settings.
type Mistake struct {
	Setting string // as it is called where it was set: "WEIMEN_URL", "url", "--url"
	From    string // "environment", "command line", "default", or the settings file's path
	Problem string // what is wrong; never a secret's text
	Remedy  string // what to do
}

// String is the mistake on one line.
func (m Mistake) String() string {
	end := "."
	if strings.HasSuffix(m.Remedy, "?") {
		end = ""
	}
	return fmt.Sprintf("%s (%s): %s. %s%s", m.Setting, m.From, m.Problem, m.Remedy, end)
}

// Mistakes are all that is wrong with the settings. It is the error of [Load].
type Mistakes []Mistake

// Error is a heading and one line for each mistake.
func (m Mistakes) Error() string {
	var b strings.Builder
	if len(m) == 1 {
		b.WriteString("1 setting is wrong:")
	} else {
		fmt.Fprintf(&b, "%d settings are wrong:", len(m))
	}
	for _, one := range m {
		b.WriteString("\n  ")
		b.WriteString(one.String())
	}
	return b.String()
}

// nearest gives the candidate that name was most likely meant to be, if one is near enough.
func nearest(name string, candidates []string) (string, bool) {
	best, least := "", max(2, len(name)/3)+1
	for _, c := range candidates {
		if d := distance(name, c); d < least {
			best, least = c, d
		}
	}
	return best, best != ""
}

// distance counts the letters to add, drop or change to make a into b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

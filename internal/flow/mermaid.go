package flow

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// longestLabel bounds a name in a drawing, in characters.
const longestLabel = 60

// Mermaid is the drawing as text that Mermaid draws (https://mermaid.js.org, flowchart syntax).
func (g Graph) Mermaid() string {
	ids := make(map[string]string, len(g.Nodes))
	var b strings.Builder
	b.WriteString("graph TD\n")
	for i, n := range g.Nodes {
		ids[n.ID] = "n" + strconv.Itoa(i)
		b.WriteString(ids[n.ID] + n.shape() + "\n")
	}
	for _, e := range g.Edges {
		fmt.Fprintf(&b, "%s %s %s\n", ids[e.From], e.arrow(), ids[e.To])
	}
	return b.String()
}

// shape is a node in its brackets.
func (n Node) shape() string {
	switch n.Type {
	case "flow":
		return `[["Flow<br/>` + label(n.Name) + `"]]`
	case "source":
		return `[("Source<br/>` + label(n.Name) + `")]`
	case "stage":
		return `(["Stage (` + label(n.Kind) + `)<br/>` + label(n.Name) + `"])`
	case "denied":
		return `[["Denied<br/>` + label(n.Name) + `"]]`
	case "end":
		return `[["End of the flow"]]`
	}
	lines := []string{"Policies (" + label(n.Mode) + ")"}
	for _, p := range n.Policies {
		line := strconv.Itoa(p.Order) + ". "
		if p.Negate {
			line += "not "
		}
		line += label(p.Name)
		if !p.Enabled {
			line += " (disabled)"
		}
		lines = append(lines, line)
	}
	return `{{"` + strings.Join(lines, "<br/>") + `"}}`
}

func (e Edge) arrow() string {
	switch e.Type {
	case "passed":
		return `--"Policies pass"-->`
	case "refused":
		return `--"Policies refuse"-->`
	case "branch":
		return `-."` + label(e.Label) + `".->`
	}
	return "-->"
}

// label makes a name fit for a text in quotes: what Mermaid, its Markdown or HTML read otherwise is written as a character reference.
func label(name string) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.TrimSpace(name) {
		if n++; n > longestLabel {
			b.WriteRune('…')
			break
		}
		switch {
		case unicode.IsControl(r), r == unicode.ReplacementChar, unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			b.WriteRune(' ')
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), unicode.IsSpace(r), strings.ContainsRune("-_.,:!?/+=@、。，：（）“”《》·", r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	if b.Len() == 0 {
		return " "
	}
	return b.String()
}

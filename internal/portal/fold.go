package portal

import (
	"html/template"
	"text/template/parse"
)

// fold puts what never changes into the pages while they are read: texts without arguments, icons, the style sheet. Most of a page is that, so drawing one costs
// little more than its few live values. It must come before the first execution, in which html/template looks at the page's context.
func (s *speaker) fold(page *template.Template) {
	for _, t := range page.Templates() {
		if t.Tree != nil {
			s.foldList(t.Tree.Root)
		}
	}
}

func (s *speaker) foldList(list *parse.ListNode) {
	if list == nil {
		return
	}
	for i, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.ActionNode:
			if text, ok := s.constant(n); ok {
				list.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(text)}
			}
		case *parse.IfNode:
			s.foldBranch(&n.BranchNode)
		case *parse.RangeNode:
			s.foldBranch(&n.BranchNode)
		case *parse.WithNode:
			s.foldBranch(&n.BranchNode)
		}
	}
}

func (s *speaker) foldBranch(b *parse.BranchNode) {
	s.foldList(b.List)
	s.foldList(b.ElseList)
}

// constant gives the HTML of an action whose value is known now. Texts are escaped for where they stand: between tags or in a quoted attribute.
func (s *speaker) constant(n *parse.ActionNode) (string, bool) {
	if len(n.Pipe.Decl) > 0 || len(n.Pipe.Cmds) != 1 {
		return "", false
	}
	args := n.Pipe.Cmds[0].Args
	name, ok := args[0].(*parse.IdentifierNode)
	if !ok || len(args) > 2 {
		return "", false
	}
	if len(args) == 1 {
		switch name.Ident {
		case "htmlLang":
			return htmlLang(s.lang), true
		case "style":
			// Without comments html/template leaves a style sheet as it is; a test compares the hash.
			return string(s.assets.style), true
		case "mark":
			return string(s.assets.mark), true
		}
		return "", false
	}
	word, ok := args[1].(*parse.StringNode)
	if !ok {
		return "", false
	}
	switch name.Ident {
	case "t":
		return template.HTMLEscapeString(s.text(word.Text)), true
	case "icon":
		icon, err := s.icon(word.Text)
		return string(icon), err == nil
	}
	return "", false
}

package i18n

import (
	"slices"
	"strings"
)

// faults is the topic of what the API finds wrong. Its English texts are the code's own sentences.
const faults = "fault."

// sentence is an English text that is known by what it says.
type sentence struct {
	key string
	pattern
}

// readSentences indexes the faults. Where two patterns fit, the one that says more wins.
func (c *Catalogue) readSentences() {
	english := c.texts[English]
	c.exact = map[string]string{}
	for key, text := range english.plain {
		if strings.HasPrefix(key, faults) {
			c.exact[text] = key
		}
	}
	for key, p := range english.patterns {
		if strings.HasPrefix(key, faults) {
			c.sentences = append(c.sentences, sentence{key, p})
		}
	}
	slices.SortFunc(c.sentences, func(a, b sentence) int {
		if more := b.said() - a.said(); more != 0 {
			return more
		}
		return strings.Compare(a.key, b.key)
	})
}

// Sentence says in a language what an English sentence of the API says. One that nobody wrote down stays English: the detail of an expression's fault, or what a
// library says.
func (c *Catalogue) Sentence(lang, english string) string {
	if lang == English {
		return english
	}
	if key, ok := c.exact[english]; ok {
		return c.Text(lang, key, nil)
	}
	for _, s := range c.sentences {
		if args, ok := s.read(english); ok {
			return c.Text(lang, s.key, args)
		}
	}
	return english
}

// Package stagetest tests stages. A [Bench] holds one stage, opened from settings, before a visitor and the real database; [Common] is the suite of what every
// stage must keep to: being shown is no answer, nothing is written before the request is committed, nonsense harms nobody.
package stagetest

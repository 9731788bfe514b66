package mapping

import "github.com/weimen-id/weimen/internal/expr/vocabulary"

// Merge puts src into dst as authentik merges claims: objects are merged, lists are joined (also where an item repeats), anything else is replaced by the newer value.
func Merge(dst, src map[string]any) { vocabulary.Merge(dst, src) }

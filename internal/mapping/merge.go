package mapping

// Merge puts src into dst as authentik merges claims: objects are merged, lists are joined (also where an item repeats), anything else is replaced by the newer value.
func Merge(dst, src map[string]any) {
	for key, value := range src {
		dst[key] = merged(dst[key], value)
	}
}

func merged(old, value any) any {
	switch v := value.(type) {
	case map[string]any:
		object, ok := old.(map[string]any)
		if !ok {
			return v
		}
		Merge(object, v)
		return object
	case []any:
		if list, ok := old.([]any); ok {
			return append(list[:len(list):len(list)], v...)
		}
	}
	return value
}

package policy

// promptData is the entry of a plan's context that holds what prompts collected. Package stage, which owns it, stands above this one.
const promptData = "prompt_data"

// Field gives the text of what a prompt collected under a name, or else of the context's own entry of that name; "" for none.
func (r *Request) Field(name string) string {
	if s, ok := r.prompted()[name].(string); ok {
		return s
	}
	v, _ := r.Context.Lookup(name)
	s, _ := v.(string)
	return s
}

func (r *Request) prompted() map[string]any {
	v, _ := r.Context.Lookup(promptData)
	data, _ := v.(map[string]any)
	return data
}

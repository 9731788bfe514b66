package model

// Prompt is one field that a prompt stage may ask.
type Prompt struct {
	// The prompt's id. The server gives it.
	ID PromptID `json:"pk" rule:"readonly"`
	// A name for administrators.
	Name string `json:"name" required:"true"`
	// Where the answer is kept in prompt_data: "email", "attributes.department" ...
	FieldKey string `json:"field_key" required:"true"`
	// What people read beside the field.
	Label string `json:"label" required:"true" rule:"multiline"`
	// What is asked for.
	Type string `json:"type" required:"true" enum:"text text_area text_read_only text_area_read_only username email password number checkbox radio-button-group dropdown date date-time file separator hidden static ak-locale"`
	// Whether an answer must be given.
	Required bool `json:"required"`
	// An example in the empty field; for a choice, the choices. With placeholder_expression it is an expression.
	Placeholder string `json:"placeholder" rule:"multiline" form:",widget=expression:placeholder_expression"`
	// What stands in the field at first. With initial_value_expression it is an expression.
	InitialValue string `json:"initial_value" rule:"multiline" form:",widget=expression:initial_value_expression"`
	// Fields are asked in ascending order.
	Order int `json:"order"`
	// A short help text below the field.
	SubText string `json:"sub_text" rule:"multiline"`
	// The placeholder is an expression.
	PlaceholderExpression bool `json:"placeholder_expression" form:"advanced"`
	// The initial value is an expression.
	InitialValueExpression bool `json:"initial_value_expression" form:"advanced"`
}

// NewPrompt is a prompt with the defaults.
func NewPrompt() Prompt { return Prompt{Required: true} }

package store

// List asks for a page of a noun.
type List struct {
	// Search is looked for, without regard to case, in the noun's searchable columns.
	Search string
	// Where narrows the list; all conditions must hold.
	Where []Where
	// Order holds field names, "-" before one for descending. Unknown names are passed over.
	Order []string
	// Offset rows are skipped. Limit bounds the rows; 0 means 100.
	Offset, Limit int
}

// Op is how a field is compared.
type Op string

// The operators. OpIsNull takes "true" or "false", OpIn any number of values, the others one. OpPrefix and OpContains compare text, the second
// without regard to case.
const (
	OpEq       Op = "eq"
	OpIn       Op = "in"
	OpPrefix   Op = "prefix"
	OpIsNull   Op = "isnull"
	OpContains Op = "contains"
	OpGt       Op = "gt"
	OpLt       Op = "lt"
)

// Where is one condition. A field that the noun does not have is an error.
type Where struct {
	Field  string
	Op     Op
	Values []string
}

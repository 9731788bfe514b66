package expr

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// The reasons for which a run is stopped; a [RuntimeError] wraps them.
var (
	ErrTooManySteps = errors.New("the expression takes too many steps")
	ErrTooSlow      = errors.New("the expression takes too long")
	ErrTooLarge     = errors.New("the result of the expression is too large")
)

// SyntaxError says where a source text cannot be compiled. Line and Column count from 1; a column is a character, not a byte.
type SyntaxError struct {
	Line    int
	Column  int
	Message string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// RuntimeError says where a run failed. Line and Column are 0 when no place in the text is to blame. The message is for the
// administrator who wrote the text; values that were given as model.Secret are not in it.
type RuntimeError struct {
	Line    int
	Column  int
	Message string
	cause   error
}

func (e *RuntimeError) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Unwrap returns the limit that was passed or the error of the caller's context, otherwise nil.
func (e *RuntimeError) Unwrap() error { return e.cause }

// asSyntaxError turns the first error of the parser or the resolver into ours.
func asSyntaxError(err error) error {
	var parse syntax.Error
	if errors.As(err, &parse) {
		return syntaxErrorAt(parse.Pos, parse.Msg)
	}
	var names resolve.ErrorList
	if errors.As(err, &names) {
		return syntaxErrorAt(names[0].Pos, names[0].Msg)
	}
	return err
}

// explain adds to "undefined: name" why there is no such name.
func explain(err error, missing map[string]string) error {
	var fault *SyntaxError
	if !errors.As(err, &fault) {
		return err
	}
	rest, undefined := strings.CutPrefix(fault.Message, "undefined: ")
	name, _, _ := strings.Cut(rest, " ")
	if why, known := missing[name]; undefined && known {
		fault.Message = "undefined: " + name + " (" + why + ")"
	}
	return fault
}

func syntaxErrorAt(pos syntax.Position, message string) *SyntaxError {
	if word, ok := pythonOnly(message); ok {
		message += fmt.Sprintf(" (%q is Python but not part of this language)", word)
	}
	return &SyntaxError{Line: max(int(pos.Line), 1), Column: max(int(pos.Col), 1), Message: message}
}

// pythonOnly reports whether the parser stumbled over a word that Python has and Starlark has not.
func pythonOnly(message string) (string, bool) {
	rest, ok := strings.CutPrefix(message, "got ")
	if !ok {
		return "", false
	}
	word, _, _ := strings.Cut(rest, ",")
	switch word {
	case "as", "async", "await", "class", "del", "except", "finally", "from", "global", "import", "is", "nonlocal", "raise", "try", "with", "yield":
		return word, true
	}
	return "", false
}

// maxMessage is the length of an error message in bytes; a text can make one of any length with fail().
const maxMessage = 500

// asRuntimeError turns an error of the interpreter into ours. It blames the innermost place that lies in the source text.
func asRuntimeError(err error, cause error, secrets []string) *RuntimeError {
	failure := &RuntimeError{Message: err.Error(), cause: cause}
	if cause != nil {
		failure.Message = cause.Error()
	}
	failure.Message = shorten(mask(failure.Message, secrets))

	var eval *starlark.EvalError
	if !errors.As(err, &eval) {
		return failure
	}
	for i := range eval.CallStack {
		if pos := eval.CallStack.At(i).Pos; pos.Line > 0 {
			failure.Line, failure.Column = int(pos.Line), int(pos.Col)
			break
		}
	}
	return failure
}

func shorten(message string) string {
	if len(message) <= maxMessage {
		return message
	}
	cut := maxMessage
	for cut > 0 && !utf8.RuneStart(message[cut]) {
		cut--
	}
	return message[:cut] + "..."
}

// maskRun is the shortest part of a secret, in bytes, that is hidden. A shorter part gives nothing away, and hiding it would
// make messages unreadable.
const maskRun = 6

// mask hides every secret, and every longer part of one, in a message. The interpreter quotes values in its messages, so a
// secret is also looked for in its quoted form.
func mask(message string, secrets []string) string {
	hidden := make([]bool, len(message))
	for _, secret := range secrets {
		for _, form := range []string{secret, strings.Trim(strconv.Quote(secret), `"`)} {
			markRuns(message, form, hidden)
		}
	}
	var b strings.Builder
	for i := range len(message) {
		switch {
		case !hidden[i]:
			b.WriteByte(message[i])
		case i == 0 || !hidden[i-1]:
			b.WriteString("***")
		}
	}
	return b.String()
}

// markRuns marks every piece of the message that is also a piece of the secret.
func markRuns(message, secret string, hidden []bool) {
	run := min(maskRun, len(secret))
	if run == 0 {
		return
	}
	for i := 0; i+run <= len(message); i++ {
		if !strings.Contains(secret, message[i:i+run]) {
			continue
		}
		for j := i; j < i+run; j++ {
			hidden[j] = true
		}
	}
}

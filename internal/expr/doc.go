// Package expr is the expression language of property mappings and policies: Starlark, with the few idioms of Python that people
// bring along from authentik.
//
// A source text is the body of a function: statements, and a return. [Compile] checks it once, [Program.Run] evaluates it as often as
// wanted, from many goroutines at a time.
//
//	p, err := expr.Compile("profile", `return {"name": request.user.name}`, []string{"request"}, expr.Options{})
//	claims, err := p.Run(ctx, map[string]any{"request": request})
//
// Beside Starlark itself these work as in Python: "is None" and "is not None" (and the same with True and False), f-strings without
// format specifications, string literals side by side, the prefixes u, F and R, generators (they are lists), isinstance, and "from module import names" where all
// the names are there without it. Positions in errors are those of the text as it was written.
//
// What a text sees: the variables named at compile time, the builtins every text has (list_flatten, regex_match, regex_replace,
// char_len, char_slice, slugify), and those of [Options]. Values of Go are given as they are. An [Object] is asked for an attribute when
// the text reads it, a [Query] for its objects when the text walks over them, and a variable that the text never names is not
// converted at all. A [Func] is a function. What was written into a [Mutable] is found there after the run.
//
// Text is bytes: len("张三") is 6 and "张三"[:1] is half a character. char_len and char_slice count characters.
//
// Bounds: steps, time and the size of the result ([Limits]). Memory is not bounded: "[0] * n" allocates before the next check. So only
// people who may change configuration may write expressions.
//
// The package leaves to its callers which variables exist, what an [Object] shows, and who hears of an error.
package expr

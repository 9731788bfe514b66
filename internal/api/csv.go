package api

import (
	"bufio"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// sheet is a list as a table for spreadsheets (RFC 4180). It is sent while it is read, so that it may have any length.
type sheet struct {
	c       *call
	out     *bufio.Writer
	control *http.ResponseController
	columns []string
}

const (
	// sheetPatience is how long a client may take for one batch.
	sheetPatience = 60 * time.Second
	// byteOrderMark tells Excel that the text is UTF-8.
	byteOrderMark = "\uFEFF"
)

// wantsCSV reports whether a list is asked for as a table.
func (c *call) wantsCSV() bool { return c.r.URL.Query().Get("format") == "csv" }

// sheet begins a table with its header. From then on the answer can only be finished, or cut off.
func (c *call) sheet(columns []string) *sheet {
	h := c.w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	name := strings.ReplaceAll(strings.Trim(c.listPath(), "/"), "/", "-") + "-" + c.Now().UTC().Format("20060102") + ".csv"
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.w.WriteHeader(http.StatusOK)
	s := &sheet{c: c, out: bufio.NewWriterSize(c.w, 32<<10), control: http.NewResponseController(c.w), columns: columns}
	// The whole request has been read. Its deadline would otherwise end the context in the middle of a long answer.
	_ = s.control.SetReadDeadline(time.Time{})
	s.extend()
	_, _ = s.out.WriteString(byteOrderMark)
	cells := make([]string, len(columns))
	for i, name := range columns {
		cells[i] = quoted(name)
	}
	s.line(cells)
	return s
}

// extend gives the client time for what comes next. A writer without deadlines, as tests have, needs none.
func (s *sheet) extend() { _ = s.control.SetWriteDeadline(time.Now().Add(sheetPatience)) }

func (s *sheet) line(cells []string) {
	_, _ = s.out.WriteString(strings.Join(cells, ",")) // the first error of a bufio.Writer stays, and Flush gives it
	_, _ = s.out.WriteString("\r\n")
}

// row writes an object.
func (s *sheet) row(object any) error {
	r, err := rowOf(object)
	if err != nil {
		return err
	}
	cells := make([]string, len(s.columns))
	for i, path := range s.columns {
		if cells[i], err = cell(r, path); err != nil {
			return err
		}
	}
	s.line(cells)
	return nil
}

// flush sends what was written so far. An error says that nobody is there any more to read it.
func (s *sheet) flush() error {
	if err := s.out.Flush(); err != nil {
		return err
	}
	_ = s.control.Flush() // what cannot be flushed is sent later
	s.extend()
	return s.c.ctx().Err()
}

// rowOf gives an object's keys.
func rowOf(object any) (row, error) {
	if r, ok := object.(row); ok {
		return r, nil
	}
	raw, err := json.Marshal(object)
	if err != nil {
		return nil, fmt.Errorf("write row: %w", err)
	}
	var r row
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, fmt.Errorf("read row: %w", err)
	}
	return r, nil
}

// cell gives what lies at a path, "attributes.city", as a table holds it. What is not there is an empty cell.
func cell(object any, path string) (string, error) {
	name, below, deeper := strings.Cut(path, ".")
	v := reflect.ValueOf(object)
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		return "", nil
	}
	r, ok := v.Interface().(map[string]any)
	if !ok {
		if v.Kind() != reflect.Struct {
			return "", nil
		}
		var err error
		if r, err = rowOf(v.Interface()); err != nil {
			return "", err
		}
	}
	if deeper {
		return cell(r[name], below)
	}
	return cellOf(r[name])
}

// cellOf gives one value. Lists of plain values are joined; other lists, and objects, stand in JSON.
func cellOf(value any) (string, error) {
	switch x := value.(type) {
	case nil:
		return "", nil
	case string:
		return quoted(x), nil
	case json.Number:
		return string(x), nil
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano), nil
	case fmt.Stringer, json.Marshaler:
		return written(value)
	}
	v := reflect.ValueOf(value)
	switch v.Kind() { //nolint:exhaustive // the others stand in JSON
	case reflect.Pointer:
		if v.IsNil() {
			return "", nil
		}
		return cellOf(v.Elem().Interface())
	case reflect.String:
		return quoted(v.String()), nil
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	case reflect.Slice:
		var parts []string
		for i := range v.Len() {
			item := reflect.Indirect(reflect.ValueOf(v.Index(i).Interface()))
			if k := item.Kind(); k != reflect.String && !item.CanInt() && !item.CanFloat() {
				return written(value)
			}
			parts = append(parts, fmt.Sprint(item.Interface()))
		}
		return quoted(strings.Join(parts, "; ")), nil
	}
	return written(value)
}

// written gives a value as JSON answers have it; a text without its quotes.
func written(value any) (string, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("write cell: %w", err)
	}
	switch {
	case string(raw) == "null":
		return "", nil
	case raw[0] == '"':
		var text string
		err := json.Unmarshal(raw, &text)
		return quoted(text), err
	case raw[0] == '{' || raw[0] == '[':
		return quoted(string(raw)), nil
	}
	return string(raw), nil
}

// quoted makes a cell of a text that strangers may have written. Spreadsheets take what begins like a formula for one, and run it: an apostrophe before it makes it text again
// (OWASP, CSV Injection). All texts are in quotes, because some spreadsheets part cells at other marks than commas.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	if first, _ := utf8.DecodeRuneInString(text); strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		text = "'" + text
	}
	return `"` + strings.ReplaceAll(strings.ReplaceAll(text, "\x00", ""), `"`, `""`) + `"`
}

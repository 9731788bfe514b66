package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// common translates what both drivers and the standard library say.
func common(err error) error {
	var known *model.Error
	var network net.Error
	switch {
	case err == nil, errors.As(err, &known), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.As(err, &network):
		return model.ErrUnavailable.Because(err)
	}
	return err
}

// nouns name the tables in messages.
func nounOf(table string) string {
	switch table {
	case "policies":
		return "Policy"
	case "identities":
		return "Identity"
	}
	word := strings.ReplaceAll(strings.TrimSuffix(table, "s"), "_", " ")
	return strings.ToUpper(word[:1]) + word[1:]
}

// taken is the conflict on unique columns of a table, named as the API names them.
func taken(table string, columns ...string) *model.Error {
	for i, c := range columns {
		columns[i] = strings.TrimSuffix(c, "_id")
	}
	e := *model.ErrConflict
	switch {
	case len(columns) == 1:
		e.Fields = map[string][]string{columns[0]: {nounOf(table) + " with this " + columns[0] + " already exists."}}
	default:
		e.Fields = map[string][]string{"non_field_errors": {"The fields " + strings.Join(columns, ", ") + " must make a unique set."}}
	}
	return &e
}

// dangling is the error about a reference to something that does not exist, perhaps because it was deleted a moment ago.
func dangling() *model.Error {
	return model.Invalid("non_field_errors", "This refers to something that does not exist.")
}

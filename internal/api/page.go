package api

import (
	"net/http"
	"strconv"

	"github.com/weimen-id/weimen/internal/store"
)

// page is the part of a list that is asked for.
type page struct{ number, size int }

// errPage answers a page that does not exist.
var errPage = &statusError{http.StatusNotFound, "Invalid page."}

// page reads which part of a list the query asks for. The settings say how long a page is where it does not, and at most.
func (c *call) page() (page, error) {
	q, s := c.r.URL.Query(), c.s.Settings
	p := page{1, min(s.PaginationDefaultPageSize, s.PaginationMaxPageSize)}
	if text := q.Get("page"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1<<30 {
			return p, errPage
		}
		p.number = n
	}
	if n, err := strconv.Atoi(q.Get("page_size")); err == nil && n > 0 {
		p.size = min(n, s.PaginationMaxPageSize)
	}
	return p, nil
}

func (p page) offset() int { return (p.number - 1) * p.size }

// narrow sets the page of a list from the database.
func (p page) narrow(l *store.List) { l.Offset, l.Limit = p.offset(), p.size }

// envelope wraps the objects of a page, of count in all. All seven numbers are required; next and previous are 0 where there is none.
func (p page) envelope(count int, results []any) (map[string]any, error) {
	total := max(1, (count+p.size-1)/p.size)
	if p.number > total {
		return nil, errPage
	}
	if results == nil {
		results = []any{}
	}
	numbers := map[string]int{
		"next": 0, "previous": p.number - 1, "count": count, "current": p.number, "total_pages": total,
		"start_index": 0, "end_index": min(p.offset()+p.size, count),
	}
	if count > 0 {
		numbers["start_index"] = p.offset() + 1
	}
	if p.number < total {
		numbers["next"] = p.number + 1
	}
	return map[string]any{"pagination": numbers, "autocomplete": map[string]any{}, "results": results}, nil
}

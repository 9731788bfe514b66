package geoip

import (
	"fmt"
	"net/netip"
	"os"
	"sync/atomic"
	"time"

	"github.com/oschwald/maxminddb-golang/v2"
)

// lookAgain is how often a file is looked at for a newer one in its place.
const lookAgain = time.Minute

// file is one database file, opened anew when it is replaced. The reader that was in use before is unmapped once nobody holds it any more.
type file struct {
	path   string
	reader atomic.Pointer[version]
	looked atomic.Int64 // Unix nanoseconds
}

// version is a file as it was when it was opened.
type version struct {
	*maxminddb.Reader
	modified time.Time
	size     int64
}

func open(path string) (*file, error) {
	f := &file{path: path}
	v, err := f.load()
	if err != nil {
		return nil, err
	}
	f.reader.Store(v)
	f.looked.Store(time.Now().UnixNano())
	return f, nil
}

func (f *file) load() (*version, error) {
	info, err := os.Stat(f.path)
	if err != nil {
		return nil, err
	}
	r, err := maxminddb.Open(f.path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.path, err)
	}
	return &version{r, info.ModTime(), info.Size()}, nil
}

// current gives the reader, after a look at the file if the last one was a while ago. One goroutine looks; the others go on with what there is.
func (f *file) current() *version {
	v := f.reader.Load()
	last, now := f.looked.Load(), time.Now().UnixNano()
	if now-last < int64(lookAgain) || !f.looked.CompareAndSwap(last, now) {
		return v
	}
	info, err := os.Stat(f.path)
	if err != nil || info.ModTime().Equal(v.modified) && info.Size() == v.size {
		return v
	}
	if fresh, err := f.load(); err == nil {
		f.reader.Store(fresh)
		return fresh
	}
	return v
}

// find decodes what the file says of an address.
func (f *file) find(ip netip.Addr, into any) (bool, error) {
	if !ip.IsValid() {
		return false, nil
	}
	r := f.current().Lookup(ip.Unmap().WithZone(""))
	if err := r.Err(); err != nil {
		return false, fmt.Errorf("look up in GeoIP database: %w", err)
	}
	if !r.Found() {
		return false, nil
	}
	if err := r.Decode(into); err != nil {
		return false, fmt.Errorf("read GeoIP database: %w", err)
	}
	return true, nil
}

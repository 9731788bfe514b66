package portal

import (
	"bytes"
	"compress/gzip"
	"testing"
	"testing/fstest"
)

// TestAConsoleFileIsSentAsItsReaderCanReadIt is RFC 9110, section 12.5.3.
func TestAConsoleFileIsSentAsItsReaderCanReadIt(t *testing.T) {
	tests := []struct {
		name, want string
		accepted   []string
	}{
		{"nothing is said", "", nil},
		{"a browser takes all", "br", []string{"gzip, deflate, br, zstd"}},
		{"several headers are one", "br", []string{"gzip", "br"}},
		{"one that is refused is not sent", "", []string{"br;q=0, identity"}},
		{"refused with decimals", "gzip", []string{"br; q=0.000, gzip; q=0.2"}},
		{"what is wanted more goes first", "gzip", []string{"br;q=0.5, gzip;q=0.9"}},
		{"plain is wanted more", "", []string{"br;q=0.5, identity"}},
		{"plain is wanted as much", "gzip", []string{"identity, gzip"}},
		{"plain is refused", "gzip", []string{"gzip;q=0.1, identity;q=0"}},
		{"anything", "br", []string{"*"}},
		{"anything but one", "gzip", []string{"*, br;q=0"}},
		{"nothing else", "gzip", []string{"gzip, *;q=0"}},
		{"a name that only contains another", "", []string{"brotli, x-gzipped"}},
		{"capitals", "br", []string{"BR;Q=1"}},
		{"a weight that is none", "", []string{"br;q=much"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := encodingFor(tt.accepted); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestAConsoleFileIsReadPlainByWhoTakesNoCompression(t *testing.T) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write([]byte("body"))
	_ = w.Close()
	files := fstest.MapFS{"assets/a.js.gz": {Data: zipped.Bytes()}, "assets/a.js.br": {Data: []byte("brotli")}}
	for encoding, want := range map[string]string{"": "body", "br": "brotli", "gzip": zipped.String()} {
		if got, err := consoleBody(files, "assets/a.js", encoding); err != nil || string(got) != want {
			t.Errorf("%q: %q, %v", encoding, got, err)
		}
	}
	if _, err := consoleBody(files, "assets/b.js", "br"); err == nil {
		t.Error("a file that is not there was read")
	}
}

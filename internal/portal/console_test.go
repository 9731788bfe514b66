package portal

import (
	"bytes"
	"compress/gzip"
	"testing"
	"testing/fstest"
)

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

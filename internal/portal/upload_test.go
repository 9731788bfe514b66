package portal

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestFilesOfAFormComeAsDataURIs(t *testing.T) {
	t.Parallel()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, add := range []func() error{
		func() error { return w.WriteField("name", "Ann") },
		func() error {
			f, err := w.CreateFormFile("photo", "a.png")
			if err == nil {
				_, err = f.Write([]byte{1, 2, 3})
			}
			return err
		},
		func() error { return w.WriteField("empty", "") },
		w.Close,
	} {
		if err := add(); err != nil {
			t.Fatal(err)
		}
	}
	post := func(body []byte) (*http.Request, *httptest.ResponseRecorder) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/if/flow/f/", bytes.NewReader(body))
		r.Header.Set("Content-Type", w.FormDataContentType())
		return r, httptest.NewRecorder()
	}
	r, _ := post(body.Bytes())
	form, err := readForm(r)
	if err != nil || form.Get("name") != "Ann" || form.Get("photo") != "data:application/octet-stream;base64,AQID" || !form.Has("empty") {
		t.Errorf("%v, %v", form, err)
	}
	t.Run("and one that is too large is refused", func(t *testing.T) {
		r, answer := post(body.Bytes())
		r.Body = http.MaxBytesReader(answer, r.Body, 10)
		if _, err := readForm(r); err == nil {
			t.Error("more than the limit is taken")
		}
	})
}

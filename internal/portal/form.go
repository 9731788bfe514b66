package portal

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// readForm reads the form of a stage's page. Files come as data URIs (RFC 2397), as programs send them. The router bounds the body, so nothing goes to the disk.
func readForm(r *http.Request) (url.Values, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		if err := r.ParseForm(); err != nil {
			return nil, unreadable(err)
		}
		return r.PostForm, nil
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, unreadable(err)
	}
	form := url.Values{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return form, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}
		raw, err := io.ReadAll(part)
		if err != nil {
			return nil, unreadable(err)
		}
		form.Add(part.FormName(), partText(part, raw))
	}
}

// partText is a part of a form as text: a field as it is, a file as a data URI, and a file that was not chosen as nothing.
func partText(part *multipart.Part, raw []byte) string {
	if part.FileName() == "" {
		return string(raw)
	}
	media, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
	if err != nil {
		media = "application/octet-stream"
	}
	return "data:" + media + ";base64," + base64.StdEncoding.EncodeToString(raw)
}

func unreadable(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return model.Refuse(model.CodeInvalid, "too_large", "The form is too large.")
	}
	return model.Refuse(model.CodeInvalid, "flow.invalid", "The form cannot be read.")
}

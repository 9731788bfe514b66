package authenticatorsms

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/web"
)

// twilioAPI is where Twilio takes messages (Twilio, "Messages resource").
const twilioAPI = "https://api.twilio.com/2010-04-01/Accounts/"

// maxAnswer bounds what is read of the service's answer.
const maxAnswer = 64 << 10

var _ stage.CodeSender = (*driver)(nil)

// SendsTo is the class of device that this stage's codes go to.
func (d *driver) SendsTo() model.DeviceClass { return model.DeviceSMS }

// SendCode sends a code to a telephone number.
func (d *driver) SendCode(ctx context.Context, v *stage.Visit, number, code string) error {
	brand := cmp.Or(v.Snapshot.Brand(v.Host).BrandingTitle, "Weimen")
	message := d.text(v.Locale, "stage.sms.message", map[string]string{"code": code, "brand": brand})
	request, err := d.request(ctx, number, code, message)
	if err != nil {
		return fmt.Errorf("send text message: %w", web.Scrub(err))
	}
	response, err := d.client.Do(request)
	if err != nil {
		return fmt.Errorf("send text message: %w", web.Scrub(err))
	}
	defer func() { _ = response.Body.Close() }()
	if _, err := web.ReadBody(response.Body, maxAnswer); err != nil {
		return fmt.Errorf("send text message: %w", err)
	}
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("send text message: the service answered %d", response.StatusCode)
	}
	return nil
}

// request makes the request: the message for Twilio, which sends what it is given. Other services get the code apart from it, as from authentik, because many put it into a template
// that they have approved.
func (d *driver) request(ctx context.Context, number, code, message string) (*http.Request, error) {
	if d.Provider == twilio {
		form := url.Values{"From": {d.FromNumber}, "To": {number}, "Body": {message}}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, twilioAPI+url.PathEscape(d.AccountSID)+"/Messages.json", strings.NewReader(form.Encode()))
		if err != nil {
			return nil, err
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(d.AccountSID, d.Auth.Reveal())
		return r, nil
	}
	raw, err := json.Marshal(map[string]string{"From": d.FromNumber, "To": number, "Body": code, "Message": message})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.AccountSID, bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	if d.AuthType == bearer {
		r.Header.Set("Authorization", "Bearer "+d.Auth.Reveal())
	} else {
		r.SetBasicAuth(d.Auth.Reveal(), d.AuthPassword.Reveal())
	}
	return r, nil
}

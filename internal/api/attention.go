package api

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/store"
)

const (
	// expiresSoon is how long before its end a certificate is named.
	expiresSoon = 30 * 24 * time.Hour
	// failing is how often a source must have turned people away within a day to be named, if nobody came in by it.
	failing = 3
)

// concern is something that needs the administrator.
type concern struct {
	code  string
	level source.Level
	// texts is the entry of the catalogue, where it is not that of the code.
	texts string
	args  map[string]string
	// ref and key name the object that it is about, as addresses of the API do: "source", "wechat". Empty for none.
	ref, key, name string
}

// attention tells what needs the administrator, the gravest first; nothing where all is well.
func (c *call) attention() error {
	public, err := url.Parse(c.Origin)
	if err != nil {
		return err
	}
	all := c.addressConcerns(public)
	all = append(all, c.sourceConcerns(public)...)
	people, err := c.administratorConcerns()
	if err != nil {
		return err
	}
	failures, err := c.failureConcerns()
	if err != nil {
		return err
	}
	all = append(all, people...)
	all = append(all, failures...)
	all = append(all, c.mailConcerns()...)
	all = append(all, c.certificateConcerns()...)
	if len(c.s.Applications) == 0 {
		all = append(all, concern{code: "no_application", ref: "application", level: source.LevelInfo})
	}
	slices.SortStableFunc(all, func(a, b concern) int { return cmp.Compare(gravity(a.level), gravity(b.level)) })
	out := []any{}
	for _, x := range all {
		out = append(out, c.concernRow(x))
	}
	return c.ok(out)
}

func gravity(l source.Level) int {
	return slices.Index([]source.Level{source.LevelError, source.LevelWarning, source.LevelInfo}, l)
}

func (c *call) concernRow(x concern) row {
	entry := cmp.Or(x.texts, "attention."+x.code)
	return row{
		"code": x.code, "level": string(x.level), "title": c.text(entry+".title", x.args), "text": c.text(entry+".text", x.args),
		"ref": x.ref, "key": x.key, "name": x.name,
	}
}

// addressConcerns are about the public address: what the sources of this installation say of it comes from them.
func (c *call) addressConcerns(public *url.URL) []concern {
	var out []concern
	host := public.Hostname()
	if public.Scheme != "https" && host != "localhost" && !strings.HasPrefix(host, "127.") && host != "::1" {
		out = append(out, concern{code: "not_https", level: source.LevelWarning, args: map[string]string{"address": c.Origin}})
	}
	// Only a browser comes by an address that a person has chosen.
	if came := c.visitor.Host; came != "" && c.visitor.Session != nil && !strings.EqualFold(came, public.Host) {
		out = append(out, concern{code: "other_host", level: source.LevelWarning, args: map[string]string{"address": c.Origin, "host": came}})
	}
	return out
}

// sourceConcerns are about sources that people are meant to sign in with.
func (c *call) sourceConcerns(public *url.URL) []concern {
	var out []concern
	offered := c.Resources.LoginWays(c.s).Sources
	for _, src := range c.sourcesByName() {
		if !src.Enabled {
			continue
		}
		about := concern{ref: "source", key: src.Slug, name: src.Name, args: map[string]string{"source": src.Name}}
		if c.Sources != nil {
			for _, f := range c.Sources.Examine(c.s, src, public) {
				if gravity(f.Level) < 0 || f.Level == source.LevelInfo {
					continue
				}
				x := about
				x.code, x.level, x.texts, x.args = f.Code, f.Level, "check."+f.Code, f.Args
				out = append(out, x)
			}
		}
		if c.Resources.Ways != nil && !slices.Contains(offered, src.ID) {
			about.code, about.level = "source_not_offered", source.LevelWarning
			out = append(out, about)
		}
	}
	return out
}

func (c *call) sourcesByName() []*model.Source {
	all := make([]*model.Source, 0, len(c.s.Sources))
	for _, src := range c.s.Sources {
		all = append(all, src)
	}
	slices.SortFunc(all, func(a, b *model.Source) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Slug, b.Slug)) })
	return all
}

// administratorConcerns are about whoever would have to mend things: they should have a second way in before the first one fails.
func (c *call) administratorConcerns() ([]concern, error) {
	if c.Resources.Ways == nil {
		return nil, nil
	}
	ways, err := c.Resources.AdministratorWays(c.ctx(), c.s)
	if err != nil {
		return nil, err
	}
	all, most := 0, 0
	for _, n := range ways {
		all, most = all+n, max(most, n)
	}
	switch {
	case all == 0:
		return []concern{{code: "administrators_locked_out", ref: "user", level: source.LevelError}}, nil
	case all == 1:
		return []concern{{code: "administrators_one_way", ref: "user", level: source.LevelWarning}}, nil
	case most == 1:
		return []concern{{code: "administrators_one_way_each", ref: "user", level: source.LevelInfo}}, nil
	}
	return nil, nil
}

// failureConcerns are about sources that turned everybody away within a day: one whose settings no longer hold does.
func (c *call) failureConcerns() ([]concern, error) {
	now := c.Now().UTC()
	day := store.Period{From: now.AddDate(0, 0, -1), Until: now.Add(time.Second)}
	failures, err := c.Store.Failures(c.ctx(), "", day)
	if err != nil {
		return nil, err
	}
	came, err := c.Store.CountTally(c.ctx(), model.TallySignIn, []store.Period{day})
	if err != nil {
		return nil, err
	}
	counts, first := map[string]int{}, map[string]string{}
	for _, f := range failures {
		counts[f.Source] += f.Count
		if first[f.Source] == "" {
			first[f.Source] = f.Reason // they come with the most frequent first
		}
	}
	var out []concern
	for _, src := range c.sourcesByName() {
		n := counts[src.Slug]
		if !src.Enabled || n < failing || slices.ContainsFunc(came, func(x store.Count) bool { return x.Key == src.Slug }) {
			continue
		}
		out = append(out, concern{
			code: "source_failing", level: source.LevelError, ref: "source", key: src.Slug, name: src.Name,
			args: map[string]string{"source": src.Name, "count": strconv.Itoa(n), "title": c.refusalTexts(first[src.Slug], src.Slug)["title"]},
		})
	}
	return out, nil
}

// mailConcerns are about stages that would send letters by settings that are not there. One that stands in no flow sends none.
func (c *call) mailConcerns() []concern {
	if c.Process.Mail || c.NeedsMail == nil {
		return nil
	}
	var out []concern
	named := map[model.StageID]bool{}
	for _, b := range c.s.Bindings {
		st := c.s.Stages[b.Stage]
		if st == nil || named[st.ID] || !c.NeedsMail(c.s, st) {
			continue
		}
		named[st.ID] = true
		out = append(out, concern{code: "no_mail", level: source.LevelWarning, ref: "stage", key: string(st.ID), name: st.Name, args: map[string]string{"stage": st.Name}})
	}
	slices.SortFunc(out, func(a, b concern) int { return cmp.Compare(a.name, b.name) })
	return out
}

// certificateConcerns are about certificates that end.
func (c *call) certificateConcerns() []concern {
	var out []concern
	for _, k := range c.s.KeyPairs {
		pair, err := keypair.Parse(k.Certificate, "")
		if err != nil {
			continue // it was checked when it was saved
		}
		ends := pair.Expires().UTC()
		x := concern{
			code: "certificate_expires", level: source.LevelWarning, ref: "certificatekeypair", key: string(k.ID), name: k.Name,
			args: map[string]string{"certificate": k.Name, "date": ends.Format(time.DateOnly)},
		}
		switch left := ends.Sub(c.Now()); {
		case left > expiresSoon:
			continue
		case left <= 0:
			x.code, x.level = "certificate_expired", source.LevelError
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b concern) int { return cmp.Compare(a.name, b.name) })
	return out
}

package api

import (
	"maps"
	"net/http"
	"slices"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
)

// collection is the address of a noun of configuration.
type collection struct {
	noun *resource.Noun
	path string
	// order holds the keys that a list is sorted by where nothing else is asked for.
	order []string
	// keep narrows a list further; it may be nil.
	keep func(c *call, o *resource.Object) (bool, error)
}

// mount serves a collection: list, create, read, replace, change, delete, and what uses an object.
func (a *API) mount(col collection) {
	a.mounted = append(a.mounted, col)
	list, item := "/"+col.path+"/", "/"+col.path+"/{key}/"
	n := col.noun
	a.handle(http.MethodGet, list, col.list)
	a.handle(http.MethodGet, item, func(c *call) error {
		o, err := c.object(n, access.View)
		if err != nil {
			return err
		}
		return c.show(http.StatusOK, n, o)
	})
	a.handle(http.MethodDelete, item, func(c *call) error {
		if err := c.Resources.Delete(c.ctx(), c.by, n, c.param("key")); err != nil {
			return err
		}
		return c.done()
	})
	a.handle(http.MethodGet, item+"used_by/", func(c *call) error { return c.usedBy(n) })
	if n.Umbrella() {
		return
	}
	a.handle(http.MethodPost, list, func(c *call) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		o, err := c.Resources.Create(c.ctx(), c.by, n, body)
		if err != nil {
			return err
		}
		return c.show(http.StatusCreated, n, o)
	})
	change := func(c *call) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		o, err := c.Resources.Change(c.ctx(), c.by, n, c.param("key"), body, c.mode())
		if err != nil {
			return err
		}
		return c.show(http.StatusOK, n, o)
	}
	a.handle(http.MethodPut, item, change)
	a.handle(http.MethodPatch, item, change)
}

// object finds the object that the path names, for who may act on it.
func (c *call) object(n *resource.Noun, a access.Action) (*resource.Object, error) {
	if err := c.need(a, n.Model); err != nil {
		return nil, err
	}
	return c.Resources.Get(c.s, n, c.param("key"))
}

// show answers an object as it is now.
func (c *call) show(status int, n *resource.Noun, o *resource.Object) error {
	c.s = c.Store.Snapshot()
	out, err := c.encode(n, o)
	if err != nil {
		return err
	}
	c.tag(o.Version())
	return c.send(status, out)
}

func (col collection) list(c *call) error {
	if err := c.need(access.View, col.noun.Model); err != nil {
		return err
	}
	return col.answer(c)
}

// answer lists the objects that a query asks for.
func (col collection) answer(c *call) error {
	objects, err := c.Resources.List(c.s, col.noun)
	if err != nil {
		return err
	}
	rows := make([]row, 0, len(objects))
	for _, o := range objects {
		if col.keep != nil {
			kept, err := col.keep(c, o)
			if err != nil {
				return err
			}
			if !kept {
				continue
			}
		}
		out, err := c.encode(col.noun, o)
		if err != nil {
			return err
		}
		rows = append(rows, out)
	}
	return c.listRows(rows, col.order...)
}

// listRows answers those rows that the query asks for, a page of them. They are sorted by the keys that are given where the query does not say.
func (c *call) listRows(rows []row, by ...string) error {
	q := c.r.URL.Query()
	if c.wantsCSV() {
		q.Del("fields") // they are the table's columns
	}
	p, err := c.page()
	if err != nil {
		return err
	}
	if err := short("search", q.Get("search")); err != nil {
		return err
	}
	if err := answerable(rows, q); err != nil {
		return err
	}
	kept := slices.DeleteFunc(rows, func(out row) bool {
		return !matches(out, q) || (q.Get("search") != "" && !found(out, q.Get("search")))
	})
	order(kept, q.Get("ordering"), by...)
	results := make([]any, 0, len(kept))
	for _, r := range kept {
		results = append(results, r)
	}
	return c.answerAll(p, results)
}

// answerAll answers a page of a list that is in memory, or all of it as a table.
func (c *call) answerAll(p page, all []any) error {
	if c.wantsCSV() {
		return c.exportRows(all)
	}
	return c.answerPage(p, len(all), all[min(p.offset(), len(all)):min(p.offset()+p.size, len(all))])
}

// encode gives an object as it is answered in the collection of a noun. In that of an umbrella the settings of its kind are left out.
func (c *call) encode(n *resource.Noun, o *resource.Object) (row, error) {
	out := kind.Encode(o.Value)
	if o.Config != nil && !n.Umbrella() {
		maps.Copy(out, kind.Encode(o.Config))
		if set := kind.SecretsSet(o.Config); set != nil {
			out["secrets_set"] = set
		}
	}
	if o.Noun.Kind != nil || o.Noun.Umbrella() {
		out["component"], out["verbose_name"], out["verbose_name_plural"] = o.Noun.Component, o.Noun.VerboseName, o.Noun.VerbosePlural
		out["meta_model_name"] = o.Noun.Model
	}
	return out, c.decorate(o, out)
}

// decorate adds what is only read: what a noun is beside its own fields.
func (c *call) decorate(o *resource.Object, out row) error {
	switch v := o.Value.(type) {
	case *model.Flow:
		c.decorateFlow(v, out)
	case *model.FlowStageBinding:
		return c.decorateFlowStageBinding(v, out)
	case *model.Stage:
		c.decorateStage(v, out)
	case *model.Policy:
		c.decoratePolicy(v, out)
	case *model.PolicyBinding:
		return c.decoratePolicyBinding(v, out)
	case *model.Source:
		c.decorateSource(v, out)
	case *model.Provider:
		c.decorateProvider(v, out)
	case *model.Application:
		return c.decorateApplication(v, out)
	case *model.KeyPair:
		return c.decorateKeyPair(v, out)
	case *model.Prompt:
		return c.decoratePrompt(v, out)
	case *model.Brand:
		c.decorateBrand(v, out)
	}
	return nil
}

// related gives the object that a reference leads to, as it is answered among all kinds; nil where it is gone.
func (c *call) related(ref, id string) (any, error) {
	o, err := c.Resources.ByID(c.s, ref, id)
	if err != nil {
		return nil, ignoreAbsence(err)
	}
	n := o.Noun
	if u := c.Resources.Registry.Umbrella(ref); u != nil {
		n = u
	}
	return c.encode(n, o)
}

func ignoreAbsence(err error) error {
	if model.CodeOf(err) == model.CodeNotFound {
		return nil
	}
	return err
}

func (c *call) usedBy(n *resource.Noun) error {
	o, err := c.object(n, access.View)
	if err != nil {
		return err
	}
	uses, err := c.Resources.UsedBy(c.s, o)
	if err != nil {
		return err
	}
	out := []any{}
	for _, u := range uses {
		out = append(out, row{
			"app": u.Object.Noun.App(), "model_name": u.Object.Noun.Name(), "pk": u.Object.ID(), "name": c.Resources.NameOf(c.ctx(), c.s, u.Object),
			"action": u.Action,
		})
	}
	return c.ok(out)
}

// types lists the kinds of a sort, for whoever chooses one.
func (a *API) types(path, ref string) {
	a.handle(http.MethodGet, "/"+path+"/types/", func(c *call) error {
		out := []any{}
		for _, n := range c.Resources.Registry.Of(ref) {
			out = append(out, row{
				"name": n.VerboseName, "description": n.Description, "component": n.Component, "model_name": n.Name(), "icon_url": "",
				"requires_enterprise": false, "deprecated": false,
			})
		}
		return c.ok(out)
	})
}

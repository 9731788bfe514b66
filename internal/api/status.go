package api

import (
	"net/url"
	"runtime"
	"runtime/metrics"
	"time"
)

// Process is what the API tells of the program that it is part of.
type Process struct {
	Started time.Time
	// Console says that the binary holds the administrator's console.
	Console bool
	// Mail says that letters can be sent by the settings of the installation; MailFrom is their sender.
	Mail     bool
	MailFrom string
	// Places and Networks say that there are databases of where addresses are, and of who announces them.
	Places, Networks bool
}

// status tells how the server is.
func (c *call) status() error {
	st, err := c.Store.Status(c.ctx())
	if err != nil {
		return err
	}
	public, err := url.Parse(c.Origin)
	if err != nil {
		return err
	}
	p := c.Process
	return c.ok(row{
		"version": c.Version, "started": p.Started.UTC(), "uptime_seconds": int(c.Now().Sub(p.Started).Seconds()), "runtime": runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH,
		"memory_bytes": memory(), "database": row{"dialect": st.Dialect, "version": st.Version, "size_bytes": st.Size},
		"snapshot": row{"version": c.s.Version, "objects": c.s.Objects()}, "url": c.Origin, "https": public.Scheme == "https", "console": p.Console,
		"mail": row{"configured": p.Mail, "from": p.MailFrom}, "geoip": row{"city": p.Places, "asn": p.Networks},
		"counts": row{
			"users": st.Users, "groups": st.Groups, "sessions": st.Sessions, "connections": st.Connections, "tokens": st.Tokens, "events": st.Events,
		},
	})
}

// memory is how many bytes the program has from the operating system. Unlike runtime.ReadMemStats, asking stops nobody.
func memory() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64() - sample[1].Value.Uint64()
}

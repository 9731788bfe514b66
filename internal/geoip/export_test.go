package geoip

// LookAgain makes the next look-up look at the files first.
func LookAgain(d *Database) {
	for _, f := range []*file{d.places, d.networks} {
		if f != nil {
			f.looked.Store(0)
		}
	}
}

package console

import (
	"embed"
	"errors"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// ErrNotBuilt says that this binary was made without the console.
var ErrNotBuilt = errors.New("this binary holds no console: it was built without Node; see CONTRIBUTING.md")

// Build gives the files of the console: index.html as it is, and the others compressed twice, as name.br and name.gz.
func Build() (fs.FS, error) {
	files, err := fs.Sub(dist, "dist/build")
	if err != nil {
		return nil, ErrNotBuilt
	}
	if _, err := fs.Stat(files, "index.html"); err != nil {
		return nil, ErrNotBuilt
	}
	return files, nil
}

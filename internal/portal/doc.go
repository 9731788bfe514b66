// Package portal is what a person's browser meets: the pages of flows, of sources and of "my account", drawn by the server.
//
// Drawing is the work of [Renderer]. It is made once, of the message catalogue and the screens that stages bring along; every page is parsed then, for each
// language, and no request parses anything. A page is one HTML document: the style sheet and the drawings lie inside it, so that it arrives in one round trip and
// needs no script. [Renderer.ContentSecurityPolicy] allows just that.
//
// What is in where:
//
//   - templates/layout.html: the frame and the parts that pages share (a field, a face, errors)
//   - templates/stage.html: the frame of a stage; what a stage shows is its own screen, or form.html where it only asks for fields
//   - the other templates: one page each
//   - assets: the style sheet, icons, and a drawing for each type of source, found by the type's name
//
// A stage's screen (see stage.Screen, whose Name is the component that it draws) defines "stage" and may define "heading". It may use the parts of layout.html and
// the functions of funcs.go.
//
// Names of people, sources and applications are written by strangers. They are drawn by the functions that take away what would disturb the text around them; see
// [plain].
package portal

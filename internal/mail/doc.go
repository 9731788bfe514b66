// Package mail writes letters to people and sends them over SMTP.
//
// A [Letter] names a template, a language and what to fill in; [Post] makes a message of it (text and HTML, in the reader's language) and hands it to the server:
// the installation's own (the settings WEIMEN_EMAIL_...), or one that the letter brings along. [Post.Send] does so at once; [Post.Queue] does it in the background,
// tries again after passing failures, and reports what became of it. The queue is bounded and lives in memory: what is still waiting when the process is killed is
// lost, and people ask for another letter.
//
// A [Transport] may stand in for the installation's server: [Mailbox] keeps letters for the demo and for tests.
//
// Nothing that comes from outside can add a header: an address or a subject with a control character is refused. A password goes to a server over TLS, or on
// loopback, and never otherwise. What a server says about a failure is told without the letter's link and code and without the password.
//
// Whom to write to, how often, and what a link does is for others to say.
package mail

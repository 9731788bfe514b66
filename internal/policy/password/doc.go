// Package password is the policy that judges a new password: by fixed rules, by the lists of leaked passwords of Have I Been Pwned, and by how hard it is to guess
// (zxcvbn). Each of the three is switched on by itself; whichever is on must agree.
//
// The password is what a prompt collected under the name that the settings say. Its length is counted in characters (Unicode code points), letters and digits are those of
// all scripts, and symbols are the ones that are listed.
//
// Have I Been Pwned is another server, and is asked only where an administrator has switched that on. It gets the first five of forty hexadecimal digits of the
// password's SHA-1 and answers with all leaked ones that begin so: it does not learn which was meant. If it does not answer, the password passes this one check, and the
// log says so: that another server is down must not keep people from changing a password. The other checks count as ever.
package password

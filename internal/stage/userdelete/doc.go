// Package userdelete is the stage in which people delete their account.
//
// It deletes who is signed in, or who has been authenticated in this run, after they have said so on a page of its own; never somebody who was merely named. The last
// administrator stays. authentik deletes without asking and has no challenge for it: the component is ours, and a program answers it with {"confirm": true}.
package userdelete

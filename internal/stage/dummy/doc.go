// Package dummy is the stage that shows its name and goes on. Administrators try flows out with it.
package dummy

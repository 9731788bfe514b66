// Package authenticatorsms is the stage that sets up a telephone: a code that reaches it shows that it is the person's. Messages go through Twilio, or through any service that takes a JSON request.
package authenticatorsms

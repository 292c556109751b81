// Package examples shows the client together with libraries that it does not need.
package examples

// Package examples shows the client together with libraries that it does not need. The folders beside it are whole programs.
package examples

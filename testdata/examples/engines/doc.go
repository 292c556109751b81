// Package engines shows the client below engines that make work durable: each folder is a program, and says when to pick its engine.
package engines

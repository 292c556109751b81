package contacts

//go:generate go run ../../cmd/contactsgen generate --config ../../contactsgen.yaml

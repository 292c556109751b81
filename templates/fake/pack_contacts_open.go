//contactsgen:generator

package fake

// This file is not copied into outputs: an output names the pack that it asks for.

func init() {
	packs["contacts"] = contactsPack
	packs["contactsv5"] = contactsv5Pack
	packSettings["contacts"] = ContactsSettings{}
	packSettings["contactsv5"] = ContactsV5Settings{}
}

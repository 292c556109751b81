// Command base makes one call with net/http and encoding/json alone.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	request, err := http.NewRequest(http.MethodGet, os.Args[1]+"/contacts/v4/contacts/"+os.Args[2], nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", os.Args[3])
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	var got struct {
		Contact struct {
			Revision int32 `json:"revision"`
		} `json:"contact"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
		log.Fatal(err)
	}
	fmt.Println(got.Contact.Revision)
}

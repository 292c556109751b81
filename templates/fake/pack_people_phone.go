//contactsgen:pack contacts contactsv5
//contactsgen:part pack

package fake

import "strings"

// callingCodes are those of the countries that tests use most. Numbers of others get no E.164 form.
var callingCodes = map[string]string{
	"AR": "54", "AT": "43", "AU": "61", "BE": "32", "BR": "55", "CA": "1", "CH": "41", "CN": "86", "CZ": "420", "DE": "49", "DK": "45",
	"ES": "34", "FI": "358", "FR": "33", "GB": "44", "GR": "30", "HU": "36", "IE": "353", "IL": "972", "IN": "91", "IT": "39", "JP": "81",
	"KR": "82", "LT": "370", "MX": "52", "NL": "31", "NO": "47", "NZ": "64", "PL": "48", "PT": "351", "SE": "46", "SG": "65", "UA": "380",
	"US": "1", "ZA": "27",
}

// addNumbers gives a phone its international and its formatted form, where they can be known.
func addNumbers(phone object) {
	delete(phone, "e164Phone")
	number := text(phone["phone"])
	phone["formattedPhone"] = number
	if international := e164(number, text(phone["countryCode"])); international != "" {
		phone["e164Phone"] = international
		phone["formattedPhone"] = international
	}
}

// e164 gives the international form of a number, "" when it can't be known.
func e164(number, country string) string {
	digits := digitsOf(number)
	switch code := callingCodes[strings.ToUpper(country)]; {
	case strings.HasPrefix(strings.TrimSpace(number), "+"):
	case code == "":
		return ""
	case code == "1":
		digits = code + strings.TrimPrefix(digits, "1")
	case country == "IT":
		digits = code + digits
	default:
		digits = code + strings.TrimLeft(digits, "0")
	}
	if len(digits) < 8 || len(digits) > 15 {
		return ""
	}
	return "+" + digits
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

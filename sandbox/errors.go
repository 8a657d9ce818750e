package sandbox

import (
	"fmt"
	"net/http"
)

// apiError is a refusal in Discord's own form.
type apiError struct {
	Status  int    `json:"-"`
	Code    int    `json:"code"`
	Message string `json:"message"`
	Errors  *spot  `json:"errors,omitempty"`
}

func (e *apiError) Error() string {
	if e.Errors != nil {
		return fmt.Sprintf("%d %s (%s)", e.Code, e.Message, e.Errors.first(""))
	}
	return fmt.Sprintf("%d %s", e.Code, e.Message)
}

// refuse makes the documented error of a code; those not listed have no wording of their own.
func refuse(code int) error {
	switch code {
	case 40005:
		return &apiError{Status: http.StatusRequestEntityTooLarge, Code: code, Message: "Request entity too large"}
	case 50027:
		return &apiError{Status: http.StatusUnauthorized, Code: code, Message: "Invalid Webhook Token"}
	}
	for _, family := range []struct {
		status int
		words  func(code int) string
	}{{http.StatusNotFound, unknownWords}, {http.StatusForbidden, forbiddenWords}, {http.StatusBadRequest, badWords}} {
		if text := family.words(code); text != "" {
			return &apiError{Status: family.status, Code: code, Message: text}
		}
	}
	return &apiError{Status: http.StatusBadRequest, Code: code, Message: "Bad Request"}
}

// unknownWords are those of what there is not.
func unknownWords(code int) string {
	switch code {
	case 10002:
		return "Unknown Application"
	case 10003:
		return "Unknown Channel"
	case 10004:
		return "Unknown Guild"
	case 10007:
		return "Unknown Member"
	case 10008:
		return "Unknown Message"
	case 10011:
		return "Unknown Role"
	case 10013:
		return "Unknown User"
	case 10014:
		return "Unknown Emoji"
	case 10015:
		return "Unknown Webhook"
	case 10062:
		return "Unknown interaction"
	case 10063:
		return "Unknown application command"
	case 10066:
		return "Unknown application command permissions"
	case 10070:
		return "Unknown Guild Scheduled Event"
	}
	return ""
}

// forbiddenWords are those of what the bot may not do.
func forbiddenWords(code int) string {
	switch code {
	case 20001:
		return "Bots cannot use this endpoint"
	case 20012:
		return "You are not authorized to perform this action on this application"
	case 50001:
		return "Missing Access"
	case 50003:
		return "Cannot execute action on a DM channel"
	case 50005:
		return "Cannot edit a message authored by another user"
	case 50007:
		return "Cannot send messages to this user"
	case 50013:
		return "Missing Permissions"
	}
	return ""
}

// badWords are those of what nobody can do.
func badWords(code int) string {
	switch code {
	case 30008:
		return "Maximum number of emojis reached"
	case 30015:
		return "Maximum number of attachments in a message reached (10)"
	case 30032:
		return "Maximum number of application commands reached"
	case 30034:
		return "Max number of daily application command creates has been reached (200)"
	case 30038:
		return "Maximum number of guild scheduled events reached (100)"
	case 40033:
		return "This message has already been crossposted"
	case 40060:
		return "Interaction has already been acknowledged."
	case 40094:
		return "This interaction has reached the maximum number of follow-up messages"
	case 50006:
		return "Cannot send an empty message"
	case 50024:
		return "Cannot execute action on this channel type"
	case 50028:
		return "Invalid Role"
	case 50034:
		return "You can only bulk delete messages that are under 14 days old."
	case 50041:
		return "Invalid API version provided"
	case 50068:
		return "Invalid message type"
	case 50083:
		return "Thread is archived"
	case 50109:
		return "The request body contains invalid JSON."
	case 160004:
		return "A thread has already been created for this message"
	case 160005:
		return "Thread is locked"
	case 160006:
		return "Maximum number of active threads reached"
	case 180000:
		return "Cannot update a finished event"
	}
	return ""
}

func unauthorised() error {
	return &apiError{Status: http.StatusUnauthorized, Message: "401: Unauthorized"}
}

func noRoute() error {
	return &apiError{Status: http.StatusNotFound, Message: "404: Not Found (Discord describes no such route either)"}
}

func wrongMethod() error {
	return &apiError{Status: http.StatusMethodNotAllowed, Message: "405: Method Not Allowed"}
}

// controlError refuses a request to the control routes; Field names what to mend.
type controlError struct {
	Status int    `json:"-"`
	Words  string `json:"error"`
	Field  string `json:"field,omitempty"`
}

func (e *controlError) Error() string { return e.Words }

func wrong(field, format string, args ...any) error {
	return &controlError{Status: http.StatusBadRequest, Words: fmt.Sprintf(format, args...), Field: field}
}

func missing(field, format string, args ...any) error {
	return &controlError{Status: http.StatusNotFound, Words: fmt.Sprintf(format, args...), Field: field}
}
